"""Reading what came before: history.csv, and the folders of earlier results.

The state of the latest earlier result of the run's own calendar goes on. Of the others only what the
plan looks back at is read.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from mlm_plugin.plan.calendars import EPOCH, Period, UnknownPeriod, find_period
from mlm_plugin.plan.earlier import Earlier, Known, OldAwards
from mlm_plugin.plan.expressions import DATE, NUMBER, TEXT, TRUTH, Kind, Words
from mlm_plugin.plan.numbers import MOST_PLACES, Numbers
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.resting_names import matches_instalments
from mlm_plugin.plan.sheets import BadInput, Sheet, read_sheet
from mlm_plugin.plan.snapshot import Lines, Positions
from mlm_plugin.plan.state import COLUMNS as STATE_COLUMNS
from mlm_plugin.plan.state import NO_DATE, NOTHING, WAITING, State, read_state
from mlm_plugin.plan.tables import make_column

YES_AND_NO = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}
Key = tuple[str, str, str]
# A number, a day, a code of a word, or a text.
Read = Decimal | str


@dataclass(frozen=True)
class Result:
    """A folder of an earlier result, and the period its summary names."""

    folder: Path
    period: Period


@dataclass
class Gathered:
    """Values by calendar, period and name, each by member."""

    plan: Plan
    row_of: Mapping[str, int]
    periods: dict[tuple[str, str], Period] = field(default_factory=dict)
    values: dict[Key, dict[int, Read]] = field(default_factory=dict)
    told: set[Key] = field(default_factory=set)

    def note(
        self, sheet: Sheet, row: int, *, period: Period, name: str, member: int, text: str
    ) -> None:
        """A value, which may be there already only if it is the same. Raises BadInput."""
        key = (period.calendar, period.id, name)
        self.periods[period.calendar, period.id] = period
        value = read_value(sheet, row, self.plan.kind_of_known(name), text, period)
        there = self.values.setdefault(key, {})
        if there.setdefault(member, value) != value:
            raise sheet.bad(
                row,
                f"“{name}” of {period.id} is {text} here and {there[member]} in an earlier row or "
                "result",
            )

    def known(self) -> tuple[Known, ...]:
        """Everything as columns, by period and name."""
        order = sorted(self.values, key=lambda key: (self.periods[key[:2]].first, key))
        return tuple(self._column(key) for key in order)

    def _column(self, key: Key) -> Known:
        values = self.values[key]
        rows = sorted(values)
        kind = self.plan.kind_of_known(key[2]) or TEXT
        listed = [values[row] for row in rows]
        value: Numbers | Words
        if kind.name in ("text", "choice"):
            words = kind.words or tuple(sorted({"", *map(str, listed)}))
            codes = [words.index(str(each)) for each in listed]
            value = Words(np.array(codes, dtype=np.int64), words)
        else:
            value = make_column([Decimal(each) for each in listed])
        member = np.array(rows, dtype=np.int64)
        return Known(self.periods[key[:2]], key[2], member, value, told=key in self.told)


def read_earlier(
    *,
    plan: Plan,
    period: Period,
    positions: Positions,
    lines: Lines,
    history: Path | None,
    prior: Sequence[Path],
) -> Earlier:
    """What history.csv and earlier results give this run. Raises BadInput."""
    row_of = {str(name): row for row, name in enumerate(positions.ids)}
    gathered = Gathered(plan, row_of)
    results = find_results(plan=plan, period=period, prior=prior)
    mine = [result for result in results if result.period.calendar == period.calendar]
    state = read_carried(mine[-1].folder / "carry.csv", row_of=row_of) if mine else NOTHING
    returned = _days_of_returned(lines, period, state) if plan.takes_back else []
    awards: list[OldAwards] = []
    follows = matches_instalments(plan)
    for result in results:
        first, last = result.period.days
        is_returned_from = any(first <= day <= last for day in returned)
        _read_result(gathered, result, positions, with_volumes=is_returned_from)
        # Instalments of what was earned then were paid, and matched, in the periods since.
        is_since = follows and bool(returned) and last >= min(returned)
        if (is_returned_from or is_since) and result.period.calendar == period.calendar:
            awards += _read_awards(plan, result, positions)
    if history is not None:
        _read_history(gathered, history, period)
    return Earlier(
        state, gathered.known(), tuple(awards), tuple(result.period for result in results)
    )


def _days_of_returned(lines: Lines, period: Period, state: State) -> list[int]:
    """The days on which was sold what this period gives back, or may have to take back of before."""
    waiting = {day for (kind, _name), rows in state.rows.items() if kind == WAITING
               for day in rows.day.tolist()}  # fmt: skip
    if lines.refund_of is None:
        return sorted(waiting)
    first, last = period.days
    rows = np.flatnonzero((lines.refund_of >= 0) & (lines.day >= first) & (lines.day <= last))
    return sorted(waiting | {int(day) for day in lines.day[lines.refund_of[rows]]})


def find_results(*, plan: Plan, period: Period, prior: Sequence[Path]) -> list[Result]:
    """The folders by period, earliest first.

    Raises BadInput for one of another plan, given twice, or not before this period.
    """
    found: dict[tuple[str, str], Result] = {}
    for folder in prior:
        result = identify(plan, folder)
        other = found.setdefault((result.period.calendar, result.period.id), result)
        if other is not result:
            raise BadInput(
                f"{folder} is the result of {result.period.id}, and so is {other.folder}; "
                "each period can be given once"
            )
        is_same = result.period.calendar == period.calendar
        if result.period.last > period.last or (is_same and result.period.first >= period.first):
            raise BadInput(
                f"{folder} is the result of {result.period.id}, which is not before {period.id}"
            )
    return sorted(found.values(), key=lambda each: (each.period.last, each.period.calendar))


def identify(plan: Plan, folder: Path) -> Result:
    """Which period a folder is of, by its summary.json. Raises BadInput."""
    path = folder / "summary.json"
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
        of_plan, name, calendar = (str(summary[key]) for key in ("plan", "period", "calendar"))
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"{folder} is no folder of an earlier result: its summary.json cannot be read"
        ) from None
    if of_plan != plan.document.plan.id:
        raise BadInput(
            f"{folder} is a result of the plan “{of_plan}”, not of “{plan.document.plan.id}”"
        )
    calendars = {key: each for key, each in plan.calendars.items() if key == calendar}
    try:
        period = find_period(name=name, calendars=calendars, preferred=calendar)
    except UnknownPeriod:
        raise BadInput(
            f"{folder} is of the period {name} of the calendar “{calendar}”, which the plan lacks"
        ) from None
    return Result(folder, period)


def read_carried(path: Path, *, row_of: Mapping[str, int]) -> State:
    """carry.csv of an earlier result. Raises BadInput."""
    sheet = read_sheet(path)
    sheet.need(*STATE_COLUMNS)
    lines = list(zip(*(sheet.columns[name] for name in STATE_COLUMNS), strict=True))
    try:
        return read_state(lines, row_of=row_of)
    except KeyError as missing:
        raise BadInput(f"{path}: there is no member {missing.args[0]}") from None
    except (ValueError, ArithmeticError) as error:
        raise BadInput(f"{path}: {error}") from None


def _read_history(gathered: Gathered, path: Path, period: Period) -> None:
    """history.csv: `period,member,name,value`. Raises BadInput."""
    sheet = read_sheet(path)
    sheet.need("period", "member", "name", "value")
    columns = (sheet.columns[name] for name in ("period", "member", "name", "value"))
    for row, (when, member, name, value) in enumerate(zip(*columns, strict=True)):
        try:
            of = find_period(
                name=when, calendars=gathered.plan.calendars, preferred=period.calendar
            )
        except UnknownPeriod as error:
            raise sheet.bad(row, str(error)) from None
        is_same = of.calendar == period.calendar
        if of.last > period.last or (is_same and of.first >= period.first):
            raise sheet.bad(row, f"{when} is not before {period.id}")
        if member not in gathered.row_of:
            raise sheet.bad(row, f"there is no member {member}")
        if gathered.plan.kind_of_known(name) is None:
            raise sheet.bad(
                row,
                f"the plan has no “{name}”; a name of the plan is needed, “paid.” and a bonus, or "
                "one that its section [facts] declares",
            )
        number = gathered.row_of[member]
        gathered.note(sheet, row, period=of, name=name, member=number, text=value)
        gathered.told.add((of.calendar, of.id, name))


def read_value(sheet: Sheet, row: int, kind: Kind | None, text: str, period: Period) -> Read:
    """A value as its kind asks for. Raises BadInput."""
    if kind == TRUTH:
        if text.lower() not in YES_AND_NO:
            raise sheet.bad(row, f"“{text}” is neither yes nor no")
        return Decimal(YES_AND_NO[text.lower()])
    if kind == NUMBER:
        try:
            number = Decimal(text if text.isascii() and "_" not in text else "NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**18:
            raise sheet.bad(row, f"“{text}” is no number that can be used")
        if -int(number.as_tuple().exponent) > MOST_PLACES:
            raise sheet.bad(row, f"“{text}” has more than {MOST_PLACES} decimal places")
        return number
    if kind == DATE:
        day = _read_day(sheet, row, text) if text else period.first
        return Decimal((day - EPOCH).days if text or period else NO_DATE)
    if kind is not None and kind.words and text not in kind.words:
        listed = ", ".join(word for word in kind.words if word)
        raise sheet.bad(row, f"“{text}” is none of {listed}")
    return text


def _read_day(sheet: Sheet, row: int, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise sheet.bad(row, f"“{text}” is no date like 2026-01-31")
    return day


def _read_result(
    gathered: Gathered, result: Result, positions: Positions, *, with_volumes: bool
) -> None:
    """The figures of an earlier result that the plan looks back at. Raises BadInput."""
    document = gathered.plan.document
    wanted = gathered.plan.looks_back_at
    if with_volumes:
        wanted |= document.volumes.keys()
    ranks = {name for name in wanted if name.partition(".")[0] in document.ladders}
    paid = {name for name in wanted if name.startswith("paid.")}
    figures = wanted - ranks - paid
    # A period whose files say nothing of a member is known all the same.
    gathered.periods[result.period.calendar, result.period.id] = result.period
    if ranks:
        sheet = read_sheet(result.folder / "ranks.csv")
        sheet.need("member", "ladder", "kind", "rank")
        names = {"paid_as": "", "career": ".career"}
        rows = zip(*(sheet.columns[name] for name in ("member", "ladder", "kind", "rank")),
                   strict=True)  # fmt: skip
        for row, (member, ladder, kind, rank) in enumerate(rows):
            name = f"{ladder}{names.get(kind, '?')}"
            if name in ranks:
                number = _row_of(sheet, row, gathered.row_of, member)
                gathered.note(sheet, row, period=result.period, name=name, member=number, text=rank)
    if paid:
        row_of = row_of_owners(positions).get
        _read_figures(
            gathered, result, file="totals.csv", columns=("payee", "bonus", "amount"),
            row_of=row_of, wanted=paid, before="paid.",
        )  # fmt: skip
    if figures:
        columns = ("member", "name", "value")
        _read_figures(
            gathered, result, file="metrics.csv", columns=columns, row_of=gathered.row_of.get,
            wanted=figures, before="",
        )  # fmt: skip


def _read_figures(
    gathered: Gathered,
    result: Result,
    *,
    file: str,
    columns: tuple[str, str, str],
    row_of: Callable[[str], int | None],
    wanted: Iterable[str],
    before: str,
) -> None:
    sheet = read_sheet(result.folder / file)
    sheet.need(*columns)
    chosen = set(wanted)
    rows = zip(*(sheet.columns[name] for name in columns), strict=True)
    for row, (who, name, value) in enumerate(rows):
        if before + name not in chosen:
            continue
        member = row_of(who)
        if member is None:
            raise sheet.bad(row, f"there is no member {who}")
        gathered.note(
            sheet, row, period=result.period, name=before + name, member=member, text=value
        )


def _row_of(sheet: Sheet, row: int, row_of: Mapping[str, int], member: str) -> int:
    if member not in row_of:
        raise sheet.bad(row, f"there is no member {member}")
    return row_of[member]


def row_of_owners(positions: Positions) -> dict[str, int]:
    """For each owner the position that stands for it: that of the same name, or the first."""
    row_of: dict[str, int] = {}
    for row, owner in enumerate(positions.owner.tolist()):
        name = str(positions.owners[owner])
        if name not in row_of or str(positions.ids[row]) == name:
            row_of[name] = row
    return row_of


def _read_awards(plan: Plan, result: Result, positions: Positions) -> list[OldAwards]:
    """awards.csv of an earlier result, by bonus, without what it took back itself."""
    sheet = read_sheet(result.folder / "awards.csv")
    names = ("payee", "bonus", "source", "order", "line", "level", "base", "rate", "amount",
             "reason")  # fmt: skip
    sheet.need(*names)
    row_of = {str(name): row for row, name in enumerate(positions.ids)}
    owners = row_of_owners(positions)
    found: dict[str, list[tuple[int, int, int, Decimal, Decimal, Decimal, str, str]]] = {}
    rows = zip(*(sheet.columns[name] for name in names), strict=True)
    for row, (payee, bonus, source, order, line, level, base, rate, amount, reason) in enumerate(
        rows
    ):
        if reason.partition(":")[0] == "returned":
            continue
        numbers = [
            read_value(sheet, row, NUMBER, text, result.period)
            for text in (level, base, rate, amount)
        ]
        depth, base_, rate_, money_ = (Decimal(each) for each in numbers)
        found.setdefault(bonus, []).append(
            (
                _row_of(sheet, row, owners, payee),
                _row_of(sheet, row, row_of, source),
                int(depth), base_, rate_, money_, order, line,
            )
        )  # fmt: skip
    places = plan.document.plan.places
    lists = []
    for bonus, lines in sorted(found.items()):
        columns = list(zip(*lines, strict=True))
        payees, sources, levels = (np.array(column, dtype=np.int64) for column in columns[:3])
        base_column, rate_column, money = (make_column(list(column)) for column in columns[3:6])
        orders, order_lines = (np.array(column, dtype=np.str_) for column in columns[6:])
        lists.append(
            OldAwards(
                result.period, bonus, payees, sources, levels, base_column, rate_column,
                money.to_places(places).values, orders, order_lines,
            )
        )  # fmt: skip
    return lists
