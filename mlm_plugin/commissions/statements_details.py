"""What a committed run says of each member besides awards: ranks, skips, and lines behind awards.

All of it follows from the frozen inputs, but working it out takes the whole network, so no page does:
the worker does once per run and keeps the answers by member. An archive has a part for every
`PER_PART` members by primary key; a part has a line per member, the key, a tab and JSON.
"""

import json
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.storage import storages
from django.db import transaction

from mlm_plugin.commissions.models import Award, Run
from mlm_plugin.commissions.overrides import ADJUSTMENT
from mlm_plugin.commissions.statements_models import RunDetails
from mlm_plugin.commissions.stored_files import keep_file, stored_file
from mlm_plugin.network.models import Member
from mlm_plugin.plan.awards import NO_LINE, Awards, join_awards
from mlm_plugin.plan.bonuses.forms import form_of_members
from mlm_plugin.plan.calendars import EPOCH
from mlm_plugin.plan.explaining.legs import shares_in
from mlm_plugin.plan.freezing import thaw
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.rank_rows import LadderRows
from mlm_plugin.plan.reason_figures import figures_of
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.shares import shares_of
from mlm_plugin.plan.simulation.measuring import Takings, summarise
from mlm_plugin.plan.trees import Rows
from mlm_plugin.plan.writing import rounded_to_nothing

PER_PART = 512
# So many awards and skips are worked out together, whoever has them.
BLOCK = 100_000
# Of one member and bonus, the awards whose lines are kept; those behind them are listed without.
MOST_AWARDS = 2_000
# More lines of one award, and more skips of one bonus, are told as one sum.
MOST_LINES = 50
MOST_SKIPS = 50
# So many earners are known to reports.
TOP = 100
# What a leader is handed by those below, or has left after what it hands on itself.
HANDED_ON = ("passed_up", "guarantee_given")


class OtherResult(ValueError):
    """The frozen inputs give another result than the run's; the engine was changed meanwhile."""


@dataclass(frozen=True)
class OrderLineShare:
    """What one order line brought to an award; `amount` in the smallest unit, `base` as written."""

    order: str
    line: str
    day: str
    base: str
    amount: int


@dataclass(frozen=True)
class AwardDetails:
    """The lines behind an award: some, and number and amount of the rest. `said` picks its sentence."""

    lines: tuple[OrderLineShare, ...] = ()
    rest_count: int = 0
    rest_amount: int = 0
    said: str = ""
    figures: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Skip:
    """What was not paid: on which base of whom, why, with what was compared, and what it would be."""

    source: str
    level: int
    base: str
    code: str
    about: str
    figures: tuple[tuple[str, str, str], ...]
    amount: int


@dataclass(frozen=True)
class SkipsOfBonus:
    """The skips of one bonus: how many, what they come to, and the first of them."""

    bonus: str
    count: int
    amount: int
    first: tuple[Skip, ...]


@dataclass(frozen=True)
class RankLine:
    """One row of a ladder, as the engine's ranks.csv has it."""

    ladder: str
    kind: str
    rank: str
    requirement: str
    value: str
    threshold: str
    met: bool


@dataclass(frozen=True)
class MemberDetails:
    """What a run says of one member. Awards are found by `award_key`; alike ones stand in order."""

    ranks: tuple[RankLine, ...] = ()
    skips: tuple[SkipsOfBonus, ...] = ()
    awards: Mapping[str, tuple[AwardDetails, ...]] | None = None


def award_key(*, bonus: str, source: str, order: str, line: str, level: int) -> str:
    """What tells the awards of one payee apart."""
    return "\n".join((bonus, source, order, line, str(level)))


def write_missing(*, at: datetime) -> None:
    """Write the details of committed runs that have none yet; see `PERIODIC`."""
    for run_id in list_missing():
        write_details(run_id=run_id, at=at)


def list_missing() -> list[int]:
    """Committed runs without details, the newest first; a difference run has none of its own."""
    missing = Run.objects.filter(
        kind=Run.Kind.PERIOD, state=Run.State.COMMITTED, details__isnull=True
    )
    return list(missing.order_by("-pk").values_list("pk", flat=True))


def write_details(*, run_id: int, at: datetime) -> RunDetails:
    """Work out and keep the details of a run; what is there already stays.

    Raises OtherResult, and ChangedFile where the frozen inputs are not what they were.
    """
    found = RunDetails.objects.filter(run_id=run_id).first()
    if found is not None:
        return found
    begun = time.perf_counter()
    run = Run.objects.select_related("period").get(pk=run_id)
    result = _compute(run)
    keys = dict(Member.objects.values_list("code", "pk"))
    ids = result.computation.snapshot.positions.ids.tolist()
    members = np.array([keys[each] for each in ids], dtype=np.int64)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "details.zip"
        _write_archive(path, _lines_of(result, members))
        name, digest = keep_file(
            path=path, calendar=run.period.calendar, period=run.period.name, kind="details"
        )
    with transaction.atomic():
        # Of two workers at once, the first one's row stays; their files are the same.
        details, _is_new = RunDetails.objects.get_or_create(
            run=run,
            defaults={
                "file": name,
                "file_digest": digest,
                "member_count": len(members),
                "figures": _figures(run, result, members),
                "milliseconds": round((time.perf_counter() - begun) * 1000),
                "written_at": at,
            },
        )
    return details


