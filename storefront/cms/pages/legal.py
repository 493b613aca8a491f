"""Legal texts: every publication stays readable under its number, with the day it began to hold."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.search import index

from storefront.cms.blocks.text import FEATURES
from storefront.cms.pages.base import TEXT_PAGES, SitePage

LARGEST_NUMBER = 32_767


class LegalKind(models.TextChoices):
    """What a text is, so that consents can ask for the version in force."""

    IMPRINT = "imprint", _("imprint")
    TERMS = "terms", _("terms of sale")
    PRIVACY = "privacy", _("privacy")
    WITHDRAWAL = "withdrawal", _("right of withdrawal")
    MEMBERS = "members", _("agreement with members")
    OTHER = "other", _("other")


class LegalPage(RoutablePageMixin, SitePage):
    """The text that holds now; earlier and coming ones have addresses of their own."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=LegalKind.choices, default=LegalKind.OTHER
    )
    valid_from = models.DateField(
        _("holds from"),
        null=True,
        blank=True,
        help_text=_(
            "The first day. Until then the page goes on showing the version before. Empty: the day"
            " of publication; a changed text never begins before the day it is published."
        ),
    )
    what_changed = models.TextField(
        _("what changed"),
        blank=True,
        max_length=1_000,
        help_text=_("One or two sentences in plain words, for people who agreed to the last one."),
    )
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("kind"),
        MultiFieldPanel(
            [FieldPanel("valid_from"), FieldPanel("what_changed")], heading=_("This version")
        ),
        FieldPanel("body"),
    ]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    teaser_fields = ("body",)
    template = "cms/legal_page.html"
    parent_page_types = TEXT_PAGES
    subpage_types: list[str] = []
    page_description = _("Terms, privacy, imprint: each publication is kept with a number.")

    class Meta:
        verbose_name = _("legal page")
        verbose_name_plural = _("legal pages")

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The version in force; before any is, the first to come. A preview shows the draft."""
        versions = list(self.versions.order_by("-number"))
        today = timezone.localdate()
        current = next((each for each in versions if each.valid_from <= today), None)
        if getattr(request, "is_preview", False):
            return self._render(request, None, versions)
        return self._render(request, current or (versions[-1] if versions else None), versions)

    @path("version-<int:number>/")
    def show_version(self, request: HttpRequest, number: int) -> HttpResponse:
        """One version, whatever holds now."""
        if number > LARGEST_NUMBER:
            raise Http404
        versions = list(self.versions.order_by("-number"))
        version = next((each for each in versions if each.number == number), None)
        if version is None:
            raise Http404
        return self._render(request, version, versions, is_archive=True)

    def _render(
        self,
        request: HttpRequest,
        version: Any,
        versions: list[Any],
        *,
        is_archive: bool = False,
    ) -> HttpResponse:
        today = timezone.localdate()
        current = next((each for each in versions if each.valid_from <= today), None)
        newer = [each for each in versions if current is None or each.number > current.number]
        context = {
            "version": version,
            "versions": versions,
            "current": current,
            "coming": [each for each in newer if each.valid_from > today and each != version],
            "is_archive": is_archive,
            "heading": version.title if version else self.title,
            "text": version.body if version else self.body,
        }
        return self.render(request, context_overrides=context)


class LegalVersion(models.Model):
    """One publication of a legal text, as it was; what people agreed to. Never changed."""

    page = models.ForeignKey(
        LegalPage, null=True, on_delete=models.SET_NULL, related_name="versions"
    )
    kind = models.CharField(max_length=12, choices=LegalKind.choices)
    language = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    title = models.CharField(max_length=255)
    body = models.TextField()
    what_changed = models.TextField(blank=True)
    published_at = models.DateTimeField()
    # Of what the editor typed, so that publishing the same again makes no new version.
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("version of a legal text")
        verbose_name_plural = _("versions of legal texts")
        ordering = ["kind", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="legal_version_number_once")
        ]
        indexes = [
            models.Index(fields=["kind", "language", "valid_from"], name="legal_version_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once."""
        if self.pk is not None:
            raise TypeError("A version of a legal text is never changed.")
        super().save(*args, **kwargs)

    @property
    def url(self) -> str:
        """The address of this version; empty when its page is gone."""
        if self.page is None:
            return ""
        return f"{self.page.get_url() or ''}version-{self.number}/"
