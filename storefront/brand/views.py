"""Stylesheet, icons and manifest of the look. Their addresses change when they do."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from storefront.brand import drafts, selectors
from storefront.brand.style_page import get_style_page

FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"
# Apple's 180, the two that a manifest names, and the small ones of browser tabs.
SIZES = (32, 48, 96, 180, 192, 512)
LOGO_HEIGHT = 120


@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The look with this digest. A page from before a change gets today's look, uncached."""
    look = selectors.find_look(digest=digest)
    response = HttpResponse(
        (look or selectors.get_look(request=request)).css, content_type="text/css; charset=utf-8"
    )
    response["Cache-Control"] = FOREVER if look else "no-store"
    return response


@require_safe
def draft_stylesheet(request: HttpRequest) -> HttpResponse:
    """The look that the address itself holds, signed."""
    css = drafts.write_draft_stylesheet(word=request.GET.get(drafts.PARAMETER, ""))
    if css is None:
        raise Http404
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def icon(request: HttpRequest, digest: str, size: str, filled: str = "") -> HttpResponse:
    """The icon in one of the sizes that browsers and phones ask for."""
    if int(size) not in SIZES:
        raise Http404
    look = selectors.find_look(digest=digest)
    content = selectors.get_icon(
        look=look or selectors.get_look(request=request), size=int(size), is_filled=bool(filled)
    )
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = FOREVER if look else "no-store"
    return response


@require_safe
def logo(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """The logo as PNG: mail programs show no SVG."""
    look = selectors.find_look(digest=digest)
    shown = look or selectors.get_look(request=request)
    picture = shown.logo_dark if name == "logo-dark" else shown.logo
    content = selectors.get_logo_png(picture=picture, height=LOGO_HEIGHT) if picture else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/png")
    # A mail is read later, when the look may be another: then the logo of that day is shown.
    response["Cache-Control"] = FOREVER if look else "no-store"
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for without being told."""
    content = selectors.get_favicon(look=selectors.get_look(request=request))
    response = HttpResponse(content, content_type="image/x-icon")
    response["Cache-Control"] = A_WHILE
    return response


@require_safe
def apple_icon(request: HttpRequest) -> HttpResponse:
    """What iPhones ask for without being told."""
    look = selectors.get_look(request=request)
    return HttpResponseRedirect(reverse("brand-icon-filled", args=[look.digest, 180]))


@login_required
@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Every component with its source, for staff and for who may change the look."""
    if not drafts.may_try(request.user):
        raise PermissionDenied
    return render(request, "theme/style_page.html", get_style_page(request=request))


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the site on its first screen."""
    look = selectors.get_look(request=request)
    icons = [
        {
            "src": reverse(f"brand-icon{kind}", args=[look.digest, size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if kind else "any",
        }
        for size in (192, 512)
        for kind in ("", "-filled")
    ]
    response = JsonResponse(
        {
            "name": look.name,
            "short_name": look.name,
            "start_url": "/",
            "display": "browser",
            "lang": settings.LANGUAGE_CODE,
            "background_color": look.light["surface"],
            "theme_color": look.light["surface"],
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = A_WHILE
    return response
