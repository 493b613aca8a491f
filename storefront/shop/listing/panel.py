"""The filters of a list as its page shows them: groups of choices with counts, chips, orders."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from storefront.shop.listing.filters import ATTRIBUTE, SORTS, USUAL, Filters
from storefront.shop.listing.narrowing import RATINGS, Narrowed
from storefront.shop.listing.snapshot import Branch, Choice

SHOWN_AT_ONCE = 8


@dataclass(frozen=True)
class Option:
    """One choice: its field's name and value, what it is called, how many products it would leave."""

    name: str
    value: str
    label: str
    count: int
    is_chosen: bool
    element_id: str

    @property
    def is_idle(self) -> bool:
        """Would leave nothing, and is not what was chosen."""
        return not self.count and not self.is_chosen


@dataclass(frozen=True)
class Group:
    """The choices of one filter: boxes to tick, or (`is_single`) one of several."""

    title: str
    options: list[Option]
    is_single: bool = False

    @property
    def chosen_count(self) -> int:
        """How many of them are ticked."""
        return sum(option.is_chosen for option in self.options)

    @property
    def first(self) -> list[Option]:
        """What is shown at once."""
        return self.options[:SHOWN_AT_ONCE]

    @property
    def more(self) -> list[Option]:
        """What is folded away."""
        return self.options[SHOWN_AT_ONCE:]

    @property
    def opens_more(self) -> bool:
        """Whether something folded away is ticked."""
        return any(option.is_chosen for option in self.more)


