"""Totals per member and period: derived from the books, kept current with every batch.

One statement walks up all sponsor chains of a batch, adds what belongs together and writes the
totals in the order of their primary key, so that two batches never wait for each other in
a circle. Its number does not depend on how long the chains are.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

COLUMNS = (
    "personal_pv",
    "personal_cv",
    "customers_pv",
    "customers_cv",
    "group_pv",
    "group_cv",
)


# Up to so many deltas a server needs no memory beyond what it is set for.
FEW = 20


@dataclass(frozen=True, slots=True)
class Delta:
    """What is added to a member's own totals, and to the groups from `chain_from` upwards.

    Points in 1/100. An order has the same member in both; a move has no own points and starts the
    chain at the old or the new sponsor.
    """

    member_id: int
    period: date
    personal_pv: int = 0
    personal_cv: int = 0
    customers_pv: int = 0
    customers_cv: int = 0
    group_pv: int = 0
    group_cv: int = 0


# OFFSET 0 keeps PostgreSQL from turning each step of the walk into a join over all members: it
# cannot know how small the working table is, and guessed wrong costs a full scan per level.
STEP = {
    "postgresql": """
        SELECT up.sponsor_id, chain.period, chain.group_pv, chain.group_cv
        FROM chain CROSS JOIN LATERAL (
            SELECT sponsor_id FROM mlm_plugin_member WHERE id = chain.member_id OFFSET 0
        ) up WHERE up.sponsor_id IS NOT NULL
    """,
    "sqlite": """
        SELECT up.sponsor_id, chain.period, chain.group_pv, chain.group_cv
        FROM chain JOIN mlm_plugin_member up ON up.id = chain.member_id
        WHERE up.sponsor_id IS NOT NULL
    """,
}

SOURCE = {
    "postgresql": """
        SELECT * FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[],
                             %s::bigint[], %s::bigint[], %s::bigint[])
    """,
    "sqlite": """
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3,
               value ->> 4, value ->> 5, value ->> 6, value ->> 7
        FROM json_each(%s)
    """,
}

STATEMENT = """
    WITH RECURSIVE delta(member_id, period, personal_pv, personal_cv, customers_pv, customers_cv,
                         group_pv, group_cv) AS ({source}),
    chain(member_id, period, group_pv, group_cv) AS (
        SELECT member_id, period, sum(group_pv), sum(group_cv) FROM delta
        GROUP BY member_id, period
        UNION ALL
        {step}
    )
    INSERT INTO mlm_plugin_periodtotal
        (member_id, period, personal_pv, personal_cv, customers_pv, customers_cv,
         group_pv, group_cv)
    SELECT member_id, period, sum(personal_pv), sum(personal_cv), sum(customers_pv),
           sum(customers_cv), sum(group_pv), sum(group_cv)
    FROM (
        SELECT member_id, period, personal_pv, personal_cv, customers_pv, customers_cv,
               0 AS group_pv, 0 AS group_cv FROM delta
        UNION ALL
        SELECT member_id, period, 0, 0, 0, 0, group_pv, group_cv FROM chain
    ) parts
    WHERE true
    GROUP BY member_id, period
    ORDER BY member_id, period
    ON CONFLICT (member_id, period) DO UPDATE SET
        personal_pv = mlm_plugin_periodtotal.personal_pv + excluded.personal_pv,
        personal_cv = mlm_plugin_periodtotal.personal_cv + excluded.personal_cv,
        customers_pv = mlm_plugin_periodtotal.customers_pv + excluded.customers_pv,
        customers_cv = mlm_plugin_periodtotal.customers_cv + excluded.customers_cv,
        group_pv = mlm_plugin_periodtotal.group_pv + excluded.group_pv,
        group_cv = mlm_plugin_periodtotal.group_cv + excluded.group_cv
"""


def add_to_totals(*, deltas: Sequence[Delta]) -> int:
    """Add the deltas to the totals of their members and of everybody above; in one statement.

    Call it inside a transaction that shares the tree. Returns how many totals were written.
    """
    merged = _merge(deltas)
    if not merged:
        return 0
    vendor = connection.vendor
    statement = STATEMENT.format(source=SOURCE[vendor], step=STEP[vendor])
    rows = [
        (delta.member_id, delta.period, *(getattr(delta, column) for column in COLUMNS))
        for delta in merged
    ]
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            if len(rows) > FEW:
                # The walk and its sums stay in memory also where the server is set for small
                # queries; compiling the statement would take longer than it saves.
                cursor.execute(
                    "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"
                )
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.execute(statement, [json.dumps(rows, default=date.isoformat)])
        return cursor.rowcount


def _merge(deltas: Iterable[Delta]) -> list[Delta]:
    """One delta per member and period: a member's chain is walked once however many orders."""
    sums: dict[tuple[date, int], list[int]] = {}
    for delta in deltas:
        total = sums.setdefault((delta.period, delta.member_id), [0] * len(COLUMNS))
        for place, column in enumerate(COLUMNS):
            total[place] += getattr(delta, column)
    return [
        Delta(member_id, period, *amounts)
        for (period, member_id), amounts in sorted(sums.items())
        if any(amounts)
    ]
