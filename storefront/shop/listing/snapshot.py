"""All public cards as columns in memory, which makes filters, counts and sorting cheap.

Counting the choices of every filter under all the others is a query per filter in SQL, each over
most of the catalogue. Here the cards are a few NumPy columns (8 MB for 80,000 products) that are
read once and then follow the changes: every request asks for the number of the last change (one
query), and reads the cards that changed since, if any. So it is never older than the database, in
whatever process. It is a cache and no more: clearing Django's cache clears it.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db.models import BigIntegerField, F, Func, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Round
from oscar.core.loading import get_model

from mlm_plugin.volumes.models import BuyerKind
from storefront.shop.details.models import AttributeText, OptionText
from storefront.shop.listing.models import (
    CategoryText,
    FilterAttribute,
    FilterChoice,
    ProductCard,
)
from storefront.shop.listing.stamp import get_stamp

ERA_KEY = "listing:era"
NOTHING = -1
PRICES = {
    BuyerKind.RETAIL.value: "price",
    BuyerKind.PREFERRED.value: "price_preferred",
    BuyerKind.MEMBER.value: "price_member",
}


class Seconds(Func):
    """A moment as whole seconds, so that no `datetime` is made of each."""

    output_field = BigIntegerField()

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(*args, template=template, **kwargs)

    def as_sqlite(self, *args: Any, **kwargs: Any) -> Any:
        template = "CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(*args, template=template, **kwargs)


def _minor(name: str) -> Any:
    """A price in 1/100: they are stored with two decimals, whatever the currency."""
    return Coalesce(Cast(Round(F(name) * 100), BigIntegerField()), Value(NOTHING))


# Whole numbers already when they leave the database: 80,000 times three Decimals and a datetime
# would take longer than everything else.
NUMBERS: dict[str, Any] = {
    "product_ids": F("product_id"),
    "is_public": F("is_public"),
    **{kind: _minor(name) for kind, name in PRICES.items()},
    "rating": Coalesce(Cast("rating", BigIntegerField()), Value(NOTHING)),
    "sold": F("sold"),
    "in_stock": F("in_stock"),
    "created": Seconds("created_at"),
}
LISTS = ("categories", "choices")


@dataclass(frozen=True)
class Branch:
    """A public category of the tree, with its name per language code."""

    pk: int
    path: str
    depth: int
    slug: str
    name: str
    names: dict[str, str]


@dataclass(frozen=True)
class Choice:
    """A value of an attribute, with its label per language code."""

    pk: int
    code: str
    slug: str
    label: str
    labels: dict[str, str]
    is_yes: bool


@dataclass(frozen=True)
class Words:
    """What filters are called; read again whenever one of these names changes."""

    branches: dict[int, Branch]
    choices: dict[int, Choice]
    # Label of each attribute that lists are filtered by, in order, per language code.
    attributes: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Pairs:
    """Rows of cards beside numbers of what they have: a card with three categories is there thrice."""

    rows: np.ndarray
    numbers: np.ndarray

    def count(self, mask: np.ndarray, *, length: int) -> np.ndarray:
        """How many of the cards in `mask` have each number."""
        return np.bincount(self.numbers[mask[self.rows]], minlength=length)

    def rows_with(self, numbers: Iterable[int], *, size: int) -> np.ndarray:
        """The mask of the cards that have at least one of the numbers."""
        mask = np.zeros(size, dtype=bool)
        mask[self.rows[np.isin(self.numbers, np.fromiter(numbers, dtype=np.int64))]] = True
        return mask


@dataclass(frozen=True)
class Snapshot:
    """The public cards at one moment. Never changed: a newer one takes its place."""

    era: str
    version: int
    renewed: int
    product_ids: np.ndarray
    # Prices in 1/100 by kind of buyer; NOTHING where there is none.
    prices: dict[str, np.ndarray]
    rating: np.ndarray
    sold: np.ndarray
    in_stock: np.ndarray
    created: np.ndarray
    categories: Pairs
    choices: Pairs
    words: Words
    # Filled when asked for; the orders by name also know the names of the snapshot before.
    _orders: dict[str, np.ndarray] = field(default_factory=dict)
    _names: dict[str, dict[int, str]] = field(default_factory=dict)
    _below: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many cards there are."""
        return len(self.product_ids)

    @cached_property
    def _by_id(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.product_ids)
        return self.product_ids[order], order

    def everything(self) -> np.ndarray:
        """The mask of all cards."""
        return np.ones(self.size, dtype=bool)

    def rows_of(self, product_ids: Iterable[int]) -> np.ndarray:
        """Rows of these products in the order given; unknown ones are left out."""
        wanted = np.fromiter(product_ids, dtype=np.int64)
        ids, order = self._by_id
        if not len(ids):
            return np.zeros(0, dtype=np.int64)
        places = np.searchsorted(ids, wanted).clip(max=len(ids) - 1)
        return order[places[ids[places] == wanted]]

    def below(self, category_id: int) -> np.ndarray:
        """The mask of what stands in a category or anywhere below it."""
        if category_id not in self._below:
            branch = self.words.branches.get(category_id)
            family = [category_id] if branch is None else self._family(branch)
            self._below[category_id] = self.categories.rows_with(family, size=self.size)
        return self._below[category_id]

    def children_of(self, category_id: int) -> list[tuple[Branch, list[str]]]:
        """The categories right below one, each with the slugs of the way down to it."""
        branches = self.words.branches
        if category_id not in branches:
            return []
        above = branches[category_id]
        slugs = {each.path: each.slug for each in branches.values()}
        found = []
        for each in branches.values():
            if each.depth == above.depth + 1 and each.path.startswith(above.path):
                steps = len(each.path) // each.depth
                ends = range(steps, len(each.path) + 1, steps)
                way = [slugs[each.path[:end]] for end in ends if each.path[:end] in slugs]
                found.append((each, way))
        return found

    def _family(self, branch: Branch) -> list[int]:
        branches = self.words.branches.values()
        return [each.pk for each in branches if each.path.startswith(branch.path)]

    def order(self, sort: str, *, kind: str, language: str) -> np.ndarray:
        """All rows in the order of `sort`: newest, best, rating, name, price or -price."""
        key = {"name": f"name:{language}"}.get(sort, f"{sort}:{kind}" if "price" in sort else sort)
        if key not in self._orders:
            self._orders[key] = self._sort(sort, kind, language)
        return self._orders[key]

    def _sort(self, sort: str, kind: str, language: str) -> np.ndarray:
        newest = (-self.product_ids, -self.created)
        if sort == "name":
            names = self._names_in(language)
            found = [names.get(pk, "") for pk in self.product_ids.tolist()]
            return np.array(sorted(range(len(found)), key=found.__getitem__), dtype=np.int64)
        keys: dict[str, Callable[[], np.ndarray]] = {
            "best": lambda: -self.sold,
            "rating": lambda: -self.rating,
            "price": lambda: np.where(
                self.prices[kind] == NOTHING, np.iinfo(np.int64).max, self.prices[kind]
            ),
            "-price": lambda: -self.prices[kind],
        }
        # The last key sorts first.
        return np.lexsort((*newest, keys[sort]()) if sort in keys else newest)

    def best_rated_below(self, category_id: int, *, count: int) -> list[int]:
        """Numbers of the best rated products of a category and everything below it."""
        order = self.order("rating", kind="retail", language="")
        hits = order[self.below(category_id)[order]][:count]
        return self.product_ids[hits].tolist()

    def _names_in(self, language: str) -> dict[int, str]:
        if language not in self._names:
            self._names[language] = _read_names(ProductCard.objects.all(), language)
        return self._names[language]


