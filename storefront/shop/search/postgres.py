"""Search on PostgreSQL, fit for many products."""

from typing import Any

import numpy as np
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresIndex,
    PostgresSearchBackend,
)

from storefront.shop.listing.models import ProductCard

MOST_SUGGESTED = 1_000


class QuietIndex(PostgresIndex):
    """Does not measure the titles of the whole index again after every saved product."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Only when all is built anew: it reads every title, and lists rank by sales."""
        if full:
            super()._refresh_title_norms(full=True)


class PostgresBackend(PostgresSearchBackend):
    """Wagtail's, with that index."""

    index_class = QuietIndex


def find_card_ids(*, words: list[str], config: str) -> tuple[np.ndarray, np.ndarray]:
    """Products whose title has all words (the last may be unfinished), and those whose text does.

    Numbers only, in no order, in one query: joining and ranking tens of thousands of cards is what
    makes a search for a common word slow. A card's text begins with its title, so what has some words
    here and the others there is found in the text alone, by its index; put together, title and text
    would be read of every card.
    """
    beginnings = " & ".join([*(_quote(word) for word in words[:-1]), f"{_quote(words[-1])}:*"])
    sql = f"""
        WITH asked AS (
            SELECT plainto_tsquery(%(config)s::regconfig, %(words)s) AS whole,
                   to_tsquery('simple', %(beginnings)s) AS beginning
        ), found AS (
            SELECT object_id, (title @@ whole OR autocomplete @@ beginning) AS in_title
            FROM {IndexEntry._meta.db_table}, asked
            WHERE content_type_id = %(kind)s
              AND (body @@ whole OR autocomplete @@ beginning)
        )
        SELECT string_agg(object_id, ' ') FILTER (WHERE in_title),
               string_agg(object_id, ' ') FILTER (WHERE NOT in_title)
        FROM found
    """  # noqa: S608 (the table's name is no input)
    parameters = {
        "config": config,
        "words": " ".join(words),
        "beginnings": beginnings,
        "kind": _kind(),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        in_title, in_text = cursor.fetchone()
    return _numbers(in_title), _numbers(in_text)


def find_beginnings(*, words: list[str]) -> np.ndarray:
    """Some products whose names have all words, the last one unfinished."""
    beginnings = " & ".join([*(_quote(word) for word in words[:-1]), f"{_quote(words[-1])}:*"])
    sql = f"""
        SELECT object_id FROM {IndexEntry._meta.db_table}
        WHERE content_type_id = %s AND autocomplete @@ to_tsquery('simple', %s) LIMIT %s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [_kind(), beginnings, MOST_SUGGESTED])
        return np.array([int(row[0]) for row in cursor.fetchall()], dtype=np.int64)


def find_similar_word(*, word: str) -> str | None:
    """The known word most like a mistyped one, by trigrams."""
    sql = """
        SELECT word FROM shop_listing_searchword
        WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [word, word])
        found = cursor.fetchone()
    return found[0] if found else None


def _kind() -> int:
    return ContentType.objects.get_for_model(ProductCard).pk


def _quote(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _numbers(text: Any) -> np.ndarray:
    return np.fromstring(text or "", dtype=np.int64, sep=" ")
