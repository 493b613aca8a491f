"""The answer of a what-if as tables and bars."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mlm_plugin.commissions.overrides import ADJUSTMENT
from mlm_plugin.commissions.reports_tables import Cell, Column, Table, count, money, share, text
from mlm_plugin.commissions.statements_words import texts_of
from mlm_plugin.plan.explaining.texts import Texts


def tables_of(*, report: dict[str, Any], language: str) -> list[Table]:
    """By bonus, by rank, by period, and who would have more and less."""
    texts = texts_of(language=language, currency=report["currency"], places=report["places"])
    return [
        _bonuses(report, texts),
        *(_ranks(ladder, rows, texts) for ladder, rows in report["ranks"].items()),
        _periods(report, texts),
        _members("losers", _("Who would have less"), report["top_losers"], texts),
        _members("winners", _("Who would have more"), report["top_winners"], texts),
    ]


def figures_of(*, report: dict[str, Any], language: str) -> list[tuple[str, str, str]]:
    """The most telling figures: label, value, note."""
    texts = texts_of(language=language, currency=report["currency"], places=report["places"])
    return [
        (pgettext("sum", "Paid"), texts.money(report["before"]),
         _("%s of sales") % share(report["ratio_before"]).shown),
        (_("Would have been paid"), texts.money(report["after"]),
         _("%s of sales") % share(report["ratio_after"]).shown),
        (_("Would have more"), number_format(report["winners"]),
         _("together %s") % texts.money(report["won"])),
        (_("Would have less"), number_format(report["losers"]),
         _("together %s") % texts.money(-report["lost"])),
        (_("Would have the same"), number_format(report["same"]), ""),
    ]  # fmt: skip


def lines_of(*, report: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """The payout ratios by period, for a line chart: labels and the two lines."""
    periods = report["periods"]
    series = [
        {
            "name": name,
            "values": [each[key] for each in periods],
            "shown": [share(each[key]).shown for each in periods],
        }
        for name, key in ((pgettext("sum", "paid"), "ratio_before"), (_("would be"), "ratio_after"))
    ]
    return [each["period"] for each in periods], series


def bars_of(*, report: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Both sides of each bonus beside each other, for one bar chart."""
    texts = texts_of(language=language, currency=report["currency"], places=report["places"])
    bars: list[dict[str, Any]] = []
    for each in report["bonuses"][:8]:
        for side, key, short in (
            (pgettext("sum", "paid"), "before", _title(each)[:6]),
            (_("would be"), "after", "→"),
        ):
            bars.append(
                {
                    "label": f"{_title(each)}, {side}",
                    "short": short,
                    "value": each[key],
                    "shown": texts.money(each[key]),
                    "chosen": len(bars) == 1,
                }
            )
    return bars


def _title(bonus: dict[str, Any]) -> str:
    return _("Adjusted by hand") if bonus["bonus"] == ADJUSTMENT else str(bonus["title"])


def _both(texts: Texts, before: int, after: int) -> tuple[Cell, Cell, Cell]:
    return money(texts, before), money(texts, after), money(texts, after - before)


def _columns() -> tuple[Column, Column, Column]:
    return (
        Column(pgettext("sum", "Paid"), number=True),
        Column(_("Would be"), number=True),
        Column(_("Difference"), number=True),
    )


def _bonuses(report: dict[str, Any], texts: Texts) -> Table:
    rows = [
        (Cell(_title(each), each["bonus"]), *_both(texts, each["before"], each["after"]))
        for each in report["bonuses"]
    ]
    rows.append((text(_("Together")), *_both(texts, report["before"], report["after"])))
    return Table("bonuses", _("By bonus"), (Column(_("Bonus")), *_columns()), tuple(rows))


def _ranks(ladder: str, ranks: Sequence[dict[str, Any]], texts: Texts) -> Table:
    return Table(
        name=f"ranks-{ladder}",
        title=_("By the rank of the last period: %s") % ladder,
        columns=(
            Column(_("Rank")),
            Column(_("Members"), number=True),
            *_columns(),
            Column(_("Would have more"), number=True),
            Column(_("Would have less"), number=True),
        ),
        rows=tuple(
            (
                text(row["rank"] or _("no rank")),
                count(row["members"]),
                *_both(texts, row["before"], row["after"]),
                count(row["winners"]),
                count(row["losers"]),
            )
            for row in ranks
        ),
    )


def _periods(report: dict[str, Any], texts: Texts) -> Table:
    return Table(
        name="periods",
        title=_("By period"),
        columns=(
            Column(_("Period")),
            Column(_("Sales"), number=True),
            *_columns(),
            Column(_("Paid of sales"), number=True),
            Column(_("Would be of sales"), number=True),
        ),
        rows=tuple(
            (
                text(
                    each["period"] if each["was_paid"] else _("%s (not paid yet)") % each["period"]
                ),
                money(texts, each["sales"]),
                *_both(texts, each["before"], each["after"]),
                share(each["ratio_before"]),
                share(each["ratio_after"]),
            )
            for each in report["periods"]
        ),
    )


def _members(name: str, title: str, members: Sequence[Sequence[Any]], texts: Texts) -> Table:
    return Table(
        name=name,
        title=title,
        columns=(Column(_("Member")), *_columns()),
        rows=tuple(
            (Cell(code, code, "mlm:staff-member", (code,)), *_both(texts, before, after))
            for code, before, after in members
        ),
        empty=_("Nobody."),
    )