# What this process read last.
_kept: dict[str, Snapshot] = {}


def get_snapshot() -> Snapshot:
    """The listing as the database has it now: one query if nothing changed since the last look."""
    era = cache.get(ERA_KEY)
    if era is None:
        era = uuid.uuid4().hex
        cache.add(ERA_KEY, era, None)
        era = cache.get(ERA_KEY) or era
    version, renewed = get_stamp()
    old = _kept.get("snapshot")
    if old is None or old.era != era or old.renewed != renewed or old.version > version:
        old = _kept["snapshot"] = _read_all(era, version, renewed)
    elif old.version != version:
        old = _kept["snapshot"] = _read_changes(old, version)
    return old


def _read_all(era: str, version: int, renewed: int) -> Snapshot:
    columns = _columns(_read_rows(ProductCard.objects.filter(is_public=True)))
    return Snapshot(era, version, renewed, **columns, words=_read_words())


def _read_changes(old: Snapshot, version: int) -> Snapshot:
    """The old snapshot with the cards that changed since taken out and put in as they are now."""
    changed = _changed_since(old.version)
    rows = _read_rows(changed)
    gone = np.isin(old.product_ids, np.array([row[0] for row in rows], dtype=np.int64))
    new = _columns([row for row in rows if row[1]])
    kept = ~gone
    places = np.cumsum(kept) - 1
    shift = int(kept.sum())
    words = old.words
    if not set(new["choices"].numbers.tolist()) <= set(words.choices):
        words = _read_words()
    merged: dict[str, Any] = {"words": words}
    for name in ("product_ids", "rating", "sold", "in_stock", "created"):
        merged[name] = np.concatenate([getattr(old, name)[kept], new[name]])
    merged["prices"] = {
        kind: np.concatenate([old.prices[kind][kept], new["prices"][kind]]) for kind in PRICES
    }
    for name in ("categories", "choices"):
        pairs, more = getattr(old, name), new[name]
        stay = kept[pairs.rows]
        merged[name] = Pairs(
            np.concatenate([places[pairs.rows[stay]], more.rows + shift]),
            np.concatenate([pairs.numbers[stay], more.numbers]),
        )
    names = {
        language: {**known, **_read_names(changed, language)}
        for language, known in old._names.items()
    }
    return replace(old, version=version, **merged, _orders={}, _below={}, _names=names)


