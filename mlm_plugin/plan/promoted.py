"""Promotions within a period: what is bought before counts by the rank held before (plan catalogue, 1.3).

A ladder with `promotion = "immediate"` is worked for each day of the period on what was bought until then.
On a day somebody has the rank of the period before, or the highest reached since the period began; never
more than the rank the whole period gives. Between two days on which nobody is promoted ranks stand still:
such a part of the period is worked by itself, on its own order lines, with the ranks it has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, join_awards
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.needs import all_needed
from mlm_plugin.plan.numbers import Numbers, add_up
from mlm_plugin.plan.snapshot import Lines
from mlm_plugin.plan.standing import rank_before
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.bonuses.base import Bench
    from mlm_plugin.plan.bonuses.base import Lines as BonusLines

# Kinds that pay on what each source bought; all others go by the ranks of the whole period.
ON_LINES = frozenset({"unilevel", "differential", "generation", "infinity", "direct"})


def parts_of_period(computation: Computation, bonus: str) -> list[Computation]:
    """The parts of the period that a bonus is worked in, none where ranks stand still for it."""
    document = computation.plan.document
    ladders = [name for name, each in document.ladders.items() if each.promotion == "immediate"]
    if not ladders or document.bonuses[bonus].kind not in ON_LINES:
        return []
    needed = all_needed(computation.plan, f"bonuses.{bonus}")
    ladders = [name for name in ladders if name in needed]
    if not ladders or computation.days is not None:
        return []
    return list(_parts(computation, ladders))


def in_parts(bench: "Bench") -> "list[Bench]":
    """The bonus at work on each part of the period in which ranks stand still; on all of it as one."""
    parts = parts_of_period(bench.computation, bench.name)
    return [replace(bench, computation=part) for part in parts] or [bench]


def join_parts(found: "Sequence[BonusLines]") -> "BonusLines":
    """The lines of all parts; what differs in no rate is one line again."""
    if len(found) == 1:
        return found[0]
    awards, skips = found[0].awards, found[0].skips
    for lines in found[1:]:
        awards, skips = join_awards(awards, lines.awards), join_awards(skips, lines.skips)
    return replace(found[-1], awards=_together(awards), skips=_together(skips))


def _parts(computation: Computation, ladders: list[str]) -> Iterator[Computation]:
    days = _days(computation)
    held = {name: _ranks_on(computation, name, days) for name in ladders}
    starts = [
        number
        for number in range(len(days))
        if number == 0 or any((codes[number] != codes[number - 1]).any() for codes in held.values())
    ]
    if len(starts) < 2:
        return
    for number, start in enumerate(starts):
        is_last = number == len(starts) - 1
        first = None if number == 0 else days[start]
        until = None if is_last else days[starts[number + 1]]
        part = Computation(plan=computation.plan, snapshot=computation.snapshot)
        part.days = (first, until)
        for name in ladders:
            part.ladders[name] = replace(computation.ladder(name), paid_as=held[name][start])
        yield part


def _days(computation: Computation) -> list[int]:
    """The days of the period on which anything was bought."""
    first, last = computation.snapshot.period.days
    day = computation.snapshot.lines.day
    return [int(each) for each in np.unique(day[(day >= first) & (day <= last)])]


def _ranks_on(computation: Computation, name: str, days: list[int]) -> list[Rows]:
    """Everybody's rank on each of some days."""
    final = computation.ladder(name).paid_as
    highest, found = rank_before(computation, name), []
    for day in days:
        lines = _lines_until(computation.snapshot.lines, day)
        snapshot = replace(computation.snapshot, lines=lines)
        then = Computation(plan=computation.plan, snapshot=snapshot)
        highest = np.maximum(highest, then.ladder(name).paid_as)
        found.append(np.minimum(highest, final))
    return found


def _lines_until(lines: Lines, day: int) -> Lines:
    """The order lines up to a day; a refund is never before its sale."""
    rows = np.flatnonzero(lines.day <= day)
    refund = lines.refund_of
    if refund is not None:
        place = np.full(lines.size, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        refund = np.where(refund >= 0, place[refund], refund)[rows]
    return Lines(
        lines.orders[rows], lines.lines[rows], lines.member[rows], lines.day[rows],
        lines.buyer[rows],
        {name: column.at(rows) for name, column in lines.numbers.items()},
        {name: column.at(rows) for name, column in lines.texts.items()},
        refund,
    )  # fmt: skip


def _together(awards: Awards) -> Awards:
    """Lines that differ in nothing but the part of the period, as one."""
    if not awards.size:
        return awards
    rate = awards.rate.spread(awards.size)
    line: Column = np.full(awards.size, -1) if awards.line is None else awards.line
    keys = np.stack([awards.payee, awards.source, awards.level, rate, awards.reason, line])
    _keys, first, groups = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    base, exact = (
        Numbers(
            add_up(each.spread(awards.size), groups=groups.ravel(), count=len(first)), each.places
        )
        for each in (awards.base, awards.exact)
    )
    return replace(awards.chosen(first), base=base, exact=exact)
