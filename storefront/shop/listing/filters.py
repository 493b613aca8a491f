"""What the address of a list asks for: filters and the order, read tolerantly and written back.

    category=7 attr_material=linen attr_material=hemp price_from=5 price_to=20 rating=4 stock=1 sort=price

Several values of one name widen the list, different names narrow it. What makes no sense is left
out, so an old or misspelt address shows more, never an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

ATTRIBUTE = "attr_"
SORTS: dict[str, Any] = {
    "newest": _("Newest first"),
    "best": _("Best selling"),
    "rating": _("Best rated"),
    "price": _("Price: low to high"),
    "-price": _("Price: high to low"),
    "name": _("Name"),
}
# The order a list has where nothing is asked; a search has its own.
USUAL = "newest"
# More of one kind than any panel offers.
MOST_VALUES = 50
HIGHEST_PRICE = Decimal(10_000_000)


@dataclass(frozen=True)
class Filters:
    """Filters as asked for; prices as the visitor typed them, in their own tax."""

    query: str = ""
    categories: tuple[int, ...] = ()
    # Slugs by attribute code.
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    rating: int | None = None
    in_stock: bool = False
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return replace(self, query="", sort="") == Filters()

    def encode(self, **changes: Any) -> str:
        """The query string, always in the same order; `changes` replace fields."""
        wanted = replace(self, **changes) if changes else self
        pairs: list[tuple[str, Any]] = [("q", wanted.query)] if wanted.query else []
        pairs += [("category", pk) for pk in sorted(wanted.categories)]
        for code in sorted(wanted.attributes):
            pairs += [(f"{ATTRIBUTE}{code}", slug) for slug in sorted(wanted.attributes[code])]
        for name in ("price_from", "price_to", "rating"):
            if (value := getattr(wanted, name)) is not None:
                pairs.append((name, _plain(value)))
        if wanted.in_stock:
            pairs.append(("stock", 1))
        if wanted.sort:
            pairs.append(("sort", wanted.sort))
        return urlencode(pairs)

    def without_slug(self, code: str, slug: str) -> dict[str, tuple[str, ...]]:
        """The attributes with one value taken out."""
        kept = tuple(each for each in self.attributes[code] if each != slug)
        attributes = {name: slugs for name, slugs in self.attributes.items() if name != code}
        return {**attributes, code: kept} if kept else attributes


def read_filters(parameters: QueryDict, *, query: str = "") -> Filters:
    """What an address asks for; `query` is the search's, already cleaned."""
    attributes = {}
    for name in parameters:
        values = [value[:120] for value in parameters.getlist(name) if value][:MOST_VALUES]
        if name.startswith(ATTRIBUTE) and values:
            attributes[name.removeprefix(ATTRIBUTE)[:128]] = tuple(dict.fromkeys(values))
    sort = parameters.get("sort", "")
    if sort == USUAL and not query:
        sort = ""
    rating = _whole(parameters.get("rating", ""))
    low, high = _price(parameters.get("price_from")), _price(parameters.get("price_to"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    numbers = (_whole(value) for value in parameters.getlist("category")[:MOST_VALUES])
    return Filters(
        query=query,
        categories=tuple(dict.fromkeys(number for number in numbers if number)),
        attributes=dict(list(attributes.items())[:MOST_VALUES]),
        price_from=low,
        price_to=high,
        rating=rating if rating in {1, 2, 3, 4, 5} else None,
        in_stock=parameters.get("stock") == "1",
        sort=sort if sort in SORTS else "",
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _price(text: str | None) -> Decimal | None:
    """A price as people type it, with comma or point; None for anything else."""
    plain = (text or "").strip().replace(",", ".")
    if not plain or len(plain) > 12 or not set(plain) <= set("0123456789."):
        return None
    try:
        price = Decimal(plain)
    except InvalidOperation:
        return None
    return min(price, HIGHEST_PRICE)


def _plain(value: Any) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
