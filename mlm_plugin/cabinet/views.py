"""The member's pages below `/my/`: each asks the selectors and shows what they answer."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.cabinet.chart import list_bars
from mlm_plugin.cabinet.selectors import get_feed_for, get_front_line_for, get_member_below
from mlm_plugin.cabinet.share import draw_qr
from mlm_plugin.ledger.wallet_selectors import get_wallets
from mlm_plugin.network.codes import normalise_campaign
from mlm_plugin.network.contact_consent import get_contact
from mlm_plugin.network.models import Member
from mlm_plugin.network.visibility import name_of, what_viewer_sees
from mlm_plugin.payouts.money import write_money
from mlm_plugin.volumes.feed import STATES
from mlm_plugin.volumes.selectors import (
    get_history,
    get_pending_points,
    get_recent_periods,
)

ON_HOME = 5
FEED_PAGE = 30
TEAM_PAGE = 50
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@require_safe
@cabinet_page
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """The month in points, what is pending, the last events, the first line, the link."""
    periods = get_recent_periods(now=timezone.now())
    period = _choose_period(request, periods)
    history = get_history(member_id=member.pk, periods=periods)
    return render(
        request,
        "mlm/cabinet/home.html",
        {
            "member": member,
            "page": "home",
            "periods": periods[::-1],
            "points": next(points for points in history if points.period == period),
            "history": history[::-1],
            "bars": list_bars(history=history, chosen=period),
            "pending": get_pending_points(member_id=member.pk),
            "money": [
                write_money(wallet.available, wallet.unit)
                for wallet in get_wallets(owner=member.pk)
            ],
            "feed": get_feed_for(viewer=member, limit=ON_HOME),
            "front_line": get_front_line_for(
                viewer=member, of=member, period=period, limit=ON_HOME
            ),
            "link": _referral_link(request, member, campaign=""),
        },
    )


@require_safe
@cabinet_page
def points(request: HttpRequest, member: Member) -> HttpResponse:
    """The whole feed, filtered by state, page by page."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    own_only = request.GET.get("whose") == "own"
    feed = get_feed_for(
        viewer=member,
        limit=FEED_PAGE,
        before=request.GET.get("before", ""),
        state=state,
        own_only=own_only,
    )
    return render(
        request,
        "mlm/cabinet/points.html",
        {"member": member, "page": "points", "feed": feed, "state": state, "own_only": own_only},
    )


@require_safe
@cabinet_page
def team_member(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """One member of the own downline with points and first line; anybody else does not exist."""
    try:
        shown = get_member_below(viewer=member, code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error
    return _show_front_line(request, member, of=shown, template="mlm/cabinet/team_member.html")


@require_safe
@cabinet_page
def share(request: HttpRequest, member: Member) -> HttpResponse:
    """The referral link, with a campaign's name if wanted, to copy or to scan."""
    campaign = normalise_campaign(request.GET.get("c", ""))
    return render(
        request,
        "mlm/cabinet/share.html",
        {
            "member": member,
            "page": "share",
            "campaign": campaign,
            "link": _referral_link(request, member, campaign=campaign),
        },
    )


@require_safe
@cabinet_page
def qr(request: HttpRequest, member: Member, kind: str) -> HttpResponse:
    """The referral link as a picture file of its own, so that no page needs inline data."""
    campaign = normalise_campaign(request.GET.get("c", ""))
    picture = draw_qr(link=_referral_link(request, member, campaign=campaign), kind=kind)
    return HttpResponse(
        picture,
        content_type=PICTURES[kind],
        headers={
            "Cache-Control": "private, max-age=86400",
            "Content-Disposition": f'inline; filename="{member.code}.{kind}"',
        },
    )


@require_safe
@cabinet_page
def more(request: HttpRequest, member: Member) -> HttpResponse:
    """What does not fit into the bar of a phone."""
    return render(request, "mlm/cabinet/more.html", {"member": member, "page": "more"})


def _show_front_line(
    request: HttpRequest, member: Member, *, of: Member, template: str
) -> HttpResponse:
    periods = get_recent_periods(now=timezone.now())
    period = _choose_period(request, periods)
    history = get_history(member_id=of.pk, periods=periods)
    seen = what_viewer_sees(viewer=member, of=of)
    return render(
        request,
        template,
        {
            "member": member,
            "page": "team",
            "shown": of,
            "name": name_of(of, shown=seen),
            "shows_points": seen.points,
            "contact": get_contact(member=of) if seen.contact else None,
            "level": of.depth - member.depth,
            "periods": periods[::-1],
            "points": next(points for points in history if points.period == period),
            "history": history[::-1],
            "bars": list_bars(history=history, chosen=period),
            "front_line": get_front_line_for(
                viewer=member,
                of=of,
                period=period,
                cursor=request.GET.get("after", ""),
                limit=TEAM_PAGE,
            ),
        },
    )


def _choose_period(request: HttpRequest, periods: list[date]) -> date:
    """The period named in the address ("2026-05"), or the current one."""
    wanted = request.GET.get("period", "")
    return next((day for day in periods if f"{day:%Y-%m}" == wanted), periods[-1])


def _referral_link(request: HttpRequest, member: Member, *, campaign: str) -> str:
    path = reverse("mlm:referral", args=[member.code])
    return request.build_absolute_uri(f"{path}?c={campaign}" if campaign else path)