def read_details(*, run_id: int, member_id: int) -> MemberDetails | None:
    """What a run says of a member; None until it is written. One query and one part of the file."""
    name = RunDetails.objects.filter(run_id=run_id).values_list("file", flat=True).first()
    if name is None:
        return None
    with storages["private"].open(name) as file, zipfile.ZipFile(file) as archive:
        try:
            part = archive.read(_part_of(member_id))
        except KeyError:
            return MemberDetails()
    start = f"\n{member_id}\t".encode()
    found = part.find(start)
    if found < 0:
        return MemberDetails()
    text = part[found + len(start) : part.find(b"\n", found + 1)]
    return _read(json.loads(text))


def _compute(run: Run) -> Result:
    with stored_file(name=run.inputs, digest=run.inputs_file_digest) as path:
        plan, snapshot = thaw(path)
    result = run_plan(plan=plan, snapshot=snapshot, wants_skips=True)
    if result.digest() != run.result_digest:
        raise OtherResult(
            f"the inputs of {run.period.name} give another result than run {run.number}"
        )
    return result


def _figures(run: Run, result: Result, members: Rows) -> dict[str, Any]:
    """What reports say of a run: sales, incomes by rank, who earned most; money in the smallest unit."""
    takings = Takings()
    takings.add(result=result)
    income = takings.income.copy()
    # A member is one position, so owners stand as positions do.
    place_of = {key: place for place, key in enumerate(members.tolist())}
    by_hand = Award.objects.filter(run=run, bonus=ADJUSTMENT).values_list("payee_id", "amount")
    for payee, amount in by_hand:
        income[place_of[payee]] += amount
    top = np.lexsort((members, -income))[:TOP]
    return {
        **summarise(takings, places=run.places),
        "top": [[int(members[row]), int(income[row])] for row in top.tolist() if income[row] > 0],
    }


def _part_of(member_id: int) -> str:
    return str(member_id // PER_PART)


def _write_archive(path: Path, lines: Iterator[tuple[int, str]]) -> None:
    """Lines by ascending key; the same lines give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        name, part = "", list[str]()
        for member_id, text in lines:
            if _part_of(member_id) != name:
                _write_part(archive, name, part)
                name, part = _part_of(member_id), []
            part.append(f"\n{member_id}\t{text}")
        _write_part(archive, name, part)


def _write_part(archive: zipfile.ZipFile, name: str, part: list[str]) -> None:
    if part:
        text = "".join(part) + "\n"
        archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, compresslevel=1)


def _lines_of(result: Result, members: Rows) -> Iterator[tuple[int, str]]:
    """A line for each member, by key, worked out block by block."""
    order = np.argsort(members, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ladders = [
        LadderRows(result.computation, name) for name in result.computation.plan.document.ladders
    ]
    awards = {
        name: _ByPayee(each.chosen(np.flatnonzero(each.amount)).in_order(), place)
        for name, each in result.awards.items()
    }
    skips = {
        name: _ByPayee(join_awards(each, rounded_to_nothing(result, name)).in_order(), place)
        for name, each in result.skips.items()
    }
    sayings = {name: _Saying(result, name) for name in result.awards}
    for start, stop in _blocks(len(order), awards.values(), skips.values()):
        found: dict[int, dict[str, Any]] = defaultdict(dict)
        for name, own in awards.items():
            _add_awards(result, own.between(start, stop), sayings[name], found)
        for own in skips.values():
            _add_skips(result, own.between(start, stop), found)
        for row in order[start:stop].tolist():
            ranks = [tuple(line) for ladder in ladders for line in ladder.of(row)]
            if ranks:
                found[row]["ranks"] = ranks
            if row in found:
                yield (
                    int(members[row]),
                    json.dumps(found[row], ensure_ascii=False, separators=(",", ":")),
                )


def _blocks(
    count: int, awards: "Iterable[_ByPayee]", skips: "Iterable[_ByPayee]"
) -> Iterator[tuple[int, int]]:
    """Spans of places with about as many rows each; one member's are never torn apart."""
    rows = np.ones(count, dtype=np.int64)
    for kept, most in ((awards, MOST_AWARDS), (skips, MOST_SKIPS)):
        for own in kept:
            rows += np.minimum(np.bincount(own.places, minlength=count), most)
    block = (np.cumsum(rows) - 1) // BLOCK
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), count]
    yield from pairwise(cuts)


