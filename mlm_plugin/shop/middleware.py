"""Who sent this visitor: read from a signed cookie, without a query."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mlm_plugin.shop import referrals, visits


class ReferralMiddleware:
    """Sets `request.referral`, follows `?ref=<code>` on any page, and stores what was followed.

    A visitor without a code and with or without a cookie costs no query. `?ref=` serves the page
    as it is, with no redirect; a code that leads nowhere is ignored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.referral = referrals.read_referral(request=request)  # type: ignore[attr-defined]
        request.referral_is_new = False  # type: ignore[attr-defined]
        visited = None
        code = request.GET.get("ref")
        if code and request.method in {"GET", "HEAD"}:
            campaign = request.GET.get("c", "")
            _outcome, visited = referrals.follow_referral(
                request=request, code=code, campaign=campaign
            )
        response = self.get_response(request)
        # A redirect keeps the code in its address, and the page it leads to is the visit.
        if visited and response.status_code == 200:
            visits.record_visit(
                request=request, member_id=visited, campaign=campaign, at=timezone.now()
            )
        if request.referral_is_new and referrals.may_store(request=request):  # type: ignore[attr-defined]
            referrals.store_referral(
                response=response,
                referral=request.referral,  # type: ignore[attr-defined]
            )
        return response
