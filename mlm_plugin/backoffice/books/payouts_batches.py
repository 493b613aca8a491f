"""The staff's pages about batches: prepared by one, approved by another, handed over by a third."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.books.payouts_forms import NoteForm, PrepareForm
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.conf import business_day
from mlm_plugin.payouts import selectors
from mlm_plugin.payouts.batches import (
    approve_batch,
    cancel_batch,
    hand_over_batch,
    prepare_batch,
    record_download,
)
from mlm_plugin.payouts.files import ChangedFile, read_content
from mlm_plugin.payouts.models import PayoutBatch
from mlm_plugin.payouts.steps import PayoutError

ACTIONS = {"approve": "approve_books", "hand_over": "pay_out", "cancel": "prepare_books"}


@never_cache
@require_safe
@books_page()
def batch_list(request: HttpRequest) -> HttpResponse:
    """All batches, the newest first."""
    context = {
        "page": selectors.list_batches(cursor=request.GET.get("before", "")),
        "may_prepare": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/payouts_batches.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def batch_new(request: HttpRequest) -> HttpResponse:
    """Choose, look at the totals, prepare."""
    now = timezone.now()
    if request.method != "POST":
        given = request.GET.dict()
        given.setdefault("currency", PrepareForm().filters().currency)
        given.setdefault("execute_on", business_day(now).isoformat())
        form = PrepareForm({**given, "key": str(uuid.uuid4())})
        return _preview(request, form, now)
    form = PrepareForm(request.POST)
    if not form.is_valid() or "confirmed" not in request.POST:
        return _preview(request, form, now)
    try:
        batch = prepare_batch(
            key=str(form.cleaned_data["key"]),
            filters=form.filters(),
            execute_on=form.cleaned_data["execute_on"],
            actor=actor_of(request),
            at=now,
        )
    except PayoutError as error:
        form.add_error(None, str(error))
        return _preview(request, form, now)
    messages.success(request, _("The batch waits for a second person to approve it."))
    return redirect("mlm:staff-payout-batch", number=batch.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def batch_page(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: sums, payouts, files, who did what, and the next step."""
    if request.method != "POST":
        return _show(request, _get_batch(number), NoteForm())
    action = request.POST.get("action", "")
    # Who may not is refused before anything is looked up.
    require(request, ACTIONS.get(action, "prepare_books"))
    if action not in ACTIONS:
        raise Http404
    batch = _get_batch(number)
    form = NoteForm(request.POST if action == "cancel" else None)
    if action == "cancel" and not form.is_valid():
        return _show(request, batch, form)
    try:
        _act(request, batch, action, form)
    except PayoutError as error:
        messages.error(request, str(error))
    return redirect("mlm:staff-payout-batch", number=number)


def _act(request: HttpRequest, batch: PayoutBatch, action: str, form: NoteForm) -> None:
    by: dict[str, Any] = {"actor": actor_of(request), "at": timezone.now()}
    if action == "approve":
        approve_batch(batch_id=batch.pk, expected=_read_expected(request), **by)
        messages.success(request, _("The batch is approved; its files are ready."))
    elif action == "hand_over":
        hand_over_batch(batch_id=batch.pk, **by)
        messages.success(request, _("The batch is with the bank; its members are told."))
    else:
        cancel_batch(batch_id=batch.pk, reason=form.cleaned_data["reason"], **by)
        messages.success(request, _("The batch is dissolved; its payouts wait again."))


@never_cache
@require_safe
@books_page("pay_out")
def batch_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """A file for the bank: always the bytes that were made at the approval."""
    batch = _get_batch(number)
    file = batch.files.filter(kind=kind).first()
    if file is None:
        raise Http404
    try:
        content = read_content(stored=file.stored, digest=file.digest)
    except (FileNotFoundError, ChangedFile):
        messages.error(
            request,
            _("The file is not what it was at the approval. Do not pay; tell the administrators."),
        )
        return redirect("mlm:staff-payout-batch", number=number)
    if request.method == "GET":
        record_download(batch=batch, name=file.name, actor=actor_of(request), at=timezone.now())
    return HttpResponse(
        content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _preview(request: HttpRequest, form: PrepareForm, now: Any) -> HttpResponse:
    filters = form.filters()
    context = {
        "form": form,
        "currency": filters.currency,
        "totals": selectors.total_waiting(filters=filters, at=now),
    }
    return render(request, "mlm/backoffice/books/payouts_batch_new.html", context)


def _show(request: HttpRequest, batch: PayoutBatch, form: NoteForm) -> HttpResponse:
    state = PayoutBatch.State(batch.state)
    is_own = batch.prepared_by_id == request.user.pk
    is_prepared = state == PayoutBatch.State.PREPARED
    context = {
        "batch": batch,
        "form": form,
        "sums": selectors.sum_batch(batch=batch),
        "page": selectors.list_payouts_in(batch=batch, cursor=request.GET.get("before", "")),
        "files": batch.files.order_by("kind"),
        "is_own": is_own,
        "may_approve": is_prepared and not is_own and may(request.user, "approve_books"),
        "may_cancel": is_prepared and may(request.user, "prepare_books"),
        "may_hand_over": state == PayoutBatch.State.APPROVED and may(request.user, "pay_out"),
        "may_download": may(request.user, "pay_out"),
    }
    return render(request, "mlm/backoffice/books/payouts_batch.html", context)


def _read_expected(request: HttpRequest) -> tuple[int, int]:
    """What the approver saw; nothing fits where the fields are missing."""
    texts = (request.POST.get("seen_count", ""), request.POST.get("seen_net", ""))
    numbers = [int(text) if text.isascii() and text.isdecimal() else -1 for text in texts]
    return numbers[0], numbers[1]


def _get_batch(number: int) -> PayoutBatch:
    try:
        return selectors.get_batch(number=number)
    except (PayoutBatch.DoesNotExist, OverflowError) as error:
        raise Http404 from error
