"""A result as files: awards, skips, totals, ranks, metrics, positions, carried state, summary."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mlm_plugin.plan.awards import NO_LINE, Awards, Reason, join_awards
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.limits import most_of_company
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.rank_rows import HEADINGS as RANKS
from mlm_plugin.plan.rank_rows import rank_rows
from mlm_plugin.plan.reason_figures import figures_of
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.state import COLUMNS as STATE_COLUMNS

ROUNDED = Reason("rounds_to_nothing")
SKIPS, SUMMARY = "skips.csv", "summary.json"
# In the order in which they take their names.
FILES = (
    "awards.csv", SKIPS, "totals.csv", "payouts.csv", "ranks.csv", "metrics.csv", "positions.csv",
    "carry.csv", SUMMARY,
)  # fmt: skip
AWARDS = ("payee", "bonus", "source", "order", "line", "level", "base", "rate", "amount", "reason")


def write_result(*, result: Result, folder: Path, skips: bool, seconds: dict[str, float]) -> None:
    """All files of a result. They take their names when all of them are written whole.

    Whoever stops half-way leaves what was there before, and no file of one result lies beside those
    of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _write_files(result=result, folder=folder, skips=skips, seconds=seconds)
    except BaseException:
        for name in FILES:
            _unfinished(folder / name).unlink(missing_ok=True)
        raise
    # A folder without its summary is no result, so one that is between two results is not taken.
    for name in (SUMMARY, *(() if skips else (SKIPS,))):
        (folder / name).unlink(missing_ok=True)
    for name in FILES:
        if name != SKIPS or skips:
            _unfinished(folder / name).replace(folder / name)


def _write_files(*, result: Result, folder: Path, skips: bool, seconds: dict[str, float]) -> None:
    _write(folder / "awards.csv", AWARDS, _paid_rows(result))
    if skips:
        headings = (*AWARDS, "would_be")
        _write(folder / SKIPS, headings, _skip_rows(result))
    _write(folder / "totals.csv", ("payee", "bonus", "amount"), _total_rows(result))
    _write(folder / "payouts.csv", ("payee", "line", "amount"), _payout_rows(result))
    _write(folder / "ranks.csv", RANKS, rank_rows(result.computation))
    _write(folder / "metrics.csv", ("member", "name", "value"), _metric_rows(result))
    _write(folder / "positions.csv", ("member", "tree", "parent", "side"), _position_rows(result))
    _write(
        folder / "carry.csv",
        STATE_COLUMNS,
        result.state.lines(result.computation.snapshot.positions.ids),
    )
    text = json.dumps(_summary(result, seconds), indent=2, ensure_ascii=False, sort_keys=True)
    _unfinished(folder / SUMMARY).write_text(text + "\n", encoding="utf-8")


def describe(reason: Reason, figures: Sequence[str] = ()) -> str:
    """A reason as one word of a file, with figures: below_threshold:pv >= 15 [pv=12/15]."""
    said = f"{reason.code}:{reason.about}" if reason.about else reason.code
    return f"{said} [{'; '.join(figures)}]" if figures else said


def _paid_rows(result: Result) -> Iterator[tuple[object, ...]]:
    """What is paid; a line that something was taken from says what it was."""
    places = result.computation.plan.document.plan.places
    for name, lines in result.awards.items():
        was = lines.amount.copy()
        # What is taken back for earlier periods stands behind the lines of this one.
        if name in result.unbound:
            was[: result.unbound[name].size] = result.unbound[name].amount
        awards = replace(lines, exact=Numbers(was, places)).in_order()
        awards = awards.chosen(np.flatnonzero(awards.amount))
        lowered = np.flatnonzero(awards.amount != awards.exact.values).tolist()
        before = awards.exact.values
        yield from _lines(
            result, awards, {row: [f"was={_money(int(before[row]), places)}"] for row in lowered}
        )


def _skip_rows(result: Result) -> Iterator[tuple[object, ...]]:
    head = result.computation.plan.document.plan
    for name, skips in result.skips.items():
        skips = join_awards(skips, rounded_to_nothing(result, name)).in_order()
        would_be = skips.exact.to_places(head.places, head.rounding.mode).values
        figures = {
            row: [f"{figure.name}={figure.value}/{figure.threshold}" for figure in found]
            for row, found in figures_of(result.computation, skips).items()
        }
        for row, line in enumerate(_lines(result, skips, figures)):
            yield (*line, f"{from_minor(int(would_be[row]), places=head.places):f}")


