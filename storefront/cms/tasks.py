"""Work that nobody waits for."""

from typing import Any

from django_tasks import task
from wagtail.models import Page


@task()
def make_cuts_of_page(page_id: int) -> None:
    """Make the cuts of a page's pictures, so that no visitor waits for them."""
    page = Page.objects.filter(pk=page_id).specific().first()
    if page is not None:
        make_cuts_of(page)


def make_cuts_of(page: Any) -> None:
    """Make every cut the page shows, and the one that stands where it is shared; twice is once."""
    from storefront.cms.blocks.preloading import find_uses
    from storefront.cms.pictures import PAGE_PICTURE_USE, make_cuts
    from storefront.site_content.selectors import cut_share_picture

    uses = find_uses(*(getattr(page, name) for name in getattr(page, "streams", ())))
    if picture_id := getattr(page, "picture_id", None):
        uses[picture_id].add(PAGE_PICTURE_USE)
    make_cuts(uses=uses)
    shared = page.get_share_picture() if hasattr(page, "get_share_picture") else None
    if shared:
        cut_share_picture(shared)
