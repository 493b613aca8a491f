"""What a search finds: products in every language, pages in the visitor's own."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.html import strip_tags
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from storefront.shop.catalogue.addresses import get_category_address
from storefront.shop.listing.models import ProductCard, SearchWord
from storefront.shop.listing.snapshot import Snapshot

QUERY_LENGTH = 100
# More products than that are not told apart where the backend is not PostgreSQL.
MOST_PRODUCTS = 2_000
MOST_PAGES = 20
SUGGESTED_PRODUCTS, SUGGESTED_CATEGORIES, SUGGESTED_PAGES = 5, 3, 3
SHORTEST = 2
POPULAR_CATEGORIES = 8
# A search server would also find what has one of the words.
EVERY = "and"

_WORDS: Callable[[str], list[str]] = re.compile(r"\w+").findall


@dataclass(frozen=True)
class FoundPage:
    """A page of the CMS that has the words, with a piece of its text around the first of them."""

    title: str
    url: str
    text: str


@dataclass(frozen=True)
class Suggestions:
    """What the search field offers while someone types."""

    product_ids: list[int] = field(default_factory=list)
    # Name and address.
    categories: list[tuple[str, str]] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)


def clean_query(*, text: str) -> str:
    """A query as it is shown and asked: one line, at most 100 characters."""
    return " ".join(text.replace("\0", " ").split())[:QUERY_LENGTH].strip()


def split_query(*, query: str) -> list[str]:
    """The words of a query in small letters; none for one of punctuation."""
    return [word for word in _WORDS(query.lower()) if word.strip("_")]


def find_products(*, query: str, snapshot: Snapshot) -> list[int]:
    """Numbers of the products that have every word, best first.

    What has them in its title comes before what has them in its text; within both the best selling
    first. Kept in the cache until something changes.
    """
    words = split_query(query=query)
    if not words:
        return []
    key = f"search:{snapshot.era}:{snapshot.version}:{' '.join(words)}".replace(" ", "+")
    found = cache.get(key)
    if found is None:
        found = _rank(_find(words), snapshot)
        cache.set(key, found, settings.LIST_CACHE_SECONDS)
    return found


def find_pages(*, query: str, language: str) -> list[FoundPage]:
    """Pages of this language that everybody may see and that have every word."""
    words = split_query(query=query)
    if not words:
        return []
    pages = _public_pages(language).specific()
    backend = get_search_backend()
    found = list(backend.search(" ".join(words), pages, operator=EVERY)[:MOST_PAGES])
    if not found:
        results = backend.autocomplete(" ".join(words), pages, operator=EVERY)
        found = list(results[:MOST_PAGES])
    return [
        FoundPage(page.title, page.get_url() or "", _excerpt(page, words))
        for page in found
        if page.depth > 1
    ]


def correct_query(*, query: str) -> str:
    """The query with unknown words replaced by the known ones most like them; "" if that fails."""
    words = split_query(query=query)
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    corrected = [word if word in known else _similar(word) for word in words]
    if not words or corrected == words or None in corrected:
        return ""
    return " ".join(str(word) for word in corrected)


def suggest(*, query: str, snapshot: Snapshot, language: str) -> Suggestions:
    """A few products, categories and pages whose names begin like this; nothing below 2 letters."""
    words = split_query(query=query)
    if sum(map(len, words)) < SHORTEST:
        return Suggestions()
    found = _rank([_find_beginnings(words)], snapshot)
    pages = get_search_backend().autocomplete(
        " ".join(words), _public_pages(language), operator=EVERY
    )
    named = [(page.title, page.get_url() or "") for page in pages[:SUGGESTED_PAGES]]
    return Suggestions(
        product_ids=found[:SUGGESTED_PRODUCTS],
        categories=_suggest_categories(words, snapshot, language),
        pages=named,
    )


def list_popular_categories(*, snapshot: Snapshot, language: str) -> list[tuple[str, str]]:
    """Name and address of the top categories with the most products."""
    tops = [each for each in snapshot.words.branches.values() if each.depth == 1]
    tops.sort(key=lambda branch: -int(snapshot.below(branch.pk).sum()))
    return [
        (
            branch.names.get(language, branch.name),
            get_category_address(slugs=[branch.slug], pk=branch.pk),
        )
        for branch in tops[:POPULAR_CATEGORIES]
    ]


def _is_postgres() -> bool:
    # A search server is asked through Wagtail's interface instead.
    backend = settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"]
    return connection.vendor == "postgresql" and backend == "storefront.shop.search.backend"


def _find(words: list[str]) -> Sequence[Iterable[int]]:
    if _is_postgres():
        from storefront.shop.search.postgres import find_card_ids

        config = settings.WAGTAILSEARCH_BACKENDS["default"]["SEARCH_CONFIG"]
        return find_card_ids(words=words, config=config)
    backend, cards = get_search_backend(), ProductCard.objects.filter(is_public=True)
    query = " ".join(words)
    names = _numbers(backend.autocomplete(query, cards, operator=EVERY))
    texts = _numbers(backend.search(query, cards, operator=EVERY))
    texts = [pk for pk in texts if pk not in set(names)]
    return names, texts


def _find_beginnings(words: list[str]) -> Iterable[int]:
    if _is_postgres():
        from storefront.shop.search.postgres import find_beginnings

        return find_beginnings(words=words)
    cards = ProductCard.objects.filter(is_public=True)
    results = get_search_backend().autocomplete(" ".join(words), cards, operator=EVERY)
    return _numbers(results)


def _numbers(results: Any) -> list[int]:
    if hasattr(results, "get_queryset"):
        return list(results.get_queryset().values_list("pk", flat=True)[:MOST_PRODUCTS])
    return [card.pk for card in results[:MOST_PRODUCTS]]


def _rank(tiers: Sequence[Iterable[int]], snapshot: Snapshot) -> list[int]:
    """Each tier with the best selling first, one tier after the other."""
    order = snapshot.order("best", kind="retail", language="")
    ranked: list[int] = []
    for tier in tiers:
        mask = np.zeros(snapshot.size, dtype=bool)
        mask[snapshot.rows_of(tier)] = True
        ranked += snapshot.product_ids[order[mask[order]]].tolist()
    return ranked


def _similar(word: str) -> str | None:
    if connection.vendor == "postgresql":
        from storefront.shop.search.postgres import find_similar_word

        return find_similar_word(word=word)
    known = SearchWord.objects.values_list("word", flat=True)
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.7)), None)


def _public_pages(language: str) -> Any:
    pages = Page.objects.live().public().filter(depth__gt=1)
    # By number: a search may be narrowed down by what is in its index only.
    locale = Locale.objects.filter(language_code=language).first()
    return pages.filter(locale_id=locale.pk) if locale else pages.none()


def _excerpt(page: Any, words: list[str], *, around: int = 90) -> str:
    """A piece of what the page says, where the first word stands, or else its beginning."""
    texts = [page.search_description] if page.search_description else []
    for each in page.get_searchable_search_fields():
        if each.field_name not in {"title", "search_description"}:
            value = each.get_value(page)
            texts.append(str(value) if value else "")
    text = " ".join(strip_tags(" ".join(texts).replace("<", " <")).split())
    lowered = text.lower()
    places = [place for place in (lowered.find(word[:5]) for word in words) if place >= 0]
    start = max(0, min(places, default=0) - around)
    piece = text[start : start + 2 * around]
    if start:
        piece = f"… {piece.partition(' ')[2]}"
    return f"{piece.rpartition(' ')[0]} …" if start + 2 * around < len(text) else piece


def _suggest_categories(
    words: list[str], snapshot: Snapshot, language: str
) -> list[tuple[str, str]]:
    found = []
    branches = snapshot.words.branches
    slugs = {branch.path: branch.slug for branch in branches.values()}
    for branch in branches.values():
        name = branch.names.get(language, branch.name)
        begins = [part for part in _WORDS(name.lower()) if part.startswith(words[-1])]
        if begins and all(word in name.lower() for word in words[:-1]):
            step = len(branch.path) // branch.depth
            ends = range(step, len(branch.path) + 1, step)
            way = [slugs.get(branch.path[:end], "") for end in ends]
            found.append((name, get_category_address(slugs=way, pk=branch.pk)))
    return found[:SUGGESTED_CATEGORIES]
