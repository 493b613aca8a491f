"""Very many entries of one moment at once, such as what an imported network brings along."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from mlm_plugin.conf import business_day
from mlm_plugin.ledger import locks, selectors
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries

STAGED = "mlm_staged_posting"
STAGE = f"""
    CREATE TEMPORARY TABLE {STAGED} (
        entry_id bigint, owner bigint, kind varchar(16), unit varchar(8), amount bigint
    ) ON COMMIT DROP
"""
# In one order, so that two who open accounts wait for each other instead of in a circle.
OPEN_ACCOUNTS = f"""
    INSERT INTO mlm_plugin_account (owner, kind, unit)
    SELECT DISTINCT owner, kind, unit FROM {STAGED} ORDER BY owner, kind, unit
    ON CONFLICT DO NOTHING
"""  # noqa: S608
POST = f"""
    INSERT INTO mlm_plugin_posting (entry_id, account_id, amount)
    SELECT staged.entry_id, account.id, staged.amount
    FROM {STAGED} staged JOIN mlm_plugin_account account USING (owner, kind, unit)
    ORDER BY staged.entry_id
"""  # noqa: S608


class Side(NamedTuple):
    """One posting of the entry with this key: a signed amount in the smallest unit."""

    key: str
    owner: int
    kind: str
    unit: str
    amount: int


def post_many(
    *,
    keys: Sequence[str],
    sides: Iterable[Side],
    happened_at: datetime,
    reason: str = "",
    author_id: int | None = None,
) -> date | None:
    """Write an entry for each key, all of them fresh; returns the day they count for.

    `post_entries` is for a batch of orders and reads what is there; this writes by COPY on PostgreSQL
    and leaves every check to the database. The caller knows that the keys are new and keeps others
    from writing them: one that is there already, or does not balance, raises IntegrityError (without
    PostgreSQL the latter is NotBalanced).
    """
    if not keys:
        return None
    if connection.vendor != "postgresql":
        return _post_one_by_one(keys, sides, happened_at, reason, author_id)
    with transaction.atomic():
        locks.share_books()
        day = selectors.first_open_day(
            day=business_day(happened_at), closed_through=selectors.closed_through()
        )
        # Django does not translate the errors of COPY by itself.
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval('mlm_plugin_entry_number') FROM generate_series(1, %s)",
                [len(keys)],
            )
            numbers = {key: number for key, (number,) in zip(keys, cursor.fetchall(), strict=True)}
            cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
            cursor.execute(STAGE)
            with cursor.copy(f"COPY {STAGED} FROM STDIN") as copy:
                for side in sides:
                    copy.write_row((numbers[side.key], *side[1:]))
            cursor.execute(f"ANALYZE {STAGED}")
            cursor.execute(OPEN_ACCOUNTS)
            cursor.execute("ANALYZE mlm_plugin_account")
            cursor.execute(POST)
            # Inserting the entries checks all their postings together.
            cursor.execute("ANALYZE mlm_plugin_posting")
            columns = "id, key, booked_on, counts_for, happened_at, reason, author_id"
            with cursor.copy(f"COPY mlm_plugin_entry ({columns}) FROM STDIN") as copy:
                for key, number in numbers.items():
                    copy.write_row((number, key, day, day, happened_at, reason, author_id))
            cursor.execute(f"DROP TABLE {STAGED}")
    return day


def _post_one_by_one(
    keys: Sequence[str],
    sides: Iterable[Side],
    happened_at: datetime,
    reason: str,
    author_id: int | None,
) -> date:
    postings: dict[str, list[NewPosting]] = {key: [] for key in keys}
    for key, owner, kind, unit, amount in sides:
        postings[key].append(NewPosting(owner=owner, kind=kind, unit=unit, amount=amount))
    entries = [
        NewEntry(
            key=key,
            happened_at=happened_at,
            postings=tuple(of_key),
            reason=reason,
            author_id=author_id,
        )
        for key, of_key in postings.items()
    ]
    with transaction.atomic():
        posted = post_entries(entries=entries)
        if len(posted) < len(keys):
            raise IntegrityError("some of these entries are there already")
    return next(iter(posted.values())).counts_for
