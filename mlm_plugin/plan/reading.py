"""Reading members.csv and volumes.csv: every bad row is named, nothing is guessed."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from mlm_plugin.plan.calendars import EPOCH, Period
from mlm_plugin.plan.document.days import BETWEEN, check_day
from mlm_plugin.plan.document.parts import Attribute, TreePart
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.numbers import LARGEST, Numbers
from mlm_plugin.plan.placing.filling import Placed, place_members
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.reading_earlier import read_earlier
from mlm_plugin.plan.reading_refunds import read_refunds
from mlm_plugin.plan.scopes import BUYERS, DATES, LINE_NUMBERS
from mlm_plugin.plan.sheets import BadInput, Sheet, read_sheet
from mlm_plugin.plan.snapshot import Lines, Positions, Snapshot
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.trees import Loop, Rows, Tree

# An empty price, or number of one's own, is 0; of these nothing is guessed.
NEEDED_NUMBERS = frozenset({"pv", "cv"})
DATE_EXPECTED = f"a date is written like 2026-01-31, and {BETWEEN}"


def read_snapshot(
    *,
    plan: Plan,
    period: Period,
    members: Path,
    volumes: Path,
    history: Path | None = None,
    prior: Sequence[Path] = (),
) -> Snapshot:
    """The inputs of a run from its files; `prior` are the folders of earlier results, in any order.

    Raises BadInput.
    """
    positions = read_members(plan=plan, sheet=read_sheet(members), on=period.last)
    lines = read_volumes(plan=plan, sheet=read_sheet(volumes), positions=positions)
    earlier = read_earlier(
        plan=plan, period=period, positions=positions, lines=lines, history=history, prior=prior
    )
    return Snapshot(period, positions, lines, earlier)


def read_members(*, plan: Plan, sheet: Sheet, on: date | None = None) -> Positions:
    """Positions with their trees and attributes. Raises BadInput.

    Where the fill rule of a tree places everybody, who is in its holding tank `on` a day has no place
    yet; nobody waits without a day.
    """
    sheet.need("member")
    ids, order, row_of = _sorted_ids(sheet)
    owners = [
        owner or member
        for owner, member in zip(
            sheet.columns.get("owner", sheet.columns["member"]), sheet.columns["member"],
            strict=True,
        )
    ]  # fmt: skip
    owner_ids, owner = np.unique(np.array(owners, dtype=np.str_), return_inverse=True)
    parents: dict[str, Rows] = {}
    sides: dict[str, Rows] = {}
    trees = plan.document.trees or {"sponsor": TreePart(parent="sponsor")}
    for name, tree in trees.items():
        if tree.parent not in sheet.columns and tree.fill is not None:
            # Nobody was placed by hand, so the fill rule places everybody.
            placed = place_members(sheet=sheet, name=name, tree=tree, on=on)
            parents[name], sides[name] = _by_member(placed, order)
            continue
        parents[name] = _read_parents(sheet, name, tree, row_of)[order]
        if tree.side is not None:
            sides[name] = _read_sides(sheet, tree)[order]
            _refuse_taken_places(sheet, tree, parents[name], sides[name], order)
    columns = {
        name: _picked(_read_column(sheet, name, plan.document.attributes.get(name)), order)
        for name in sheet.columns
    }
    if ranks := columns.get("forced_rank"):
        _check_forced(plan, sheet, ranks)
        _check_spans(sheet)
    return Positions(ids, owner_ids, owner[order].astype(np.int64), parents, sides, columns)


def read_volumes(*, plan: Plan, sheet: Sheet, positions: Positions) -> Lines:
    """Order lines. Raises BadInput."""
    sheet.need("order", "line", "member", "buyer", "date", "pv", "cv")
    row_of = {str(name): row for row, name in enumerate(positions.ids)}
    member = _map(sheet, "member", row_of.get, "there is no such member")
    buyer = _map(
        sheet, "buyer", {name: number for number, name in enumerate(BUYERS)}.get,
        f"a buyer is one of {', '.join(BUYERS)}",
    )  # fmt: skip
    day = _map(sheet, "date", _read_day, DATE_EXPECTED)
    orders = np.array(sheet.columns["order"], dtype=np.str_)
    lines = np.array(sheet.columns["line"], dtype=np.str_)
    for row, (name, line) in enumerate(
        zip(sheet.columns["order"], sheet.columns["line"], strict=True)
    ):
        if not name or not line:
            raise sheet.bad(row, "an order line has an order and a line")
    order = np.lexsort((lines, orders))
    _refuse_twins(sheet, orders, lines, order)
    numbers: dict[str, Numbers] = {}
    texts: dict[str, Words] = {}
    for name in sheet.columns:
        if name in {"member", "buyer", "date", "order", "line", "refund_of"}:
            continue
        declared = plan.document.attributes.get(f"line.{name}")
        if name in LINE_NUMBERS:
            numbers[name] = _read_numbers(sheet, name, needed=name in NEEDED_NUMBERS)
        else:
            value = _read_column(sheet, name, declared)
            if isinstance(value, Numbers):
                numbers[name] = value
            else:
                assert isinstance(value, Words)
                texts[name] = value.at(order)
    refund = read_refunds(sheet, day=day, numbers=numbers)
    if refund is not None:
        place_of = np.empty(sheet.size, dtype=np.int64)
        place_of[order] = np.arange(sheet.size)
        refund = np.where(refund >= 0, place_of[refund], refund)[order]
    numbers = {name: column.at(order) for name, column in numbers.items()}
    return Lines(
        orders[order], lines[order], member[order], day[order], buyer[order], numbers, texts, refund
    )


def _by_member(placed: Placed, order: Rows) -> tuple[Rows, Rows]:
    """Parents and sides by row of the file as rows of the sorted members."""
    row_of = np.empty(len(order) + 1, dtype=np.int64)
    row_of[order], row_of[-1] = np.arange(len(order)), -1
    return row_of[placed.parent[order]], placed.side[order]


def _sorted_ids(sheet: Sheet) -> tuple[np.ndarray, Rows, dict[str, int]]:
    names = np.array(sheet.columns["member"], dtype=np.str_)
    order = np.argsort(names, kind="stable")
    ids = names[order]
    if len(ids) and ids[0] == "":
        raise sheet.bad(int(order[0]), "the member has no id")
    twins = np.flatnonzero(ids[1:] == ids[:-1])
    if len(twins):
        raise sheet.bad(int(order[twins[0] + 1]), f"member {ids[twins[0]]} is there already")
    return ids, order, {str(name): row for row, name in enumerate(ids)}


def _read_parents(sheet: Sheet, name: str, tree: TreePart, row_of: dict[str, int]) -> Rows:
    sheet.need(tree.parent)
    parents = np.empty(sheet.size, dtype=np.int64)
    for row, parent in enumerate(sheet.columns[tree.parent]):
        found = row_of.get(parent, -1) if parent else -1
        if parent and found < 0:
            raise sheet.bad(row, f"there is no member {parent}, who should be the {tree.parent}")
        parents[row] = found
    if tree.one_root and (parents < 0).sum() > 1:
        second = int(np.flatnonzero(parents < 0)[1])
        raise sheet.bad(second, f"the tree “{name}” may have one root only, this is a second")
    by_row = np.empty(sheet.size, dtype=np.int64)
    rows = np.array([row_of[member] for member in sheet.columns["member"]], dtype=np.int64)
    by_row[rows] = parents
    try:
        Tree(by_row)
    except Loop as loop:
        line = int(np.flatnonzero(rows == loop.member)[0])
        member = sheet.columns["member"][line]
        raise sheet.bad(line, f"member {member} is above itself in the tree “{name}”") from None
    return parents


def _read_sides(sheet: Sheet, tree: TreePart) -> Rows:
    assert tree.side is not None
    sheet.need(tree.side)
    words = {"left": 0, "l": 0, "right": 1, "r": 1, "": -1}
    words |= {str(number): number - 1 for number in range(1, (tree.width or 2) + 1)}
    return _map(sheet, tree.side, lambda text: words.get(text.lower()), "this is no side")


def _refuse_taken_places(
    sheet: Sheet, tree: TreePart, parents: Rows, sides: Rows, order: Rows
) -> None:
    """A place below somebody has a side and is one member's alone."""
    below = np.flatnonzero(parents >= 0)
    nowhere = below[sides[below] < 0]
    if len(nowhere):
        raise sheet.bad(int(order[nowhere].min()), f"column “{tree.side}” does not say which side")
    by_place = below[np.lexsort((order[below], sides[below], parents[below]))]
    above, side = parents[by_place], sides[by_place]
    twins = 1 + np.flatnonzero((above[1:] == above[:-1]) & (side[1:] == side[:-1]))
    if len(twins):
        row = int(order[by_place[twins]].min())
        taken = f"{sheet.columns[tree.parent][row]}, side {sheet.columns[str(tree.side)][row]}"
        raise sheet.bad(row, f"the place below {taken}, is taken by another member")


