"""A page with a form: its fields are edited in the CMS, what is sent is kept and mailed to staff."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import BaseForm, FormBuilder
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from storefront.cms import messages
from storefront.cms.blocks.body import StoryBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage

# Names with a dash: those of the fields that editors add are made of letters and underscores.
# Hidden from people; programs that fill in every field give themselves away.
TRAP = "your-website"
# Drawn anew with each form, so that one form sent twice is one message.
KEY = "form-key"
LONGEST_TEXT = 5_000
SENT = "sent"


def validate_addresses(value: str) -> None:
    """Addresses of mail with commas between them."""
    for address in value.split(","):
        validate_email(address.strip())


def draw_key() -> str:
    """A key that no other form has."""
    return secrets.token_urlsafe(18)


class ContactField(AbstractFormField):
    """One field of a form."""

    page = ParentalKey("cms.ContactPage", on_delete=models.CASCADE, related_name="form_fields")


class ContactFormBuilder(FormBuilder):
    """Wagtail's fields, with limits, and with what browsers know how to fill in."""

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        options["max_length"] = LONGEST_TEXT
        options["widget"] = forms.Textarea(attrs={"rows": 7})
        return super().create_multiline_field(field, options)

    def create_email_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        options["widget"] = forms.EmailInput(attrs={"autocomplete": "email"})
        return super().create_email_field(field, options)

    def create_number_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_number_field(field, {**options, "max_digits": 15})

    def create_hidden_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_hidden_field(field, {**options, "max_length": 255})

    def get_form_class(self) -> type[forms.Form]:
        trap = forms.CharField(required=False, max_length=200, label="Website")
        # Any text will do: what comes back is only compared.
        key = forms.Field(
            required=False,
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
            initial=draw_key,
        )
        return type("ContactForm", (BaseForm,), {**self.formfields, TRAP: trap, KEY: key})


class ContactPage(FormMixin, SitePage):
    """Write to us."""

    intro = RichTextField(
        _("introduction"), blank=True, features=["bold", "italic", "link", "ul"], max_length=2_000
    )
    submit_label = models.CharField(_("words on the button"), max_length=40, blank=True)
    thanks = RichTextField(
        _("thanks"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("What stands there once the form is sent. Say when an answer comes."),
    )
    to_address = models.CharField(
        _("mailed to"),
        max_length=255,
        blank=True,
        validators=[validate_addresses],
        help_text=_("Addresses with commas between them. Empty: the shop's own address."),
    )
    body = StreamField(StoryBlock(), blank=True, verbose_name=_("below the form"))

    form_builder = ContactFormBuilder
    streams = ("body",)
    content_panels = [
        FormSubmissionsPanel(),
        *SitePage.content_panels,
        FieldPanel("intro"),
        InlinePanel("form_fields", label=_("field"), heading=_("Form")),
        FieldPanel("submit_label"),
        MultiFieldPanel([FieldPanel("thanks"), FieldPanel("to_address")], heading=_("Once sent")),
        FieldPanel("body"),
    ]
    search_fields = [*SitePage.search_fields, index.SearchField("intro")]
    template = "cms/contact_page.html"
    landing_page_template = "cms/contact_page_thanks.html"
    parent_page_types = TEXT_PAGES
    subpage_types: list[str] = []
    page_description = _("A form: its fields, who gets the mail, and thanks.")

    class Meta:
        verbose_name = _("page with a form")
        verbose_name_plural = _("pages with a form")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; sent, it is kept and mailed, and another address says thanks."""
        if request.method == "POST":
            return self.receive(request)
        if SENT in request.GET:
            return self.render_landing_page(request)
        return self.show(request, self.get_form(page=self, user=request.user))

    def receive(self, request: HttpRequest) -> HttpResponse:
        """Errors come back beside their fields; a filled trap is thanked and forgotten."""
        form = self.get_form(request.POST, request.FILES, page=self, user=request.user)
        if not form.is_valid():
            return self.show(request, form)
        values = form.cleaned_data
        trapped, key = values.pop(TRAP), values.pop(KEY)
        if not trapped:
            try:
                messages.take_message(
                    page=self,
                    values=values,
                    sender=messages.sender_of(request),
                    # A program that draws no form has none: each of its messages is a new one.
                    key=key or draw_key(),
                )
            except messages.TooMany as error:
                form.add_error(None, ValidationError(str(error)))
                return self.show(request, form, status=429)
        return HttpResponseRedirect(f"{self.get_url(request)}?{SENT}=1")

    def show(self, request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
        """The page with this form."""
        context = self.get_context(request)
        context["form"] = form
        return TemplateResponse(request, self.get_template(request), context, status=status)

    def get_submissions_list_view_class(self) -> Any:
        """Ours; read late, because Wagtail's views are not there before the models."""
        from storefront.cms.submissions import HarmlessSubmissionsView

        return HarmlessSubmissionsView

    def get_submission_class(self) -> type[messages.ContactMessage]:
        """With the key that makes sending twice harmless."""
        return messages.ContactMessage

    def get_addresses(self) -> list[str]:
        """Who gets the mail."""
        return [part.strip() for part in self.to_address.split(",") if part.strip()]

    def find_email(self, values: dict[str, Any]) -> str:
        """The sender's address, if the form asks for one."""
        asked = (field for field in self.get_form_fields() if field.field_type == "email")
        return next((str(values.get(field.clean_name) or "") for field in asked), "")

    def label_values(self, values: dict[str, Any]) -> list[tuple[str, str]]:
        """What was sent as (label, text), in the order of the form."""
        return [
            (field.label, _as_text(values[field.clean_name]))
            for field in self.get_form_fields()
            if field.clean_name in values
        ]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
