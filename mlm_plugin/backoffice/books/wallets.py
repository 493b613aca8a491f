"""The staff's pages about wallets: who has what, what moved, and adjustments by two persons."""

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

from mlm_plugin.backoffice.books import wallets_selectors
from mlm_plugin.backoffice.books.wallets_tasks import mail_adjusted
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.backoffice.selectors import get_member
from mlm_plugin.ledger.wallet_adjustments import (
    LONGEST_REASON,
    CannotAdjust,
    approve_adjustment,
    ask_adjustment,
    decline_adjustment,
    needs_second_person,
)
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.network.models import Member
from mlm_plugin.payouts.money import NotAnAmount, read_money, write_money

LONGEST_AMOUNT = 30
State = WalletAdjustment.State


class WalletSearchForm(forms.Form):
    """Wallets of a currency, those below zero, or one member's."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    which = forms.ChoiceField(
        label=gettext_lazy("Which"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("above", gettext_lazy("with money")),
            ("below", gettext_lazy("below zero")),
        ],
    )
    code = forms.CharField(label=gettext_lazy("Member (code)"), required=False, max_length=32)

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]


class AdjustForm(forms.Form):
    """Money to give or take and why; `key` makes sending twice harmless."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=LONGEST_AMOUNT,
        help_text=gettext_lazy("Below zero to take money away: -12.50"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The member reads this in the wallet and in a mail."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]

    def clean(self) -> dict[str, Any]:
        """The amount in the currency's smallest unit, as `minor`."""
        cleaned = super().clean() or {}
        if "amount" in cleaned and "currency" in cleaned:
            try:
                text = cleaned["amount"].replace("\N{MINUS SIGN}", "-")
                cleaned["minor"] = read_money(text, currency=cleaned["currency"])
            except NotAnAmount as error:
                self.add_error("amount", str(error))
            else:
                if not cleaned["minor"]:
                    self.add_error("amount", _("Nothing is not an adjustment."))
        return cleaned


class DecisionForm(forms.Form):
    """What a second person says."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to decline."),
    )


@require_safe
@books_page()
def wallet_list(request: HttpRequest) -> HttpResponse:
    """Wallets, a page at a time."""
    currencies = wallets_selectors.get_currencies()
    form = WalletSearchForm(request.GET, currencies=currencies)
    code = request.GET.get("code", "").strip()
    if code:
        try:
            return redirect("mlm:staff-wallet", code=get_member(code=code).code)
        except Member.DoesNotExist:
            messages.warning(request, _("No member has this code."))
    is_valid = form.is_valid()
    page = wallets_selectors.find_wallets(
        currency=(form.cleaned_data["currency"] if is_valid else "") or _first(currencies),
        which=form.cleaned_data["which"] if is_valid else "",
        cursor=request.GET.get("after", ""),
    )
    context = {"form": form, "page": page, "waiting": wallets_selectors.count_waiting()}
    return render(request, "mlm/backoffice/books/wallets.html", context)


@require_safe
@books_page()
def wallet_page(request: HttpRequest, code: str) -> HttpResponse:
    """One member's wallets: balances, movements and adjustments."""
    member = _get_member(code)
    context = {
        "member": member,
        "shown": wallets_selectors.get_member_wallet(
            member_id=member.pk,
            currency=request.GET.get("currency", ""),
            before=request.GET.get("before", ""),
        ),
        "adjustments": wallets_selectors.list_adjustments(member_id=member.pk),
        "may_adjust": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/wallet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """A form, a page that repeats what will happen, then it is posted or waits for somebody."""
    member = _get_member(code)
    currencies = wallets_selectors.get_currencies(member_id=member.pk)
    template = "mlm/backoffice/books/wallet_adjust.html"
    context: dict[str, Any] = {"member": member}
    if request.method != "POST":
        form = AdjustForm(initial={"key": uuid.uuid4()}, currencies=currencies)
        return render(request, template, {**context, "form": form})
    form = AdjustForm(request.POST, currencies=currencies)
    context["form"] = form
    if not form.is_valid() or "change" in request.POST:
        return render(request, template, context)
    said, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        context |= {
            "amount": write_money(said["minor"], said["currency"]),
            "needs_second_person": needs_second_person(
                owner=member.pk,
                unit=said["currency"],
                amount=said["minor"],
                author_id=request.user.pk,
                at=now,
            ),
        }
        return render(request, "mlm/backoffice/books/wallet_adjust_confirm.html", context)
    try:
        adjustment = ask_adjustment(
            key=str(said["key"]),
            owner=member.pk,
            unit=said["currency"],
            amount=said["minor"],
            reason=said["reason"],
            holder_id=_holder(member),
            actor=actor_of(request),
            at=now,
        )
    except CannotAdjust as error:
        form.add_error(None, str(error))
        return render(request, template, context)
    if adjustment.asked_at < now:
        messages.info(request, _("This adjustment was made before; nothing was added."))
    elif adjustment.state == State.POSTED:
        mail_adjusted.enqueue(adjustment_id=adjustment.pk)
        messages.success(request, _("The adjustment is posted."))
    else:
        messages.info(request, _("The adjustment waits for a second person."))
    return redirect("mlm:staff-wallet", code=member.code)


@require_safe
@books_page()
def adjustment_list(request: HttpRequest) -> HttpResponse:
    """Adjustments: those that wait first, then what became of the others."""
    context = {"adjustments": wallets_selectors.list_adjustments()}
    return render(request, "mlm/backoffice/books/wallet_adjustments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def adjustment_page(request: HttpRequest, number: int) -> HttpResponse:
    """One adjustment, and deciding on it as a second person."""
    if request.method == "POST":
        require(request, "approve_books")
    shown = wallets_selectors.get_adjustment(adjustment_id=number)
    if shown is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, shown, note=form.cleaned_data["note"])
        except CannotAdjust as error:
            form.add_error(None, str(error))
        else:
            return redirect("mlm:staff-wallet-adjustment", number=number)
    waits = shown.adjustment.state == State.WAITING
    is_own = shown.adjustment.author_id == request.user.pk
    context = {
        "shown": shown,
        "form": form,
        "may_decide": waits and not is_own and may(request.user, "approve_books"),
        "is_own": waits and is_own,
    }
    return render(request, "mlm/backoffice/books/wallet_adjustment.html", context)


def _decide(request: HttpRequest, shown: wallets_selectors.ShownAdjustment, *, note: str) -> None:
    adjustment, actor, now = shown.adjustment, actor_of(request), timezone.now()
    if "decline" in request.POST:
        decline_adjustment(adjustment_id=adjustment.pk, note=note, actor=actor, at=now)
        messages.info(request, _("The adjustment is declined."))
        return
    posted = approve_adjustment(
        adjustment_id=adjustment.pk, holder_id=_holder(shown.member), actor=actor, at=now
    )
    if posted.decided_at == now:
        mail_adjusted.enqueue(adjustment_id=adjustment.pk)
    messages.success(request, _("The adjustment is posted."))


def _holder(member: Member) -> int | None:
    """The user who signs in as the member."""
    return member.account.pk if member.account else None


def _get_member(code: str) -> Member:
    try:
        return get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error


def _first(currencies: list[str]) -> str:
    return currencies[0] if currencies else ""
