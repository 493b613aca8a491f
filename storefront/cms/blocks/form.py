"""A form of a contact page, shown on another page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.preloading import PreloadedPageChooser


class FormBlock(blocks.StructBlock):
    """Fields, thanks and recipients are those of the contact page; it is sent there, too."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    page = PreloadedPageChooser(target_model="cms.ContactPage", label=_("Form of this page"))

    class Meta:
        icon = "form"
        label = _("Form")
        group = _("Text and pictures")
        template = "cms/blocks/form.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Empty where the page is gone or not public."""
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("page")
        if page is not None and page.live:
            contact = page.specific
            context["form"] = contact.get_form(page=contact, user=None)
            context["form_url"] = contact.url
        return context
