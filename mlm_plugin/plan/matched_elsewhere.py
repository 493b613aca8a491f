"""Matches on bonuses of another calendar, where returns took some of those back (catalogue, 1.10, 1.15).

A monthly match on a weekly bonus counts what the weeks that end in the month paid. What they take back of
weeks of the same month lowers it. What they take back of weeks of an earlier month was matched there: it
lowers no match of this month, and the match of that month is taken back in proportion.
"""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import Period, UnknownPeriod, find_period, period_of_day
from mlm_plugin.plan.earlier import Known
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.returns import UnknownSale

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

# Before the names of what was taken back: of which bonus, and of which of its periods.
TAKEN = "returned"


def matched_by_others(plan: "Plan", calendar: str | None = None) -> set[str]:
    """The bonuses matched by one of another calendar: of this calendar, or of any."""
    return {
        of
        for name, bonus in plan.document.bonuses.items()
        for of in getattr(bonus, "of", ())
        if plan.calendar_of(of) != plan.calendar_of(name)
        and calendar in (None, plan.calendar_of(name))
    }


def name_of_taken(bonus: str, period: str) -> str:
    """Under which name it is known what a period took back of a bonus of an earlier period."""
    return f"{TAKEN}.{bonus}.{period}"


def earned_within(computation: "Computation", bonus: str) -> Column:
    """What a bonus of another calendar paid in its periods that end in this one, for who is paid."""
    plan, places = computation.plan, computation.plan.document.plan.places
    earned = np.zeros(computation.size, dtype=np.int64)
    for frame in computation.past.inside(plan.calendar_of(bonus)):
        paid = frame.column(f"paid.{bonus}")
        assert isinstance(paid, Numbers)
        earned += paid.to_places(places).values
    for known, matched_in in _taken(computation, bonus):
        if matched_in != computation.snapshot.period and _ends_inside(computation, known.period):
            np.subtract.at(earned, known.member, _money(computation, known))
    return earned


def taken_elsewhere(
    computation: "Computation", bonuses: Container[str]
) -> dict[Period, dict[str, tuple[Column, Column]]]:
    """What was taken back of matched bonuses of other calendars, by the period that matched it.

    Before this period and with it, above nothing. Raises UnknownSale where the result of such a period,
    which is to be lowered now, is not given.
    """
    snapshot = computation.snapshot
    found: dict[Period, dict[str, tuple[Column, Column]]] = {}
    for bonus in sorted(matched_by_others(computation.plan, snapshot.period.calendar)):
        if not any(
            bonus in getattr(each, "of", ()) and name in bonuses
            for name, each in computation.plan.document.bonuses.items()
        ):
            continue
        for known, matched_in in _taken(computation, bonus):
            # What was taken back while the period went on is not in its match.
            if matched_in is None or known.period.last <= matched_in.last:
                continue
            is_new = known.period.last >= snapshot.period.first
            if matched_in not in snapshot.earlier.results:
                if not is_new:
                    continue
                raise UnknownSale(
                    f"{known.period.id} takes back what “{bonus}” paid in a period that {matched_in.id} "
                    "matched; give the result of that period with --prior"
                )
            nothing = np.zeros((2, computation.size), dtype=np.int64)
            before, after = found.setdefault(matched_in, {}).setdefault(
                bonus, (nothing[0], nothing[1])
            )
            money = -_money(computation, known)
            np.add.at(after, known.member, money)
            if not is_new:
                np.add.at(before, known.member, money)
    return found


def matching_period(plan: "Plan", calendar: str, bonus: str, paid_in: str) -> Period | None:
    """The period of a calendar that matches what a bonus paid in one of its own."""
    of = plan.calendar_of(bonus)
    # Where a plan takes back at averages, those of a longer calendar.
    longer = plan.document.returns.average_within
    calendars = {key: plan.calendars[key] for key in (of, longer) if key is not None}
    try:
        period = find_period(name=paid_in, calendars=calendars, preferred=of)
    except UnknownPeriod:
        return None
    return period_of_day(day=period.last, key=calendar, calendar=plan.calendars[calendar])


def _taken(computation: "Computation", bonus: str) -> Iterator[tuple[Known, Period | None]]:
    """What was taken back of a bonus up to this period, and which period had matched it."""
    period = computation.snapshot.period
    for known in computation.snapshot.earlier.known:
        if known.name.startswith(name_of_taken(bonus, "")) and known.period.last <= period.last:
            paid_in = known.name.removeprefix(name_of_taken(bonus, ""))
            yield known, matching_period(computation.plan, period.calendar, bonus, paid_in)


def _ends_inside(computation: "Computation", period: Period) -> bool:
    own = computation.snapshot.period
    return own.first <= period.last <= own.last


def _money(computation: "Computation", known: Known) -> Column:
    assert isinstance(known.value, Numbers)
    return known.value.to_places(computation.plan.document.plan.places).values