@dataclass(frozen=True)
class Band:
    """A link to a span of prices."""

    label: str
    url: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter that is set, with the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Panel:
    """Everything about the filters of one list. Counted when looked at, so a cached panel is free."""

    narrowed: Narrowed
    path: str
    # The category whose page this is; its children are links there, so they are no filter.
    here: int | None
    currency: str

    @property
    def filters(self) -> Filters:
        """What is asked for."""
        return self.narrowed.filters

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or ""

    def address(self, **changes: Any) -> str:
        """The address of this list with other filters, on its first page."""
        query = self.filters.encode(**changes)
        return f"{self.path}?{query}" if query else self.path

    @property
    def reset_url(self) -> str:
        """The list without filters, in the same order."""
        return self.address(
            categories=(), attributes={}, price_from=None, price_to=None, rating=None,
            in_stock=False,
        )  # fmt: skip

    @cached_property
    def groups(self) -> list[Group]:
        """The filters with boxes to tick that this list offers."""
        return [
            group
            for group in (self._categories(), *self._attributes(), self._ratings(), self._stock())
            if group and not all(option.is_idle for option in group.options)
        ]

    @cached_property
    def bands(self) -> list[Band]:
        """Spans of prices as links."""
        chosen = (self.filters.price_from, self.filters.price_to)
        return [
            Band(
                self._span(low, high),
                self.address(price_from=low, price_to=high),
                count,
                chosen == (low, high),
            )
            for low, high, count in self.narrowed.count_prices()
            if count or chosen == (low, high)
        ]

    @cached_property
    def price_range(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest price of the list without filters, if there are two."""
        found = self.narrowed.price_range()
        return found if found and found[0] != found[1] else None

    @cached_property
    def chips(self) -> list[Chip]:
        """What is set, each with the address that takes it away."""
        return [Chip(label, self.address(**changes)) for label, changes in self._active()]

    @cached_property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Value, name and whether it is the one, of the orders this list can have."""
        names = {key: str(name) for key, name in SORTS.items()}
        if self.narrowed.prices is None:
            names = {key: name for key, name in names.items() if "price" not in key}
        if self.filters.query:
            names = {"": _("Best match"), **names}
        now = self.filters.sort or ("" if self.filters.query else USUAL)
        return [(key, name, key == now) for key, name in names.items()]

    def _categories(self) -> Group | None:
        if self.here is not None:
            return None
        chosen = set(self.filters.categories)
        branches = self.narrowed.snapshot.words.branches
        options = []
        for branch in branches.values():
            if branch.depth > 1 and branch.pk not in chosen:
                continue
            count = self.narrowed.count_category(branch.pk)
            if branch.pk in chosen or self.narrowed.has_any_of(branch.pk):
                options.append(
                    self._option("category", str(branch.pk), self._name(branch), count,
                                 branch.pk in chosen)
                )  # fmt: skip
        return Group(_("Category"), options) if len(options) > 1 or chosen else None

    def _attributes(self) -> list[Group]:
        """One group for each attribute; those that are only said yes to share the last one."""
        groups, marks = [], []
        for code, labels in self.narrowed.snapshot.words.attributes.items():
            counts = self.narrowed.count_choices(code)
            chosen = self.filters.attributes.get(code, ())
            choices = [
                choice
                for choice in self.narrowed.choices_of(code)
                if self.narrowed.offered[choice.pk] or choice.slug in chosen
            ]
            choices.sort(key=lambda choice: _natural(self._label(choice)))
            title = labels.get(self.language) or next(iter(labels.values()))
            name = f"{ATTRIBUTE}{code}"
            options = [
                self._option(
                    name,
                    choice.slug,
                    title if choice.is_yes else self._label(choice),
                    int(counts[choice.pk]),
                    choice.slug in chosen,
                )
                for choice in choices
            ]
            if all(choice.is_yes for choice in choices):
                marks += options
            else:
                groups.append(Group(title, options))
        return [*groups, Group(_("Properties"), marks)]

    def _ratings(self) -> Group | None:
        options = []
        for stars in RATINGS:
            count = self.narrowed.count_rating(stars)
            label = ngettext("%(stars)d star and more", "%(stars)d stars and more", stars)
            if count or self.filters.rating == stars:
                label %= {"stars": stars}
                is_chosen = self.filters.rating == stars
                options.append(self._option("rating", str(stars), label, count, is_chosen))
        return Group(_("Rating"), options, is_single=True)

    def _stock(self) -> Group | None:
        if self.narrowed.prices is None:
            return None
        count = self.narrowed.count_in_stock()
        option = self._option("stock", "1", _("In stock"), count, self.filters.in_stock)
        return Group(_("Availability"), [option])

    def _option(self, name: str, value: str, label: str, count: int, is_chosen: bool) -> Option:
        return Option(name, value, label, count, is_chosen, f"filter-{name}-{value}")

    def _active(self) -> list[tuple[str, dict[str, Any]]]:
        filters, words = self.filters, self.narrowed.snapshot.words
        found: list[tuple[str, dict[str, Any]]] = []
        for pk in filters.categories:
            if pk in words.branches:
                rest = tuple(each for each in filters.categories if each != pk)
                found.append((self._name(words.branches[pk]), {"categories": rest}))
        for code, labels in words.attributes.items():
            title = labels.get(self.language) or next(iter(labels.values()))
            for choice in self.narrowed.choices_of(code):
                if choice.slug in filters.attributes.get(code, ()):
                    label = title if choice.is_yes else f"{title}: {self._label(choice)}"
                    rest_of = filters.without_slug(code, choice.slug)
                    found.append((label, {"attributes": rest_of}))
        low, high = filters.price_from, filters.price_to
        if self.narrowed.prices and (low is not None or high is not None):
            found.append((self._span(low, high), {"price_from": None, "price_to": None}))
        if filters.rating:
            label = ngettext("%(stars)d star and more", "%(stars)d stars and more", filters.rating)
            found.append((label % {"stars": filters.rating}, {"rating": None}))
        if filters.in_stock:
            found.append((_("In stock"), {"in_stock": False}))
        return found

    def _span(self, low: Decimal | None, high: Decimal | None) -> str:
        if low is None and high is not None:
            return _("up to %(price)s") % {"price": self._money(high)}
        if high is None and low is not None:
            return _("from %(price)s on") % {"price": self._money(low)}
        if low is None or high is None:
            return ""
        return f"{self._money(low)} – {self._money(high)}"

    def _money(self, price: Decimal) -> str:
        pattern = None if price != price.to_integral() else _whole_pattern(self.language)
        return format_currency(
            price, self.currency, locale=self.language, format=pattern, currency_digits=not pattern
        )

    def _name(self, branch: Branch) -> str:
        return branch.names.get(self.language, branch.name)

    def _label(self, choice: Choice) -> str:
        return choice.labels.get(self.language, choice.label)


def _whole_pattern(language: str) -> str:
    """Money without cents, with the sign where the language has it."""
    return "¤#,##0" if language == "en" else "#,##0 ¤"


_PARTS: Callable[[str], list[str]] = re.compile(r"(\d+)").split


def _natural(label: str) -> list[tuple[int, Any]]:
    """So that 60 ml stands before 250 ml."""
    return [
        (0, int(part)) if part.isascii() and part.isdigit() else (1, part.casefold())
        for part in _PARTS(label)
        if part
    ]
