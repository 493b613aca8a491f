"""What search engines are told to read: pages in every language, categories and products, in parts.

A part holds so many addresses that it is written in well under a second; the index lists the parts.
Addresses of the shop are the same in every language, so only pages have alternates.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from oscar.core.loading import get_model
from wagtail.models import Page, Site

from storefront.cms.meta import MetaFields
from storefront.shop.listing.models import ProductCard
from storefront.site_content.meta import is_open_to_search
from storefront.site_content.sites import get_site_id

PAGES_IN_A_PART = 1_000
PRODUCTS_IN_A_PART = 10_000


class PageSitemap(Sitemap):
    """Public pages of the site in all its languages, with their translations."""

    limit = PAGES_IN_A_PART

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> QuerySet[Page]:
        """Live pages that need no sign-in, below the roots of this site, in tree order."""
        return self._public().order_by("path").defer_streamfields()

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        """One entry per page that is not hidden from search engines; five queries and one per type."""
        part = list(self.paginator.page(page).object_list.specific())
        shown = [each for each in part if not _is_hidden(each)]
        alternates = self._find_translations(shown)
        return [
            {
                "item": each,
                "location": address,
                "lastmod": each.last_published_at,
                "changefreq": None,
                "priority": "",
                "alternates": alternates[str(each.translation_key)],
            }
            for each in shown
            if (address := each.get_full_url(self.request))
        ]

    def get_latest_lastmod(self) -> datetime | None:
        """When a page was published last."""
        return (
            self._public()
            .order_by("-last_published_at")
            .values_list("last_published_at", flat=True)
            .first()
        )

    def _public(self) -> Any:
        site_id = get_site_id(self.request)
        roots = Q(pk=None)
        for root in Site.get_site_root_paths():
            if root.site_id == site_id:
                roots |= Q(url_path__startswith=root.root_path)
        return Page.objects.live().public().filter(roots)

    def _find_translations(self, pages: list[Any]) -> dict[str, list[dict[str, str]]]:
        """Language and address of every translation, by key; empty for pages in one language."""
        keys = {page.translation_key for page in pages}
        others = self._public().filter(translation_key__in=keys).select_related("locale")
        found = defaultdict(list)
        for other in others.order_by("locale_id").defer_streamfields().specific(defer=True):
            if address := other.get_full_url(self.request):
                found[str(other.translation_key)].append(
                    {"lang_code": other.locale.language_code, "location": address}
                )
        return defaultdict(list, {key: each for key, each in found.items() if len(each) > 1})


class CategorySitemap(Sitemap):
    """Categories that visitors may browse."""

    def items(self) -> Any:
        """In tree order."""
        return list(get_model("catalogue", "Category").objects.browsable().order_by("path"))


class ProductSitemap(Sitemap):
    """Public products, by their cards: one query per part."""

    limit = PRODUCTS_IN_A_PART

    def items(self) -> Any:
        """Number, slug and time of the last change."""
        return (
            ProductCard.objects.filter(is_public=True)
            .order_by("pk")
            .values_list("pk", "slug", "product__date_updated")
        )

    def location(self, item: Any) -> str:
        """The product's page."""
        return reverse("catalogue:detail", kwargs={"product_slug": item[1], "pk": item[0]})

    def lastmod(self, item: Any) -> datetime:
        """When the product was changed."""
        return item[2]

    def get_latest_lastmod(self) -> datetime | None:
        """When any product was changed, without reading them all."""
        latest = self.items().order_by("-product__date_updated").first()
        return latest[2] if latest else None


def _is_hidden(page: Any) -> bool:
    return isinstance(page, MetaFields) and page.is_hidden_from_search


def _sections(request: HttpRequest) -> dict[str, Any]:
    if not is_open_to_search():
        raise Http404
    return {
        "pages": PageSitemap(request),
        "categories": CategorySitemap(),
        "products": ProductSitemap(),
    }


@cache_control(public=True, max_age=3600)
def show_index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the list of all parts."""
    return sitemap_views.index(request, _sections(request), sitemap_url_name="sitemap_part")


@cache_control(public=True, max_age=3600)
def show_part(request: HttpRequest, section: str) -> HttpResponse:
    """`/sitemap-products.xml?p=2`: one part."""
    return sitemap_views.sitemap(request, _sections(request), section=section)
