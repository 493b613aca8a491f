"""The staff's pages about moves: propose one with its effects shown, decide, withdraw, undo."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice import move_selectors, selectors
from mlm_plugin.backoffice.permissions import change_page, may_change_members, staff_page
from mlm_plugin.conf import business_day
from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.codes import MAX_LENGTH
from mlm_plugin.network.models import Member, Move
from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.network.services import NetworkError
from mlm_plugin.volumes import moving
from mlm_plugin.volumes.effects import Effects

# No tree is wider; the service knows how wide the present one is.
MOST_SLOTS = 1_000


class MoveForm(forms.Form):
    """Where a member is to stand, from when on and why; `key` makes sending twice harmless."""

    tree = forms.ChoiceField(label=gettext_lazy("Tree"), choices=Move.Tree.choices)
    below = forms.CharField(
        label=gettext_lazy("Below (code)"),
        max_length=MAX_LENGTH,
        help_text=gettext_lazy(
            "The code of the new sponsor, or of the member above the new place."
        ),
    )
    slot = forms.IntegerField(
        label=gettext_lazy("Slot"),
        min_value=1,
        max_value=MOST_SLOTS,
        required=False,
        help_text=gettext_lazy("1 is the left one."),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Effective from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A later day is waited for; the totals follow on that day."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=moving.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not get_placement_settings().is_used:
            self.fields["tree"].choices = [Move.Tree.choices[0]]
            del self.fields["slot"]

    def clean_below(self) -> Member:
        """The member with this code."""
        found = get_member_by_code(code=self.cleaned_data["below"])
        if found is None:
            raise forms.ValidationError(_("No member has this code."))
        return found

    def clean(self) -> dict[str, Any]:
        """A place has a slot."""
        cleaned = super().clean() or {}
        if cleaned.get("tree") == Move.Tree.PLACEMENT and cleaned.get("slot") is None:
            self.add_error("slot", _("Choose a slot."))
        return cleaned

    @property
    def slot_index(self) -> int | None:
        """The slot as it is counted inside, from 0, or None in the sponsor tree."""
        slot = self.cleaned_data.get("slot")
        is_place = self.cleaned_data["tree"] == Move.Tree.PLACEMENT
        return slot - 1 if is_place and slot is not None else None


class MoveSearchForm(forms.Form):
    """Moves by what became of them."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *Move.State.choices],
    )


