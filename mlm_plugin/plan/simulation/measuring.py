"""What a simulated period says about a plan: who gets how much, out of whose purchases."""

from dataclasses import dataclass, field

import numpy as np

from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.snapshot import Lines
from mlm_plugin.plan.trees import Rows

# Kinds whose base is not the volume of one source.
OF_SUBTREE = frozenset({"binary", "matching"})
OF_COMPANY = frozenset({"pool"})
PERCENTILES = (10, 25, 50, 75, 90, 95, 99, 100)


@dataclass
class Takings:
    """Sums over all periods of a simulation. Money is in the currency's smallest unit, a row per owner."""

    sales: int = 0
    customer_sales: int = 0
    paid: dict[str, int] = field(default_factory=dict)
    paid_on_customers: float = 0.0
    income: Column = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    spent: Column = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    ranks: dict[str, Rows] = field(default_factory=dict)
    rank_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    periods: list[dict[str, object]] = field(default_factory=list)

    def add(self, *, result: Result) -> None:
        """Another period; members of earlier ones keep their rows."""
        snapshot = result.computation.snapshot
        size = len(snapshot.positions.owners)
        self.income, self.spent = _widened(self.income, size), _widened(self.spent, size)
        lines, places = snapshot.lines, result.computation.plan.document.plan.places
        first, last = snapshot.period.days
        now = np.flatnonzero((lines.day >= first) & (lines.day <= last))
        amounts = money_of_lines(lines, places)[now]
        by_customer = lines.buyer[now] != 0
        owner = snapshot.positions.owner[lines.member[now]]
        np.add.at(self.spent, owner[~by_customer], amounts[~by_customer])
        sales, of_customers = int(amounts.sum()), int(amounts[by_customer].sum())
        totals = result.totals()
        paid = {name: int(column.sum()) for name, column in totals.items()}
        for name, column in totals.items():
            self.paid[name] = self.paid.get(name, 0) + paid[name]
            self.income += column
        self.sales += sales
        self.customer_sales += of_customers
        self.paid_on_customers += _paid_on_customers(result, now, amounts, by_customer)
        for ladder in result.computation.plan.document.ladders:
            ranks = result.computation.column(ladder)
            self.ranks[ladder] = np.asarray(ranks.codes)  # type: ignore[union-attr]
            self.rank_words[ladder] = ranks.words  # type: ignore[union-attr]
        self.periods.append(
            {
                "period": snapshot.period.id,
                "members": snapshot.positions.size,
                "sales": sales,
                "paid": sum(paid.values()),
                "payout_ratio": ratio(sum(paid.values()), sales),
                "earners": int((np.stack([*totals.values()]).sum(axis=0) > 0).sum())
                if totals
                else 0,
                "bonuses": paid,
                "digest": result.digest(),
            }
        )


def money_of_lines(lines: Lines, places: int) -> Column:
    """What order lines cost; where no amounts are known, their CV stands for money."""
    numbers = lines.numbers.get("amount", lines.numbers.get("cv"))
    if numbers is None:
        return np.zeros(lines.size, dtype=np.int64)
    spread = Numbers(np.array(numbers.spread(lines.size)), numbers.places)
    return spread.to_places(places).values if spread.places != places else spread.values


def ratio(part: float, whole: float) -> float:
    """A share to six digits, 0 of nothing."""
    return round(part / whole, 6) if whole else 0.0


def gini(income: Column) -> float:
    """0 where all earn the same, near 1 where one earns everything; those without count."""
    ordered = np.sort(np.maximum(income, 0))
    total = int(ordered.sum())
    if not total:
        return 0.0
    weighted = int((np.arange(1, len(ordered) + 1) * ordered).sum())
    return round(2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered), 6)


