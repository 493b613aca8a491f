"""Totals of a period for very many members at once: one pass over the tree in memory, one statement.

`totals.add_to_totals` walks each member's chain up and is right for a batch of orders; a whole network
that brings points along would walk the same chains a million times.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from mlm_plugin.network.bulk_writing import write_rows
from mlm_plugin.network.laying_lines import find_rows, read_columns
from mlm_plugin.volumes.totals import COLUMNS, Delta, add_to_totals

# Personal PV and CV, customers' PV and CV of a member, in 1/100.
Own = tuple[int, int, int, int]
FEW = 1_000
STAGED = "mlm_staged_totals"


def add_many(*, period: date, own: Mapping[int, Own]) -> int:
    """Add members' own points of a period to their totals and to all groups above.

    Call it inside a transaction that has the tree alone. Returns how many totals were written.
    """
    if len(own) <= FEW:
        return add_to_totals(
            deltas=[
                Delta(member, period, *points, points[0] + points[2], points[1] + points[3])
                for member, points in own.items()
            ]
        )
    member, totals = _sum_up(own)
    touched = np.flatnonzero(totals.any(axis=1))
    rows = (
        (number, period, *amounts)
        for number, amounts in zip(member[touched].tolist(), totals[touched].tolist(), strict=True)
    )
    _merge(rows)
    return len(touched)


def _sum_up(own: Mapping[int, Own]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All members, and their six totals: groups summed level by level from the deepest up."""
    columns = read_columns(
        "SELECT id, coalesce(sponsor_id, -1), depth FROM mlm_plugin_member ORDER BY id", width=3
    )
    member, sponsor_id, depth = (column.copy() for column in columns.T)
    above = find_rows(member, sponsor_id)
    totals = np.zeros((len(member), len(COLUMNS)), dtype=np.int64)
    numbers = np.fromiter(own, dtype=np.int64, count=len(own))
    amounts = np.array(list(own.values()), dtype=np.int64)
    rows = find_rows(member, numbers)
    totals[rows, :4] = amounts
    totals[rows, 4] = amounts[:, 0] + amounts[:, 2]
    totals[rows, 5] = amounts[:, 1] + amounts[:, 3]
    by_depth = np.argsort(depth, kind="stable")
    ends = np.searchsorted(depth[by_depth], np.arange(depth.max(initial=0) + 2))
    for level in range(int(depth.max(initial=0)), 1, -1):
        here = by_depth[ends[level] : ends[level + 1]]
        np.add.at(totals[:, 4], above[here], totals[here, 4])
        np.add.at(totals[:, 5], above[here], totals[here, 5])
    return member, totals


def _merge(rows: object) -> None:
    names = ", ".join(("member_id", "period", *COLUMNS))
    added = ", ".join(
        f"{name} = mlm_plugin_periodtotal.{name} + excluded.{name}" for name in COLUMNS
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGED} AS SELECT {names} FROM mlm_plugin_periodtotal"  # noqa: S608
            " WHERE false"
        )
        write_rows(table=STAGED, columns=("member_id", "period", *COLUMNS), rows=rows)
        cursor.execute(
            f"INSERT INTO mlm_plugin_periodtotal ({names}) SELECT {names} FROM {STAGED}"  # noqa: S608
            f" WHERE true ORDER BY member_id, period ON CONFLICT (member_id, period)"
            f" DO UPDATE SET {added}"
        )
        cursor.execute(f"DROP TABLE {STAGED}")
