"""Reads slices of downlines in the installation it runs in and prints how long they took, as JSON.

The network: most members below somebody chosen at random, one chain of 600, one star whose first line
is a tenth of all; names, ranks, days, points of a month; fifty moves in the past.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django
import numpy as np

django.setup()

from django.db import connection  # noqa: E402

from benchmarks.inside.network import Place, grow  # noqa: E402
from mlm_plugin.network.downline import Slice  # noqa: E402
from mlm_plugin.network.laying_lines import find_rows, read_columns  # noqa: E402
from mlm_plugin.network.models import Member  # noqa: E402
from mlm_plugin.network.selectors import is_below, list_upline  # noqa: E402
from mlm_plugin.network.services import NetworkError, move_branch  # noqa: E402
from mlm_plugin.volumes.front_line import get_front_line_with_points  # noqa: E402
from mlm_plugin.volumes.team import TeamSlice, count_team, get_team  # noqa: E402
from mlm_plugin.volumes.team_reading import read_team, walk_tree  # noqa: E402

COLUMNS = (
    "id, path, depth, numchild, code, sponsor_id, first_name, last_name, status, joined_at,"
    " rank, scheme"
)
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 800
MARCH = date(2026, 3, 1)
BEFORE_MOVES = datetime(2026, 3, 20, tzinfo=UTC)
CHAIN = 600
FIRST = ("Anna", "Boris", "Clara", "Dmitri", "Eva", "Fritz", "Greta", "Ivan", "Lena", "Maria")
LAST = [
    f"{head}{tail}"
    for head in ("Ab", "Be", "Ca", "Du", "Es", "Fi", "Ga", "Ho", "Iv", "Ja", "Ko", "Lind")
    for tail in ("bert", "dorn", "fels", "gren", "holm", "kamp", "mann", "nert", "owitz", "stad")
]
RANKS = ("", "", "", "", "", "", "silver", "silver", "gold", "star")
STATUSES = ("active",) * 8 + ("suspended", "terminated")
CALLS = 40
CHANGED = 300
# Heads of branches as near as there are to these sizes.
MIDDLE = (2_500, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 400_000)

Call = Callable[[Member], object]


def sponsors(size: int) -> Iterator[int]:
    """The sponsor's index of each member: at random, then the chain, then the star."""
    dice = random.Random(1)
    chain, star = CHAIN - 1, size // 10
    at_random = size - chain - star - 1
    yield -1
    yield from (dice.randrange(index) for index in range(1, at_random))
    yield 0
    yield from range(at_random, at_random + chain - 1)
    yield 0
    head = at_random + chain
    yield from (head for _number in range(star))


def build(size: int) -> None:
    """Write members, history and totals with COPY."""
    dice = random.Random(2)
    above = list(sponsors(size))
    places, children = grow(above)
    own = [dice.randrange(5_000) if dice.random() < 0.4 else 0 for _place in places]
    group = list(own)
    for index in range(len(places) - 1, 0, -1):
        group[places[index].sponsor] += group[index]
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY mlm_plugin_member ({COLUMNS}) FROM STDIN") as copy:
            for index, place in enumerate(places):
                copy.write_row(_member(index, place, children[index], dice))
        cursor.execute(
            "INSERT INTO mlm_plugin_sponsoredge (member_id, sponsor_id, since)"
            " SELECT id, sponsor_id, joined_at FROM mlm_plugin_member"
        )
        names = "member_id, period, personal_pv, personal_cv, customers_pv, customers_cv"
        with cursor.copy(
            f"COPY mlm_plugin_periodtotal ({names}, group_pv, group_cv) FROM STDIN"
        ) as copy:
            for index, pv in enumerate(group):
                if pv:
                    copy.write_row((index + 1, MARCH, own[index], 0, 0, 0, pv, 0))
        for table in ("member", "sponsoredge", "periodtotal"):
            cursor.execute(f"VACUUM ANALYZE mlm_plugin_{table}")
    move_some(size, dice)
    read_team(at=BEFORE_MOVES)
    # Pages have to ask for these besides.
    Member.objects.filter(pk__in=dice.sample(range(1, size + 1), CHANGED)).update(rank="star")
    with connection.cursor() as cursor:
        for table in ("teamreading", "teamcolumn", "memberchange", "member"):
            cursor.execute(f"VACUUM ANALYZE mlm_plugin_{table}")