def _first_of_each(payee: Rows, most: int) -> Rows:
    """The rows of at most so many of each payee, where payees stand together."""
    starts = np.flatnonzero(np.concatenate(([True], payee[1:] != payee[:-1])))
    counts = np.minimum(np.diff(np.append(starts, len(payee))), most)
    within: Rows = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + within


class _ByPayee:
    """Awards in the order of their payees' places, so that a block of payees is a slice."""

    def __init__(self, awards: Awards, place: Rows) -> None:
        self.awards = awards
        places = place[awards.payee]
        self.order = np.argsort(places, kind="stable")
        self.places = places[self.order]

    def between(self, start: int, stop: int) -> Awards:
        """The awards of payees at these places, payee by payee."""
        first, last = np.searchsorted(self.places, [start, stop])
        return self.awards.chosen(self.order[first:last])


class _Saying:
    """Which sentence tells an award of a bonus, and figures the award itself does not have."""

    def __init__(self, result: Result, bonus: str) -> None:
        self.result = result
        computation = result.computation
        forms = computation.plan.forms.get(bonus)
        self.form = None if forms is None else form_of_members(computation, bonus)
        # Kind and unit of each form; of a bonus without variants there is one.
        self.kinds = [
            (str(getattr(each, "kind", "")), str(getattr(each, "unit", "percent")))
            for each in forms or [computation.plan.document.bonuses[bonus]]
        ]
        self.payees = np.unique(result.awards[bonus].payee)

    def of(self, awards: Awards, row: int) -> tuple[str, dict[str, str]]:
        """The key of the sentence, nothing for the usual one of the kind; and figures."""
        payee = int(awards.payee[row])
        kind, unit = self.kinds[0 if self.form is None else int(self.form[payee])]
        code = awards.reasons[awards.reason[row]].code
        if unit in ("cycles", "pairs"):
            return f"award.{kind}.cycles", {}
        if kind == "pool":
            numbers = shares_in(self.result.computation, awards.bonus, self.payees, payee)
            figures = [plain_number(int(each.values[0]), each.places) for each in numbers]
            return "", dict(zip(("share", "shares"), figures, strict=True))
        if kind == "differential" and not awards.level[row]:
            return "award.differential.own", {}
        if kind == "guarantee" and code in HANDED_ON:
            return "award.guarantee.handed_on", {}
        if kind == "party" and code == "booking":
            return "award.party.booking", {}
        return "", {}


def _pegged(awards: Awards) -> dict[int, str]:
    """What a unit of base is worth, for the awards where it is not one unit of money."""
    base, rate, exact = (
        each.spread(awards.size) / 10.0**each.places
        for each in (awards.base, awards.rate, awards.exact)
    )
    found = {}
    # The quick look may take in too many rows, and never too few.
    for row in np.flatnonzero(~np.isclose(base * rate, exact, rtol=1e-9, atol=0)).tolist():
        if awards.reasons[awards.reason[row]].code not in ("paid", "limit", "guard"):
            continue
        whole, first, second = (
            from_minor(int(each.spread(awards.size)[row]), places=each.places)
            for each in (awards.exact, awards.base, awards.rate)
        )
        peg = round(whole / (first * second) * 10**6) if first * second else 0
        if peg not in (0, 10**6):
            found[row] = str(plain_number(peg, 6))
    return found


def _add_awards(
    result: Result, awards: Awards, saying: _Saying, found: dict[int, dict[str, Any]]
) -> None:
    """For each award the lines behind it, as `shares_of` shares them."""
    if not awards.size:
        return
    awards = awards.chosen(_first_of_each(awards.payee, MOST_AWARDS))
    snapshot = result.computation.snapshot
    orders, lines, days = snapshot.lines.orders, snapshot.lines.lines, snapshot.lines.day
    behind, pegged = _lines_behind(result, awards), _pegged(awards)
    ids = snapshot.positions.ids
    for row in range(awards.size):
        rows: list[list[object]] = []
        count, rest = 0, 0
        # What is taken back was paid on lines of another period.
        if awards.reasons[awards.reason[row]].code != "returned":
            count, rest, shown = behind.of(row)
            rows = [
                [
                    str(orders[line]),
                    "" if awards.grain == "order" else str(lines[line]),
                    _day(int(days[line])),
                    base,
                    amount,
                ]
                for line, base, amount in shown
            ]
        said, figures = saying.of(awards, row)
        if not said and row in pegged:
            figures = {**figures, "peg": pegged[row]}
        if not (rows or said or figures):
            continue
        line = NO_LINE if awards.line is None else int(awards.line[row])
        key = award_key(
            bonus=awards.bonus,
            source=str(ids[awards.source[row]]),
            order=str(orders[line]) if line >= 0 else "",
            line=str(lines[line]) if line >= 0 and awards.grain == "line" else "",
            level=int(awards.level[row]),
        )
        kept = found[int(awards.payee[row])].setdefault("awards", {}).setdefault(key, [])
        kept.append([rows, count, rest, said, figures])


