"""What all pages of the site share."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from storefront.cms.blocks.body import prepare
from storefront.cms.meta import MetaFields

if TYPE_CHECKING:
    from storefront.cms.routing import Way

TEXT_PAGES = ["cms.HomePage", "cms.ContentPage"]


class SitePage(MetaFields, Page):
    """A page whose blocks are read together, and which describes itself to search engines."""

    # Names of the fields that hold blocks.
    streams: tuple[str, ...] = ()
    # How a visitor came here; None in previews and wherever a page is read otherwise.
    way: "Way | None" = None

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """All that the blocks refer to is read here, in a number of queries that stays the same."""
        context = super().get_context(request, *args, **kwargs)
        prepare(*(getattr(self, name) for name in self.streams), request=request)
        return context

    def get_view_restrictions(self) -> Any:
        """Who may look: everybody, if that was seen on the way here; else Wagtail looks."""
        if self.way and self.way.is_open:
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def get_teaser(self) -> str:
        """The page's own words about itself, or its first text."""
        return super().get_teaser() or next(
            (text for text in map(_text_of, self._children()) if text), ""
        )

    def get_share_picture(self) -> Any:
        """The page's picture, or the first one of its blocks."""
        return super().get_share_picture() or next(
            (picture for picture in map(_picture_of, self._children()) if picture), None
        )

    @property
    def has_hero(self) -> bool:
        """Whether the blocks begin with the page's heading."""
        return any(
            len(stream) > 0 and stream.raw_data[0]["type"] == "hero"
            for stream in (getattr(self, name) for name in self.streams[:1])
        )

    def _children(self) -> Any:
        return (child for name in self.streams for child in getattr(self, name))


def _text_of(child: Any) -> str:
    if child.block_type == "text":
        return str(child.value)
    if child.block_type in {"hero", "text_with_picture"}:
        return str(child.value.get("text") or "")
    return ""


def _picture_of(child: Any) -> Any:
    if child.block_type in {"hero", "picture", "text_with_picture"}:
        return child.value.get("picture")
    return None
