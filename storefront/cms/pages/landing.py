"""A page for a campaign: its visitors are guests of a member, as if they had followed a link."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from mlm_plugin.network.codes import normalise_campaign, normalise_code
from mlm_plugin.network.selectors import get_creditable_member
from mlm_plugin.shop.referrals import Outcome, follow_referral
from mlm_plugin.shop.visits import record_visit
from storefront.cms.blocks.body import BodyBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage


class LandingPage(SitePage):
    """One thing said well, at an address of its own, with or without the site's menu."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("content"))
    member_code = models.CharField(
        _("member"),
        max_length=32,
        blank=True,
        help_text=_(
            "Code of a member. Who opens this page becomes that member's guest, as by the referral"
            " link; a link with a code of its own goes first. Empty: nobody's."
        ),
    )
    campaign = models.CharField(
        _("campaign"),
        max_length=64,
        blank=True,
        help_text=_(
            "Letters, digits, - and _. Visits and orders are counted under this name in the"
            " member's figures."
        ),
    )
    hides_navigation = models.BooleanField(
        _("without menu"),
        default=False,
        help_text=_("Shows name and language only, so that nothing leads away from the page."),
    )

    streams = ("body",)
    content_panels = [
        *SitePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("member_code"), FieldPanel("campaign"), FieldPanel("hides_navigation")],
            heading=_("Campaign"),
        ),
        FieldPanel("body"),
    ]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    template = "cms/landing_page.html"
    parent_page_types = TEXT_PAGES
    subpage_types: list[str] = []
    page_description = _("For a campaign: one message, a member's code, no menu if wished.")

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")

    def clean(self) -> None:
        """The code is of an active member, the campaign's name is one that links can carry."""
        super().clean()
        errors = {}
        if self.member_code:
            self.member_code = self.member_code.strip().removeprefix("@")
            if get_creditable_member(code=self.member_code) is None:
                errors["member_code"] = _("There is no active member with this code.")
            self.member_code = normalise_code(self.member_code) or self.member_code
        if self.campaign:
            self.campaign = self.campaign.strip()
            if not normalise_campaign(self.campaign):
                errors["campaign"] = _("Use letters from a to z, digits, - and _ only.")
        if errors:
            raise ValidationError(errors)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Attribute the visit, then show the page; a preview is no visit."""
        self.attribute(request)
        response: HttpResponseBase = super().serve(request, *args, **kwargs)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """As the visitor sees it, without making the editor anybody's guest."""
        response: HttpResponseBase = SitePage.serve(self, request)
        return response

    def attribute(self, request: HttpRequest) -> None:
        """Make the visitor the member's guest and count the visit.

        A code in the address was followed by the middleware already and goes first.
        """
        if not self.member_code or request.GET.get("ref"):
            return
        outcome, member_id = follow_referral(
            request=request, code=self.member_code, campaign=self.campaign
        )
        if member_id is not None and outcome != Outcome.OWN:
            record_visit(
                request=request, member_id=member_id, campaign=self.campaign, at=timezone.now()
            )
