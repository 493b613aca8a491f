"""The staff's pages about members who may be one person: told apart, or merged by two people."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice import duplicate_selectors, selectors
from mlm_plugin.backoffice.permissions import change_page, may_change_members, staff_page
from mlm_plugin.network.codes import MAX_LENGTH
from mlm_plugin.network.duplicate_pairs import LONGEST_REASON, tell_apart
from mlm_plugin.network.models import DuplicatePair, Member, Merge
from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.network.services import NetworkError
from mlm_plugin.volumes import merging

KEPT, ENDED = "kept", "ended"


class PairSearchForm(forms.Form):
    """Pairs by what was decided about them."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[*DuplicatePair.State.choices, ("all", gettext_lazy("any"))],
    )


class MergeSearchForm(forms.Form):
    """Merges by what became of them."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *Merge.State.choices],
    )


class ReasonForm(forms.Form):
    """Why the two are not the same person."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("How you know, such as: siblings who share a phone."),
    )


class MergeForm(forms.Form):
    """The other membership, which of both goes on, and why; `key` makes sending twice harmless."""

    other = forms.CharField(
        label=gettext_lazy("The other membership (code)"), max_length=MAX_LENGTH
    )
    this_one = forms.ChoiceField(label=gettext_lazy("This membership"), initial=KEPT)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=merging.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["this_one"].choices = [
            (KEPT, _("goes on; the other one ends")),
            (ENDED, _("ends; the other one goes on")),
        ]

    def clean_other(self) -> Member:
        """The member with this code."""
        found = get_member_by_code(code=self.cleaned_data["other"])
        if found is None:
            raise forms.ValidationError(_("No member has this code."))
        return found

    @property
    def kept_and_ended(self) -> tuple[Member, Member]:
        """Of a valid form who goes on and who ends."""
        two = self.member, self.cleaned_data["other"]
        return two if self.cleaned_data["this_one"] == KEPT else two[::-1]


