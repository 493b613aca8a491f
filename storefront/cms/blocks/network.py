"""What has to do with members: the way in, and finding the one somebody knows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from mlm_plugin.network.selectors import get_creditable_member

PARAMETER = "member"


class JoinBannerBlock(blocks.StructBlock):
    """An invitation to become a member; members themselves do not see it."""

    headline = blocks.CharBlock(
        max_length=90, default=_("Recommend what you use yourself"), label=_("Headline")
    )
    text = blocks.RichTextBlock(
        required=False,
        features=["bold", "italic", "link"],
        max_length=500,
        label=_("Text"),
        help_text=_(
            "Say what members do. Promise no income: members earn from paid orders only, never for"
            " bringing in others."
        ),
    )
    button = blocks.CharBlock(
        required=False, max_length=40, label=_("Words on the button"), default=_("Become a member")
    )

    class Meta:
        icon = "group"
        label = _("Join banner")
        group = _("Network")
        template = "cms/blocks/join_banner.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["join_url"] = reverse("mlm:join")
        return context


@dataclass(frozen=True)
class FoundMember:
    """What a visitor who has a code may know of its member."""

    name: str
    code: str
    url: str


class FinderBlock(blocks.StructBlock):
    """Leads somebody who has a member's code to that member's page.

    Members have not been asked whether they want to be listed, so nobody is searched by name or
    place: only who has the exact code finds its member.
    """

    heading = blocks.CharBlock(
        max_length=80, default=_("Do you know one of our members?"), label=_("Heading")
    )
    text = blocks.CharBlock(
        required=False,
        max_length=200,
        default=_("Type the code from the card or the link you were given."),
        label=_("Text"),
    )

    class Meta:
        icon = "search"
        label = _("Distributor finder")
        group = _("Network")
        template = "cms/blocks/finder.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """One query, and only when a code was typed."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        asked = request.GET.get(PARAMETER, "").strip()[:64] if request is not None else ""
        context |= {"parameter": PARAMETER, "asked": asked, "found": find(asked)}
        return context


def find(code: str) -> FoundMember | None:
    """The active member with exactly this code."""
    member = get_creditable_member(code=code.removeprefix("@")) if code else None
    if member is None:
        return None
    return FoundMember(
        name=member.first_name or member.code,
        code=member.code,
        url=reverse("storefront", args=[member.code]),
    )
