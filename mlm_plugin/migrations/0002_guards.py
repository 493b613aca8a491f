"""The database has the last word: facts are never edited, entries always balance, closed stays closed.

On both databases postings are inserted first and their entry last; inserting the entry checks the
sums and seals it, so that no later posting can join. (SQLite has no deferred triggers, and one
order of inserting is simpler to reason about than two.)
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import ProgrammingError, migrations


class NotPermitted(ProgrammingError):
    """The database's user may not create the extension; the text says who can and how."""


class EnsureGist(BtreeGistExtension):
    """`CREATE EXTENSION btree_gist` on PostgreSQL, with a hint where that is not permitted."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        except ProgrammingError as error:
            name = schema_editor.connection.settings_dict["NAME"]
            raise NotPermitted(
                "That nobody has two sponsors at one time is kept by PostgreSQL's extension"
                " btree_gist, which this database user may not create. Let an administrator of the"
                f' server run `CREATE EXTENSION btree_gist;` in the database "{name}", then migrate'
                " again."
            ) from error

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """The extension stays: something else may use it by now."""


FACTS = [
    "entry",
    "posting",
    "linemovement",
    "creditedline",
    "booksclosing",
    "award",
    "settledline",
    "action",
    "payoutstep",
    "payoutfile",
    "taxstatus",
    "takenup",
    "planeditor",
]
# Tables whose rows may change until they are in a state, and never after it.
SEALED = {"planversion": "approved", "period": "closed", "run": "committed", "override": "approved"}
# What a run found is a fact from the start; only its state goes on.
RUN_FACTS = (
    "period_id, number, kind, plan_version_id, author_id, started_at, milliseconds, inputs,"
    " inputs_file_digest, inputs_digest, result_digest, result, file_digest, currency, places, total,"
    " cv, award_count, payee_count, bonuses, top_payees,"
    " compared_with_id, difference_count, difference_total"
)

POSTGRESQL = """
CREATE FUNCTION mlm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct by adding', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION mlm_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
    SELECT e.key INTO wrong
    FROM added e
    LEFT JOIN mlm_plugin_posting p ON p.entry_id = e.id
    LEFT JOIN mlm_plugin_account a ON a.id = p.account_id
    GROUP BY e.id, e.key, a.unit HAVING sum(p.amount) IS DISTINCT FROM 0 LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not balance, or has no postings', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT e.key INTO wrong FROM added e
    WHERE e.booked_on <= (SELECT max(through) FROM mlm_plugin_booksclosing) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'entry % is booked on a closed day', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION mlm_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed bigint;
BEGIN
    SELECT e.id INTO sealed FROM added p JOIN mlm_plugin_entry e ON e.id = p.entry_id LIMIT 1;
    IF sealed IS NOT NULL THEN
        RAISE EXCEPTION 'entry % is sealed: no posting can join it', sealed
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER mlm_entry_balances AFTER INSERT ON mlm_plugin_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mlm_check_entries();
CREATE TRIGGER mlm_posting_joins_open_entry AFTER INSERT ON mlm_plugin_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mlm_check_postings();
-- A batch may rewrite every total of a page: with room for a second version of each, the index is
-- left alone (heap-only updates).
ALTER TABLE mlm_plugin_periodtotal SET (fillfactor = 45);
-- Django adds an index for LIKE to each unique text; keys and numbers are only compared whole.
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE indexname LIKE '%_like'
        AND tablename IN ('mlm_plugin_entry', 'mlm_plugin_creditedorder')
    LOOP EXECUTE format('DROP INDEX %I', name); END LOOP;
