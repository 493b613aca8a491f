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
    positions, `line` a row of order lines or -1.
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

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.payee)

    def in_order(self) -> "Awards":
        """The lines by payee, source and level, as files list them."""
        return self.chosen(np.lexsort((self.level, self.source, self.payee)))

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
    ) -> None:
        """Lines with one reason; base, rate and peg may be one number for all."""
        count = len(payee)
        if not count:
            return
        exact = base * rate * peg
        self._parts.append(
            (
                payee,
                source,
                np.broadcast_to(np.asarray(level, dtype=np.int64), (count,)),
                _spread(base, count),
                _spread(rate, count),
                _spread(exact, count),
                np.full(count, self._number_of(reason), dtype=np.int64),
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
