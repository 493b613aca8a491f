"""Periods: how a plan's calendars cut time, in the plan's days."""

import calendar as months
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mlm_plugin.plan.document.parts import Calendar

EPOCH = date(1970, 1, 1)
STANDARD = {
    kind: Calendar(kind=kind) for kind in ("day", "week", "half_month", "month", "quarter", "year")
}


class UnknownPeriod(ValueError):
    """No calendar of the plan has a period of this name."""


@dataclass(frozen=True)
class Period:
    """One period: first and last day, both inside, and the name of its calendar."""

    id: str
    calendar: str
    first: date
    last: date

    @property
    def days(self) -> tuple[int, int]:
        """First and last day as days since 1970."""
        return (self.first - EPOCH).days, (self.last - EPOCH).days


def find_period(*, name: str, calendars: Mapping[str, Calendar], preferred: str) -> Period:
    """The period of this name; where two calendars know it, the preferred one's.

    Names: 2026-01-31 (day), 2026-W05 (week), 2026-01a (half month), 2026-01, 2026-Q1, 2026, or as
    the list says. Raises UnknownPeriod.
    """
    order = sorted(calendars, key=lambda each: (each != preferred, each))
    for key in order:
        period = _find(name, key, calendars[key])
        if period is not None:
            return period
    kinds = ", ".join(f"{key} ({calendars[key].kind})" for key in order)
    raise UnknownPeriod(f"“{name}” is no period of the plan's calendars: {kinds}")


def period_before(*, period: Period, calendars: Mapping[str, Calendar]) -> Period | None:
    """The period that ends the day before, None at the start of a list."""
    day = period.first - timedelta(days=1)
    return period_of_day(day=day, key=period.calendar, calendar=calendars[period.calendar])


def period_of_day(*, day: date, key: str, calendar: Calendar) -> Period | None:  # noqa: PLR0911 - one line per kind
    """The period of a calendar that holds a day; None where a list has a gap."""
    match calendar.kind:
        case "day":
            return Period(day.isoformat(), key, day, day)
        case "week":
            first = day - timedelta(days=(day.isoweekday() - calendar.week_starts) % 7)
            middle = first + timedelta(days=3)
            year, week, _weekday = middle.isocalendar()
            return Period(f"{year}-W{week:02d}", key, first, first + timedelta(days=6))
        case "half_month":
            half = "a" if day.day <= 15 else "b"
            return _half_month(key, day.year, day.month, half)
        case "month":
            return _months(f"{day.year}-{day.month:02d}", key, day.year, day.month, 1)
        case "quarter":
            quarter = (day.month + 2) // 3
            return _months(f"{day.year}-Q{quarter}", key, day.year, quarter * 3 - 2, 3)
        case "year":
            return _months(f"{day.year}", key, day.year, 1, 12)
    for listed in calendar.periods:
        if listed.first <= day <= listed.until:
            return Period(listed.id, key, listed.first, listed.until)
    return None


PATTERNS = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "half_month": re.compile(r"(\d{4})-(\d{2})([ab])"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def _find(name: str, key: str, calendar: Calendar) -> Period | None:
    if calendar.kind == "list":
        found = [each for each in calendar.periods if each.id == name]
        return Period(name, key, found[0].first, found[0].until) if found else None
    match = PATTERNS[calendar.kind].fullmatch(name)
    if match is None:
        return None
    try:
        day = _day_inside(calendar.kind, match)
        period = period_of_day(day=day, key=key, calendar=calendar)
    # At both ends of time there are weeks that are not whole.
    except (ValueError, OverflowError):
        return None
    return period if period and period.id == name else None


def _day_inside(kind: str, match: re.Match[str]) -> date:
    if kind == "day":
        return date.fromisoformat(match.group())
    year = int(match.group(1))
    if kind == "week":
        # The fourth day of an ISO week is in the week whatever day weeks start on, and names it.
        return date.fromisocalendar(year, int(match.group(2)), 4)
    if kind == "half_month":
        return date(year, int(match.group(2)), 1 if match.group(3) == "a" else 16)
    if kind == "quarter":
        return date(year, int(match.group(2)) * 3, 1)
    return date(year, int(match.group(2)) if kind == "month" else 1, 1)


def _months(name: str, key: str, year: int, month: int, count: int) -> Period:
    last_month = month + count - 1
    last = date(year, last_month, months.monthrange(year, last_month)[1])
    return Period(name, key, date(year, month, 1), last)


def _half_month(key: str, year: int, month: int, half: str) -> Period:
    end = months.monthrange(year, month)[1]
    first, last = (1, 15) if half == "a" else (16, end)
    return Period(
        f"{year}-{month:02d}{half}", key, date(year, month, first), date(year, month, last)
    )
