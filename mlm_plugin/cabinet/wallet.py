"""`/my/wallet/`: what a member has, what waits and until when, and everything that moved."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.commissions.wallet_movements import ToldMovement, list_held, tell_movements
from mlm_plugin.ledger.wallet_selectors import (
    Wallet,
    get_wallets,
    list_movements,
    months_of_movements,
)
from mlm_plugin.network.models import Member
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.payouts.money import write_money, write_plain
from mlm_plugin.volumes.exporting import write_csv

PAGE = 30


@never_cache
@require_safe
@cabinet_page
def wallet(request: HttpRequest, member: Member) -> HttpResponse:
    """Balances and movements, newest first, of one currency and, if asked, one month."""
    wallets = get_wallets(owner=member.pk)
    shown = _choose(wallets, request.GET.get("currency", ""))
    if shown is None:
        return render(request, "mlm/cabinet/wallet.html", {"member": member, "page": "wallet"})
    unit = shown.unit
    months = months_of_movements(owner=member.pk, unit=unit)
    month = next((day for day in months if f"{day:%Y-%m}" == request.GET.get("month")), None)
    first, last = _days(month)
    page = list_movements(
        owner=member.pk,
        unit=unit,
        first=first,
        last=last,
        before=request.GET.get("before", ""),
        limit=PAGE,
    )
    held = list_held(member_id=member.pk, currency=unit) if shown.held else []
    context = {
        "member": member,
        "page": "wallet",
        "wallet": shown,
        "wallets": wallets,
        "available": write_money(shown.available, unit),
        "held": write_money(shown.held, unit),
        "reserved": write_money(shown.reserved, unit),
        "held_until": [(each, write_money(each.amount, unit)) for each in held],
        "owed": write_money(-shown.available, unit) if shown.available < 0 else "",
        "months": months,
        "month": month,
        "movements": [
            (each, _signed(each.amount, unit), write_money(each.balance, unit))
            for each in tell_movements(page.movements)
        ],
        "next_cursor": page.next_cursor,
    }
    return render(request, "mlm/cabinet/wallet.html", context)


@never_cache
@require_safe
@cabinet_page
def wallet_file(request: HttpRequest, member: Member) -> StreamingHttpResponse:
    """The movements of a month, or all of them, as CSV."""
    shown = _choose(get_wallets(owner=member.pk), request.GET.get("currency", ""))
    rows = _rows(member, shown, request.GET.get("month", ""))
    return StreamingHttpResponse(
        write_csv(rows=rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="wallet-{member.code}.csv"'},
    )


def _rows(member: Member, shown: Wallet | None, month: str) -> Iterator[list[str]]:
    yield [_("Day"), _("What"), _("Reason"), _("Amount"), _("Available after it"), _("Currency")]
    if shown is None:
        return
    months = months_of_movements(owner=member.pk, unit=shown.unit) if month else []
    first, last = _days(next((day for day in months if f"{day:%Y-%m}" == month), None))
    page = list_movements(owner=member.pk, unit=shown.unit, first=first, last=last)
    for each in tell_movements(page.movements):
        yield _row(each, shown.unit)


def _row(each: ToldMovement, unit: str) -> list[str]:
    return [
        each.day.isoformat(),
        harmless_cell(each.text),
        harmless_cell(each.reason),
        write_plain(each.amount, unit),
        write_plain(each.balance, unit),
        unit,
    ]


def _choose(wallets: list[Wallet], unit: str) -> Wallet | None:
    """The wallet in the currency asked for, or the one with most in it, if there is any."""
    named = [wallet for wallet in wallets if wallet.unit == unit]
    return (named or sorted(wallets, key=lambda each: (-abs(each.total), each.unit)) or [None])[0]


def _days(month: date | None) -> tuple[date | None, date | None]:
    """The first and the last day of a month."""
    if month is None:
        return None, None
    following = (month + timedelta(days=31)).replace(day=1)
    return month, following - timedelta(days=1)


def _signed(amount: int, unit: str) -> str:
    sign = "+" if amount > 0 else "\N{MINUS SIGN}"
    return sign + write_money(abs(amount), unit)
