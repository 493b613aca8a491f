"""Consent to cookies that are not needed to run the shop, where the market asks for it.

Only the referral cookie is such a one. The answer itself is kept in the cookie `consent`, which
the referral middleware reads; of who is signed in, it is also kept with their other consents.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from mlm_plugin.conf import get_setting
from mlm_plugin.shop.referrals import CONSENT_COOKIE
from storefront.privacy.models import ConsentRecord
from storefront.privacy.services import record_consent
from storefront.targets import own_address

ANSWERS = ("yes", "no")
HALF_A_YEAR = 180 * 24 * 60 * 60


def must_ask(request: HttpRequest) -> bool:
    """Whether this visitor is still to be asked."""
    if get_setting("COOKIE_CONSENT") != "always":
        return False
    return request.COOKIES.get(CONSENT_COOKIE) not in ANSWERS


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keep the visitor's answer and go back to the page that asked."""
    target = own_address(request=request, address=request.POST.get("next", ""))
    response = HttpResponseRedirect(target)
    if request.POST.get("answer") in ANSWERS:
        response.set_cookie(
            CONSENT_COOKIE,
            request.POST["answer"],
            max_age=HALF_A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            record_consent(
                user=request.user,
                purpose="cookies",
                given=request.POST["answer"] == "yes",
                source=ConsentRecord.Source.BANNER,
                language=get_language() or "en",
                at=timezone.now(),
            )
    return response
