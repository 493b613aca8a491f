"""Notices that a visitor closed, remembered in a cookie: no account and no query needed."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from storefront.targets import own_address

COOKIE = "closed_notices"
DAYS = 180
MOST_REMEMBERED = 20
_KEY = re.compile(r"\d{1,12}-\d{1,12}\Z")


def read_hidden(*, request: HttpRequest) -> frozenset[str]:
    """Keys of the notices this visitor closed."""
    return frozenset(_read(request))


# Anyone may close a notice of anyone: no harm in it, and without a token pages stay without cookie.
@csrf_exempt
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Remember that the visitor closed a notice, and go back to the page."""
    response = HttpResponseRedirect(
        own_address(request=request, address=request.POST.get("next", ""))
    )
    key = request.POST.get("notice", "")
    if _KEY.match(key):
        keys = [*(other for other in _read(request) if other != key), key]
        response.set_cookie(
            COOKIE,
            ".".join(keys[-MOST_REMEMBERED:]),
            max_age=DAYS * 24 * 3600,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _read(request: HttpRequest) -> list[str]:
    keys = request.COOKIES.get(COOKIE, "")[:1000].split(".")
    return [key for key in keys if _KEY.match(key)]
