"""A network of a million members in PostgreSQL, written with COPY: the ground of other benchmarks.

Most members hang below somebody chosen at random, which gives the mean depth real networks have;
the others are chains as deep as the design names.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from mlm_plugin.network.models import Member

COLUMNS = (
    "id, path, depth, numchild, code, sponsor_id, first_name, last_name, status, joined_at,"
    " rank, scheme"
)
JOINED = "2026-01-01 00:00:00+00"


@dataclass(frozen=True)
class Network:
    """Primary keys of what was built: the part that grew at random, the last of each chain."""

    spread: range
    chain_ends: list[int]
    mean_depth: float


@dataclass(frozen=True)
class Place:
    """A member's place; `sponsor` is the index of the sponsor, -1 at the top."""

    sponsor: int
    path: str
    depth: int


def build_network(*, size: int, chains: int, chain_depth: int) -> Network:
    """Write `size` members, of which `chains` lines go down to `chain_depth`."""
    at_random = size - chains * (chain_depth - 1)
    places, children = grow(list(_sponsors(at_random, chains=chains, chain_depth=chain_depth)))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY mlm_plugin_member ({COLUMNS}) FROM STDIN") as copy:
            for index, place in enumerate(places):
                sponsor = None if place.sponsor < 0 else place.sponsor + 1
                tree = (index + 1, place.path, place.depth, children[index], f"B{index + 1}")
                copy.write_row((*tree, sponsor, "", "", "active", JOINED, "", ""))
        # What the server does by itself a minute after so much was written.
        cursor.execute("VACUUM ANALYZE mlm_plugin_member")
    return Network(
        spread=range(1, at_random + 1),
        chain_ends=[index + 1 for index, place in enumerate(places) if place.depth == chain_depth],
        mean_depth=sum(place.depth for place in places[:at_random]) / at_random,
    )


def _sponsors(at_random: int, *, chains: int, chain_depth: int) -> Iterator[int]:
    """The sponsor's index of each member, sponsors before those they sponsor."""
    dice = random.Random(1)
    yield -1
    yield from (dice.randrange(index) for index in range(1, at_random))
    last = at_random - 1
    for _chain in range(chains):
        yield 0
        yield from range(last + 1, last + chain_depth - 1)
        last += chain_depth - 1


def grow(sponsors: list[int]) -> tuple[list[Place], list[int]]:
    numbers = Member.numconv_obj()
    children = [0] * len(sponsors)
    places: list[Place] = []
    for sponsor in sponsors:
        if sponsor < 0:
            places.append(Place(sponsor, numbers.int2str(1).rjust(Member.steplen, "0"), 1))
            continue
        children[sponsor] += 1
        step = numbers.int2str(children[sponsor]).rjust(Member.steplen, "0")
        above = places[sponsor]
        places.append(Place(sponsor, above.path + step, above.depth + 1))
    return places, children
