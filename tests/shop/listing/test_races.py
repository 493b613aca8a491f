"""Several processes bring cards up to date at once, on PostgreSQL."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from oscar.core.loading import get_model

from storefront.shop.listing import services
from storefront.shop.listing.models import ListingStamp, ProductCard
from tests.factories import make_product
from tests.racing import PATIENCE, run_together, wait_until_somebody_waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def sell_while_the_card_is_written(
    monkeypatch: pytest.MonkeyPatch, *, wait: Callable[[threading.Event], Any]
) -> ProductCard:
    """The card of a product that is back in stock, whose last pieces are sold while it says so.

    `wait` is what happens between reading the stock and writing the card; it gets the event of the
    sale being over.
    """
    record = make_product("Soap", stock=0).stockrecords.get()
    records = get_model("partner", "StockRecord").objects.filter(pk=record.pk)
    services.refresh_cards(product_ids=[record.product_id])
    records.update(num_in_stock=3)
    is_read, is_sold = threading.Event(), threading.Event()
    has_any = services._has_any

    def look_slowly(*args: Any, **kwargs: Any) -> bool:
        found = has_any(*args, **kwargs)
        if found:
            is_read.set()
            wait(is_sold)
        return found

    monkeypatch.setattr(services, "_has_any", look_slowly)

    def sell() -> None:
        assert is_read.wait(PATIENCE)
        records.update(num_allocated=3)
        services.refresh_stock(product_ids=[record.product_id])
        is_sold.set()

    restock = partial(services.refresh_stock, product_ids=[record.product_id])
    errors = [each for each in run_together([restock, sell]) if isinstance(each, Exception)]
    assert errors == []
    return ProductCard.objects.get()


def test_the_later_sale_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    card = sell_while_the_card_is_written(
        monkeypatch, wait=lambda _sold: wait_until_somebody_waits()
    )
    assert not card.in_stock


def test_without_the_lock_a_card_offers_what_is_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is real: the sale found nothing to correct, and then the older answer was written."""
    monkeypatch.setattr(services, "_lock_cards", lambda cards: list(cards.order_by("pk")))
    card = sell_while_the_card_is_written(monkeypatch, wait=lambda sold: sold.wait(PATIENCE))
    assert card.in_stock


def test_a_new_product_gets_one_card_from_many() -> None:
    """Each of its parts, saved on its own, rings the bell."""
    product = make_product("Soap")
    ProductCard.objects.all().delete()

    results = run_together([partial(services.refresh_cards, product_ids=[product.pk])] * 4)

    assert [each for each in results if isinstance(each, Exception)] == []
    assert sorted(results) == [0, 0, 0, 1]
    assert ProductCard.objects.count() == 1


def test_many_changes_at_once_end_in_order_and_hold_nobody_up() -> None:
    """Products named in any order are locked in one, and the stamp after them."""
    records = [make_product(f"Thing {number}").stockrecords.get() for number in range(8)]
    numbers = [record.product_id for record in records]
    services.rebuild_listing()
    get_model("catalogue", "Product").objects.update(rating=4)
    get_model("partner", "StockRecord").objects.update(num_in_stock=0)

    results = run_together(
        [
            partial(services.refresh_cards, product_ids=numbers),
            partial(services.refresh_stock, product_ids=numbers[::-1]),
            partial(services.refresh_cards, product_ids=numbers[::-1]),
            services.rebuild_listing,
        ]
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    assert set(ProductCard.objects.values_list("rating", "in_stock")) == {(40, False)}
    assert services.rebuild_listing() == 0
    newest = max(ProductCard.objects.values_list("changed", flat=True))
    assert newest == ListingStamp.objects.get().version
