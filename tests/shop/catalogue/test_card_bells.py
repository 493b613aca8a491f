"""A card is made anew when something it shows has changed, and only then."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.services import refresh_cards
from tests.factories import make_product

pytestmark = pytest.mark.django_db

Capture = Callable[..., Any]


def test_pieces_taken_by_an_order_only_ask_whether_any_is_left(
    django_capture_on_commit_callbacks: Capture, django_assert_max_num_queries: Capture
) -> None:
    record = make_product(stock=5).stockrecords.get()
    refresh_cards(product_ids=[record.product_id])
    before = ProductCard.objects.get()
    # What would be corrected, were the whole card made anew.
    ProductCard.objects.update(title="Untouched")

    with django_capture_on_commit_callbacks() as bells:
        record.allocate(2)
        record.consume_allocation(1)
        record.cancel_allocation(1)
    for ring in bells:
        # Among them the two of a savepoint.
        with django_assert_max_num_queries(5):
            ring()
    card = ProductCard.objects.get()
    assert (card.title, card.in_stock, card.changed) == ("Untouched", True, before.changed)

    with django_capture_on_commit_callbacks(execute=True):
        record.allocate(4)
    card = ProductCard.objects.get()
    assert (card.title, card.in_stock) == ("Untouched", False)
    assert card.changed > before.changed


def test_a_new_price_reaches_the_card(django_capture_on_commit_callbacks: Capture) -> None:
    record = make_product().stockrecords.get()

    with django_capture_on_commit_callbacks(execute=True):
        record.price = Decimal("9.50")
        record.save()

    assert ProductCard.objects.get(pk=record.product_id).price == Decimal("9.50")


def test_pictures_are_made_once_and_again_when_their_files_are_gone() -> None:
    product = make_product()
    buffer = BytesIO()
    Image.new("RGB", (30, 30), "green").save(buffer, "PNG")
    image = product.images.create(original=ContentFile(buffer.getvalue(), name="soap.png"))
    refresh_cards(product_ids=[product.pk])
    (made,) = ProductCard.objects.get(pk=product.pk).pictures
    # Without the original nothing could be made a second time.
    default_storage.delete(image.original.name)

    assert refresh_cards(product_ids=[product.pk]) == 0
    assert ProductCard.objects.get(pk=product.pk).pictures == [made]

    default_storage.delete(made["small"]["path"])
    refresh_cards(product_ids=[product.pk])
    assert ProductCard.objects.get(pk=product.pk).pictures == []
