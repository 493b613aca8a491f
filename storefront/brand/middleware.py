"""Pages that show a draft of the look: framed by our own CMS, and kept by no cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from storefront.brand.drafts import PARAMETER, read_draft


class DraftLookMiddleware:
    """Costs a look at the address; everything else only where a draft is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the draft on the request, where the `brand` tag finds it."""
        draft = read_draft(request=request) if PARAMETER in request.GET else None
        if draft is None:
            return self.get_response(request)
        request.brand_draft = draft  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "no-store"
        return response