class _Behind:
    """The order lines of some awards."""

    def __init__(self, award: Rows, line: Rows, base: Numbers, amount: Rows, size: int) -> None:
        order = np.argsort(award, kind="stable")
        self.line, self.amount = line[order], amount[order]
        self.base, self.places = base.spread(len(award))[order], base.places
        self.ends = np.searchsorted(award[order], np.arange(size + 1))

    def of(self, row: int) -> tuple[int, int, list[tuple[int, str, int]]]:
        """How many lines of an award are not listed, their amount, and those that are."""
        first, last = int(self.ends[row]), int(self.ends[row + 1])
        shown = min(last, first + MOST_LINES)
        listed = [
            (int(self.line[place]), _number(int(self.base[place]), self.places),
             int(self.amount[place]))
            for place in range(first, shown)
        ]  # fmt: skip
        return last - shown, int(self.amount[shown:last].sum()), listed


def _lines_behind(result: Result, awards: Awards) -> _Behind:
    if awards.line is not None:
        row = np.flatnonzero(awards.line >= 0)
        base = Numbers(awards.base.spread(awards.size)[row], awards.base.places)
        return _Behind(row, awards.line[row], base, awards.amount[row], awards.size)
    shares = shares_of(result.computation, awards)
    if shares is None:
        nothing = np.zeros(0, dtype=np.int64)
        return _Behind(nothing, nothing, Numbers(nothing), nothing, awards.size)
    return _Behind(shares.award, shares.line, shares.base, shares.amount, awards.size)


def _add_skips(result: Result, skips: Awards, found: dict[int, dict[str, Any]]) -> None:
    """For each payee the first skips of a bonus, and how many there are in all."""
    if not skips.size:
        return
    head = result.computation.plan.document.plan
    ids = result.computation.snapshot.positions.ids
    would_be = skips.exact.to_places(head.places, head.rounding.mode).spread(skips.size)
    starts = np.flatnonzero(np.concatenate(([True], skips.payee[1:] != skips.payee[:-1])))
    ends = np.concatenate((starts[1:], [skips.size]))
    counts = np.minimum(ends - starts, MOST_SKIPS)
    listed = _first_of_each(skips.payee, MOST_SKIPS)
    shown = skips.chosen(listed)
    figures = figures_of(result.computation, shown)
    base, row = shown.base.spread(shown.size), 0
    for start, end, count in zip(starts.tolist(), ends.tolist(), counts.tolist(), strict=True):
        rows = []
        for _place in range(count):
            reason = shown.reasons[shown.reason[row]]
            rows.append(
                [
                    str(ids[shown.source[row]]),
                    int(shown.level[row]),
                    _number(int(base[row]), shown.base.places),
                    reason.code,
                    reason.about,
                    [[each.name, each.value, each.threshold] for each in figures.get(row, [])],
                    int(would_be[listed[row]]),
                ]
            )
            row += 1
        total = int(would_be[start:end].sum())
        kept = found[int(skips.payee[start])].setdefault("skips", [])
        kept.append([skips.bonus, end - start, total, rows])


@lru_cache(maxsize=4_096)
def _day(day: int) -> str:
    return (EPOCH + timedelta(days=day)).isoformat()


@lru_cache(maxsize=65_536)
def _number(value: int, places: int) -> str:
    return str(plain_number(value, places))


def _read(kept: dict[str, Any]) -> MemberDetails:
    return MemberDetails(
        ranks=tuple(_rank_line(*row) for row in kept.get("ranks", [])),
        skips=tuple(
            SkipsOfBonus(
                bonus,
                count,
                amount,
                tuple(_skip(*row) for row in first),
            )
            for bonus, count, amount, first in kept.get("skips", [])
        ),
        awards={
            key: tuple(
                AwardDetails(
                    tuple(OrderLineShare(*line) for line in lines), count, rest, said, figures
                )
                for lines, count, rest, said, figures in alike
            )
            for key, alike in kept.get("awards", {}).items()
        },
    )


def _rank_line(*words: str) -> RankLine:
    ladder, kind, rank, requirement, value, threshold, met = words
    return RankLine(ladder, kind, rank, requirement, value, threshold, met == "yes")


def _skip(*said: Any) -> Skip:
    source, level, base, code, about, figures, amount = said
    compared = tuple((name, value, threshold) for name, value, threshold in figures)
    return Skip(source, level, base, code, about, compared, amount)
