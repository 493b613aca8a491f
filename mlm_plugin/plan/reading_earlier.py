"""Reading what came before: history.csv, and the folders of earlier results.

The state of the latest earlier result of the run's own calendar goes on. Of the others only what the
plan looks back at is read.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from mlm_plugin.plan.averaging import longer_period
from mlm_plugin.plan.calendars import EPOCH, Period, UnknownPeriod, find_period, period_of_day
from mlm_plugin.plan.earlier import Earlier, OldAwards
from mlm_plugin.plan.gathering import Gathered, Result, row_of_member, row_of_owners
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.reading_awards import read_awards, read_taken
from mlm_plugin.plan.resting_names import matches_instalments
from mlm_plugin.plan.sheets import BadInput, read_sheet
from mlm_plugin.plan.snapshot import Lines, Positions
from mlm_plugin.plan.state import COLUMNS as STATE_COLUMNS
from mlm_plugin.plan.state import NOTHING, WAITING, State, read_state


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
    matched = {
        each
        for result in results
        if plan.takes_back
        for each in read_taken(gathered, result, positions, period)
    }
    awards: list[OldAwards] = []
    follows = matches_instalments(plan)
    averaged = {
        longer_period(plan, each)
        for each in (*matched, *(_period_of(plan, period, day) for day in returned))
        if each is not None
    }
    for result in results:
        first, last = result.period.days
        is_returned_from = any(first <= day <= last for day in returned)
        is_same = result.period.calendar == period.calendar
        is_returned_from |= is_same and longer_period(plan, result.period) in averaged
        _read_result(gathered, result, positions, with_volumes=is_returned_from)
        # Instalments of what was earned then were paid, and matched, in the periods since.
        is_since = follows and bool(returned) and last >= min(returned)
        if (is_returned_from or is_since) and is_same:
            awards += read_awards(plan, result, positions)
    if history is not None:
        _read_history(gathered, history, period)
    return Earlier(
        state, gathered.known(), tuple(awards), tuple(result.period for result in results)
    )


def _period_of(plan: Plan, period: Period, day: int) -> Period | None:
    """The period of a run's calendar in which a day is."""
    return period_of_day(
        day=EPOCH + timedelta(days=day), key=period.calendar,
        calendar=plan.calendars[period.calendar],
    )  # fmt: skip


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
                number = row_of_member(sheet, row, gathered.row_of, member)
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
