"""The staff's network pages: members, their points and customers."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice import selectors
from mlm_plugin.backoffice.forms import (
    AdjustmentForm,
    CustomerSearchForm,
    MemberSearchForm,
)
from mlm_plugin.backoffice.move_selectors import get_past
from mlm_plugin.backoffice.permissions import (
    actor_of,
    adjust_page,
    may_adjust,
    may_change_members,
    staff_page,
)
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.adjusting import adjust_points_by_hand
from mlm_plugin.volumes.feed import get_feed
from mlm_plugin.volumes.front_line import get_front_line_with_points
from mlm_plugin.volumes.selectors import (
    get_history,
    get_pending_points,
    get_recent_periods,
)

FEED_PAGE = 20
FRONT_LINE_PAGE = 20


@require_safe
@staff_page
def member_list(request: HttpRequest) -> HttpResponse:
    """Members by code, name, e-mail address and status."""
    form = MemberSearchForm(request.GET)
    page = selectors.Page(rows=[], next_cursor="")
    if form.is_valid():
        page = selectors.find_members(
            text=form.cleaned_data["q"],
            status=form.cleaned_data["status"],
            cursor=request.GET.get("before", ""),
        )
    return render(request, "mlm/backoffice/members.html", {"form": form, "page": page})


@require_safe
@staff_page
def member_page(request: HttpRequest, code: str) -> HttpResponse:
    """One member: place in the tree, totals, what moved, customers, credited orders."""
    member = _get_member(code)
    history = get_history(member_id=member.pk, periods=get_recent_periods(now=timezone.now()))
    return render(
        request,
        "mlm/backoffice/member.html",
        {
            "member": member,
            "past": get_past(member=member),
            "may_change": may_change_members(request.user),
            "may_adjust": may_adjust(request.user),
            "upline": selectors.get_upline(member=member),
            "front_line": get_front_line_with_points(
                member=member,
                period=history[-1].period,
                cursor=request.GET.get("after", ""),
                limit=FRONT_LINE_PAGE,
            ),
            "front_line_period": history[-1].period,
            "history": history[::-1],
            "pending": get_pending_points(member_id=member.pk),
            "feed": get_feed(
                member=member,
                limit=FEED_PAGE,
                before=request.GET.get("before", ""),
                own_only=request.GET.get("whose") == "own",
            ),
            "own_only": request.GET.get("whose") == "own",
            "customers": selectors.get_customers(
                member=member, cursor=request.GET.get("customers", "")
            ),
            "orders": selectors.get_credited_orders(
                member=member, cursor=request.GET.get("orders", "")
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@adjust_page
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """Add or take points by hand: a form, a page that repeats what will happen, then it is done."""
    member = _get_member(code)
    if request.method != "POST":
        form = AdjustmentForm(initial={"key": uuid.uuid4()})
        return render(request, "mlm/backoffice/adjust.html", {"member": member, "form": form})
    form = AdjustmentForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return render(request, "mlm/backoffice/adjust.html", {"member": member, "form": form})
    pv, cv = form.in_minor()
    if "confirmed" not in request.POST:
        context = {
            "member": member,
            "form": form,
            "pv": pv,
            "cv": cv,
            "levels_above": member.depth - 1,
        }
        return render(request, "mlm/backoffice/adjust_confirm.html", context)
    written = adjust_points_by_hand(
        member=member,
        pv=pv,
        cv=cv,
        kind=form.cleaned_data["kind"],
        reason=form.cleaned_data["reason"],
        actor=actor_of(request),
        at=timezone.now(),
        key=str(form.cleaned_data["key"]),
    )
    if written:
        messages.success(request, _("The points are booked."))
    else:
        messages.info(request, _("This adjustment was booked before; nothing was added."))
    return redirect("mlm:staff-member", code=member.code)


@require_safe
@staff_page
def customer_list(request: HttpRequest) -> HttpResponse:
    """Which customer belongs to which member, and since when."""
    form = CustomerSearchForm(request.GET)
    page = selectors.Page(rows=[], next_cursor="")
    if form.is_valid():
        page = selectors.get_customers(
            text=form.cleaned_data["q"], cursor=request.GET.get("before", "")
        )
    return render(request, "mlm/backoffice/customers.html", {"form": form, "page": page})


def _get_member(code: str) -> Member:
    try:
        return selectors.get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error