def _lines(
    result: Result, awards: Awards, figures: Mapping[int, Sequence[str]]
) -> Iterator[tuple[object, ...]]:
    """Lines as files list them, with the figures of some of their reasons."""
    snapshot = result.computation.snapshot
    owners, ids = snapshot.positions.owners, snapshot.positions.ids
    places = result.computation.plan.document.plan.places
    base, rate = (_reader(numbers, awards.size) for numbers in (awards.base, awards.rate))
    words = [describe(reason) for reason in awards.reasons]
    for row in range(awards.size):
        line = NO_LINE if awards.line is None else int(awards.line[row])
        reason = int(awards.reason[row])
        found = figures.get(row)
        yield (
            owners[snapshot.positions.owner[awards.payee[row]]],
            awards.bonus,
            ids[awards.source[row]],
            snapshot.lines.orders[line] if line >= 0 else "",
            snapshot.lines.lines[line] if line >= 0 and awards.grain == "line" else "",
            int(awards.level[row]),
            base(row),
            rate(row),
            _money(int(awards.amount[row]), places),
            words[reason] if found is None else describe(awards.reasons[reason], found),
        )


def rounded_to_nothing(result: Result, bonus: str) -> Awards:
    """The awards of a bonus that are less than the smallest unit, as skips."""
    awards = result.unbound[bonus]
    tiny = awards.chosen(np.flatnonzero((awards.amount == 0) & (awards.exact.values != 0)))
    return replace(tiny, reason=np.zeros(tiny.size, dtype=np.int64), reasons=(ROUNDED,))


def _reader(numbers: Numbers, size: int) -> Callable[[int], str]:
    values, places = numbers.spread(size), numbers.places
    return lambda row: plain_number(int(values[row]), places)


def _total_rows(result: Result) -> Iterator[tuple[object, ...]]:
    places = result.computation.plan.document.plan.places
    owners = result.computation.snapshot.positions.owners
    totals = result.totals()
    for row in range(len(owners)):
        for name, column in totals.items():
            if column[row]:
                yield owners[row], name, f"{from_minor(int(column[row]), places=places):f}"


def _payout_rows(result: Result) -> Iterator[tuple[object, ...]]:
    """Per payee what was carried, earned, taken off, paid and is carried on."""
    if result.settlement is None:
        return
    places = result.computation.plan.document.plan.places
    owners = result.computation.snapshot.positions.owners
    lines = result.settlement.lines()
    for row in range(len(owners)):
        for name, column in lines:
            if column[row]:
                yield owners[row], name, f"{from_minor(int(column[row]), places=places):f}"


def _metric_rows(result: Result) -> Iterator[tuple[object, ...]]:
    computation = result.computation
    document = computation.plan.document
    ids = computation.snapshot.positions.ids
    names = [*document.volumes, *document.counts, *document.metrics, *document.encumbrances]
    # What the plan looks back at must be known to the runs that follow.
    names += sorted(
        computation.plan.looks_back_at & computation.plan.scope.columns.keys() - {*names}
    )
    columns = {name: computation.column(name) for name in names}
    for name, column in columns.items():
        if isinstance(column, Words):
            continue
        numbers = column if isinstance(column, Numbers) else Numbers(column.astype(np.int64))
        read = _reader(numbers, computation.size)
        for row in np.flatnonzero(numbers.spread(computation.size)).tolist():
            yield ids[row], name, read(row)


def _position_rows(result: Result) -> Iterator[tuple[object, ...]]:
    computation = result.computation
    ids = computation.snapshot.positions.ids
    document = computation.plan.document
    for name in (*computation.snapshot.positions.parents, *document.views, *document.codes):
        tree = computation.tree(name)
        waiting = _waiting(computation, name)
        for row, parent in enumerate(tree.parent.tolist()):
            if row in waiting:
                continue
            side = "" if tree.side is None or tree.side[row] < 0 else int(tree.side[row]) + 1
            yield ids[row], name, ids[parent] if parent >= 0 else "", side


