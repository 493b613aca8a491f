"""The referral link `/r/<code>/`: remembers the member and leads on to a page of this site."""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mlm_plugin.shop import referrals, visits

HOME = "/"
# Browsers and Django itself refuse longer addresses.
LONGEST_TARGET = 1_500


@require_safe
def follow_link(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a referral link, with `?to=/path` of this site and `?c=campaign`; always leads on."""
    target = _own_path(request.GET.get("to", ""))
    campaign = request.GET.get("c", "")
    outcome, member_id = referrals.follow_referral(request=request, code=code, campaign=campaign)
    if outcome == referrals.Outcome.UNKNOWN:
        messages.info(request, _("This referral link is no longer valid. You can shop as usual."))
    elif outcome == referrals.Outcome.OWN:
        messages.info(request, _("This is your own referral link: it is meant for others."))
    elif not referrals.may_store(request=request):
        # Without consent the address itself has to remember, until the visitor has answered; the
        # page it leads to counts the visit.
        target = _with_code(target, code=code, campaign=campaign)
    elif member_id is not None:
        visits.record_visit(
            request=request, member_id=member_id, campaign=campaign, at=timezone.now()
        )
    response = HttpResponseRedirect(target)
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _own_path(target: str) -> str:
    """The target if it is a path of this site, else the home page."""
    is_own = (
        target.startswith("/")
        and len(target) <= LONGEST_TARGET
        and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    )
    return target if is_own else HOME


def _with_code(target: str, *, code: str, campaign: str) -> str:
    parts = urlsplit(target)
    query = urlencode({"ref": code, **({"c": campaign} if campaign else {})})
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()
