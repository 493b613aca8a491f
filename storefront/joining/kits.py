"""The starter kit: an ordinary product without points that new members are offered once."""

import logging
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model
from oscar.templatetags.currency_filters import currency

from mlm_plugin.conf.content import StarterKit
from mlm_plugin.shop.points import Points, get_points_for_products
from storefront.shop.listing.selectors import get_cards_of_products
from storefront.shop.payments.refunds import (
    CannotRefund,
    cancel_unpaid,
    complete_refund,
    get_refundable,
    request_refund,
)

logger = logging.getLogger(__name__)


def get_starter_kit(*, sku: str, strategy: Any) -> StarterKit | None:
    """The kit as this visitor would buy it; None while it is not for sale.

    A kit with points would pay the sponsor for bringing somebody in, so such a kit is not offered.
    """
    product = _find(sku)
    if product is None:
        return None
    if get_points_for_products(products=[product])[product.pk] != Points():
        logger.error("The starter kit %s carries points, so it is not offered.", sku)
        return None
    info = strategy.fetch_for_product(product)
    if not info.price.exists or not info.availability.is_available_to_buy:
        return None
    cards = get_cards_of_products(product_ids=[product.pk])
    amount = info.price.incl_tax if info.price.is_tax_known else info.price.excl_tax
    return StarterKit(
        title=cards[0].title_here if cards else product.get_title(),
        price=str(currency(amount, info.price.currency)),
        url=product.get_absolute_url(),
    )


def put_kit_into_basket(*, user: Any, sku: str) -> bool:
    """One kit in the person's open basket; one that lies there already is enough."""
    product = _find(sku)
    if product is None:
        return False
    Basket = get_model("basket", "Basket")
    basket = Basket.open.filter(owner=user).order_by("-pk").first()
    basket = basket or Basket.objects.create(owner=user)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    if not basket.product_quantity(product):
        basket.add_product(product, 1)
    return True


def refund_kit(*, user: Any, sku: str, since: datetime, key: str, at: datetime) -> bool:
    """Pay back every kit the person ordered since, or cancel the order that waits for its money.

    Delivery goes back too where nothing but the kit was in the order. Each order is refunded once by
    its key; what was given back before stays. Returns whether there was anything to give back.
    """
    Line = get_model("order", "Line")
    lines = Line.objects.filter(
        order__user=user, partner_sku=sku, order__date_placed__gte=since
    ).select_related("order")
    found = False
    for order in {line.order_id: line.order for line in lines}.values():
        wanted = [line for line in lines if line.order_id == order.pk]
        found = _give_back(order, wanted, key=f"{key}:{order.pk}", at=at) or found
    return found


def _give_back(order: Any, lines: list[Any], *, key: str, at: datetime) -> bool:
    is_all = order.lines.count() == len(lines)
    if not order.payment_events.filter(event_type__name="Paid").exists():
        if order.status == "Pending" and is_all:
            cancel_unpaid(order_id=order.pk, by=None, at=at)
            return True
        return False
    left = get_refundable(order=order)
    pieces = {line.pk: left.pieces[line.pk] for line in lines if left.pieces[line.pk] > 0}
    if not pieces:
        return False
    try:
        refund = request_refund(
            order_id=order.pk,
            pieces=pieces,
            shipping=left.shipping if is_all else 0,
            reason=_("Membership ended within the cooling-off period."),
            key=key,
            by=None,
            at=at,
        )
    except CannotRefund:
        logger.exception("The starter kit of order %s could not be paid back.", order.number)
        return False
    complete_refund(refund_id=refund.pk, at=at)
    return True


def _find(sku: str) -> Any:
    if not sku:
        return None
    products = get_model("catalogue", "Product").objects.filter(
        stockrecords__partner_sku=sku, is_public=True
    )
    return products.first()
