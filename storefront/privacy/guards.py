"""Triggers that keep records of consent as they were written; called by the migration."""

from typing import Any

TABLE = "privacy_consentrecord"

POSTGRESQL = f"""
CREATE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records of consent are append-only: correct by adding';
END $$;
CREATE TRIGGER privacy_consent_append_only BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
"""

POSTGRESQL_UNDO = f"""
DROP TRIGGER privacy_consent_append_only ON {TABLE};
DROP FUNCTION privacy_refuse_change;
"""

VERBS = ("update", "delete")


def set_guards(apps: Any, schema_editor: Any) -> None:
    """Create the triggers of the database in use."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for verb in VERBS:
        schema_editor.execute(
            f"CREATE TRIGGER privacy_consent_no_{verb} BEFORE {verb} ON {TABLE} BEGIN"
            " SELECT RAISE(ABORT, 'records of consent are append-only: correct by adding'); END"
        )


def drop_guards(apps: Any, schema_editor: Any) -> None:
    """Take them away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UNDO, params=None)
        return
    for verb in VERBS:
        schema_editor.execute(f"DROP TRIGGER privacy_consent_no_{verb}")
