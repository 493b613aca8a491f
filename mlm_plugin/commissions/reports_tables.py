"""Reports as tables: cells that a page shows and a file (CSV, XLSX) takes as plain numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mlm_plugin.commissions.reports import (
    Balances,
    BonusFigures,
    Debtor,
    PeriodFigures,
    YearTotals,
)
from mlm_plugin.commissions.statements_words import texts_of
from mlm_plugin.ledger.models import Account
from mlm_plugin.network.member_rows import currency_places
from mlm_plugin.network.models import Member
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.plan.explaining.texts import Texts
from mlm_plugin.plan.money import POINT_PLACES, from_minor

Kind = Account.Kind


@dataclass(frozen=True)
class Cell:
    """What a page shows, what a file has, and where it leads: the name of an address and its parts."""

    shown: str
    plain: str = ""
    to: str = ""
    of: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Column:
    """A heading; numbers stand right."""

    label: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """One table of a report; `name` is that of its file."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""

    @property
    def lines(self) -> list[list[dict[str, Any]]]:
        """The rows as a page draws them."""
        return [
            [
                {
                    "shown": cell.shown,
                    "is_number": column.number,
                    "url": reverse(cell.to, args=cell.of) if cell.to else "",
                }
                for column, cell in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]

    def as_rows(self) -> Iterator[list[str]]:
        """The heading and the rows of a file."""
        yield [column.label for column in self.columns]
        for row in self.rows:
            yield [
                cell.plain if column.number else harmless_cell(cell.plain or cell.shown)
                for column, cell in zip(self.columns, row, strict=True)
            ]


def money(texts: Texts, amount: int) -> Cell:
    """An amount with its currency; in files a plain decimal."""
    return Cell(texts.money(amount), f"{from_minor(amount, places=texts.places):f}")


def share(value: float | None) -> Cell:
    """A share as a percentage; in files a plain number of it."""
    if value is None:
        return Cell("–")
    return Cell(f"{number_format(100 * value, 1)} %", f"{value:.6f}")


def count(number: int) -> Cell:
    """A number of things."""
    return Cell(number_format(number, force_grouping=True), str(number))


def text(shown: str) -> Cell:
    """A word."""
    return Cell(shown, shown)


def period_table(*, periods: Iterable[PeriodFigures], language: str) -> Table:
    """Payout ratio by period."""
    rows = []
    for each in reversed(list(periods)):
        texts = texts_of(language=language, currency=each.currency, places=each.places)
        points = f"{from_minor(each.cv, places=POINT_PLACES):f}"
        rows.append(
            (
                Cell(each.period.name, each.period.name, "mlm:staff-report-period",
                     (each.period.pk,)),
                text(each.period.calendar),
                Cell(date_format(each.period.last, "SHORT_DATE_FORMAT"),
                     each.period.last.isoformat()),
                Cell(texts.figure(points), points),
                money(texts, each.sales) if each.sales is not None else Cell("–"),
                money(texts, each.total),
                share(each.of_cv),
                share(each.of_sales),
                count(each.payees),
            )
        )  # fmt: skip
    return Table(
        name="payout-ratio",
        title=_("Payout ratio by period"),
        columns=(
            Column(_("Period")),
            Column(_("Calendar")),
            Column(_("Last day")),
            Column("CV", number=True),
            Column(_("Sales"), number=True),
            Column(pgettext("sum", "Paid"), number=True),
            Column(_("of CV"), number=True),
            Column(_("of sales"), number=True),
            Column(_("Payees"), number=True),
        ),
        rows=tuple(rows),
        empty=_("No period was paid yet."),
    )


def bonus_table(
    *,
    figures: PeriodFigures,
    bonuses: Sequence[BonusFigures],
    titles: dict[str, str],
    language: str,
) -> Table:
    """What each bonus paid."""
    texts = texts_of(language=language, currency=figures.currency, places=figures.places)
    whole = sum(each.amount for each in bonuses)
    return Table(
        name="bonuses",
        title=_("By bonus"),
        columns=(
            Column(_("Bonus")),
            Column(_("Awards"), number=True),
            Column(_("Payees"), number=True),
            Column(_("Amount"), number=True),
            Column(_("of all that was paid"), number=True),
            Column(_("of CV"), number=True),
        ),
        rows=tuple(
            (
                Cell(titles.get(each.bonus, each.bonus), each.bonus),
                count(each.count),
                count(each.payees),
                money(texts, each.amount),
                share(each.amount / whole if whole else None),
                share(
                    each.amount * 10**POINT_PLACES / (figures.cv * 10**figures.places)
                    if figures.cv > 0
                    else None
                ),
            )
            for each in bonuses
        ),
        empty=_("Nothing was paid in this period."),
    )


def rank_table(
    *, figures: PeriodFigures, ladder: str, ranks: Sequence[dict[str, Any]], language: str
) -> Table:
    """What the members of each rank earned."""
    texts = texts_of(language=language, currency=figures.currency, places=figures.places)
    return Table(
        name=f"ranks-{ladder}",
        title=_("By rank: %s") % ladder,
        columns=(
            Column(_("Rank")),
            Column(_("Members"), number=True),
            Column(_("Earners"), number=True),
            Column(_("Amount"), number=True),
            Column(_("Median"), number=True),
            Column(_("of all that was paid"), number=True),
        ),
        rows=tuple(
            (
                text(row["rank"] or _("no rank")),
                count(row["members"]),
                count(row["earners"]),
                money(texts, row["income"]),
                money(texts, row["median"]),
                share(row["share"]),
            )
            for row in reversed(ranks)
        ),
        empty=_("The plan has no ranks."),
    )


def earner_table(
    *, figures: PeriodFigures, earners: Sequence[tuple[Member, int]], language: str
) -> Table:
    """Who earned most."""
    texts = texts_of(language=language, currency=figures.currency, places=figures.places)
    return Table(
        name="top-earners",
        title=_("Top earners"),
        columns=(
            Column(_("Member")),
            Column(_("Name")),
            Column(pgettext("sum", "Earned"), number=True),
            Column(_("of all that was paid"), number=True),
        ),
        rows=tuple(
            (
                Cell(member.code, member.code, "mlm:staff-statement",
                     (member.code, figures.period.pk)),
                text(member.full_name),
                money(texts, amount),
                share(amount / figures.paid if figures.paid else None),
            )
            for member, amount in earners
        ),
        empty=_("Nobody earned anything in this period."),
    )  # fmt: skip


def liability_table(*, balances: Sequence[Balances], language: str) -> Table:
    """What the company owes its members, and what they owe it."""
    names = {
        str(Kind.WALLET): _("Unpaid wallets"),
        str(Kind.HELD): _("Held until goods can no longer be returned"),
        str(Kind.RESERVED): _("Reserved for payouts and orders"),
    }
    rows = []
    for each in balances:
        texts = _texts(language, each.unit)
        rows.append(
            (
                text(names[each.kind]),
                text(each.unit),
                money(texts, each.positive),
                count(each.positive_count),
                money(texts, each.negative),
                count(each.negative_count),
                money(texts, each.total),
            )
        )
    return Table(
        name="liabilities",
        title=_("Liabilities"),
        columns=(
            Column(_("What")),
            Column(_("Currency")),
            Column(_("Owed to members"), number=True),
            Column(pgettext("money", "Accounts"), number=True),
            Column(_("Owed by members"), number=True),
            Column(pgettext("money", "Accounts"), number=True),
            Column(_("Together"), number=True),
        ),
        rows=tuple(rows),
        empty=_("No member has any money here."),
    )


def debtor_table(*, debtors: Sequence[Debtor], language: str) -> Table:
    """Wallets below zero."""
    return Table(
        name="negative-wallets",
        title=_("Wallets below zero"),
        columns=(Column(_("Member")), Column(_("Name")), Column(_("Balance"), number=True)),
        rows=tuple(
            (
                Cell(each.member.code, each.member.code, "mlm:staff-member", (each.member.code,)),
                text(each.member.full_name),
                money(_texts(language, each.unit), each.amount),
            )
            for each in debtors
        ),
        empty=_("No wallet is below zero."),
    )


def year_table(*, totals: Iterable[YearTotals], year: int, language: str) -> Table:
    """Year totals per member, for the tax office."""
    return Table(
        name=f"year-{year}",
        title=_("Totals of %s by member") % year,
        columns=_year_columns(),
        rows=tuple(_year_row(each, language) for each in totals),
        empty=_("Nobody had money booked in this year."),
    )


def _year_columns() -> tuple[Column, ...]:
    return (
        Column(_("Member")),
        Column(_("Name")),
        Column(_("Currency")),
        Column(pgettext("sum", "Earned"), number=True),
        Column(_("Adjusted by hand"), number=True),
        Column(_("Own orders paid"), number=True),
        Column(_("Paid out"), number=True),
        Column(_("Fees"), number=True),
        Column(_("Tax withheld"), number=True),
    )


def _year_row(each: YearTotals, language: str) -> tuple[Cell, ...]:
    texts = _texts(language, each.unit)
    member = each.member
    return (
        Cell(member.code, member.code, "mlm:staff-member", (member.code,)),
        text(member.full_name),
        text(each.unit),
        *(
            money(texts, each.of(kind))
            for kind in (
                Kind.COMMISSIONS, Kind.ADJUSTMENTS, Kind.PURCHASES, Kind.PAID, Kind.FEES, Kind.TAXES,
            )
        ),
    )  # fmt: skip


def bars_of(*, periods: Sequence[PeriodFigures], language: str) -> list[dict[str, Any]]:
    """What each period paid, for a bar chart; the last dozen."""
    return [
        {
            "label": each.period.name,
            "short": _short(each.period.last),
            "value": each.total,
            "shown": texts_of(language=language, currency=each.currency, places=each.places).money(
                each.total
            ),
        }
        for each in periods[-12:]
    ]


def lines_of(*, periods: Sequence[PeriodFigures]) -> tuple[list[str], list[dict[str, Any]]]:
    """The payout ratios of the last dozen periods, for a line chart: labels and lines."""
    shown = periods[-12:]
    series = []
    for name, values in (
        (_("of CV"), [each.of_cv for each in shown]),
        (_("of sales"), [each.of_sales for each in shown]),
    ):
        if any(value is not None for value in values):
            series.append(
                {
                    "name": name,
                    "values": [value or 0 for value in values],
                    "shown": [share(value).shown for value in values],
                }
            )
    return [_short(each.period.last) for each in shown], series


def _short(day: date) -> str:
    return str(date_format(day, "M"))


def _texts(language: str, unit: str) -> Texts:
    return texts_of(language=language, currency=unit, places=currency_places(unit))
