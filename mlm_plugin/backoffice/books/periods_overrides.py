"""The staff's pages about overrides: proposed by one person, approved by another."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.commissions import overrides, run_selectors
from mlm_plugin.commissions.models import Period
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.periods import NoPlan
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import get_member_by_code
from mlm_plugin.plan.money import to_minor
from mlm_plugin.plan.plans import load_plan


class OverrideForm(forms.Form):
    """What a member is to have otherwise in a period, and why."""

    member = forms.CharField(label=gettext_lazy("Member’s code"), max_length=64)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is overridden"), choices=Override.Kind.choices
    )
    rank = forms.ChoiceField(label=gettext_lazy("Rank"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        max_digits=12,
        help_text=gettext_lazy("Below zero to take something back."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=overrides.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ranks: list[str], places: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = ("", _("as it would be without an override"))
        self.fields["rank"].choices = [nothing, *((rank, rank) for rank in ranks)]
        self.fields["status"].choices = [nothing, *Member.Status.choices]
        self.fields["amount"].decimal_places = places
        self.places = places

    def clean_member(self) -> Member:
        """The member with this code."""
        found = get_member_by_code(code=self.cleaned_data["member"])
        if found is None:
            raise forms.ValidationError(_("No member has this code."))
        return found

    @property
    def value(self) -> str:
        """The rank or status that was chosen."""
        kind = self.cleaned_data["kind"]
        return "" if kind == Override.Kind.AMOUNT else str(self.cleaned_data.get(kind) or "")

    @property
    def minor(self) -> int:
        """The amount in the smallest unit; nothing where something else is overridden."""
        if self.cleaned_data["kind"] != Override.Kind.AMOUNT:
            return 0
        return to_minor(self.cleaned_data["amount"] or Decimal(0), places=self.places)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """A form; what is proposed waits for a second person."""
    try:
        period = run_selectors.get_period(period_id=number)
    except (Period.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    try:
        plan = load_plan(overrides.version_of(period=period).document)
    except NoPlan as reason:
        messages.error(request, str(reason))
        return redirect("mlm:staff-period", period.pk)
    form = OverrideForm(
        request.POST or None,
        ranks=overrides.ranks_of(plan),
        places=plan.document.plan.places,
        initial={"key": uuid.uuid4(), "member": request.GET.get("member", "")},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            override = overrides.propose_override(
                key=asked["key"],
                period_id=period.pk,
                member_id=asked["member"].pk,
                kind=asked["kind"],
                value=form.value,
                amount=form.minor,
                reason=asked["reason"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        except (overrides.CannotOverride, ValueError) as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The override waits for a second person."))
            return redirect("mlm:staff-override", override.pk)
    context = {"period": period, "form": form, "currency": plan.document.plan.currency}
    return render(request, "mlm/backoffice/books/periods_override_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def override_page(request: HttpRequest, number: int) -> HttpResponse:
    """One override; a second person decides here, and who proposed it may withdraw it."""
    if request.method == "POST" and not may(request.user, "approve_books"):
        require(request, "prepare_books")
    try:
        override = run_selectors.get_override(override_id=number)
    except (Override.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    if request.method == "POST":
        return _decide(request, override)
    currency, places = run_selectors.currency_of(period=override.period)
    context = {
        "override": override,
        "period": override.period,
        "money_of": {"currency": currency, "places": places},
        "is_own": override.proposed_by_id == request.user.pk,
        "may_approve": may(request.user, "approve_books"),
        "may_prepare": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/periods_override.html", context)


def _decide(request: HttpRequest, override: Override) -> HttpResponse:
    actor, now, note = actor_of(request), timezone.now(), request.POST.get("note", "")[:500]
    action = request.POST.get("action")
    try:
        if action in ("approve", "decline"):
            require(request, "approve_books")
            decided = overrides.decide_override(
                override_id=override.pk,
                is_approved=action == "approve",
                actor=actor,
                at=now,
                note=note,
            )
            messages.success(request, _TOLD[Override.State(decided.state)])
        elif action == "withdraw":
            require(request, "prepare_books")
            overrides.withdraw_override(override_id=override.pk, actor=actor, at=now)
            messages.success(request, _("The override is withdrawn."))
    except overrides.CannotOverride as reason:
        messages.error(request, str(reason))
    return redirect("mlm:staff-override", override.pk)


_TOLD = {
    Override.State.APPROVED: gettext_lazy("The override is approved: every further run counts it."),
    Override.State.DECLINED: gettext_lazy("The override is declined."),
}
