"""What guessing mistyped words needs of PostgreSQL; other databases guess in Python."""

from typing import Any

from django.contrib.postgres.operations import TrigramExtension
from django.db import ProgrammingError
from django.db.migrations.operations import RunPython

INDEX = "shop_listing_searchword_trigrams"


class NotPermitted(ProgrammingError):
    """The database's user may not create the extension; the text says who can and how."""


class EnsureTrigrams(TrigramExtension):
    """`CREATE EXTENSION pg_trgm` on PostgreSQL, with a hint where that is not permitted."""

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
                "The search guesses mistyped words with PostgreSQL's extension pg_trgm, which this"
                " database user may not create. Let an administrator of the server run"
                f' `CREATE EXTENSION pg_trgm;` in the database "{name}", then migrate again.'
            ) from error

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """The extension stays: something else may use it by now."""


def index_words(_apps: Any, schema_editor: Any) -> None:
    """An index by trigrams, which a model cannot declare without tying itself to PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON shop_listing_searchword USING gin (word gin_trgm_ops)"
        )


def trigram_operations() -> list[Any]:
    """For the migration that creates `SearchWord`, after it."""
    return [EnsureTrigrams(), RunPython(index_words, RunPython.noop)]