def _waiting(computation: Computation, name: str) -> set[int]:
    """Who is in a tree's holding tank: with a sponsor, and without a place."""
    part = computation.plan.document.trees.get(name)
    if part is None or part.fill is None or not part.hold_days:
        return set()
    positions = computation.snapshot.positions
    sponsor = positions.columns.get(part.under)
    if not isinstance(sponsor, Words):
        return set()
    is_named = np.array([bool(word) for word in sponsor.words])[sponsor.codes]
    return set(np.flatnonzero(is_named & (positions.parents[name] < 0)).tolist())


def _summary(result: Result, seconds: dict[str, float]) -> dict[str, object]:
    computation = result.computation
    snapshot, document = computation.snapshot, computation.plan.document
    head, period = document.plan, snapshot.period
    paid = {name: int(awards.amount.sum()) for name, awards in result.awards.items()}
    total = Numbers(np.array(sum(paid.values()), dtype=np.int64), head.places)
    sales = sales_of(result)
    return {
        "plan": head.id,
        "period": period.id,
        "calendar": period.calendar,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "currency": head.currency,
        "members": computation.size,
        "lines": snapshot.lines.size,
        "payees": int(np.any([column != 0 for column in result.totals().values()], axis=0).sum()),
        "awards": {
            name: int(np.count_nonzero(awards.amount)) for name, awards in result.awards.items()
        },
        "skips": {name: skips.size for name, skips in result.skips.items()},
        "paid": {name: _money(amount, head.places) for name, amount in paid.items()},
        "total": _money(int(total.values), head.places),
        **_reported(result),
        "sales": {
            name: plain_number(int(sum_.values), sum_.places) for name, sum_ in sales.items()
        },
        # What is paid against what was sold in the period, per unit the lines are counted in.
        "payout_ratio": {
            name: str(plain_number(int((total / sum_).to_places(6).values), 6))
            for name, sum_ in sales.items()
            if sum_.values > 0
        },
        "limits": _limits(result),
        "digests": {
            "plan": computation.plan.digest(),
            "inputs": snapshot.digest(),
            "results": result.digest(),
        },
        "seconds": {stage: round(time, 3) for stage, time in seconds.items()},
    }


def _reported(result: Result) -> dict[str, dict[str, str]]:
    """What members have from others, by the bonuses that are only reported; nothing where none is."""
    places = result.computation.plan.document.plan.places
    sums = {name: _money(amount, places) for name, amount in result.reported.items()}
    return {"reported": sums} if sums else {}


def _limits(result: Result) -> dict[str, dict[str, str]]:
    """What each limit took; of one that only reports, what is above it."""
    computation = result.computation
    places = computation.plan.document.plan.places
    taken: dict[str, int] = {}
    for before, after in result.cuts:
        reason = after.reasons[-1]
        if reason.code == "limit":
            loss = int((before.amount - after.amount).sum())
            taken[reason.about] = taken.get(reason.about, 0) + loss
    found = {}
    for name, limit in computation.plan.document.limits.items():
        if limit.mode != "report":
            found[name] = {"taken": _money(taken.get(name, 0), places)}
        elif limit.scope == "company":
            bound = [each for each in (limit.bonuses or result.awards) if each in result.awards]
            paid = sum(int(result.awards[each].amount.sum()) for each in bound)
            above = max(paid - most_of_company(computation, name), 0)
            found[name] = {"above": _money(above, places)}
    return found


def sales_of(result: Result) -> dict[str, Numbers]:
    """The sums of the period's lines: CV, and prices where the file has them."""
    lines = result.computation.snapshot.lines
    first, last = result.computation.snapshot.period.days
    rows = np.flatnonzero((lines.day >= first) & (lines.day <= last))
    return {
        name: Numbers(
            np.array(lines.numbers[name].at(rows).values.sum()), lines.numbers[name].places
        )
        for name in ("cv", "amount")
        if name in lines.numbers
    }


def _money(amount: int, places: int) -> str:
    return f"{from_minor(amount, places=places):f}"


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with _unfinished(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def _unfinished(path: Path) -> Path:
    return path.with_suffix(f"{path.suffix}.part")