def _member(index: int, place: Place, children: int, dice: random.Random) -> tuple[Any, ...]:
    sponsor = None if place.sponsor < 0 else place.sponsor + 1
    # Whoever sponsors was there before.
    joined = BEGAN + timedelta(days=index * DAYS // 1_000_000 + dice.random())
    return (
        index + 1, place.path, place.depth, children, f"B{index + 1}", sponsor,
        dice.choice(FIRST), dice.choice(LAST), dice.choice(STATUSES), joined,
        dice.choice(RANKS), "",
    )  # fmt: skip


def move_some(size: int, dice: random.Random) -> None:
    """Fifty branches below somebody else, after the moment that the past is read at."""
    moved_at = BEFORE_MOVES
    for _number in range(50):
        member, sponsor = dice.sample(range(size // 2, size - size // 5), 2)
        moved_at += timedelta(hours=1)
        try:
            move_branch(member_id=member, new_sponsor_id=sponsor, moved_at=moved_at)
        except NetworkError:
            continue


def heads(size: int) -> dict[str, list[Member]]:
    """Whose downlines are read: anybody's, large ones, everybody, the star's."""
    dice = random.Random(3)
    anybody = Member.objects.filter(pk__in=dice.sample(range(1, size + 1), CALLS))
    first = list(Member.objects.filter(sponsor_id=1).order_by("pk")[:6])
    second = list(Member.objects.filter(sponsor_id=first[0].pk).order_by("pk")[:6])
    star = Member.objects.order_by("-numchild")[:1]
    return {
        "anybody": list(anybody),
        "large branches": first + second,
        "middle branches": middle(),
        "everybody": [Member.objects.get(pk=1)],
        "the star": list(star),
    }


def middle() -> list[Member]:
    """Three heads of branches of each size between a small one and everybody."""
    columns = read_columns(
        "SELECT id, coalesce(sponsor_id, -1), depth FROM mlm_plugin_member ORDER BY id", width=3
    )
    number, sponsor_id, depth = (column.copy() for column in columns.T)
    _place, size = walk_tree(sponsor=find_rows(number, sponsor_id), depth=depth)
    wanted = [len(number) * share // 1_000_000 for share in MIDDLE]
    nearest = [np.argsort(np.abs(size - each), kind="stable")[:3] for each in wanted]
    return list(Member.objects.filter(pk__in=number[np.concatenate(nearest)].tolist()))


def page(*, sort: str = "-joined", at: datetime | None = None, **asked: Any) -> Call:
    """A call for the first page of a slice."""
    points = {name: asked.pop(name) for name in list(asked) if name.startswith("points")}
    wanted = TeamSlice(Slice(**asked), **points)

    def read(member: Member) -> None:
        get_team(member=member, period=MARCH, sort=sort, wanted=wanted, at=at)

    return read


def second_page(*, sort: str) -> Call:
    """A call for what follows the first page; the first one is not measured."""
    cursors: dict[int, str] = {}

    def read(member: Member) -> None:
        if member.pk not in cursors:
            found = get_team(member=member, period=MARCH, sort=sort)
            cursors[member.pk] = found.next_cursor
        get_team(member=member, period=MARCH, sort=sort, cursor=cursors[member.pk])

    return read


def calls(root: Member) -> dict[str, Call]:
    """Every read by its name."""
    return {
        "upline": lambda member: list_upline(member_id=member.pk),
        "upline, then": lambda member: list_upline(member_id=member.pk, at=BEFORE_MOVES),
        "below?": lambda member: is_below(member_id=member.pk, of_member_id=root.pk),
        "front line by points": lambda member: get_front_line_with_points(
            member=member, period=MARCH
        ),
        "front line by day": page(level_to=1, sort="joined"),
        "newest": page(sort="-joined"),
        "by name": page(sort="name"),
        "by level": page(sort="level"),
        "most points": page(sort="-points"),
        "most own points": page(sort="-own"),
        "levels 2 to 4": page(level_from=2, level_to=4),
        "rank": page(ranks=("star",)),
        "status": page(statuses=("suspended",)),
        "joined in a month": page(joined_from=date(2024, 5, 1), joined_to=date(2024, 5, 31)),
        "name begins": page(text="maria lind"),
        "points from": page(points_from=4_000, points_of="own"),
        "points and rank": page(points_from=4_000, points_of="own", ranks=("gold",), sort="-own"),
        "second page by name": second_page(sort="name"),
        "second page, most points": second_page(sort="-points"),
        "newest, then": page(sort="-joined", at=BEFORE_MOVES),
        "count": lambda member: count_team(member=member, period=MARCH),
        "count of a rank": lambda member: count_team(
            member=member, period=MARCH, wanted=TeamSlice(Slice(ranks=("gold",)))
        ),
    }


def p95(call: Call, members: list[Member]) -> float:
    """Milliseconds that 95 of 100 calls stay below, after a first one for each that warms up."""
    for member in members:
        call(member)
    taken = []
    for number in range(CALLS):
        member = members[number % len(members)]
        started = time.perf_counter()
        call(member)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[int(0.95 * CALLS)]


def main() -> None:
    """Build and measure."""
    size = int(sys.argv[1])
    build(size)
    groups = heads(size)
    root = groups["everybody"][0]
    deepest = list(Member.objects.order_by("-depth")[:5])
    found = {
        name: {group: p95(call, members) for group, members in groups.items()}
        for name, call in calls(root).items()
    }
    for name in ("upline", "upline, then", "below?"):
        found[name]["depth 600"] = p95(calls(root)[name], deepest)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
