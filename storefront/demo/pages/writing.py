"""Short words to write blocks with: each gives a block as the CMS keeps it.

Pictures are named by their scene, products by article number, categories by slug; `content` puts
numbers in their places.
"""

from dataclasses import dataclass, field
from typing import Any

Block = tuple[str, Any]


@dataclass(frozen=True)
class Words:
    """One page in one language; `fields` are those of its kind, streams as lists of blocks."""

    title: str
    summary: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PageText:
    """One page: its kind, its address, the address of the page above, and its words."""

    kind: str
    slug: str
    words: dict[str, Words]
    below: str = ""
    in_menu: bool = False
    common: dict[str, Any] = field(default_factory=dict)


def scene(name: str, alt: str) -> dict[str, Any]:
    """A picture."""
    return {"scene": name, "alt_text": alt, "decorative": False}


def button(address: str, label: str) -> dict[str, Any]:
    """A button to a place of this site, without the prefix of the language."""
    return {"goes_to": "address", "path": address, "label": label}


def text(html: str) -> Block:
    """Running text."""
    return ("text", html)


def hero(headline: str, html: str, picture: Any, *buttons: Any, tint: str = "leaf") -> Block:
    """The opening."""
    first, second = [*buttons, {}, {}][:2]
    value = {"headline": headline, "text": html, "picture": picture, "tint": tint}
    return ("hero", {**value, "button": first, "second_button": second})


def beside(picture: Any, html: str, to: Any = None, *, side: str = "left") -> Block:
    """Text and picture."""
    return (
        "text_with_picture",
        {"picture": picture, "text": html, "button": to or {}, "side": side},
    )


def row(source: str, *, heading: str = "", count: int = 4, **more: Any) -> Block:
    """Products: `skus` for chosen ones, `shelf` for a category."""
    value = {"source": source, "heading": heading, "count": str(count), "products": []}
    return ("product_row", {**value, **more})


def quote(words: str, name: str, role: str, picture: Any) -> Block:
    """What somebody said."""
    return ("quote", {"quote": words, "name": name, "role": role, "portrait": picture})


def numbers(*entries: tuple[str, str]) -> Block:
    """Figures."""
    figures = [{"figure": figure, "label": label} for figure, label in entries]
    return ("numbers", {"heading": "", "numbers": figures})


def tiles(heading: str) -> Block:
    """All categories."""
    return ("category_tiles", {"heading": heading, "tiles": []})


def gallery(*entries: tuple[Any, str], heading: str = "") -> Block:
    """Pictures with a line below each."""
    pictures = [{"picture": picture, "caption": caption} for picture, caption in entries]
    return ("gallery", {"heading": heading, "pictures": pictures})


def questions(heading: str, *entries: tuple[str, str]) -> Block:
    """Questions that open one by one."""
    return ("questions", {"heading": heading, "questions": [ask(*each) for each in entries]})


def group(heading: str, *entries: tuple[str, str]) -> Block:
    """A group of a questions page."""
    return ("group", {"heading": heading, "questions": [ask(*each) for each in entries]})


def ask(question: str, answer: str) -> dict[str, str]:
    """One question."""
    return {"question": question, "answer": answer}


def table(caption: str, columns: tuple[tuple[str, str], ...], *rows: tuple[str, ...]) -> Block:
    """A table; a column is its kind and its heading."""
    return (
        "table",
        {
            "caption": caption,
            "columns": [{"type": kind, "heading": heading} for kind, heading in columns],
            "rows": [{"values": list(values)} for values in rows],
        },
    )


def join(headline: str, html: str, label: str) -> Block:
    """The way in for members."""
    return ("join_banner", {"headline": headline, "text": html, "button": label})


def finder(heading: str, words: str) -> Block:
    """Who knows a member finds that member's page."""
    return ("finder", {"heading": heading, "text": words})