END $$;
-- Paths are long and share their beginnings: with few samples a branch of thousands is taken for one
-- row, and its feed is planned for one.
ALTER TABLE mlm_plugin_member ALTER COLUMN path SET STATISTICS 2000;
-- Searching a downline by the beginning of a name, in any case.
CREATE INDEX member_first_name_begins ON mlm_plugin_member (upper(first_name) text_pattern_ops);
CREATE INDEX member_last_name_begins ON mlm_plugin_member (upper(last_name) text_pattern_ops);
CREATE SEQUENCE mlm_plugin_entry_number OWNED BY mlm_plugin_entry.id;
"""

POSTGRESQL_FACT = """
CREATE TRIGGER mlm_{table}_append_only BEFORE UPDATE OR DELETE ON mlm_plugin_{table}
    FOR EACH ROW EXECUTE FUNCTION mlm_refuse_change();
CREATE TRIGGER mlm_{table}_keep_all BEFORE TRUNCATE ON mlm_plugin_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION mlm_refuse_change();
"""

POSTGRESQL_SEALED = """
CREATE TRIGGER mlm_{table}_sealed BEFORE UPDATE OR DELETE ON mlm_plugin_{table}
    FOR EACH ROW WHEN (OLD.state = '{state}') EXECUTE FUNCTION mlm_refuse_change();
CREATE TRIGGER mlm_{table}_keep_all BEFORE TRUNCATE ON mlm_plugin_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION mlm_refuse_change();
"""
POSTGRESQL_RUN = f"""
CREATE TRIGGER mlm_run_found BEFORE UPDATE OF {RUN_FACTS} ON mlm_plugin_run
    FOR EACH ROW EXECUTE FUNCTION mlm_refuse_change();
CREATE TRIGGER mlm_run_stays BEFORE DELETE ON mlm_plugin_run
    FOR EACH ROW EXECUTE FUNCTION mlm_refuse_change();
"""

# The extension lets numbers stand in an exclusion constraint beside ranges.
POSTGRESQL_OVERLAPS = """
ALTER TABLE mlm_plugin_sponsoredge ADD CONSTRAINT one_sponsor_at_a_time EXCLUDE USING gist (
    member_id WITH =, tstzrange(since, until) WITH &&);
ALTER TABLE mlm_plugin_placementedge ADD CONSTRAINT one_place_at_a_time EXCLUDE USING gist (
    member_id WITH =, tstzrange(since, until) WITH &&);
ALTER TABLE mlm_plugin_placementedge ADD CONSTRAINT one_member_per_slot_at_a_time EXCLUDE USING gist (
    parent_id WITH =, slot WITH =, tstzrange(since, until) WITH &&) WHERE (parent_id IS NOT NULL);
ALTER TABLE mlm_plugin_period ADD CONSTRAINT one_period_of_a_calendar_at_a_time EXCLUDE USING gist (
    calendar WITH =, daterange(first, last, '[]') WITH &&);
"""

POSTGRESQL_APPROVER = """
CREATE FUNCTION mlm_check_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM mlm_plugin_planeditor
               WHERE version_id = NEW.id AND user_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'nobody approves the own plan'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mlm_planversion_second_person BEFORE UPDATE OF approved_by_id
    ON mlm_plugin_planversion FOR EACH ROW EXECUTE FUNCTION mlm_check_approver();
"""

# Which members the columns of `volumes.team_models.TeamReading` may say something old of. Of a statement
# that changes very many it is only said that somebody changed.
POSTGRESQL_CHANGES = """
CREATE FUNCTION mlm_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most CONSTANT integer := 1000;
    numbers bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO numbers FROM (SELECT id FROM added LIMIT most + 1) few;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO numbers FROM (SELECT id FROM gone LIMIT most + 1) few;
    ELSE
        SELECT array_agg(id) INTO numbers FROM (
            SELECT added.id FROM added JOIN gone ON gone.id = added.id
            WHERE (added.path, added.depth, added.rank, added.status, added.joined_at,
                   added.first_name, added.last_name)
                IS DISTINCT FROM (gone.path, gone.depth, gone.rank, gone.status, gone.joined_at,
                   gone.first_name, gone.last_name)
            LIMIT most + 1
        ) few;
    END IF;
    IF cardinality(numbers) > most THEN
        numbers := ARRAY[NULL::bigint];
    END IF;
    INSERT INTO mlm_plugin_memberchange (transaction, member_id)
        SELECT pg_current_xact_id()::text::bigint, unnest(numbers);
    RETURN NULL;
