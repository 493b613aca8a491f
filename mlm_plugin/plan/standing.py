"""Where members stand on a ladder from before: career rank, rank of the period before, ranks kept.

A rank is remembered as `career.<ladder>.<rank>` for good; what may keep a rank that is not reached
again is remembered with the last day of the period in which it was reached (plan catalogue, 1.3).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import EPOCH, period_before
from mlm_plugin.plan.document.parts import Ladder
from mlm_plugin.plan.earlier import Known
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.state import NO_DATE, StateRows
from mlm_plugin.plan.trees import Rows
from mlm_plugin.plan.windows import first_day_of_window

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

CAREER, HELD, REACHED = "career", "held", "reached"


@dataclass(frozen=True)
class Standing:
    """Ranks by number, 0 for none, one row per member.

    `least` is kept whatever is reached now, `most` is as high as anybody can be promoted.
    """

    before: Rows
    career: Rows
    least: Rows
    most: Rows


def read_standing(computation: "Computation", name: str) -> Standing:
    """Everybody's standing on a ladder at the start of the period."""
    ladder = computation.plan.document.ladders[name]
    career, before = career_before(computation, name), rank_before(computation, name)
    least = _kept(computation, name, ladder, career)
    if ladder.demotion_steps:
        least = np.maximum(least, before - ladder.demotion_steps)
    keeps = computation.plan.optional(f"ladders.{name}.kept_while")
    if keeps is not None:
        least = np.where(as_truths(keeps, computation.everybody), least, 0)
    most = np.full(computation.size, len(ladder.ranks), dtype=np.int64)
    if ladder.one_step:
        most = np.minimum(most, career + 1)
    if ladder.promotion == "two_periods":
        first = first_day_of_window(
            period=computation.snapshot.period, length=2, calendars=computation.plan.calendars
        )
        again = np.zeros(computation.size, dtype=np.int64)
        for number, days in last_days(computation, name).items():
            again[days >= first] = np.maximum(again[days >= first], number)
        most = np.minimum(most, np.maximum(career, again))
    return Standing(before, career, least, most)


def career_before(computation: "Computation", name: str) -> Rows:
    """The highest rank ever held before this period, by carried state and by what is known."""
    numbers = _numbers(computation, name)
    career = np.zeros(computation.size, dtype=np.int64)
    for rank, rows in computation.snapshot.earlier.state.named(CAREER, name):
        if rank in numbers:
            np.maximum.at(career, rows.member, numbers[rank])
    for known in _known(computation, name, f"{name}.career"):
        np.maximum.at(career, known.member, _codes(known, numbers))
    return career


def rank_before(computation: "Computation", name: str) -> Rows:
    """The rank paid as in the period before this one, by carried state and by what is known."""
    numbers = _numbers(computation, name)
    before = np.zeros(computation.size, dtype=np.int64)
    previous = period_before(
        period=computation.snapshot.period, calendars=computation.plan.calendars
    )
    if previous is None:
        return before
    for rank, rows in computation.snapshot.earlier.state.named(HELD, name):
        then = rows.day == previous.days[1]
        if rank in numbers:
            np.maximum.at(before, rows.member[then], numbers[rank])
    for known in _known(computation, name):
        if known.period == previous:
            np.maximum.at(before, known.member, _codes(known, numbers))
    return before


def last_days(computation: "Computation", name: str) -> Mapping[int, Rows]:
    """Per rank the last day on which each member had reached it or a higher one."""
    numbers = _numbers(computation, name)
    days = {
        number: np.full(computation.size, NO_DATE, dtype=np.int64) for number in numbers.values()
    }
    for rank, rows in computation.snapshot.earlier.state.named(REACHED, name):
        if rank in numbers:
            np.maximum.at(days[numbers[rank]], rows.member, rows.day)
    for known in _known(computation, name):
        codes = _codes(known, numbers)
        for number in numbers.values():
            there = known.member[codes == number]
            np.maximum.at(days[number], there, known.period.days[1])
    # Whoever reached a rank reached the lower ones.
    for number in sorted(numbers.values(), reverse=True)[1:]:
        np.maximum(days[number], days[number + 1], out=days[number])
    return days


def remembered(
    computation: "Computation", name: str, *, paid_as: Rows, career: Rows, reached: Rows
) -> Iterator[tuple[tuple[str, str], StateRows]]:
    """The state a ladder leaves for the next period, by kind and name."""
    ladder = computation.plan.document.ladders[name]
    _first, last = computation.snapshot.period.days
    for number, rank in enumerate(ladder.ranks, start=1):
        yield (CAREER, f"{name}.{rank.name}"), StateRows.of_members(career == number)
        if _asks_before(computation, name, ladder):
            yield (HELD, f"{name}.{rank.name}"), StateRows.of_members(paid_as == number, day=last)
    if not _asks_reached(ladder):
        return
    days = dict(last_days(computation, name))
    for number in range(1, len(ladder.ranks) + 1):
        days[number] = np.where(reached >= number, last, days[number])
    for number, rank in enumerate(ladder.ranks, start=1):
        higher = days.get(number + 1)
        kept = days[number] > (NO_DATE if higher is None else higher)
        rows = np.flatnonzero(kept)
        whole = StateRows.of_members(kept)
        yield (
            (REACHED, f"{name}.{rank.name}"),
            StateRows.make(member=rows, value=whole.value, day=days[number][rows]),
        )


def _kept(computation: "Computation", name: str, ladder: Ladder, career: Rows) -> Rows:
    """The ranks that are kept without being reached again."""
    least = np.zeros(computation.size, dtype=np.int64)
    if ladder.keeps == "ever":
        return career.copy()
    oldest = []
    if ladder.grace_periods:
        oldest.append(
            first_day_of_window(
                period=computation.snapshot.period,
                length=ladder.grace_periods + 1,
                calendars=computation.plan.calendars,
            )
        )
    if ladder.keeps != "period":
        oldest.append(_start_of_year(computation, ladder))
    if not oldest:
        return least
    for number, days in last_days(computation, name).items():
        least[days >= min(oldest)] = np.maximum(least[days >= min(oldest)], number)
    return least


def _start_of_year(computation: "Computation", ladder: Ladder) -> int:
    """The first day of the plan's year that the period ends in, or of the one before it."""
    last = computation.snapshot.period.last
    year = last.year if last.month >= ladder.year_starts else last.year - 1
    if ladder.keeps == "next_year":
        year -= 1
    return (date(year, ladder.year_starts, 1) - EPOCH).days


def _asks_before(computation: "Computation", name: str, ladder: Ladder) -> bool:
    asked = (formula.names for formula in computation.plan.formulas.values())
    return bool(ladder.demotion_steps) or any(f"{name}.before" in names for names in asked)


def _asks_reached(ladder: Ladder) -> bool:
    return (
        ladder.promotion == "two_periods"
        or bool(ladder.grace_periods)
        or ladder.keeps in ("year", "next_year")
    )


def _numbers(computation: "Computation", name: str) -> dict[str, int]:
    ranks = computation.plan.document.ladders[name].ranks
    return {rank.name: number for number, rank in enumerate(ranks, start=1)}


def _known(computation: "Computation", *names: str) -> Iterator[Known]:
    first, _last = computation.snapshot.period.days
    for known in computation.snapshot.earlier.known:
        if known.name in names and known.period.days[1] < first:
            yield known


def _codes(known: Known, numbers: Mapping[str, int]) -> Rows:
    assert isinstance(known.value, Words)
    number = np.array([numbers.get(word, 0) for word in known.value.words], dtype=np.int64)
    return np.asarray(number[known.value.codes])