class DecisionForm(forms.Form):
    """What is said with a decision about a merge."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=merging.LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to decline."),
    )


@require_safe
@staff_page
def pair_list(request: HttpRequest) -> HttpResponse:
    """Pairs that want a look first; those that were decided by choice."""
    form = PairSearchForm(request.GET)
    page = selectors.Page(rows=[], next_cursor="")
    if form.is_valid():
        wanted = form.cleaned_data["state"] or DuplicatePair.State.OPEN
        page = duplicate_selectors.find_pairs_of_members(
            state="" if wanted == "all" else wanted, cursor=request.GET.get("before", "")
        )
    context = {
        "form": form,
        "page": page,
        "waiting": duplicate_selectors.count_merges_waiting(),
    }
    return render(request, "mlm/backoffice/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def pair_page(request: HttpRequest, number: int) -> HttpResponse:
    """Both members side by side; who may change members says that they are two people here."""
    pair = _get_pair(number)
    if request.method == "POST":
        return _tell_apart(request, pair)
    return _show_pair(request, pair, ReasonForm())


@change_page
def _tell_apart(request: HttpRequest, pair: DuplicatePair) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show_pair(request, pair, form)
    try:
        tell_apart(
            pair_id=pair.pk,
            reason=form.cleaned_data["reason"],
            decided_by_id=request.user.pk,
            decided_at=timezone.now(),
        )
    except NetworkError as error:
        form.add_error(None, str(error))
        return _show_pair(request, _get_pair(pair.pk), form)
    messages.success(request, _("Kept: these are two people."))
    return redirect("mlm:staff-duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
@change_page
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """A form, a page that says what goes over and what stays, then a second person decides."""
    member = _get_member(code)
    if request.method != "POST":
        this_one = ENDED if request.GET.get("this_one") == ENDED else KEPT
        other = request.GET.get("other", "")[:MAX_LENGTH]
        initial = {"key": uuid.uuid4(), "other": other, "this_one": this_one}
        return _ask(request, MergeForm(initial=initial, member=member))
    form = MergeForm(request.POST, member=member)
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, form)
    kept, ended = form.kept_and_ended
    try:
        if "confirmed" not in request.POST:
            effects = merging.preview_merge(kept_id=kept.pk, ended_id=ended.pk)
            context = {
                "form": form, "member": member, "kept": kept, "ended": ended, "effects": effects
            }  # fmt: skip
            return render(request, "mlm/backoffice/merge_confirm.html", context)
        merge = merging.propose_merge(
            key=str(form.cleaned_data["key"]),
            kept_id=kept.pk,
            ended_id=ended.pk,
            reason=form.cleaned_data["reason"],
            proposed_by_id=request.user.pk,
            proposed_at=timezone.now(),
        )
    except NetworkError as error:
        form.add_error(None, str(error))
        return _ask(request, form)
    messages.success(request, _("The merge waits for a second person to decide."))
    return redirect("mlm:staff-merge", number=merge.pk)


@require_safe
@staff_page
def merge_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and what became of the others."""
    form = MergeSearchForm(request.GET)
    page = selectors.Page(rows=[], next_cursor="")
    if form.is_valid():
        page = duplicate_selectors.find_merges(
            state=form.cleaned_data["state"], cursor=request.GET.get("before", "")
        )
    return render(request, "mlm/backoffice/merges.html", {"form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def merge_page(request: HttpRequest, number: int) -> HttpResponse:
    """One merge with what it does; those who may change members decide or withdraw it here."""
    merge = _get_merge(number)
    if request.method == "POST":
        return _act(request, merge)
    return _show_merge(request, merge, DecisionForm())


@change_page
def _act(request: HttpRequest, merge: Merge) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show_merge(request, merge, form)
    note, by, at = form.cleaned_data["note"], request.user.pk, timezone.now()
    try:
        match request.POST.get("action"):
            case "approve":
                done = merging.approve_merge(
                    merge_id=merge.pk, decided_by_id=by, decided_at=at, note=note
                )
            case "decline":
                done = merging.decline_merge(
                    merge_id=merge.pk, decided_by_id=by, decided_at=at, note=note
                )
            case "withdraw":
                done = merging.withdraw_merge(
                    merge_id=merge.pk, withdrawn_by_id=by, withdrawn_at=at
                )
            case _:
                return _show_merge(request, merge, form)
    except NetworkError as error:
        form.add_error(None, str(error))
        return _show_merge(request, _get_merge(merge.pk), form)
    if done.state == Merge.State.FAILED:
        words = _("The merge has become impossible: {reason}")
        messages.error(request, words.format(reason=done.failure))
    else:
        messages.success(request, _told(done))
    return redirect("mlm:staff-merge", number=done.pk)


def _told(merge: Merge) -> str:
    return {
        Merge.State.CARRIED_OUT: _("The two memberships are one now."),
        Merge.State.DECLINED: _("The merge is declined."),
        Merge.State.WITHDRAWN: _("The merge is withdrawn."),
    }[Merge.State(merge.state)]


def _ask(request: HttpRequest, form: MergeForm) -> HttpResponse:
    context = {"member": form.member, "form": form}
    return render(request, "mlm/backoffice/merge_form.html", context)


def _show_pair(request: HttpRequest, pair: DuplicatePair, form: ReasonForm) -> HttpResponse:
    context = {
        "pair": pair,
        "kinds": duplicate_selectors.name_kinds(pair.kinds),
        "sides": duplicate_selectors.describe_pair(pair=pair),
        "form": form,
        "may_change": may_change_members(request.user),
    }
    return render(request, "mlm/backoffice/duplicate.html", context)


def _show_merge(request: HttpRequest, merge: Merge, form: DecisionForm) -> HttpResponse:
    context = {
        "merge": merge,
        "kept": merge.kept,
        "ended": merge.ended,
        "effects": merge.effects,
        "form": form,
        "may_change": may_change_members(request.user),
        "is_own": merge.proposed_by_id == request.user.pk,
    }
    return render(request, "mlm/backoffice/merge.html", context)


def _get_member(code: str) -> Member:
    try:
        return selectors.get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error


def _get_pair(number: int) -> DuplicatePair:
    try:
        return duplicate_selectors.get_pair(number=number)
    except (DuplicatePair.DoesNotExist, OverflowError) as error:
        raise Http404 from error


def _get_merge(number: int) -> Merge:
    try:
        return duplicate_selectors.get_merge(number=number)
    except (Merge.DoesNotExist, OverflowError) as error:
        raise Http404 from error
