"""What has to do with members: the way in, and finding the one somebody knows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from mlm_plugin.network.selectors import get_creditable_member
from storefront.cms.storefronts.selectors import ListedMember, find_listed_members

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


class FinderBlock(blocks.StructBlock):
    """Leads somebody to a member's page: by the exact code, or by name, town or country.

    By name and place only members are found who agreed to be listed, on the form of their own page.
    """

    heading = blocks.CharBlock(
        max_length=80, default=_("Do you know one of our members?"), label=_("Heading")
    )
    text = blocks.CharBlock(
        required=False,
        max_length=200,
        default=_("Type a name, a town, or the code from the card you were given."),
        label=_("Text"),
    )

    class Meta:
        icon = "search"
        label = _("Distributor finder")
        group = _("Network")
        template = "cms/blocks/finder.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Two queries, and only when something was typed."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        asked = request.GET.get(PARAMETER, "").strip()[:64] if request is not None else ""
        context |= {"parameter": PARAMETER, "asked": asked, "found": find(asked) if asked else []}
        return context


def find(asked: str) -> list[ListedMember]:
    """The active member with exactly this code, or else the listed ones whom the words fit."""
    member = get_creditable_member(code=asked.removeprefix("@"))
    if member is not None:
        return [ListedMember(name=member.first_name or member.code, code=member.code, place="")]
    return find_listed_members(query=asked)
