"""Writes the figures of legs that a counting found: only those that differ from the stored ones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from mlm_plugin.network import locks
from mlm_plugin.network.laying_lines import Rows
from mlm_plugin.network.models import LegCount

KEPT = timedelta(days=30)
COLUMNS = ("member_id", "slot", "members", "pv", "cv")

SET_UP = """
    CREATE TEMPORARY TABLE mlm_counted_leg (
        member_id bigint, slot bigint, members bigint, pv bigint, cv bigint)
"""
DROP_GONE = """
    DELETE FROM mlm_plugin_legfigures WHERE NOT EXISTS (
        SELECT 1 FROM mlm_counted_leg c WHERE c.member_id = mlm_plugin_legfigures.member_id
        AND c.slot = mlm_plugin_legfigures.slot)
"""
MERGE = """
    INSERT INTO mlm_plugin_legfigures (member_id, slot, members, pv, cv)
    SELECT c.member_id, c.slot, c.members, c.pv, c.cv
    FROM mlm_counted_leg c LEFT JOIN mlm_plugin_legfigures f
        ON f.member_id = c.member_id AND f.slot = c.slot
    WHERE f.id IS NULL OR f.members <> c.members OR f.pv <> c.pv OR f.cv <> c.cv
    ON CONFLICT (member_id, slot) DO UPDATE SET
        members = excluded.members, pv = excluded.pv, cv = excluded.cv
"""
# PostgreSQL's binary COPY: a head, rows of a count and sized big-endian numbers, an end.
COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"


@dataclass(frozen=True)
class CountedLegs:
    """All legs as columns: whose, in which slot, how many members, PV and CV in 1/100 point."""

    member: Rows
    slot: Rows
    members: Rows
    pv: Rows
    cv: Rows

    @property
    def columns(self) -> list[Rows]:
        """In the order of the table's columns."""
        return [self.member, self.slot, self.members, self.pv, self.cv]


def write_leg_figures(*, legs: CountedLegs, counted_at: datetime, period: date) -> LegCount:
    """Let the stored figures be these; returns what was counted and how many rows that changed.

    Readers see the old figures until all new ones are there. Two countings follow each other.
    """
    with transaction.atomic():
        locks.hold_leg_figures()
        with connection.cursor() as cursor:
            cursor.execute(SET_UP)
            _fill(cursor, legs)
            cursor.execute(DROP_GONE)
            written = cursor.rowcount
            cursor.execute(MERGE)
            written += cursor.rowcount
            cursor.execute("DROP TABLE mlm_counted_leg")
        LegCount.objects.filter(counted_at__lt=counted_at - KEPT).delete()
        count, _created = LegCount.objects.update_or_create(
            counted_at=counted_at,
            defaults={"period": period, "members": len(legs.member), "written": written},
        )
    return count


def _fill(cursor: Any, legs: CountedLegs) -> None:
    columns = legs.columns
    if connection.vendor != "postgresql":
        rows = np.stack(columns, axis=1).tolist()
        cursor.executemany("INSERT INTO mlm_counted_leg VALUES (%s, %s, %s, %s, %s)", rows)
        return
    layout = [("fields", ">i2")]
    for name in COLUMNS:
        layout += [(f"{name}_size", ">i4"), (name, ">i8")]
    table = np.empty(len(legs.member), dtype=layout)
    table["fields"] = len(COLUMNS)
    for name, column in zip(COLUMNS, columns, strict=True):
        table[f"{name}_size"] = 8
        table[name] = column
    with cursor.copy("COPY mlm_counted_leg FROM STDIN (FORMAT binary)") as copy:
        copy.write(COPY_HEAD)
        copy.write(table.tobytes())
        copy.write(COPY_END)
    cursor.execute("ANALYZE mlm_counted_leg")
