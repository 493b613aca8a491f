"""Find the page of an address in two queries, however deep it lies.

Wagtail asks for site, language, home page and then for every level twice, and once more for who may
look. An address names all levels at once, so here they are read together, each with whether it is
open to everybody. Whatever is unusual (a home page that is not published, a site without a tree in
this language) is left to Wagtail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail import views
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult

from storefront.site_content.sites import get_site_id

# No tree of pages is deeper; what follows belongs to the page itself, if to anything.
MOST_LEVELS = 20


@dataclass(frozen=True)
class Way:
    """How a page was reached: the pages from the root of all down to it, and who may go there."""

    steps: Sequence[Page]
    home: int
    is_open: bool

    @property
    def above(self) -> list[Page]:
        """Live pages between the home page and this one."""
        return [step for step in self.steps[self.home + 1 : -1] if step.live]


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's view of pages, told beforehand which page is meant."""
    route = find_route(request=request, path=path)
    if route is not None:
        # Where Wagtail keeps what it found for a request.
        request._wagtail_route_for_request = route  # type: ignore[attr-defined]
    return views.serve(request, path)


def find_route(*, request: HttpRequest, path: str) -> RouteResult | None:
    """The page at `path` of the active language's tree with what its view is given; two queries.

    None where Wagtail has to look itself. Raises Http404 where there is no page.
    """
    root_path = _find_root_path(request)
    if root_path is None:
        return None
    parts = [part for part in path.split("/") if part]
    above_home = root_path.strip("/").split("/")
    steps = _read_steps([*above_home, *parts[:MOST_LEVELS]])
    home = len(above_home)
    if len(steps) <= home or not steps[home].live:
        return None
    for level in range(home, len(steps)):
        rest = parts[level - home :]
        if level == len(steps) - 1 or _answers_itself(steps[level], rest):
            return _arrive(request, steps[: level + 1], home, rest)
    return None


def _find_root_path(request: HttpRequest) -> str | None:
    """Where the tree of this site and language begins, from Wagtail's cache."""
    wanted = (get_site_id(request), get_language() or settings.LANGUAGE_CODE)
    roots = Site.get_site_root_paths()
    return next(
        (root.root_path for root in roots if (root.site_id, root.language_code) == wanted), None
    )


def _read_steps(slugs: Sequence[str]) -> list[Page]:
    """The root of all and the pages of these slugs, each below the one before; as far as they are."""
    addresses = ["/"]
    for slug in slugs:
        addresses.append(f"{addresses[-1]}{slug}/")
    closed = PageViewRestriction.objects.filter(
        Q(page=OuterRef("pk")) | Q(page=OuterRef("alias_of"))
    )
    rows = (
        Page.objects.filter(url_path__in=addresses)
        .select_related("locale")
        .annotate(is_closed=Exists(closed), alias_of_alias=F("alias_of__alias_of"))
    )
    found = {row.url_path: row for row in rows}
    steps = []
    for address in addresses:
        if address not in found:
            break
        steps.append(found[address])
    return steps


def _answers_itself(page: Page, rest: Sequence[str]) -> bool:
    """Whether what follows in the address is no page but a part of this one, as a feed is."""
    if not page.live or not issubclass(page.specific_class or Page, RoutablePageMixin):
        return False
    try:
        page.specific_deferred.resolve_subpage(f"/{'/'.join(rest)}/")
    except Http404:
        return False
    return True


def _arrive(request: HttpRequest, steps: Sequence[Page], home: int, rest: list[str]) -> Any:
    page = steps[-1].specific
    page.locale = steps[-1].locale
    # An alias of an alias is as closed as its source, which Wagtail looks up.
    is_open = not any(step.is_closed or step.alias_of_alias for step in steps)
    page.way = Way(steps=steps, home=home, is_open=is_open)
    return page.route(request, rest)