END $$;
CREATE TRIGGER mlm_member_joined AFTER INSERT ON mlm_plugin_member
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mlm_note_changes();
CREATE TRIGGER mlm_member_changed AFTER UPDATE ON mlm_plugin_member
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mlm_note_changes();
CREATE TRIGGER mlm_member_gone AFTER DELETE ON mlm_plugin_member
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mlm_note_changes();
-- Numbers hardly shrink, and are read in a hurry.
ALTER TABLE mlm_plugin_teamcolumn ALTER COLUMN data SET STORAGE EXTERNAL;
"""

POSTGRESQL_UNDO = """
DROP TRIGGER mlm_entry_balances ON mlm_plugin_entry;
DROP TRIGGER mlm_posting_joins_open_entry ON mlm_plugin_posting;
DROP FUNCTION mlm_check_entries;
DROP FUNCTION mlm_check_postings;
DROP FUNCTION mlm_refuse_change CASCADE;
DROP FUNCTION mlm_note_changes CASCADE;
DROP FUNCTION mlm_check_approver CASCADE;
DROP SEQUENCE mlm_plugin_entry_number;
DROP INDEX member_first_name_begins, member_last_name_begins;
ALTER TABLE mlm_plugin_sponsoredge DROP CONSTRAINT one_sponsor_at_a_time;
ALTER TABLE mlm_plugin_placementedge DROP CONSTRAINT one_place_at_a_time;
ALTER TABLE mlm_plugin_placementedge DROP CONSTRAINT one_member_per_slot_at_a_time;
ALTER TABLE mlm_plugin_period DROP CONSTRAINT one_period_of_a_calendar_at_a_time;
"""

SQLITE = [
    """
    CREATE TRIGGER mlm_entry_balances AFTER INSERT ON mlm_plugin_entry BEGIN
        SELECT RAISE(ABORT, 'the entry has no postings')
        WHERE NOT EXISTS (SELECT 1 FROM mlm_plugin_posting WHERE entry_id = NEW.id);
        SELECT RAISE(ABORT, 'the entry does not balance')
        WHERE EXISTS (
            SELECT 1 FROM mlm_plugin_posting p JOIN mlm_plugin_account a ON a.id = p.account_id
            WHERE p.entry_id = NEW.id GROUP BY a.unit HAVING sum(p.amount) <> 0
        );
        SELECT RAISE(ABORT, 'the entry is booked on a closed day')
        WHERE NEW.booked_on <= (SELECT max(through) FROM mlm_plugin_booksclosing);
    END
    """,
    """
    CREATE TRIGGER mlm_posting_joins_open_entry BEFORE INSERT ON mlm_plugin_posting BEGIN
        SELECT RAISE(ABORT, 'the entry is sealed: no posting can join it')
        WHERE EXISTS (SELECT 1 FROM mlm_plugin_entry WHERE id = NEW.entry_id);
    END
    """,
]

SQLITE_FACT = """
    CREATE TRIGGER mlm_{table}_no_{verb} BEFORE {verb} ON mlm_plugin_{table} BEGIN
        SELECT RAISE(ABORT, 'mlm_plugin_{table} is append-only: correct by adding');
    END
"""

SQLITE_SEALED = """
    CREATE TRIGGER mlm_{table}_sealed_{verb} BEFORE {verb} ON mlm_plugin_{table}
    WHEN OLD.state = '{state}' BEGIN
        SELECT RAISE(ABORT, 'mlm_plugin_{table} is {state}: correct by adding');
    END