def percentiles(income: Column) -> dict[str, int]:
    """The income that so many percent do not exceed, zeros included."""
    if not len(income):
        return {}
    ordered = np.sort(income)
    places = {each: max(0, -(-len(ordered) * each // 100) - 1) for each in PERCENTILES}
    return {str(each): int(ordered[place]) for each, place in places.items()}


def by_rank(takings: Takings, ladder: str) -> list[dict[str, object]]:
    """Per rank of a ladder: members, their income, the share of everything paid."""
    codes, words = takings.ranks[ladder], takings.rank_words[ladder]
    rows = []
    everything = int(takings.income.sum())
    for number, word in enumerate(words):
        income = takings.income[: len(codes)][codes == number]
        if not word and not len(income):
            continue
        total = int(income.sum())
        rows.append(
            {
                "rank": word,
                "members": len(income),
                "earners": int((income > 0).sum()),
                "income": total,
                "median": int(np.sort(income)[len(income) // 2]) if len(income) else 0,
                "share": ratio(total, everything),
                "payout_ratio": ratio(total, takings.sales),
            }
        )
    return rows


def summarise(takings: Takings, *, places: int) -> dict[str, object]:
    """The report of one plan. Money in the smallest unit, `places` says which."""
    income, spent = takings.income, takings.spent
    paid = sum(takings.paid.values())
    return {
        "places": places,
        "members": len(income),
        "sales": takings.sales,
        "customer_share_of_sales": ratio(takings.customer_sales, takings.sales),
        "paid": paid,
        "payout_ratio": ratio(paid, takings.sales),
        "payout_ratio_by_bonus": {
            name: ratio(sum_, takings.sales) for name, sum_ in takings.paid.items()
        },
        "share_earned_on_customers": ratio(takings.paid_on_customers, paid),
        "earners": int((income > 0).sum()),
        "share_without_income": ratio(int((income <= 0).sum()), len(income)),
        "percentiles": percentiles(income),
        "mean": int(income.sum()) // len(income) if len(income) else 0,
        "gini": gini(income),
        "top_1_percent_share": _top_share(income),
        "break_even": {
            "members": int(((income >= spent) & (income > 0)).sum()),
            "share": ratio(int(((income >= spent) & (income > 0)).sum()), len(income)),
        },
        "ranks": {ladder: by_rank(takings, ladder) for ladder in takings.ranks},
        "periods": takings.periods,
    }


def compare(before: Takings, after: Takings) -> dict[str, object]:
    """Who loses under the second plan against the first; rows are the same members."""
    change = after.income - before.income
    losers, winners = change < 0, change > 0
    rows = {
        "losers": int(losers.sum()),
        "winners": int(winners.sum()),
        "same": int((change == 0).sum()),
        "lost": int(-change[losers].sum()),
        "won": int(change[winners].sum()),
        "change_of_payout_ratio": round(
            ratio(sum(after.paid.values()), after.sales)
            - ratio(sum(before.paid.values()), before.sales),
            6,
        ),
        "percentiles_of_change": percentiles(change),
        "ranks": {ladder: _change_by_rank(before, change, ladder) for ladder in before.ranks},
    }
    return dict(rows)


def _change_by_rank(before: Takings, change: Column, ladder: str) -> list[dict[str, object]]:
    codes, words = before.ranks[ladder], before.rank_words[ladder]
    return [
        {
            "rank": word,
            "members": int((codes == number).sum()),
            "losers": int((change[: len(codes)][codes == number] < 0).sum()),
            "change": int(change[: len(codes)][codes == number].sum()),
        }
        for number, word in enumerate(words)
        if word or (codes == number).any()
    ]


def _widened(column: Column, size: int) -> Column:
    return np.concatenate([column, np.zeros(size - len(column), dtype=np.int64)])


def _top_share(income: Column) -> float:
    if not len(income):
        return 0.0
    top = np.sort(income)[-max(1, len(income) // 100) :]
    return ratio(int(top.sum()), int(income.sum()))


def _paid_on_customers(result: Result, now: Rows, amounts: Column, by_customer: Rows) -> float:
    """How much of the awards came from what customers bought.

    Each award by the share of customers in the volume it is paid on: the source's own, or, where
    legs, earnings or a fund are its base, that of everybody below the source or of the company.
    """
    computation = result.computation
    lines, document = computation.snapshot.lines, computation.plan.document
    everything, customers = (
        _by_member(lines.member[now][rows], amounts[rows], computation.size)
        for rows in (np.ones(len(now), dtype=bool), by_customer)
    )
    total = 0.0
    for name, awards in result.awards.items():
        if not awards.size:
            continue
        bonus = document.bonuses[name]
        kind = getattr(bonus, "kind", "")
        if kind in OF_COMPANY:
            total += int(awards.amount.sum()) * ratio(int(customers.sum()), int(everything.sum()))
            continue
        whole, part = everything, customers
        if kind in OF_SUBTREE:
            tree = computation.tree(
                getattr(bonus, "tree", None) or computation.plan.scope.default_tree
            )
            whole, part = tree.sum_subtrees(whole), tree.sum_subtrees(part)
        share = part / np.maximum(whole, 1)
        known = awards.source >= 0
        total += float((awards.amount[known] * share[awards.source[known]]).sum())
    return total


def _by_member(member: Rows, amounts: Column, size: int) -> Column:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, member, amounts)
    return sums


def histogram(income: Column, *, bars: int) -> list[tuple[int, int, int]]:
    """Incomes above zero in bars that grow: from, to, how many."""
    earning = income[income > 0]
    if not len(earning):
        return []
    top = int(earning.max())
    bounds = sorted({0, *(top * step**3 // bars**3 for step in range(1, bars + 1))})
    counts = np.diff(np.searchsorted(np.sort(earning), bounds, side="right"))
    return [
        (low, high, int(count))
        for low, high, count in zip(bounds, bounds[1:], counts, strict=False)
    ]
