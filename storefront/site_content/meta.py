"""What the head of a page says to search engines and to whoever shows a link to it."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, to_locale

from mlm_plugin.conf import get_setting
from storefront.brand.selectors import get_look
from storefront.cms.meta import MetaFields
from storefront.languages import CMS_PAGE, language_of_path
from storefront.site_content.selectors import SharePicture, Texts, cut_share_picture

# Of an address with a query, only these name a page of its own.
KEPT_IN_CANONICAL = ("page",)
CUT_SECONDS = 3600
# What search engines are told where nobody wrote anything; the footer says it as well.
DESCRIPTION = gettext_lazy("Things of daily life, made to last.")


@dataclass(frozen=True)
class PageMeta:
    """Title, description, address and picture of a page; addresses are full.

    `share_title` is empty where only the template knows the title; networks then take `<title>`.
    """

    title: str
    description: str
    address: str
    share_title: str
    share_text: str
    picture: SharePicture | None
    is_article: bool
    is_hidden: bool
    locale: str


def is_open_to_search() -> bool:
    """Whether search engines are welcome: not on a demo, nor in a shop for members only."""
    return bool(settings.SEARCH_ENGINES) and get_setting("SALES") != "closed"


def get_page_meta(*, request: HttpRequest, page: Any, texts: Texts, shop_name: str) -> PageMeta:
    """What is known of this page; `page` is a page of the CMS or None.

    No query for pages of the shop; for a page of the CMS one or two for a picture of its own, the
    first time it is shown.
    """
    fields = page if isinstance(page, MetaFields) else None
    name = (getattr(page, "seo_title", "") or page.title) if page else ""
    description = (
        fields.get_meta_description() if fields else getattr(page, "search_description", "")
    )
    picture = _cut(fields.get_share_picture()) if fields else None
    return PageMeta(
        title=f"{name} – {shop_name}" if name and name != shop_name else shop_name,
        description=description or texts.description or texts.motto or str(DESCRIPTION),
        address=get_canonical(request=request),
        share_title=(fields.share_title if fields else "") or name,
        share_text=(fields.share_text if fields else "") or description or texts.description,
        picture=_with_full_address(request, picture or texts.share_picture) or _logo(request),
        is_article=page is not None and page.depth > 2,
        is_hidden=not is_open_to_search() or bool(fields and fields.is_hidden_from_search),
        locale=to_locale(get_language() or settings.LANGUAGE_CODE),
    )


def get_canonical(*, request: HttpRequest) -> str:
    """The one address of what is shown: no campaign, sorting or filter, but the page of a list."""
    kept = QueryDict(mutable=True)
    for name in KEPT_IN_CANONICAL:
        value = request.GET.get(name, "")
        if value.isdecimal() and value.isascii() and len(value) < 8 and int(value) > 1:
            kept[name] = str(int(value))
    query = f"?{kept.urlencode()}" if kept else ""
    return request.build_absolute_uri(f"{request.path}{query}")


def get_site_data(*, request: HttpRequest, texts: Texts, shop_name: str) -> list[dict[str, Any]]:
    """Organisation and website as JSON-LD, for the front page; empty elsewhere. No query."""
    match = request.resolver_match
    language = language_of_path(request.path)
    is_front = request.path == (f"/{language}/" if language else "/")
    if not is_front or match is None or match.url_name != CMS_PAGE:
        return []
    home = request.build_absolute_uri("/")
    organisation = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{home}#organization",
        "name": shop_name,
        "url": home,
        "logo": _logo(request).url,
        "description": texts.description,
        "email": texts.email,
        "telephone": texts.phone,
        "sameAs": [link.url for link in texts.social_links],
    }
    search = request.build_absolute_uri(reverse("search:search"))
    website = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": shop_name,
        "url": home,
        "inLanguage": get_language() or settings.LANGUAGE_CODE,
        "publisher": {"@id": f"{home}#organization"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return [{name: value for name, value in organisation.items() if value}, website]


def _cut(image: Any) -> SharePicture | None:
    """The picture as networks show it, remembered by its file."""
    if image is None:
        return None
    key = f"share_cut:{image.pk}:{crc32(image.file.name.encode())}"
    cut = cache.get(key)
    if cut is None:
        cut = cut_share_picture(image)
        if cut:
            cache.set(key, cut, CUT_SECONDS)
    return cut


def _logo(request: HttpRequest) -> SharePicture:
    """The brand's logo, or its icon: networks show no SVG, so both are drawn as PNG."""
    look = getattr(request, "brand_look", None) or get_look(request=request)
    if look.logo is None:
        address = reverse("brand-icon-filled", args=[look.digest, 512])
    else:
        address = reverse("brand-logo", args=[look.digest, "logo"])
    return SharePicture(request.build_absolute_uri(address), look.name)


def _with_full_address(request: HttpRequest, picture: SharePicture | None) -> SharePicture | None:
    if picture is None:
        return None
    return SharePicture(request.build_absolute_uri(picture.url), picture.alt)
