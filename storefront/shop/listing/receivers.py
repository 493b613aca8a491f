"""Doorbells: whatever a card shows was saved, so the card is brought up to date after the commit."""

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from oscar.apps.catalogue.signals import product_viewed
from oscar.core.loading import get_model
from wagtail.search import index

from mlm_plugin.shop.models import ProductPoints
from storefront.shop.details.models import AttributeText, OptionText, ValueText
from storefront.shop.listing import gathering
from storefront.shop.listing.models import (
    CategoryText,
    FilterAttribute,
    ProductCard,
    ProductText,
)
from storefront.shop.prices.models import BuyerPrice, TaxRate


def connect() -> None:
    """Hang up the bells; called once, from the app's `ready()`."""
    Product = get_model("catalogue", "Product")
    post_save.connect(ring_for_product, sender=Product, dispatch_uid="listing.product_saved")
    for model in (
        get_model("catalogue", "ProductImage"),
        get_model("catalogue", "ProductAttributeValue"),
        get_model("catalogue", "ProductCategory"),
        ProductPoints,
        ProductText,
    ):
        _connect(ring_for_part, model)
    m2m_changed.connect(
        ring_for_categories,
        sender=Product.categories.through,
        dispatch_uid="listing.categories_changed",
    )
    _connect(ring_for_price, BuyerPrice)
    _connect(ring_for_value, ValueText)
    for model in (
        get_model("catalogue", "Category"),
        get_model("catalogue", "ProductAttribute"),
        get_model("catalogue", "AttributeOption"),
        AttributeText,
        CategoryText,
        FilterAttribute,
        OptionText,
        TaxRate,
    ):
        _connect(ring_for_all, model)
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


def _connect(receiver: Any, model: Any) -> None:
    for name, signal in (("saved", post_save), ("deleted", post_delete)):
        signal.connect(receiver, sender=model, dispatch_uid=f"listing.{model.__name__}_{name}")


def stop_counting_views() -> None:
    """Take Oscar's statistics off the product page: looking at a page writes nothing.

    The product page itself keeps a cookie of what was looked at, where it may.
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
    """A price or the pieces left changed.

    Of pieces that an order takes only the last one is news, so a cheaper question is asked. Oscar
    updates them with a query and sends the signal itself, without `update_fields`, which every
    save of Django's has.
    """
    if "update_fields" in kwargs:
        ring(product_id=instance.product_id)
    else:
        ring_for_pieces(product_id=instance.product_id)


def ring_for_price(*, instance: Any, **kwargs: Any) -> None:
    """A price for a kind of buyer changed."""
    ring(product_id=instance.stockrecord.product_id)


def ring_for_value(*, instance: Any, **kwargs: Any) -> None:
    """A written attribute was said in another language."""
    ring(product_id=instance.value.product_id)


def ring_for_categories(*, instance: Any, reverse: bool, pk_set: Any, **kwargs: Any) -> None:
    """A product was put into a category or taken out, from either side."""
    if not reverse:
        ring(product_id=instance.pk)
        return
    for product_id in pk_set or ():
        ring(product_id=product_id)


def ring_for_all(**kwargs: Any) -> None:
    """Something that all lists show changed: a category, the name of an attribute, a tax rate."""
    from storefront.shop.listing.stamp import renew_lists

    if not gathering.take_renewal():
        transaction.on_commit(renew_lists, robust=True)


def ring_for_parent(*, instance: Any, **kwargs: Any) -> None:
    """A variant was deleted."""
    if instance.parent_id:
        ring(product_id=instance.parent_id)


def forget_card(*, instance: Any, **kwargs: Any) -> None:
    """A card goes with its product, and out of the search with it."""
    from storefront.shop.listing.stamp import renew_lists

    index.remove_object(instance)
    transaction.on_commit(renew_lists, robust=True)


def ring(*, product_id: int) -> None:
    """Ask for the card of this product to be refreshed after the commit."""
    from storefront.shop.listing.services import refresh_cards

    if not gathering.take(product_id):
        transaction.on_commit(lambda: refresh_cards(product_ids=[product_id]), robust=True)


def ring_for_pieces(*, product_id: int) -> None:
    """Ask whether any piece is left after the commit."""
    from storefront.shop.listing.services import refresh_stock

    if not gathering.take(product_id):
        transaction.on_commit(lambda: refresh_stock(product_ids=[product_id]), robust=True)
