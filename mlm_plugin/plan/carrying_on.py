"""From one period to the next without files: what a result leaves, as reading its folder would give."""

from collections.abc import Iterator

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.earlier import Earlier, Known, OldAwards
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.matched_elsewhere import matched_by_others, name_of_taken
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.returns import RETURNED
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.settlement import stand_ins
from mlm_plugin.plan.trees import Rows


def carry_on(result: Result) -> Earlier:
    """What the next run goes on from; its members must begin with those of this one, in their order."""
    snapshot, plan = result.computation.snapshot, result.computation.plan
    before, period = snapshot.earlier, snapshot.period
    known = [*before.known]
    volumes = plan.document.volumes.keys() if plan.takes_back else set[str]()
    for name in sorted(plan.looks_back_at | volumes):
        value = _value(result, name)
        if value is None:
            continue
        numbers = value.codes if isinstance(value, Words) else value.values
        rows = np.flatnonzero(np.broadcast_to(numbers, (result.computation.size,)))
        known.append(Known(period, name, rows, value.at(rows)))
    awards = before.awards
    if plan.takes_back:
        known += _taken(result)
        sold = [_old_awards(result, each) for _name, each in sorted(result.awards.items())]
        awards = (*awards, *(each for each in sold if len(each.payee)))
    return Earlier(result.state, tuple(known), awards, (*before.results, period))


def _value(result: Result, name: str) -> Numbers | Words | None:
    """A column that the plan looks back at, None for what this run does not have."""
    computation = result.computation
    first, _dot, bonus = name.partition(".")
    if first == "paid":
        if bonus not in result.awards:
            return None
        sums = np.zeros(computation.size, dtype=np.int64)
        awards = result.awards[bonus]
        np.add.at(sums, _owners_rows(result, awards.payee), awards.amount)
        return Numbers(sums, computation.plan.document.plan.places)
    if name not in computation.plan.scope.columns:
        return None
    value = computation.column(name)
    return value if isinstance(value, (Numbers, Words)) else Numbers(value.astype(np.int64))


def _taken(result: Result) -> Iterator[Known]:
    """What was taken back of bonuses that one of another calendar matches, by the period it was paid in."""
    plan, period = result.computation.plan, result.computation.snapshot.period
    for bonus in sorted(matched_by_others(plan) & result.awards.keys()):
        awards = result.awards[bonus]
        for number, reason in enumerate(awards.reasons):
            lost = awards.chosen(awards.reason == number)
            if reason.code != RETURNED or not lost.size:
                continue
            sums = np.zeros(result.computation.size, dtype=np.int64)
            np.add.at(sums, _owners_rows(result, lost.payee), lost.amount)
            rows = np.flatnonzero(sums)
            value = Numbers(sums[rows], plan.document.plan.places)
            yield Known(period, name_of_taken(bonus, reason.about), rows, value)


def _old_awards(result: Result, awards: Awards) -> OldAwards:
    lines, period = result.computation.snapshot.lines, result.computation.snapshot.period
    taken_back = [number for number, reason in enumerate(awards.reasons) if reason.code == RETURNED]
    awards = awards.chosen(~np.isin(awards.reason, taken_back))
    nothing = np.full(awards.size, "", dtype="U1")
    order, line = nothing, nothing
    if awards.line is not None:
        there = awards.line >= 0
        row = np.maximum(awards.line, 0)
        order = np.where(there, lines.orders[row], "")
        line = np.where(there & (awards.grain != "order"), lines.lines[row], "")
    return OldAwards(
        period, awards.bonus, _owners_rows(result, awards.payee), awards.source, awards.level,
        awards.base, awards.rate, awards.amount, order, line,
    )  # fmt: skip


def _owners_rows(result: Result, payees: Rows) -> Rows:
    """The position that stands for each payee's owner, as files name no other."""
    owner = result.computation.snapshot.positions.owner
    owners, groups = np.unique(owner[payees], return_inverse=True)
    return stand_ins(result.computation, owners)[groups]
