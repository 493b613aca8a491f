"""Which language a visit is in, and the same page in another one.

Two rules, each where it fits:

- A page of the CMS is in the language of its tree. The default language has no prefix, every
  other one its code: `/about/`, `/ru/about/`. So each text has one address for search engines.
- Everything else (shop, account, cabinet, staff) has one address and is shown in the language of
  the cookie, or of the browser where nothing was chosen yet.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import Resolver404, URLResolver, resolve
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.models import Page, Site

from storefront.targets import own_address

CMS_PAGE = "wagtail_serve"
# Those that texts are translated to, with their names.
OTHER_LANGUAGES = [
    (code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE
]


def language_of_path(path: str) -> str | None:
    """The language whose prefix the path carries; None for the default one and the shop."""
    first, slash, _ = path.removeprefix("/").partition("/")
    if slash and first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES):
        return first
    return None


class TreePattern:
    """The prefix of a page tree in URLs: nothing for the default language, else its code.

    Like Django's `LocalePrefixPattern`, but it matches a prefix whatever language is active, and
    `LocaleMiddleware` does not take it as a sign that every address has one.
    """

    converters: dict[str, Any] = {}

    @property
    def regex(self) -> re.Pattern[str]:
        """What `reverse()` puts in front, in the active language."""
        return re.compile(re.escape(str(self)))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]]:
        """What is left of the path after the prefix, if it has one."""
        language = language_of_path(path)
        return path.removeprefix(f"{language}/") if language else path, (), {}

    def check(self) -> list[Any]:
        """Nothing can be wrong with it."""
        return []

    def describe(self) -> str:
        """For the resolver's representation."""
        return f"'{self}'"

    def __str__(self) -> str:
        language = translation.get_language() or settings.LANGUAGE_CODE
        return "" if language == settings.LANGUAGE_CODE else f"{language}/"


def page_trees(urlconf: Any) -> URLResolver:
    """The URLs of the CMS, once per language; goes last in the site's `urlpatterns`."""
    return URLResolver(TreePattern(), list(urlconf.urlpatterns))


def has_page_tree(*, language: str) -> bool:
    """Whether the site has pages in this language (from Wagtail's cache)."""
    return any(root.language_code == language for root in Site.get_site_root_paths())


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice by cookie and browser, except that a CMS page is in its tree's language."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if language := language_of_path(request.path_info):
            activate(request, language)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Only here it is known that the address is a page of the CMS."""
        if request.resolver_match is None or request.resolver_match.url_name != CMS_PAGE:
            return None
        prefix = language_of_path(request.path_info)
        if prefix and not has_page_tree(language=prefix):
            return HttpResponseRedirect(request.get_full_path().removeprefix(f"/{prefix}"))
        chosen = translation.get_language() or settings.LANGUAGE_CODE
        is_foreign = chosen != settings.LANGUAGE_CODE
        if request.path_info == "/" and is_foreign and has_page_tree(language=chosen):
            # The front door leads to the visitor's own language.
            return HttpResponseRedirect(f"/{chosen}{request.get_full_path()}")
        activate(request, prefix or settings.LANGUAGE_CODE)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Who came to a prefixed page first stays in its language in the shop."""
        response = super().process_response(request, response)
        prefix = language_of_path(request.path_info)
        if (
            prefix
            and response.status_code == 200
            and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        ):
            remember(response, prefix)
        return response


def activate(request: HttpRequest, language: str) -> None:
    """Show the rest of this request in the language."""
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]


def remember(response: HttpResponseBase, language: str) -> None:
    """Keep the language in the cookie that Django reads."""
    response.set_cookie(  # type: ignore[attr-defined]
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def address_in(*, request: HttpRequest, address: str, language: str) -> str:
    """The same page in another language: path and query of this site.

    An address of the shop stays as it is. A page of the CMS becomes its translation or, where it
    has none, the nearest page above it that has one.
    """
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return address
    if match.url_name != CMS_PAGE:
        return address
    path = find_translated_path(
        request=request,
        path=match.args[0],
        from_language=language_of_path(parts.path) or settings.LANGUAGE_CODE,
        to_language=language,
    )
    if path is None:
        return address
    return f"{path}?{parts.query}" if parts.query else path


def find_translated_path(
    *, request: HttpRequest, path: str, from_language: str, to_language: str
) -> str | None:
    """Where the CMS page at `path` of one tree is found in the other; None if neither exists."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    with translation.override(from_language):
        root = site.root_page.localized
        try:
            page = root.specific.route(request, [part for part in path.split("/") if part])[0]
        except Http404:
            return None
    around = Page.objects.filter(path__in=[page.path[:end] for end in steps_up(page, root)])
    keys = {step.translation_key: step.depth for step in around}
    found = Page.objects.live().filter(translation_key__in=keys, locale__language_code=to_language)
    nearest = max(found, key=lambda other: keys[other.translation_key], default=None)
    return nearest.get_url(request) if nearest else None


def steps_up(page: Page, root: Page) -> range:
    """Lengths of the tree paths from the page up to its site's root page."""
    return range(len(page.path), len(root.path) - 1, -Page.steplen)


def addresses_of_page(*, request: HttpRequest, page: Page) -> dict[str, str]:
    """The full address of every live translation of a CMS page, its own included, by language."""
    translations = page.get_translations(inclusive=True).live().select_related("locale")
    return {
        other.locale.language_code: other.get_full_url(request) or ""
        for other in translations.order_by("locale_id")
    }


# Anyone may change the language of anyone: no harm in it, and without a token the switch works on
# pages that set no cookie.
@csrf_exempt
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """The language switch: back to the same page in the chosen language."""
    language = request.POST.get("language", "")
    address = own_address(request=request, address=request.POST.get("next", ""))
    if language not in dict(settings.LANGUAGES):
        return HttpResponseRedirect(address)
    response = HttpResponseRedirect(address_in(request=request, address=address, language=language))
    remember(response, language)
    return response
