"""Doorbells: whatever a card shows was saved, so the card is brought up to date after the commit."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from oscar.apps.catalogue.signals import product_viewed
from oscar.core.loading import get_model
from wagtail.search import index

from mlm_plugin.shop.models import ProductPoints
from storefront.shop.listing.models import ProductCard, ProductText


def connect() -> None:
    """Hang up the bells; called once, from the app's `ready()`."""
    Product = get_model("catalogue", "Product")
    post_save.connect(ring_for_product, sender=Product, dispatch_uid="listing.product_saved")
    for model in (
        get_model("catalogue", "ProductImage"),
        ProductPoints,
        ProductText,
    ):
        for name, signal in (("saved", post_save), ("deleted", post_delete)):
            signal.connect(
                ring_for_part, sender=model, dispatch_uid=f"listing.{model.__name__}_{name}"
            )
    StockRecord = get_model("partner", "StockRecord")
    post_save.connect(
        ring_for_stockrecord, sender=StockRecord, dispatch_uid="listing.StockRecord_saved"
    )
    post_delete.connect(
        ring_for_part, sender=StockRecord, dispatch_uid="listing.StockRecord_deleted"
    )
    # Deleting a variant changes its parent's card.
    post_delete.connect(ring_for_parent, sender=Product, dispatch_uid="listing.product_deleted")
    post_delete.connect(forget_card, sender=ProductCard, dispatch_uid="listing.card_deleted")


def stop_counting_views() -> None:
    """Take Oscar's statistics off the product page: looking at a page writes nothing.

    Nor does it leave a cookie with what was looked at, which no page of ours shows.
    """
    from oscar.apps.analytics import receivers as analytics
    from oscar.apps.customer import receivers as customer

    product_viewed.disconnect(analytics.receive_product_view)
    product_viewed.disconnect(customer.receive_product_view)


def ring_for_product(*, instance: Any, **kwargs: Any) -> None:
    """A product was saved."""
    ring(product_id=instance.pk)


def ring_for_part(*, instance: Any, **kwargs: Any) -> None:
    """Picture, stock record, points or text of a product changed."""
    ring(product_id=instance.product_id)


def ring_for_stockrecord(*, instance: Any, **kwargs: Any) -> None:
    """A price changed. Pieces that an order takes are no news: cards keep no stock.

    Oscar updates them with a query and sends the signal itself, without `update_fields`, which
    every save of Django's has.
    """
    if "update_fields" in kwargs:
        ring(product_id=instance.product_id)


def ring_for_parent(*, instance: Any, **kwargs: Any) -> None:
    """A variant was deleted."""
    if instance.parent_id:
        ring(product_id=instance.parent_id)


def forget_card(*, instance: Any, **kwargs: Any) -> None:
    """A card goes with its product, and out of the search with it."""
    index.remove_object(instance)


def ring(*, product_id: int) -> None:
    """Ask for the card of this product to be refreshed after the commit."""
    from storefront.shop.listing.services import refresh_cards

    transaction.on_commit(lambda: refresh_cards(product_ids=[product_id]), robust=True)