"""
SQLITE_RUN = [
    f"""
    CREATE TRIGGER mlm_run_found BEFORE UPDATE OF {RUN_FACTS} ON mlm_plugin_run BEGIN
        SELECT RAISE(ABORT, 'what a run found stays as it is: run again');
    END
    """,
    """
    CREATE TRIGGER mlm_run_stays BEFORE DELETE ON mlm_plugin_run BEGIN
        SELECT RAISE(ABORT, 'runs are kept: correct by adding');
    END
    """,
]
SQLITE_APPROVER = """
    CREATE TRIGGER mlm_planversion_second_person BEFORE UPDATE OF approved_by_id
    ON mlm_plugin_planversion BEGIN
        SELECT RAISE(ABORT, 'nobody approves the own plan')
        WHERE EXISTS (
            SELECT 1 FROM mlm_plugin_planeditor
            WHERE version_id = NEW.id AND user_id = NEW.approved_by_id
        );
    END
"""
SQLITE_PERIODS = """
    CREATE TRIGGER mlm_period_one_at_a_time_{verb} BEFORE {verb} ON mlm_plugin_period BEGIN
        SELECT RAISE(ABORT, 'the calendar has a period at that time')
        WHERE EXISTS (
            SELECT 1 FROM mlm_plugin_period other
            WHERE other.calendar = NEW.calendar AND other.id IS NOT NEW.id
                AND other.first <= NEW.last AND other.last >= NEW.first
        );
    END
"""

# Two edges for one holder (a member, or a slot below a parent) at one moment.
SQLITE_OVERLAP = """
    CREATE TRIGGER mlm_{table}_{name}_{verb} BEFORE {verb} ON mlm_plugin_{table} BEGIN
        SELECT RAISE(ABORT, '{words}')
        WHERE EXISTS (
            SELECT 1 FROM mlm_plugin_{table} other
            WHERE {holder} AND other.id IS NOT NEW.id
                AND (other.until IS NULL OR other.until > NEW.since)
                AND (NEW.until IS NULL OR other.since < NEW.until)
        );
    END
"""
SLOT = "other.parent_id = NEW.parent_id AND other.slot = NEW.slot"
OVERLAPS = [
    {
        "table": "sponsoredge",
        "name": "one_at_a_time",
        "holder": "other.member_id = NEW.member_id",
        "words": "the member has a sponsor at that time",
    },
    {
        "table": "placementedge",
        "name": "one_at_a_time",
        "holder": "other.member_id = NEW.member_id",
        "words": "the member has a place at that time",
    },
    {
        "table": "placementedge",
        "name": "one_per_slot",
        "holder": SLOT,
        "words": "another member stands there at that time",
    },
]


def _postgresql() -> Iterator[str]:
    yield POSTGRESQL
    yield POSTGRESQL_OVERLAPS
    yield POSTGRESQL_CHANGES
    for table in FACTS:
        yield POSTGRESQL_FACT.format(table=table)
    for table, state in SEALED.items():
        yield POSTGRESQL_SEALED.format(table=table, state=state)
    yield POSTGRESQL_RUN
    yield POSTGRESQL_APPROVER


def _sqlite() -> Iterator[str]:
    yield from SQLITE
    for table in FACTS:
        for verb in ("update", "delete"):
            yield SQLITE_FACT.format(table=table, verb=verb)
    for overlap in OVERLAPS:
        for verb in ("insert", "update"):
            yield SQLITE_OVERLAP.format(verb=verb, **overlap)
    for table, state in SEALED.items():
        for verb in ("update", "delete"):
            yield SQLITE_SEALED.format(table=table, state=state, verb=verb)
    yield from SQLITE_RUN
    yield SQLITE_APPROVER
    for verb in ("insert", "update"):
        yield SQLITE_PERIODS.format(verb=verb)


def set_guards(apps, schema_editor):
    """Create the triggers of the database in use."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)


def lift_guards(apps, schema_editor):
    """Drop the triggers again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UNDO, params=None)
        return
    for statement in _sqlite():
        name = statement.split("CREATE TRIGGER ", 1)[1].split(None, 1)[0]
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("mlm_plugin", "0001_initial")]

    operations = [EnsureGist(), migrations.RunPython(set_guards, lift_guards)]
