"""Small networks and order lines as snapshots, written the way a person would list them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.calendars import EPOCH, STANDARD, Period, find_period
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.snapshot import Lines, Positions, Snapshot
from mlm_plugin.plan.state import read_state
from mlm_plugin.plan.tables import make_column

HEAD = """
[plan]
id = "test"
currency = "EUR"
"""
SPONSOR = '[trees.sponsor]\nparent = "sponsor"\n'
VOLUMES = '[volumes.pv]\nof = "line.pv"\n[volumes.cv]\nof = "line.cv"\n'
FAMILY = {"ada": "", "ben": "ada", "cleo": "ben", "dora": "cleo"}

# Carried volume: member, bonus, leg, volume.
Carried = tuple[str, str, int, str | int]
# Member, PV, and where they differ CV and buyer.
Line = (
    tuple[str, str | int] | tuple[str, str | int, str | int] | tuple[str, str | int, str | int, str]
)


def period(name: str = "2026-01") -> Period:
    """A period of the standard calendars."""
    return find_period(name=name, calendars=STANDARD, preferred="month")


def texts(values: Sequence[str]) -> Words:
    """A text column."""
    words, codes = np.unique(np.array(values, dtype=np.str_), return_inverse=True)
    return Words(codes.astype(np.int64), tuple(str(word) for word in words))


def snapshot(
    *,
    parents: Mapping[str, str],
    lines: Sequence[Line],
    name: str = "2026-01",
    columns: Mapping[str, Sequence[str]] | None = None,
    placement: Mapping[str, tuple[str, int]] | None = None,
    carry: Sequence[Carried] = (),
) -> Snapshot:
    """A snapshot: `parents` maps a member to its sponsor, `placement` to parent and side (1, 2).

    `columns` are text attributes by member in the order of `parents`.
    """
    members = sorted(parents)
    row_of = {member: row for row, member in enumerate(members)}
    trees = {"sponsor": np.array([row_of.get(parents[each], -1) for each in members])}
    sides = {}
    if placement is not None:
        placed = [placement.get(each, ("", 0)) for each in members]
        trees["binary"] = np.array([row_of.get(parent, -1) for parent, _side in placed])
        sides["binary"] = np.array([side - 1 for _parent, side in placed])
    order = [list(parents).index(member) for member in members]
    attributes: dict[str, Value] = {
        key: texts([values[place] for place in order]) for key, values in (columns or {}).items()
    }
    ids = np.array(members, dtype=np.str_)
    when = period(name)
    full = [_full(line) for line in lines]
    count = len(full)
    return Snapshot(
        when,
        Positions(ids, ids, np.arange(len(ids)), trees, sides, attributes),
        Lines(
            np.array([f"{number:06d}" for number in range(count)], dtype=np.str_),
            np.full(count, "1"),
            np.array([row_of[member] for member, _pv, _cv, _buyer in full], dtype=np.int64),
            np.full(count, (when.first - EPOCH).days, dtype=np.int64),
            np.array([BUYERS.index(buyer) for *_rest, buyer in full], dtype=np.int64),
            {
                "pv": make_column([Decimal(str(pv)) for _member, pv, _cv, _buyer in full]),
                "cv": make_column([Decimal(str(cv)) for _member, _pv, cv, _buyer in full]),
            },
        ),
        Earlier(
            read_state(
                [
                    ("binary", who, name, str(leg), "", "", "", str(left))
                    for who, name, leg, left in carry
                ],
                row_of=row_of,
            )
        ),
    )


def _full(line: Line) -> tuple[str, str | int, str | int, str]:
    member, pv, *rest = line
    cv = rest[0] if rest else pv
    return member, pv, cv, str(rest[1]) if len(rest) > 1 else "self"


def run(plan: str, frozen: Snapshot, *, wants_skips: bool = False) -> Result:
    """Run a plan written without its head and sponsor tree, which are always the same."""
    text = plan if "[plan]" in plan else HEAD + SPONSOR + plan
    return run_plan(plan=load_plan(text), snapshot=frozen, wants_skips=wants_skips)


def paid(result: Result, bonus: str) -> dict[str, Decimal]:
    """What each payee gets by a bonus."""
    places = result.computation.plan.document.plan.places
    owners = result.computation.snapshot.positions.owners
    return {
        str(owners[row]): from_minor(int(amount), places=places)
        for row, amount in enumerate(result.totals()[bonus])
        if amount
    }


def listed(result: Result, awards: Awards) -> list[tuple[str, str, int, Decimal, str]]:
    """Lines as payee, source, level, amount before rounding, reason."""
    ids = result.computation.snapshot.positions.ids
    ordered = awards.in_order()
    exact = ordered.exact
    values = exact.spread(ordered.size)
    return [
        (
            str(ids[ordered.payee[row]]),
            str(ids[ordered.source[row]]),
            int(ordered.level[row]),
            from_minor(int(values[row]), places=exact.places),
            ordered.reasons[ordered.reason[row]].code,
        )
        for row in range(ordered.size)
    ]


def carried(result: Result) -> list[tuple[str, str, str, Decimal]]:
    """What a result leaves: member, leg, date, volume."""
    ids = result.computation.snapshot.positions.ids
    return [
        (member, leg, day, Decimal(value))
        for _kind, member, _name, leg, day, _order, _line, value in result.state.lines(ids)
    ]


def decimals(**amounts: str | int) -> dict[str, Decimal]:
    """Expected amounts, by member."""
    return {member: Decimal(str(amount)) for member, amount in amounts.items()}


JANUARY = date(2026, 1, 1)
