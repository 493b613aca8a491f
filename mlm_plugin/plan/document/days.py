"""Days and time zones that a document or a file may name; what is surely a slip is refused."""

import difflib
import zoneinfo
from datetime import date
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

# No company paid a plan before, and none knows the days after: such a year is mistyped (0206, 20226).
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
BETWEEN = "a day lies between 1900-01-01 and 2199-12-31"


def check_day(day: date) -> date:
    """The day itself. Raises ValueError for a year nobody means."""
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{day.isoformat()}: {BETWEEN}")
    return day


def check_zone(name: str) -> str:
    """The name itself. Raises ValueError for no time zone, with the one that may be meant."""
    known = _zones()
    # A machine without a list of time zones cannot tell.
    if name in known or not known:
        return name
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean “{near[0]}”?" if near else "; they are called like Europe/Berlin or UTC"
    raise ValueError(f"there is no time zone “{name}”{hint}")


def check_order(first: date | None, until: date | None) -> None:
    """Raises ValueError where a span ends before it begins."""
    if first is not None and until is not None and until < first:
        raise ValueError(f"it ends on {until.isoformat()}, before it begins on {first.isoformat()}")


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


Day = Annotated[date, AfterValidator(check_day)]
Zone = Annotated[str, AfterValidator(check_zone)]
