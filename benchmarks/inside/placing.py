"""Builds a placement tree in the installation it runs in and measures it; prints JSON."""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import islice

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402

from benchmarks.inside.network import JOINED, build_network  # noqa: E402
from mlm_plugin.conf.placement import get_placement_settings  # noqa: E402
from mlm_plugin.network.laying_lines import lay_lines  # noqa: E402
from mlm_plugin.network.models import Member, Placement  # noqa: E402
from mlm_plugin.network.moving_places import move_placement  # noqa: E402
from mlm_plugin.network.placement_problems import find_placement_problems  # noqa: E402
from mlm_plugin.network.placement_selectors import (  # noqa: E402
    is_placed_below,
    list_placement_branch,
    list_placement_upline,
)
from mlm_plugin.network.placing import place_member, place_new_member  # noqa: E402
from mlm_plugin.network.placing_rules import RULES, Search, find_place  # noqa: E402
from mlm_plugin.volumes.leg_figures import count_legs  # noqa: E402
from mlm_plugin.volumes.models import PeriodTotal  # noqa: E402

DEEPEST = 50_000
WAITING = 1_000
TIMES = 60
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


def draw_tree(size: int, deepest: int) -> tuple[list[int], list[int]]:
    """Parents (rows) and slots: a straight leg, one that changes sides, the rest by dice."""
    dice = random.Random(1)
    parents, slots = [-1], [0]
    for leg, first_slot in ((0, 0), (1, 1)):
        above = 0
        for step in range(deepest):
            parents.append(above)
            slots.append(first_slot if leg == 0 else (step + 1) % 2)
            above = len(parents) - 1
    taken = set(zip(parents, slots, strict=True))
    free = [(p, s) for p in range(len(parents)) for s in (0, 1) if (p, s) not in taken]
    for row in range(len(parents), size):
        chosen = dice.randrange(len(free))
        free[chosen], free[-1] = free[-1], free[chosen]
        parent, slot = free.pop()
        parents.append(parent)
        slots.append(slot)
        free += [(row, 0), (row, 1)]
    return parents, slots


def build(size: int) -> int:
    """Write members and their places; returns how deep the two legs are."""
    build_network(size=size + WAITING, chains=0, chain_depth=1)
    deepest = min(DEEPEST, size // 4)
    parents, slots = (np.array(column) for column in draw_tree(size, deepest))
    lines = lay_lines(parent=parents, slot=slots, width=2)
    columns = (parents, slots, lines.head, lines.step, lines.levels)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY mlm_plugin_placement (member_id, parent_id, slot, line_head_id, step,"
            " levels_to_free, turns, placed_at) FROM STDIN"
        ) as copy:
            for row, (parent, slot, head, step, levels) in enumerate(rows):
                above = (parent + 1, slot, head + 1) if parent >= 0 else (None, slot, None)
                copy.write_row((row + 1, *above, step, levels, 0, JOINED))
        with cursor.copy("COPY mlm_plugin_lineend (head_id, slot, end_id) FROM STDIN") as copy:
            for row in lines.ends.tolist():
                copy.write_row((rows[row][2] + 1, rows[row][1], row + 1))
        with cursor.copy(
            "COPY mlm_plugin_placementedge (member_id, parent_id, slot, since) FROM STDIN"
        ) as copy:
            for row, (parent, slot, *_rest) in enumerate(rows):
                copy.write_row((row + 1, parent + 1 if parent >= 0 else None, slot, JOINED))
        for table in ("placement", "lineend", "placementedge"):
            cursor.execute(f"VACUUM ANALYZE mlm_plugin_{table}")
    PeriodTotal.objects.bulk_create(
        (
            PeriodTotal(
                member_id=pk, period=NOW.date().replace(day=1), personal_pv=pk, personal_cv=1
            )
            for pk in range(1, size + 1, 3)
        ),
        batch_size=20_000,
    )
    return deepest


def p95_ms(calls: Iterable[Callable[[], object]]) -> float:
    """The time that 95 of 100 calls stay under."""
    taken = []
    for call in calls:
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return float(np.percentile(taken, 95) * 1000)


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure(size: int, deepest: int) -> dict[str, object]:
    """All times at this size."""
    count_s, recount_s = seconds(lambda: count_legs(at=NOW)), seconds(lambda: count_legs(at=NOW))
    dice = random.Random(2)
    some = [1, deepest // 2, *(dice.randrange(1, size) for _each in range(TIMES - 2))]
    enrollers = [Placement.objects.get(pk=pk) for pk in some]
    waiting = iter(Member.objects.filter(placement=None).order_by("pk"))
    settings = get_placement_settings()
    times: dict[str, float] = {}
    for rule in RULES:
        slot = 0 if rule == "chosen" else None
        searches = [Search(enroller, slot, settings) for enroller in enrollers]
        times[f"finding: {rule}"] = p95_ms(
            partial(find_place, search=search, rule=rule) for search in searches
        )
    for rule in RULES:
        slot = 0 if rule == "chosen" else None
        times[f"placing: {rule}"] = p95_ms(
            partial(place_member, member_id=member.pk, enroller_id=enroller.pk, rule=rule,
                    slot=slot, placed_at=NOW)
            for enroller, member in zip(enrollers, waiting, strict=False)
        )  # fmt: skip
    with override_settings(MLM={"PLACEMENT": {"tree": "binary", "rule": "holding"}}):
        times["placing: holding"] = p95_ms(
            partial(place_new_member, member=member, placed_at=NOW)
            for member in islice(waiting, TIMES)
        )
    legs = {"straight": deepest + 1, "sides changing": 2 * deepest + 1}
    for name, end in legs.items():
        times[f"is below, {name}"] = p95_ms(
            lambda end=end: is_placed_below(
                member_id=end, of_member_id=2 if end <= deepest + 1 else deepest + 2
            )
            for _each in range(10)
        )
    times["upline, 50 above"] = p95_ms(
        lambda pk=pk: list_placement_upline(member_id=pk, limit=50) for pk in some
    )
    times["branch, 5 levels"] = p95_ms(
        lambda pk=pk: list_placement_branch(member_id=pk, levels=5) for pk in some
    )
    target = _find_outside(size, head=deepest // 2 + 2)
    move_s = seconds(
        lambda: move_placement(member_id=deepest // 2 + 2, parent_id=target, slot=1, moved_at=NOW)
    )
    check_s = seconds(find_placement_problems)
    return {
        "p95_ms": times,
        "count_s": count_s,
        "recount_s": recount_s,
        "move_s": move_s,
        "check_s": check_s,
        "problems": len(find_placement_problems()),
    }


def _find_outside(size: int, *, head: int) -> int:
    """Somebody without anybody below who is not in the branch of `head`."""
    return next(
        pk
        for pk in range(size, 1, -1)
        if not Placement.objects.filter(parent_id=pk).exists()
        and not is_placed_below(member_id=pk, of_member_id=head)
    )


def main() -> None:
    """Build, measure, print."""
    size = int(sys.argv[1])
    with override_settings(MLM={"PLACEMENT": {"tree": "binary"}}):
        print(json.dumps(measure(size, build(size))))


if __name__ == "__main__":
    main()
