"""Recursive statements over the placement tree: member by member, or in jumps from line to line."""

from datetime import datetime
from typing import Any

from django.db import connection

ENDLESS = 2**31 - 1

WALK = """
    WITH RECURSIVE walk(member_id, parent_id, slot, level) AS (
        SELECT e.member_id, e.parent_id, e.slot, 0 FROM {table} e
        WHERE e.member_id = %(member)s {holds}
        UNION ALL
        SELECT e.member_id, e.parent_id, e.slot, walk.level + 1 FROM walk {join}
        WHERE walk.level < %(levels)s
    ) SELECT member_id, parent_id, slot, level FROM walk
    ORDER BY level, parent_id, slot LIMIT %(limit)s
"""
# OFFSET 0 keeps PostgreSQL from planning each step as a join over all places.
WALK_JOIN = {
    "postgresql": """CROSS JOIN LATERAL (
        SELECT e.member_id, e.parent_id, e.slot FROM {table} e WHERE {link} {holds} OFFSET 0) e""",
    "sqlite": "JOIN {table} e ON {link} {holds}",
}
UP = "e.member_id = walk.parent_id"
DOWN = "e.parent_id = walk.member_id"
STRAIGHT = "e.parent_id = walk.member_id AND e.slot = %(slot)s"
HOLDS = "AND e.since <= %(at)s AND (e.until IS NULL OR e.until > %(at)s)"

# The next jump goes from the head of the line, unless who is looked for is that head, or stands in this
# line further up.
JUMP = """
    WITH RECURSIVE jump(member_id, slot, line_head_id, step) AS (
        SELECT member_id, slot, line_head_id, step FROM mlm_plugin_placement
        WHERE member_id = %(member)s
        UNION ALL
        SELECT e.member_id, e.slot, e.line_head_id, e.step FROM jump {join}
        WHERE NOT ({found})
    ) SELECT {answer} FROM jump
"""
FOUND = """jump.line_head_id = %(above)s OR (
    jump.line_head_id = %(head)s AND jump.slot = %(slot)s AND jump.step > %(step)s)"""
JUMP_JOIN = {
    "postgresql": """CROSS JOIN LATERAL (
        SELECT member_id, slot, line_head_id, step FROM mlm_plugin_placement
        WHERE member_id = jump.line_head_id OFFSET 0) e""",
    "sqlite": "JOIN mlm_plugin_placement e ON e.member_id = jump.line_head_id",
}

STRAIGHT_UPDATE = """
    WITH RECURSIVE walk(member_id) AS (
        SELECT e.member_id FROM mlm_plugin_placement e
        WHERE e.parent_id = %(member)s AND e.slot = %(slot)s
        UNION ALL
        SELECT e.member_id FROM walk {join}
    ) UPDATE mlm_plugin_placement SET line_head_id = %(head)s, step = step + %(steps)s
    WHERE member_id IN (SELECT member_id FROM walk)
"""

# No member has this number.
NOBODY = -1


def walk(
    *,
    member_id: int,
    link: str,
    levels: int,
    limit: int,
    at: datetime | None = None,
    slot: int | None = None,
) -> list[tuple[int, int | None, int, int]]:
    """Member, parent, slot and level of who is met, the beginning included (level 0); one statement."""
    table = "mlm_plugin_placement" if at is None else "mlm_plugin_placementedge"
    holds = "" if at is None else HOLDS
    join = WALK_JOIN[connection.vendor].format(table=table, link=link, holds=holds)
    if at is not None and connection.vendor == "sqlite":
        at = connection.ops.adapt_datetimefield_value(at)
    values = {
        "member": member_id, "levels": levels, "limit": limit, "at": at, "slot": slot
    }  # fmt: skip
    return _fetch(WALK.format(table=table, join=join, holds=holds), values)


def reaches(*, member_id: int, above_id: int, head_id: int | None, slot: int, step: int) -> bool:
    """Whether jumps from line to line, from a member towards the top, meet another one.

    `head_id`, `slot` and `step` are the other one's line and place in it.
    """
    values = {
        "member": member_id,
        "above": above_id,
        "head": NOBODY if head_id is None else head_id,
        "slot": slot,
        "step": step,
    }
    return bool(_jump(f"max(CASE WHEN {FOUND} THEN 1 ELSE 0 END)", values))


def count_steps(*, member_id: int) -> int:
    """The steps of all lines from a member to the top."""
    values = {"member": member_id, "above": NOBODY, "head": NOBODY, "slot": 0, "step": 0}
    return _jump("sum(step)", values)


def _jump(answer: str, values: dict[str, int]) -> int:
    join = JUMP_JOIN[connection.vendor]
    return int(_fetch(JUMP.format(join=join, found=FOUND, answer=answer), values)[0][0] or 0)


def rehang_line(*, below_id: int, slot: int, head_id: int, steps: int) -> None:
    """Give everybody straight down from a member by `slot` another head, and move their steps.

    One statement for a line of any length.
    """
    join = WALK_JOIN[connection.vendor].format(
        table="mlm_plugin_placement", link=STRAIGHT, holds=""
    )
    values = {"member": below_id, "slot": slot, "head": head_id, "steps": steps}
    with connection.cursor() as cursor:
        cursor.execute(STRAIGHT_UPDATE.format(join=join), values)


def _fetch(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