def _read_column(sheet: Sheet, name: str, declared: Attribute | None) -> Value:
    kind = declared.kind if declared else ("date" if name in DATES else "text")
    if kind == "number":
        numbers = _read_numbers(sheet, name)
        assert declared is not None
        if numbers.places > declared.places:
            raise BadInput(f"{sheet.name}: “{name}” has more than {declared.places} decimals")
        return numbers
    if kind == "date":
        days = _map(
            sheet, name, lambda text: _read_day(text) if text else NO_DATE,
            DATE_EXPECTED,
        )  # fmt: skip
        return Numbers(days)
    if kind == "choice":
        assert declared is not None
        words = ("", *declared.words)
        codes = {word: code for code, word in enumerate(words)}
        listed = ", ".join(declared.words)
        return Words(_map(sheet, name, codes.get, f"it is one of {listed}"), words)
    found, codes_of = np.unique(np.array(sheet.columns[name], dtype=np.str_), return_inverse=True)
    return Words(codes_of.astype(np.int64), tuple(str(word) for word in found))


def _picked(value: Value, order: Rows) -> Value:
    return value[order] if isinstance(value, np.ndarray) else value.at(order)


def _map(sheet: Sheet, name: str, read: Callable[[str], int | None], expected: str) -> Rows:
    values = np.empty(sheet.size, dtype=np.int64)
    for row, text in enumerate(sheet.columns[name]):
        value = read(text)
        if value is None:
            raise sheet.bad(row, f"“{text}” in column “{name}”: {expected}")
        values[row] = value
    return values


