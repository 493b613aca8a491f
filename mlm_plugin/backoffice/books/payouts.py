"""The staff's pages about payouts: what waits, one payout, tax status of its member."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.books.payouts_forms import (
    FilterForm,
    NoteForm,
    OutcomeForm,
    SearchForm,
    TaxStatusForm,
)
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.conf import business_day
from mlm_plugin.payouts import selectors
from mlm_plugin.payouts.batches import list_candidates, take_out
from mlm_plugin.payouts.models import Payout, TaxStatus
from mlm_plugin.payouts.requests import cancel_payout
from mlm_plugin.payouts.results import enter_by_hand
from mlm_plugin.payouts.steps import PayoutError
from mlm_plugin.payouts.tax_statuses import set_tax_status

# What is done on the page of a payout, with the permission it takes.
ACTIONS = {
    "cancel": "prepare_books",
    "take_out": "prepare_books",
    "tax_status": "prepare_books",
    "outcome": "pay_out",
}


@never_cache
@require_safe
@books_page()
def payout_list(request: HttpRequest) -> HttpResponse:
    """Every payout, by state, the newest first."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "page": selectors.find_payouts(
            state=asked.get("state", ""),
            text=asked.get("q", ""),
            cursor=request.GET.get("before", ""),
        ),
    }
    return render(request, "mlm/backoffice/books/payouts_list.html", context)


@never_cache
@require_safe
@books_page()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits to be paid, with the reasons of what is held."""
    now = timezone.now()
    form = FilterForm(request.GET or None)
    filters = form.filters()
    context = {
        "form": form,
        "currency": filters.currency,
        "waiting": selectors.list_waiting(
            filters=filters, at=now, cursor=request.GET.get("after", "")
        ),
        "may_prepare": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/payouts_waiting.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def payout_page(request: HttpRequest, number: int) -> HttpResponse:
    """One payout: its sums, way, entries, what holds it, and what may be done with it."""
    if request.method != "POST":
        return _show(request, _get_payout(number))
    action = request.POST.get("action", "")
    # Who may not is refused before anything is looked up.
    require(request, ACTIONS.get(action, "prepare_books"))
    if action not in ACTIONS:
        raise Http404
    return _act(request, _get_payout(number), action)


def _act(request: HttpRequest, payout: Payout, action: str) -> HttpResponse:
    form_class = {"outcome": OutcomeForm, "tax_status": TaxStatusForm}.get(action, NoteForm)
    form = form_class(request.POST)
    if not form.is_valid():
        return _show(request, payout, **{_name(action): form})
    given: dict[str, Any] = form.cleaned_data
    by: dict[str, Any] = {"actor": actor_of(request), "at": timezone.now()}
    try:
        match action:
            case "cancel":
                cancel_payout(payout_id=payout.pk, reason=given["reason"], **by)
            case "take_out":
                take_out(payout_id=payout.pk, reason=given["reason"], **by)
            case "tax_status":
                set_tax_status(member_id=payout.member_id, **given, **by)
            case _:
                enter_by_hand(payout_id=payout.pk, **given, **by)
    except PayoutError as error:
        form.add_error(None, str(error))
        return _show(request, _get_payout(payout.pk), **{_name(action): form})
    messages.success(request, _("It is written down."))
    return redirect("mlm:staff-payout", number=payout.pk)


def _name(action: str) -> str:
    return {"outcome": "outcome_form", "tax_status": "tax_form"}.get(action, "note_form")


def _show(request: HttpRequest, payout: Payout, **forms: Any) -> HttpResponse:
    now = timezone.now()
    State = Payout.State  # noqa: N806, as the model calls it
    reasons: tuple[str, ...] = ()
    settings = selectors.get_payout_settings(currency=payout.currency)
    if payout.state in (State.REQUESTED, State.IN_BATCH) and settings is not None:
        [candidate] = list_candidates(
            payouts=[payout], settings=settings, day=business_day(now), at=now
        )
        reasons = candidate.reasons
    context = {
        "payout": payout,
        "reasons": reasons,
        "steps": selectors.list_steps(payout_id=payout.pk),
        "entries": selectors.list_entries(payout_id=payout.pk),
        "tax_statuses": TaxStatus.objects.filter(member_id=payout.member_id)
        .select_related("author")
        .order_by("-valid_from", "-pk")[:5],
        "may_cancel": payout.state == State.REQUESTED and may(request.user, "prepare_books"),
        "may_take_out": payout.state == State.IN_BATCH and may(request.user, "prepare_books"),
        "may_enter": payout.state in (State.HANDED_OVER, State.PAID)
        and may(request.user, "pay_out"),
        "may_set_tax": may(request.user, "prepare_books"),
        "note_form": NoteForm(),
        "outcome_form": OutcomeForm(initial={"day": business_day(now)}),
        "tax_form": TaxStatusForm(initial={"valid_from": business_day(now)}),
        **forms,
    }
    return render(request, "mlm/backoffice/books/payouts_payout.html", context)


def _get_payout(number: int) -> Payout:
    try:
        return selectors.get_payout(number=number)
    except (Payout.DoesNotExist, OverflowError) as error:
        raise Http404 from error