class NoteForm(forms.Form):
    """What is said with a decision, or why a move is to be undone."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=moving.LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to decline and to undo."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@require_safe
@staff_page
def move_list(request: HttpRequest) -> HttpResponse:
    """The queue: what waits for a decision or for its day, and what became of the others."""
    form = MoveSearchForm(request.GET)
    page = selectors.Page(rows=[], next_cursor="")
    if form.is_valid():
        page = move_selectors.find_moves(
            state=form.cleaned_data["state"], cursor=request.GET.get("before", "")
        )
    return render(request, "mlm/backoffice/moves.html", {"form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@change_page
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """A form, a page with the effects, then the proposal waits for a second person."""
    member = _get_member(code)
    now = timezone.now()
    if request.method != "POST":
        today = business_day(now)
        form = MoveForm(initial={"key": uuid.uuid4(), "effective_on": today, "tree": "sponsor"})
        return _ask(request, member, form)
    form = MoveForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, member, form)
    asked = form.cleaned_data
    try:
        if "confirmed" not in request.POST:
            effects = moving.preview_move(
                member_id=member.pk,
                tree_name=asked["tree"],
                parent_id=asked["below"].pk,
                slot=form.slot_index,
                at=now,
            )
            return _confirm(request, member, form, effects)
        move = moving.propose_move(
            key=str(asked["key"]),
            member_id=member.pk,
            tree_name=asked["tree"],
            parent_id=asked["below"].pk,
            slot=form.slot_index,
            reason=asked["reason"],
            effective_on=asked["effective_on"],
            proposed_by_id=request.user.pk,
            proposed_at=now,
        )
    except NetworkError as error:
        form.add_error(None, str(error))
        return _ask(request, member, form)
    messages.success(request, _("The move waits for a second person to decide."))
    return redirect("mlm:staff-move", number=move.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def move_page(request: HttpRequest, number: int) -> HttpResponse:
    """One move with its effects; those who may change members decide, withdraw or undo it here."""
    move = _get_move(number)
    if request.method != "POST":
        return _show(request, move, NoteForm(initial={"key": uuid.uuid4()}))
    return _act(request, move)


@change_page
def _act(request: HttpRequest, move: Move) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, move, form)
    note, by, at = form.cleaned_data["note"], request.user.pk, timezone.now()
    try:
        match request.POST.get("action"):
            case "approve":
                done = moving.approve_move(
                    move_id=move.pk, decided_by_id=by, decided_at=at, note=note
                )
            case "decline":
                done = moving.decline_move(
                    move_id=move.pk, decided_by_id=by, decided_at=at, note=note
                )
            case "withdraw":
                done = moving.withdraw_move(move_id=move.pk, withdrawn_by_id=by, withdrawn_at=at)
            case "undo":
                done = moving.propose_undoing(
                    key=str(form.cleaned_data["key"]),
                    move_id=move.pk,
                    reason=note,
                    effective_on=business_day(at),
                    proposed_by_id=by,
                    proposed_at=at,
                )
            case _:
                return _show(request, move, form)
    except NetworkError as error:
        form.add_error(None, str(error))
        return _show(request, _get_move(move.pk), form)
    if done.state == Move.State.FAILED:
        words = _("The move has become impossible: {reason}")
        messages.error(request, words.format(reason=done.failure))
    else:
        messages.success(request, _told(done))
    return redirect("mlm:staff-move", number=done.pk)


def _told(move: Move) -> str:
    return {
        Move.State.PROPOSED: _("The move waits for a second person to decide."),
        Move.State.APPROVED: _("The move is approved and is carried out on its day."),
        Move.State.CARRIED_OUT: _("The move is carried out."),
        Move.State.DECLINED: _("The move is declined."),
        Move.State.WITHDRAWN: _("The move is withdrawn."),
    }[Move.State(move.state)]


def _ask(request: HttpRequest, member: Member, form: MoveForm) -> HttpResponse:
    return render(request, "mlm/backoffice/move_form.html", {"member": member, "form": form})


def _confirm(
    request: HttpRequest, member: Member, form: MoveForm, effects: Effects
) -> HttpResponse:
    return render(
        request,
        "mlm/backoffice/move_confirm.html",
        {
            "member": member,
            "form": form,
            "below": form.cleaned_data["below"],
            "effects": readable(effects),
        },
    )


def _show(request: HttpRequest, move: Move, form: NoteForm) -> HttpResponse:
    return render(
        request,
        "mlm/backoffice/move.html",
        {
            "move": move,
            "effects": readable(move.effects),
            "form": form,
            "may_change": may_change_members(request.user),
            "is_own": move.proposed_by_id == request.user.pk,
            "undoing": move.undoings.exclude(state__in=["declined", "withdrawn", "failed"]).first(),
        },
    )


def readable(effects: Effects) -> Effects:
    """The effects with days and moments as such, as the templates write them."""
    shown = dict(effects)
    if "periods" in shown:
        shown["periods"] = [
            {**period, "period": _read_day(period["period"])} for period in shown["periods"]
        ]
    if shown.get("counted_at"):
        shown["counted_at"] = parse_datetime(shown["counted_at"])
    if "place" in shown:
        shown["place"] = [(code, slot + 1) for code, slot in shown["place"]]
    return shown


def _read_day(text: str) -> date:
    day = parse_date(text)
    assert day is not None, "the service writes days as ISO text"
    return day


def _get_member(code: str) -> Member:
    try:
        return selectors.get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error


def _get_move(number: int) -> Move:
    try:
        return move_selectors.get_move(number=number)
    except (Move.DoesNotExist, OverflowError) as error:
        raise Http404 from error
