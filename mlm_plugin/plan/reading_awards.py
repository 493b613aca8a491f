"""The awards of earlier results, as far as returns may take them back."""

from decimal import Decimal

import numpy as np

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.expressions import NUMBER
from mlm_plugin.plan.gathering import Gathered, Result, read_value, row_of_member, row_of_owners
from mlm_plugin.plan.matched_elsewhere import matched_by_others, matching_period, name_of_taken
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.returns import RETURNED
from mlm_plugin.plan.sheets import read_sheet
from mlm_plugin.plan.snapshot import Positions
from mlm_plugin.plan.tables import make_column


def read_taken(
    gathered: Gathered, result: Result, positions: Positions, period: Period
) -> set[Period]:
    """Read what a result of another calendar took back of bonuses that this run's match.

    The periods that matched it are given. Raises BadInput.
    """
    plan, found = gathered.plan, set[Period]()
    wanted = {
        each
        for each in matched_by_others(plan, period.calendar)
        if plan.calendar_of(each) == result.period.calendar
    }
    if not wanted:
        return found
    sheet = read_sheet(result.folder / "awards.csv")
    names = ("payee", "bonus", "amount", "reason")
    sheet.need(*names)
    owners = row_of_owners(positions)
    rows = zip(*(sheet.columns[name] for name in names), strict=True)
    for row, (payee, bonus, amount, reason) in enumerate(rows):
        code, _colon, paid_in = reason.partition(":")
        if code != RETURNED or bonus not in wanted:
            continue
        money = read_value(sheet, row, NUMBER, amount, result.period)
        gathered.add(
            period=result.period, name=name_of_taken(bonus, paid_in),
            member=row_of_member(sheet, row, owners, payee), value=Decimal(money),
        )  # fmt: skip
        matched_in = matching_period(plan, period.calendar, bonus, paid_in)
        if matched_in is not None:
            found.add(matched_in)
    return found


def read_awards(plan: Plan, result: Result, positions: Positions) -> list[OldAwards]:
    """awards.csv of an earlier result, by bonus, without what it took back itself."""
    sheet = read_sheet(result.folder / "awards.csv")
    names = ("payee", "bonus", "source", "order", "line", "level", "base", "rate", "amount",
             "reason")  # fmt: skip
    sheet.need(*names)
    row_of = {str(name): row for row, name in enumerate(positions.ids)}
    owners = row_of_owners(positions)
    found: dict[str, list[tuple[int, int, int, Decimal, Decimal, Decimal, str, str]]] = {}
    rows = zip(*(sheet.columns[name] for name in names), strict=True)
    for row, (payee, bonus, source, order, line, level, base, rate, amount, reason) in enumerate(
        rows
    ):
        if reason.partition(":")[0] == RETURNED:
            continue
        numbers = [
            read_value(sheet, row, NUMBER, text, result.period)
            for text in (level, base, rate, amount)
        ]
        depth, base_, rate_, money_ = (Decimal(each) for each in numbers)
        found.setdefault(bonus, []).append(
            (
                row_of_member(sheet, row, owners, payee),
                row_of_member(sheet, row, row_of, source),
                int(depth), base_, rate_, money_, order, line,
            )
        )  # fmt: skip
    places = plan.document.plan.places
    lists = []
    for bonus, lines in sorted(found.items()):
        columns = list(zip(*lines, strict=True))
        payees, sources, levels = (np.array(column, dtype=np.int64) for column in columns[:3])
        base_column, rate_column, money = (make_column(list(column)) for column in columns[3:6])
        orders, order_lines = (np.array(column, dtype=np.str_) for column in columns[6:])
        lists.append(
            OldAwards(
                result.period, bonus, payees, sources, levels, base_column, rate_column,
                money.to_places(places).values, orders, order_lines,
            )
        )  # fmt: skip
    return lists
