"""Marks the words that were searched for, other forms of them included."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHORTEST_STEM = 3
ENDING = 3

_SPLIT = re.compile(r"(\w+)")


def mark_words(*, text: str, words: list[str]) -> SafeString:
    """`text` as HTML, escaped, with `<mark>` around every word that is one of `words`.

    "soaps" marks soap and "мыла" marks мыло: words count as the same when they begin alike.
    """
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if _is_one_of(part, words) else part,)
            for part in _SPLIT.split(text)
        ),
    )


def _is_one_of(part: str, words: list[str]) -> bool:
    lowered = part.lower()
    return bool(part.strip()) and any(_is_same(lowered, word) for word in words)


def _is_same(part: str, word: str) -> bool:
    if part.startswith(word):
        return True
    same = next(
        (place for place, (one, other) in enumerate(zip(part, word, strict=False)) if one != other),
        min(len(part), len(word)),
    )
    return same >= max(SHORTEST_STEM, len(part) - ENDING, len(word) - ENDING)
