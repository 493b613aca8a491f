"""Two sides of a what-if: what members were paid, and what another plan would have paid them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from mlm_plugin.commissions.models import Award, Period, Run
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.simulation.measuring import money_of_lines, ratio
from mlm_plugin.plan.writing import sales_of

# So many winners and losers are named.
NAMED = 25


@dataclass
class Side:
    """One period by bonus and by member; money in the smallest unit, members by code."""

    bonuses: dict[str, int]
    income: dict[str, int]
    ranks: dict[str, dict[str, str]]
    titles: dict[str, str]
    sales: int = 0
    cv: int = 0
    # Whether this was committed to wallets; a closed period may not be yet.
    was_paid: bool = False


@dataclass
class Comparison:
    """Sums of both sides over all periods."""

    plan: Plan
    periods: list[dict[str, Any]] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    bonuses_before: Counter[str] = field(default_factory=Counter)
    bonuses_after: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    ranks_before: dict[str, dict[str, str]] = field(default_factory=dict)
    ranks_after: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, *, period: str, before: Side, after: Side) -> None:
        """Another period; the ranks are those of the last one."""
        paid, would_be = sum(before.bonuses.values()), sum(after.bonuses.values())
        self.periods.append(
            {
                "period": period,
                "sales": before.sales,
                "cv": before.cv,
                "before": paid,
                "after": would_be,
                "ratio_before": ratio(paid, before.sales),
                "ratio_after": ratio(would_be, before.sales),
                "was_paid": before.was_paid,
            }
        )
        self.before.update(before.income)
        self.after.update(after.income)
        self.bonuses_before.update(before.bonuses)
        self.bonuses_after.update(after.bonuses)
        self.titles |= before.titles | after.titles
        self.ranks_before, self.ranks_after = before.ranks, after.ranks

    def report(self) -> dict[str, Any]:
        """Everything that a page shows, as plain JSON."""
        change = {code: self.after[code] - self.before[code] for code in self._members()}
        losers = sorted((code for code in change if change[code] < 0), key=lambda c: (change[c], c))
        winners = sorted(
            (code for code in change if change[code] > 0), key=lambda c: (-change[c], c)
        )
        head = self.plan.document.plan
        names = [*dict.fromkeys([*self.bonuses_before, *self.bonuses_after])]
        sales = sum(each["sales"] for each in self.periods)
        paid, would_be = self.before.total(), self.after.total()
        return {
            "currency": head.currency,
            "places": head.places,
            "periods": self.periods,
            "sales": sales,
            "before": paid,
            "after": would_be,
            "ratio_before": ratio(paid, sales),
            "ratio_after": ratio(would_be, sales),
            "bonuses": [
                {
                    "bonus": name,
                    "title": self.titles.get(name, name),
                    "before": self.bonuses_before[name],
                    "after": self.bonuses_after[name],
                }
                for name in names
            ],
            "ranks": {
                ladder: self._by_rank(held, change) for ladder, held in self.ranks_before.items()
            },
            "winners": len(winners),
            "losers": len(losers),
            "same": len(change) - len(winners) - len(losers),
            "won": sum(change[code] for code in winners),
            "lost": -sum(change[code] for code in losers),
            "top_winners": [self._named(code) for code in winners[:NAMED]],
            "top_losers": [self._named(code) for code in losers[:NAMED]],
        }

    def member_rows(self) -> Iterator[list[str]]:
        """A heading and a row per member: ranks and money on both sides."""
        places = self.plan.document.plan.places
        ladders = [*dict.fromkeys([*self.ranks_before, *self.ranks_after])]
        yield [
            "member",
            *(f"{ladder} {side}" for ladder in ladders for side in ("before", "after")),
            "before", "after", "change", "currency",
        ]  # fmt: skip
        for code in sorted(self._members()):
            ranks = [
                harmless_cell(side.get(ladder, {}).get(code, ""))
                for ladder in ladders
                for side in (self.ranks_before, self.ranks_after)
            ]
            before, after = self.before[code], self.after[code]
            money = [
                f"{from_minor(amount, places=places):f}"
                for amount in (before, after, after - before)
            ]
            yield [code, *ranks, *money, self.plan.document.plan.currency]

    def _members(self) -> set[str]:
        held = {code for ranks in self.ranks_before.values() for code in ranks}
        return {*self.before, *self.after, *held}

    def _named(self, code: str) -> list[Any]:
        return [code, self.before[code], self.after[code]]

    def _by_rank(self, held: dict[str, str], change: dict[str, int]) -> list[dict[str, Any]]:
        """By the rank held in the last period as it was paid."""
        rows: dict[str, dict[str, Any]] = {}
        for code, changed in change.items():
            row = rows.setdefault(
                held.get(code, ""),
                {"members": 0, "before": 0, "after": 0, "winners": 0, "losers": 0},
            )
            row["members"] += 1
            row["before"] += self.before[code]
            row["after"] += self.after[code]
            row["winners"] += changed > 0
            row["losers"] += changed < 0
        return [{"rank": rank, **row} for rank, row in sorted(rows.items())]


def paid_side(*, period: Period, result: Result) -> Side:
    """What was committed for a period, corrections included; before that, what its run would pay.

    `result` is the period's own plan on its own inputs, for ranks and sales.
    """
    side = would_be_side(result=result)
    runs = list(
        Run.objects.filter(period=period, state=Run.State.COMMITTED).values_list("pk", flat=True)
    )
    if not runs:
        return side
    awards = Award.objects.filter(run__in=runs).order_by()
    side.bonuses = dict(awards.values_list("bonus").annotate(sum=Sum("amount")))
    side.income = {
        code: total
        for code, total in awards.values_list("payee__code").annotate(sum=Sum("amount")).iterator()
        if total
    }
    side.was_paid = True
    return side


def would_be_side(*, result: Result) -> Side:
    """What a result pays."""
    computation = result.computation
    snapshot, document = computation.snapshot, computation.plan.document
    positions, lines = snapshot.positions, snapshot.lines
    owners = positions.owners.tolist()
    totals = result.totals()
    income: Counter[str] = Counter()
    for column in totals.values():
        for row in column.nonzero()[0].tolist():
            income[owners[row]] += int(column[row])
    ids = positions.ids.tolist()
    ranks = {}
    for ladder in document.ladders:
        words = computation.column(ladder)
        if isinstance(words, Words):
            ranks[ladder] = {
                ids[row]: words.words[code] for row, code in enumerate(words.codes.tolist())
            }
    first, last = snapshot.period.days
    now = (lines.day >= first) & (lines.day <= last)
    cv = sales_of(result).get("cv")
    return Side(
        bonuses={name: int(column.sum()) for name, column in totals.items()},
        income=dict(income),
        ranks=ranks,
        titles={name: str(bonus.title or name) for name, bonus in document.bonuses.items()},
        sales=int(money_of_lines(lines, document.plan.places)[now].sum()),
        cv=int(cv.to_places(2).values) if cv is not None else 0,
    )