def _read_day(text: str) -> int | None:
    try:
        day = check_day(date.fromisoformat(text))
        # Other ways to write a date, such as 2026-W01-1, are read as well and not meant here.
        return (day - EPOCH).days if day.isoformat() == text else None
    except ValueError:
        return None


def _read_numbers(sheet: Sheet, name: str, *, needed: bool = False) -> Numbers:
    """Exact decimals with the places the longest of them has; an empty one that is not needed is 0."""
    found: list[tuple[int, int]] = []
    # Prices and points come again and again: each text is read once.
    known: dict[str, tuple[int, int]] = {}
    for row, text in enumerate(sheet.columns[name]):
        if text in known:
            found.append(known[text])
            continue
        if needed and not text:
            raise sheet.bad(row, f"column “{name}” is empty; write 0 where there is none")
        try:
            # Decimal reads other digits than ours, and 1_000; neither is how a file writes numbers.
            number = Decimal((text or "0") if text.isascii() and "_" not in text else "NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise sheet.bad(row, f"“{text}” in column “{name}” is no number")
        _sign, digits, exponent = number.as_tuple()
        assert isinstance(exponent, int)
        places = max(0, -exponent)
        if places > 9:
            raise sheet.bad(row, f"“{text}” in column “{name}” has more than 9 decimal places")
        if len(digits) + max(exponent, 0) > 18:
            raise sheet.bad(row, f"“{text}” in column “{name}” is too large")
        known[text] = (int(number.scaleb(places)), places)
        found.append(known[text])
    most = max((places for _value, places in found), default=0)
    values = np.empty(len(found), dtype=np.int64)
    for row, (value, places) in enumerate(found):
        scaled = value * 10 ** (most - places)
        if abs(scaled) > LARGEST:
            raise sheet.bad(row, f"the number in column “{name}” is too large")
        values[row] = scaled
    return Numbers(values, most)


def _refuse_twins(sheet: Sheet, orders: np.ndarray, lines: np.ndarray, order: Rows) -> None:
    same = (orders[order][1:] == orders[order][:-1]) & (lines[order][1:] == lines[order][:-1])
    twins = np.flatnonzero(same)
    if len(twins):
        row = int(order[twins[0] + 1])
        raise sheet.bad(row, f"line {lines[row]} of order {orders[row]} is there already")


def _check_forced(plan: Plan, sheet: Sheet, ranks: Value) -> None:
    assert isinstance(ranks, Words)
    known = {rank.name for ladder in plan.document.ladders.values() for rank in ladder.ranks}
    for row, text in enumerate(sheet.columns["forced_rank"]):
        if text and text not in known:
            raise sheet.bad(row, f"“{text}” is no rank of the plan: {', '.join(sorted(known))}")


def _check_spans(sheet: Sheet) -> None:
    """A rank that is given ends after it begins."""
    if not {"forced_from", "forced_until"} <= sheet.columns.keys():
        return
    pairs = zip(sheet.columns["forced_from"], sheet.columns["forced_until"], strict=True)
    for row, (first, until) in enumerate(pairs):
        if first and until and until < first:
            raise sheet.bad(row, f"forced_until, {until}, is before forced_from, {first}")