def _changed_since(version: int) -> Any:
    return ProductCard.objects.filter(changed__gt=version)


def _read_names(cards: Any, language: str) -> dict[int, str]:
    name = Coalesce(KeyTextTransform(language, "titles"), "title", output_field=TextField())
    return {pk: title.casefold() for pk, title in cards.values_list("pk", name)}


def _read_rows(cards: Any) -> list[tuple[Any, ...]]:
    return list(cards.order_by("pk").values_list(*NUMBERS.values(), *LISTS))


def _columns(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    table = np.array([row[: -len(LISTS)] for row in rows], dtype=np.int64)
    # A column of the table would keep all of it, and its numbers lie far apart.
    found: dict[str, Any] = {
        name: table[:, place].copy() if rows else np.zeros(0, dtype=np.int64)
        for place, name in enumerate(NUMBERS)
    }
    del found["is_public"]
    found["in_stock"] = found["in_stock"].astype(bool)
    found["prices"] = {kind: found.pop(kind) for kind in PRICES}
    for place, name in enumerate(LISTS):
        found[name] = _pairs([row[len(NUMBERS) + place] for row in rows])
    return found


def _pairs(texts: list[str]) -> Pairs:
    lengths = [text.count(" ") + 1 if text else 0 for text in texts]
    numbers = np.fromstring(" ".join(filter(None, texts)), dtype=np.int64, sep=" ")
    return Pairs(np.repeat(np.arange(len(texts)), lengths), numbers)


def _read_words() -> Words:
    categories = get_model("catalogue", "Category").objects.browsable().order_by("path")
    rows = categories.values_list("pk", "path", "depth", "slug", "name")
    names: dict[int, dict[str, str]] = {}
    for pk, language, name in CategoryText.objects.values_list("category_id", "language", "name"):
        names.setdefault(pk, {})[language] = name
    options: dict[int, dict[str, str]] = {}
    for option, language, name in OptionText.objects.values_list("option_id", "language", "name"):
        options.setdefault(option, {})[language] = name
    choices = {}
    for row in FilterChoice.objects.select_related("option"):
        label = row.option.option if row.option else row.label
        labels = options.get(row.option_id, {}) if row.option else row.labels
        choices[row.pk] = Choice(row.pk, row.code, row.slug, label, labels, row.is_yes)
    return Words(
        branches={row[0]: Branch(*row, names.get(row[0], {})) for row in rows},
        choices=choices,
        attributes=_read_attributes(),
    )


def _read_attributes() -> dict[str, dict[str, str]]:
    codes = list(FilterAttribute.objects.values_list("code", flat=True))
    found: dict[str, dict[str, str]] = {}
    attributes = get_model("catalogue", "ProductAttribute").objects.filter(code__in=codes)
    for code, name in attributes.order_by("-pk").values_list("code", "name"):
        found[code] = {settings.LANGUAGE_CODE: name}
    texts = AttributeText.objects.filter(attribute__code__in=found)
    for code, language, name in texts.values_list("attribute__code", "language", "name"):
        found[code][language] = name
    return {code: found[code] for code in codes if code in found}
