"""Awards and skips as columns: who is paid what on whose volume, and who is not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths

NO_LINE = -1


@dataclass(frozen=True)
class Reason:
    """Why a line is paid or not: a code that texts are written for, and what it is about.

    `formula` is the place of the condition in the plan (bonuses.team.payee) and `part` which of
    its parts, joined by “and”, did not hold.
    """

    code: str
    about: str = ""
    formula: str = ""
    part: int = 0


PAID = Reason("paid")


@dataclass(frozen=True)
class Awards:
    """Lines of one bonus, a row each.

    `exact` is the amount before rounding, `amount` in the currency's smallest unit after it; for a
    skip `exact` is what it would have been and `amount` is 0. `payee` and `source` are rows of
    positions, `line` a row of order lines or -1; at the grain of orders it is the order's first line.
    """

    bonus: str
    payee: Rows
    source: Rows
    level: Rows
    base: Numbers
    rate: Numbers
    exact: Numbers
    amount: Column
    reason: Rows
    reasons: tuple[Reason, ...] = (PAID,)
    line: Rows | None = None
    grain: str = "source"

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.payee)

    def in_order(self) -> "Awards":
        """The lines by payee, source, level and order line, as files list them."""
        keys = (self.level, self.source, self.payee)
        return self.chosen(np.lexsort(keys if self.line is None else (self.line, *keys)))

    def chosen(self, rows: Truths | Rows) -> "Awards":
        """Some of the lines."""
        picked: Rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        return replace(
            self,
            payee=self.payee[picked],
            source=self.source[picked],
            level=self.level[picked],
            base=self.base.at(picked),
            rate=self.rate.at(picked),
            exact=self.exact.at(picked),
            amount=self.amount[picked],
            reason=self.reason[picked],
            line=None if self.line is None else self.line[picked],
        )


def join_awards(first: Awards, second: Awards) -> Awards:
    """The lines of two lists of one bonus, one list after the other."""
    if not second.size:
        return first
    if not first.size:
        return second
    reasons = list(first.reasons)
    numbers = []
    for reason in second.reasons:
        if reason not in reasons:
            reasons.append(reason)
        numbers.append(reasons.index(reason))
    renumbered = np.array(numbers, dtype=np.int64)[second.reason]
    lines = [
        np.full(each.size, NO_LINE, dtype=np.int64) if each.line is None else each.line
        for each in (first, second)
    ]
    has_lines = first.line is not None or second.line is not None
    return replace(
        first,
        payee=np.concatenate((first.payee, second.payee)),
        source=np.concatenate((first.source, second.source)),
        level=np.concatenate((first.level, second.level)),
        base=join([first.base, second.base]),
        rate=join([first.rate, second.rate]),
        exact=join([first.exact, second.exact]),
        amount=np.concatenate((first.amount, second.amount)),
        reason=np.concatenate((first.reason, renumbered)),
        reasons=tuple(reasons),
        line=np.concatenate(lines) if has_lines else None,
    )


def lowered(lines: Awards, taken: Column, reason: Reason) -> Awards:
    """Lines with an amount taken off each; those that lost something give the reason."""
    if not taken.any():
        return lines
    reasons = (*lines.reasons, reason)
    changed = np.where(taken > 0, len(reasons) - 1, lines.reason)
    return replace(lines, amount=lines.amount - taken, reason=changed, reasons=reasons)


def taken_between(before: Awards, after: Awards, *, places: int) -> Awards:
    """What was taken off between two states of the same lines, as skips: amount 0, and the loss."""
    loss = before.amount - after.amount
    rows = np.flatnonzero(loss > 0)
    lost = after.chosen(rows)
    return replace(
        lost, amount=np.zeros(len(rows), dtype=np.int64), exact=Numbers(loss[rows], places)
    )


@dataclass
class AwardList:
    """Collects lines of a bonus level by level."""

    bonus: str
    _parts: list[tuple[Rows, Rows, Rows, Numbers, Numbers, Numbers, Rows]] = field(
        default_factory=list
    )
    _reasons: list[Reason] = field(default_factory=lambda: [PAID])

    def add(
        self,
        *,
        payee: Rows,
        source: Rows,
        level: int | Rows,
        base: Numbers,
        rate: Numbers,
        peg: Numbers,
        reason: Reason = PAID,
        exact: Numbers | None = None,
    ) -> None:
        """Lines with one reason; base, rate and peg may be one number for all.

        `exact` is the money before rounding where it is not base × rate × peg.
        """
        count = len(payee)
        if not count:
            return
        exact = base * rate * peg if exact is None else exact
        self._parts.append(
            (
                payee,
                source,
                np.broadcast_to(np.asarray(level, dtype=np.int64), (count,)).astype(np.int32),
                _spread(base, count),
                _spread(rate, count),
                _spread(exact, count),
                np.full(count, self._number_of(reason), dtype=np.int16),
            )
        )

    def finish(self) -> Awards:
        """All lines, as they were added: with members in a fixed order, that is fixed as well."""
        if not self._parts:
            nothing = np.empty(0, dtype=np.int64)
            none = Numbers(nothing)
            return Awards(self.bonus, nothing, nothing, nothing, none, none, none, nothing, nothing)
        columns = list(zip(*self._parts, strict=True))
        payee, source, level, reason = (np.concatenate(columns[place]) for place in (0, 1, 2, 6))
        base, rate, exact = (join(columns[place]) for place in (3, 4, 5))
        return Awards(
            self.bonus, payee, source, level, base, rate, exact,
            np.zeros(len(payee), dtype=np.int64), reason, tuple(self._reasons),
        )  # fmt: skip

    def _number_of(self, reason: Reason) -> int:
        if reason not in self._reasons:
            self._reasons.append(reason)
        return self._reasons.index(reason)


def join(columns: Sequence[Numbers]) -> Numbers:
    """Columns one after the other, with the places of the longest."""
    places = max(column.places for column in columns)
    return Numbers(np.concatenate([column.to_places(places).values for column in columns]), places)


def _spread(numbers: Numbers, count: int) -> Numbers:
    return Numbers(numbers.spread(count), numbers.places)
