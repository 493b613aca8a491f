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
from mlm_plugin.volumes.opening import import_network  # noqa: E402
from mlm_plugin.volumes.rebuilding import find_differences  # noqa: E402

HEADING = ("member", "sponsor", "first_name", "last_name", "status", "joined")
WITH_POINTS = 0.28


def rows_of(shape: str, size: int) -> Iterator[Sequence[object]]:
    """The heading and the rows of a network."""
    dice = random.Random(1)
    more = {
        "random": (),
        "star": (),
        "placed": ("parent", "slot"),
        "placement line": ("parent", "slot"),
        "opening": ("opening_pv", "opening_cv"),
    }[shape]
    yield (*HEADING, *more)
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
        has_any = dice.random() < WITH_POINTS
        return ("120.50", "96.40") if has_any else ("", "")
    if number == 1:
        return ("", "top")
    return (number - 1, 1) if shape == "placement line" else (number // 2, 1 + number % 2)


def main(shape: str, size: int) -> None:
    """Write the file, import it twice, look for faults."""
    if shape in ("placed", "placement line"):
        settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "members.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows_of(shape, size))
        seconds = read_and_import(path)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again = read_and_import(path)
    problems = [*find_problems(), *find_placement_problems(), *find_differences()]
    found = {
        "seconds": seconds,
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


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
