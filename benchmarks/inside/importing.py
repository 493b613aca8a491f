"""Imports a generated file in the installation it runs in and prints what it took, as JSON."""

import csv
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from mlm_plugin.network.member_files import open_member_file  # noqa: E402
from mlm_plugin.network.placement_problems import find_placement_problems  # noqa: E402
from mlm_plugin.network.selectors import find_problems  # noqa: E402
from mlm_plugin.volumes.opening import check_network, import_network  # noqa: E402
from mlm_plugin.volumes.rebuilding import find_differences  # noqa: E402

HEADING = ("member", "sponsor", "first_name", "last_name", "status", "joined")
COLUMNS: dict[str, Sequence[str]] = {
    "random": (),
    "star": (),
    "placed": ("parent", "slot"),
    "placement line": ("parent", "slot"),
    "opening": ("opening_pv", "opening_cv"),
    "everything": ("parent", "slot", "rank", "opening_pv", "opening_cv", "balance", "currency"),
}
WITH_POINTS = 0.28
WITH_MONEY = 0.1
RANKS = ("", "", "", "", "silver", "gold")


def rows_of(shape: str, size: int) -> Iterator[Sequence[object]]:
    """The heading and the rows of a network."""
    dice = random.Random(1)
    yield (*HEADING, *COLUMNS[shape])
    for number in range(1, size + 1):
        sponsor = "" if number == 1 else "1" if shape in SHALLOW else dice.randint(1, number - 1)
        day = f"20{dice.randint(10, 25)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        row = (number, sponsor, "Ada", f"Linden{number % 9_973}", "active", day)
        yield (*row, *_more(shape, number, dice))


SHALLOW = ("star", "placement line")


def _more(shape: str, number: int, dice: random.Random) -> Sequence[object]:
    if shape in ("random", "star"):
        return ()
    if shape == "opening":
        return _points(dice)
    place = (number - 1, 1) if shape == "placement line" else (number // 2, 1 + number % 2)
    if number == 1:
        place = ("", "top")
    if shape != "everything":
        return place
    money = (dice.randint(1, 99_999) / 100, "EUR") if dice.random() < WITH_MONEY else ("", "")
    return (*place, dice.choice(RANKS), *_points(dice), *money)


def _points(dice: random.Random) -> Sequence[str]:
    if dice.random() >= WITH_POINTS:
        return ("", "")
    points = dice.randint(100, 99_999)
    return (f"{points / 100:.2f}", f"{points / 125:.2f}")


def main(shape: str, size: int) -> None:
    """Write the file, import it twice, look for faults."""
    if "parent" in COLUMNS[shape]:
        settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "members.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows_of(shape, size))
        dry = check(path)
        seconds = read_and_import(path)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again = read_and_import(path)
    problems = [*find_problems(), *find_placement_problems(), *find_differences()]
    found = {
        "seconds": seconds,
        "dry": dry,
        "again": again,
        "megabytes": megabytes,
        "problems": len(problems),
    }
    print(json.dumps(found))


def read_and_import(path: Path) -> float:
    """Seconds from opening the file to the commit."""
    started = time.perf_counter()
    with path.open("rb") as file:
        network = open_member_file(file=file, kind="csv")
    if network.problems:
        raise ValueError(network.problems[:5])
    print(f"read: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    import_network(rows=network.rows, imported_at=timezone.now())
    return time.perf_counter() - started


def check(path: Path) -> float:
    """Seconds that the dry run of the staff takes."""
    started = time.perf_counter()
    with path.open("rb") as file:
        network = open_member_file(file=file, kind="csv")
    _counts, problems = check_network(rows=network.rows, at=timezone.now())
    if problems:
        raise ValueError(problems[:5])
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
