"""Who sent this visitor: a signed cookie that says enough for every page to need no query.

What the cookie says is never trusted at checkout: `attribution` asks the database again, since a
member may have been suspended after the link was followed.

Where the market asks for consent (`MLM["COOKIE_CONSENT"] = "always"`) nothing is stored and nothing
stored is read before the visitor says yes. Until then a referral lasts as long as the code stands
in the address: `/r/<code>/` leads to `?ref=<code>`, and answering the question reloads that page.
"""

from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from mlm_plugin.conf import get_setting
from mlm_plugin.network.codes import normalise_campaign
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_creditable_member

COOKIE = "referral"
CONSENT_COOKIE = "consent"
_SALT = "mlm_plugin.referral"
_SECONDS_PER_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Referral:
    """The member whose guest a visitor is, as it stands in the cookie.

    `first_name` is the code where a member has no name.
    """

    member_id: int
    code: str
    first_name: str
    campaign: str


class Outcome(StrEnum):
    """What became of a followed referral code."""

    TAKEN = "taken"
    KEPT_FIRST = "kept first"
    OWN = "own"
    UNKNOWN = "unknown"


def read_referral(*, request: HttpRequest) -> Referral | None:
    """The referral in this visitor's cookie, or None; no query.

    Forged, expired and unreadable cookies are as good as none.
    """
    value = request.COOKIES.get(COOKIE)
    if not value or not may_store(request=request):
        return None
    try:
        return Referral(*signing.loads(value, salt=_SALT, max_age=_lifetime()))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def follow_referral(*, request: Any, code: str, campaign: str) -> tuple[Outcome, int | None]:
    """Make the visitor a guest of the member with this code; returns what became of it, and whom.

    Sets `request.referral` at once; the middleware stores the cookie with the response. Unknown
    codes, members who are not active, and a member's own code change nothing. By
    `MLM["REFERRAL_RULE"]` the newest link wins, or the first one stays while its member is active.
    """
    member = get_creditable_member(code=code)
    if member is None:
        return Outcome.UNKNOWN, None
    if member.user_id is not None and request.user.pk == member.user_id:
        return Outcome.OWN, None
    if _first_one_stays(request.referral, member):
        return Outcome.KEPT_FIRST, member.pk
    request.referral = Referral(
        member_id=member.pk,
        code=member.code,
        first_name=member.first_name or member.code,
        campaign=normalise_campaign(campaign),
    )
    request.referral_is_new = True
    return Outcome.TAKEN, member.pk


def may_store(*, request: HttpRequest) -> bool:
    """Whether the referral cookie may be set and read for this visitor."""
    if get_setting("COOKIE_CONSENT") != "always":
        return True
    return request.COOKIES.get(CONSENT_COOKIE) == "yes"


def store_referral(*, response: HttpResponseBase, referral: Referral) -> None:
    """Set the cookie; a response that sets one must not be kept by any shared cache."""
    response.set_cookie(  # type: ignore[attr-defined]
        COOKIE,
        signing.dumps(astuple(referral), salt=_SALT),
        max_age=_lifetime(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    patch_cache_control(response, private=True)  # type: ignore[arg-type]
    patch_vary_headers(response, ["Cookie"])  # type: ignore[arg-type]


def _first_one_stays(referral: Referral | None, member: Member) -> bool:
    if referral is None or referral.member_id == member.pk:
        return False
    if get_setting("REFERRAL_RULE") != "first":
        return False
    return Member.objects.filter(pk=referral.member_id, status=Member.Status.ACTIVE).exists()


def _lifetime() -> int:
    return int(get_setting("REFERRAL_DAYS")) * _SECONDS_PER_DAY
