"""`/my/payouts/`: take money out of the wallet, and follow it to the bank."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.cabinet.payouts_telling import tell_holds, tell_steps
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.network.models import Member
from mlm_plugin.payouts import selectors
from mlm_plugin.payouts.models import Payout
from mlm_plugin.payouts.money import NotAnAmount, read_money
from mlm_plugin.payouts.requests import cancel_payout, quote_payout, request_payout
from mlm_plugin.payouts.selectors import Purse
from mlm_plugin.payouts.steps import PayoutError

LONGEST_AMOUNT = 30


class RequestForm(forms.Form):
    """How much, of which currency; `key` makes sending twice harmless."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=LONGEST_AMOUNT,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, purses: list[Purse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(purse.currency, purse.currency) for purse in purses]
        self.fields["currency"].choices = choices
        if len(choices) == 1:
            self.fields["currency"].widget = forms.HiddenInput()
            self.fields["currency"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """The amount in the currency's smallest unit, as `minor`."""
        cleaned = super().clean() or {}
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["minor"] = read_money(cleaned["amount"], currency=cleaned["currency"])
            except NotAnAmount as error:
                self.add_error("amount", str(error))
        return cleaned


@never_cache
@require_safe
@cabinet_page
def payouts(request: HttpRequest, member: Member) -> HttpResponse:
    """What can be taken out, what hinders it, and every payout so far."""
    payee = selectors.get_payee(member_id=member.pk, at=timezone.now())
    context = {
        "member": member,
        "page": "payouts",
        "purses": selectors.list_purses(member_id=member.pk),
        "holds": tell_holds(payee),
        "rows": selectors.list_payouts_of(
            member_id=member.pk, cursor=request.GET.get("before", "")
        ),
    }
    return render(request, "mlm/cabinet/payouts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def payout_new(request: HttpRequest, member: Member) -> HttpResponse:
    """A form, then what it costs and brings, then it is asked for."""
    purses = [purse for purse in selectors.list_purses(member_id=member.pk) if purse.is_enough]
    if member.status == Member.Status.SUSPENDED or not (purses or request.method == "POST"):
        return redirect("mlm:my-payouts")
    if request.method != "POST":
        form = RequestForm(initial={"key": uuid.uuid4()}, purses=purses)
        return _ask(request, member, form, purses)
    # Whoever sends the last step twice has less by then: the first answer is given again.
    form = RequestForm(request.POST, purses=selectors.list_purses(member_id=member.pk))
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, member, form, purses)
    asked = form.cleaned_data
    terms = {"member_id": member.pk, "currency": asked["currency"], "amount": asked["minor"]}
    try:
        if "confirmed" not in request.POST:
            quote = quote_payout(**terms, at=timezone.now())
            return render(
                request,
                "mlm/cabinet/payout_confirm.html",
                {
                    "member": member,
                    "page": "payouts",
                    "form": form,
                    "quote": quote,
                    "currency": asked["currency"],
                    "holds": tell_holds(quote.payee, quote.price.holds),
                },
            )
        payout = request_payout(
            key=f"form:{asked['key']}",
            **terms,
            actor=_actor(request),
            at=timezone.now(),
        )
    except PayoutError as error:
        form.add_error("amount", str(error))
        return _ask(request, member, form, purses)
    messages.success(request, _("Your payout is requested."))
    return redirect("mlm:my-payout", number=payout.pk)


@never_cache
@require_safe
@cabinet_page
def payout(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """One payout: sums, what it went through, and what holds it."""
    found = _get_own(member, number)
    holds = []
    if found.state == Payout.State.REQUESTED:
        payee = selectors.get_payee(member_id=member.pk, at=timezone.now())
        holds = tell_holds(payee)
    context = {
        "member": member,
        "page": "payouts",
        "payout": found,
        "holds": holds,
        "events": tell_steps(found, selectors.list_steps(payout_id=found.pk)),
        "may_cancel": found.state == Payout.State.REQUESTED,
    }
    return render(request, "mlm/cabinet/payout.html", context)


@require_POST
@cabinet_page
def payout_cancel(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take a request back while it waits."""
    found = _get_own(member, number)
    try:
        cancel_payout(payout_id=found.pk, actor=_actor(request), at=timezone.now())
        messages.success(request, _("The payout is cancelled; the money is in your wallet again."))
    except PayoutError as error:
        messages.error(request, str(error))
    return redirect("mlm:my-payout", number=found.pk)


def _ask(
    request: HttpRequest, member: Member, form: RequestForm, purses: list[Purse]
) -> HttpResponse:
    context = {"member": member, "page": "payouts", "form": form, "purses": purses}
    return render(request, "mlm/cabinet/payout_new.html", context)


def _get_own(member: Member, number: int) -> Payout:
    try:
        return selectors.get_payout_of(member_id=member.pk, number=number)
    except (Payout.DoesNotExist, OverflowError) as error:
        raise Http404 from error


def _actor(request: HttpRequest) -> Actor:
    return Actor(user=request.user, address=get_adapter().get_client_ip(request))
