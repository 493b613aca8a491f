"""Narrows a list down by what an address asks for, and counts what every other choice would leave.

The count at a choice is right under all *other* filters: of the same filter the choices widen each
other, so its own ones do not count against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from storefront.shop.listing.filters import USUAL, Filters
from storefront.shop.listing.snapshot import NOTHING, Snapshot

CATEGORY, PRICE, RATING, STOCK = "category", "price", "rating", "stock"
RATINGS = (4, 3, 2)
BANDS = 4
NICE = (1, 2, 3, 5, 8)


@dataclass(frozen=True)
class Prices:
    """The prices a buyer sees: which column holds them, and what the destination's tax makes of 1."""

    kind: str
    factor: Decimal = Decimal(1)

    def to_stored(self, price: Decimal) -> int:
        """A price as the visitor sees it in 1/100 as stored."""
        return round(price / self.factor * 100)

    def to_seen(self, stored: int) -> Decimal:
        """The other way round."""
        return (Decimal(int(stored)) / 100 * self.factor).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Narrowed:
    """A list under its filters. `base` is the mask of what is listed without any."""

    snapshot: Snapshot
    filters: Filters
    base: np.ndarray
    # None in a closed shop, for who may not see prices: then prices and stock filter nothing.
    prices: Prices | None

    @cached_property
    def masks(self) -> dict[str, np.ndarray]:
        """What each active filter leaves, by its name; attributes by their code."""
        filters, snapshot = self.filters, self.snapshot
        found: dict[str, np.ndarray] = {}
        if chosen := [pk for pk in filters.categories if pk in snapshot.words.branches]:
            found[CATEGORY] = np.logical_or.reduce([snapshot.below(pk) for pk in chosen])
        for code, slugs in filters.attributes.items():
            numbers = [choice.pk for choice in self.choices_of(code) if choice.slug in slugs]
            if numbers:
                found[code] = snapshot.choices.rows_with(numbers, size=snapshot.size)
        if filters.rating:
            found[RATING] = snapshot.rating >= filters.rating * 10
        if filters.in_stock and self.prices:
            found[STOCK] = snapshot.in_stock
        if self.prices and (filters.price_from is not None or filters.price_to is not None):
            found[PRICE] = self._between(filters.price_from, filters.price_to)
        return found

    def choices_of(self, code: str) -> list[Any]:
        """The choices of an attribute that lists are filtered by."""
        words = self.snapshot.words
        if code not in words.attributes:
            return []
        return [choice for choice in words.choices.values() if choice.code == code]

    @cached_property
    def mask(self) -> np.ndarray:
        """What is left under all filters."""
        return self.under_others("")

    def under_others(self, name: str) -> np.ndarray:
        """What is left under all filters but one."""
        masks = [mask for other, mask in self.masks.items() if other != name]
        return np.logical_and.reduce([self.base, *masks])

    @property
    def count(self) -> int:
        """How many products are left."""
        return int(self.mask.sum())

    def count_choices(self, code: str) -> np.ndarray:
        """Counts by number of the choice."""
        return self._count(code if code in self.masks else "")

    def _count(self, name: str) -> np.ndarray:
        if name not in self._counts:
            length = max(self.snapshot.words.choices, default=0) + 1
            mask = self.under_others(name)
            self._counts[name] = self.snapshot.choices.count(mask, length=length)
        return self._counts[name]

    @cached_property
    def _counts(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def offered(self) -> np.ndarray:
        """Counts by number of the choice without any filter: what is worth being shown at all."""
        length = max(self.snapshot.words.choices, default=0) + 1
        return self.snapshot.choices.count(self.base, length=length)

    def count_category(self, pk: int) -> int:
        """What choosing a category would leave."""
        return int((self.under_others(CATEGORY) & self.snapshot.below(pk)).sum())

    def has_any_of(self, pk: int) -> bool:
        """Whether the list without filters has anything of a category."""
        return bool((self.base & self.snapshot.below(pk)).any())

    def count_rating(self, stars: int) -> int:
        """What "so many stars and more" would leave."""
        return int((self.under_others(RATING) & (self.snapshot.rating >= stars * 10)).sum())

    def count_in_stock(self) -> int:
        """What "in stock" would leave."""
        return int((self.under_others(STOCK) & self.snapshot.in_stock).sum())

    def count_prices(self) -> list[tuple[Decimal | None, Decimal | None, int]]:
        """Bands of prices with what each would leave: from (None: any), to (None: any), count."""
        if self.prices is None:
            return []
        edges = self._edges()
        others = self.under_others(PRICE)
        bands = zip([None, *edges], [*edges, None], strict=True)
        return [(low, high, int((others & self._between(low, high)).sum())) for low, high in bands]

    def price_range(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest price of the list without filters, as the visitor sees them."""
        found = self._prices_of(self.base)
        if self.prices is None or not len(found):
            return None
        return self.prices.to_seen(found.min()), self.prices.to_seen(found.max())

    def _prices_of(self, mask: np.ndarray) -> np.ndarray:
        if self.prices is None:
            return np.zeros(0, dtype=np.int64)
        found = self.snapshot.prices[self.prices.kind][mask]
        return found[found != NOTHING]

    def _edges(self) -> list[Decimal]:
        """Round prices that cut the list into parts of about the same size."""
        found = self._prices_of(self.base)
        if self.prices is None or len(found) < BANDS:
            return []
        cuts = np.quantile(found, [part / BANDS for part in range(1, BANDS)])
        edges = sorted({_nice(self.prices.to_seen(int(cut))) for cut in cuts})
        low, high = self.prices.to_seen(found.min()), self.prices.to_seen(found.max())
        return [edge for edge in edges if low < edge < high]

    def _between(self, low: Decimal | None, high: Decimal | None) -> np.ndarray:
        if self.prices is None:
            return self.base
        column = self.snapshot.prices[self.prices.kind]
        mask = column != NOTHING
        if low is not None:
            mask = mask & (column >= self.prices.to_stored(low))
        if high is not None:
            mask = mask & (column <= self.prices.to_stored(high))
        return mask

    def page(
        self, *, sort: str, language: str, start: int, stop: int, ranked: Iterable[int] = ()
    ) -> list[int]:
        """Numbers of the products from `start` to `stop` in this order.

        Without a `sort` they come as `ranked` (a search's order) or, without that, newest first.
        """
        snapshot = self.snapshot
        if self.prices is None and "price" in sort:
            # The order alone would tell which of two things costs more.
            sort = ""
        ranking = list(ranked)
        if ranking and not sort:
            order = snapshot.rows_of(ranking)
        else:
            kind = self.prices.kind if self.prices else "retail"
            order = snapshot.order(sort or USUAL, kind=kind, language=language)
        hits = order[self.mask[order]]
        return snapshot.product_ids[hits[start:stop]].tolist()


def _nice(price: Decimal) -> Decimal:
    """The nearest round price: 1, 2, 3, 5, 8, 10, 20 …"""
    step = Decimal(10) ** (price.adjusted() if price else 0)
    candidates = [step * each for each in (*NICE, 10)]
    return min(candidates, key=lambda each: abs(each - price)).quantize(Decimal(1))
