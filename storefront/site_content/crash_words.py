"""The words of the page that is shown when anything at all may be broken.

They are written to a file whenever they change, and kept in memory: the page of a crash asks neither
the database nor the cache.
"""

import json
import logging
import os
from pathlib import Path

from django.conf import settings

from storefront.site_content.selectors import Link, Words

logger = logging.getLogger(__name__)
_remembered: dict[str, Words | None] = {}


def remember(*, language: str, words: Words | None) -> None:
    """Keep what the page says in a language; None for the theme's own words. Never raises."""
    if language in _remembered and _remembered[language] == words:
        return
    _remembered[language] = words
    path = _path(language)
    try:
        if words is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        link = [words.link.name, words.link.url] if words.link else None
        draft.write_text(json.dumps([words.heading, words.text, link]), encoding="utf-8")
        draft.replace(path)
    except OSError:
        logger.warning("The words of the error page could not be written to %s", path)


def recall(*, language: str) -> Words | None:
    """What the page says in a language, or None for the theme's own words. Never raises."""
    if language not in _remembered:
        try:
            heading, text, link = json.loads(_path(language).read_text(encoding="utf-8"))
            _remembered[language] = Words(heading, text, Link(*link) if link else None)
        except (OSError, ValueError, TypeError):
            return None
    return _remembered[language]


def forget() -> None:
    """Read the file again: another process may have written it."""
    _remembered.clear()


def _path(language: str) -> Path:
    return Path(settings.CRASH_WORDS_DIR) / f"error_page_500.{language}.json"
