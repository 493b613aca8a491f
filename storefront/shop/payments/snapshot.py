"""Freeze a basket with everything an order says, so that later changes do not touch it.

The snapshot is plain JSON: decimals are strings, ids are numbers. `storefront.shop.order.utils`
reads it back. Nothing here writes.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from mlm_plugin.shop.attribution import Attribution

ADDRESS_FIELDS = (
    "title",
    "first_name",
    "last_name",
    "line1",
    "line2",
    "line3",
    "line4",
    "state",
    "postcode",
    "country_id",
    "notes",
)


def freeze_basket(
    *,
    basket: Any,
    shipping_method: Any,
    shipping_charge: Any,
    shipping_address: Any,
    attribution: Attribution,
) -> dict[str, Any]:
    """The basket, priced and with its offers applied, as the order will record it.

    `shipping_charge` is Oscar's price of `shipping_method` for this basket and destination.
    """
    return {
        "lines": [_line(line) for line in basket.all_lines()],
        "discounts": _discounts(basket, shipping_method),
        # Only those that gave something are used up.
        "vouchers": sorted(
            {used["voucher"].pk for used in basket.offer_applications if used["voucher"]}
        ),
        "shipping": {
            "code": shipping_method.code,
            "name": str(shipping_method.name),
            "excl_tax": str(shipping_charge.excl_tax),
            "incl_tax": str(shipping_charge.incl_tax),
            "tax_code": shipping_charge.tax_code,
        },
        "address": freeze_address(shipping_address) if shipping_address else None,
        "total": {
            "excl_tax": str(basket.total_excl_tax + shipping_charge.excl_tax),
            "incl_tax": str(basket.total_incl_tax + shipping_charge.incl_tax),
        },
        "attribution": asdict(attribution),
    }


def freeze_address(address: Any) -> dict[str, str]:
    """The fields of an unsaved shipping address."""
    frozen = {name: getattr(address, name) or "" for name in ADDRESS_FIELDS}
    frozen["phone_number"] = str(address.phone_number or "")
    return frozen


def _line(line: Any) -> dict[str, Any]:
    record, product = line.stockrecord, line.product
    return {
        "basket_line_id": line.pk,
        "product_id": product.pk,
        "stockrecord_id": record.pk,
        "partner_id": record.partner_id,
        "partner_name": record.partner.name,
        "partner_sku": record.partner_sku,
        "tracked": product.get_product_class().track_stock,
        "title": product.get_title(),
        "upc": product.upc,
        "quantity": line.quantity,
        "unit_price_excl_tax": str(line.unit_price_excl_tax),
        "unit_price_incl_tax": str(line.unit_price_incl_tax),
        "before_discounts_excl_tax": str(line.line_price_excl_tax),
        "before_discounts_incl_tax": str(line.line_price_incl_tax),
        "excl_tax": str(line.line_price_excl_tax_incl_discounts),
        "incl_tax": str(line.line_price_incl_tax_incl_discounts),
        "tax_code": line.tax_code,
        "prices": [
            [str(incl_tax), str(excl_tax), quantity]
            for incl_tax, excl_tax, quantity in line.get_price_breakdown()
        ],
        "discounts": [
            {
                "offer_id": discount.offer.pk,
                "amount": str(discount.amount),
                "incl_tax": discount.incl_tax,
            }
            for discount in line.discounts
            if discount.offer
        ],
        "attributes": [
            {"option_id": chosen.option_id, "code": chosen.option.code, "value": chosen.value}
            for chosen in line.attributes.select_related("option")
        ],
    }


def _discounts(basket: Any, shipping_method: Any) -> list[dict[str, Any]]:
    """What each offer gave; an offer on shipping knows its amount from the shipping method only."""
    frozen = []
    for application in basket.offer_applications:
        result, voucher = application["result"], application["voucher"]
        amount = application["discount"]
        if result.affects_shipping:
            amount = shipping_method.discount(basket)
            if amount <= Decimal(0):
                continue
        frozen.append(
            {
                "offer_id": application["offer"].pk,
                "offer_name": application["offer"].name,
                "voucher_id": voucher.pk if voucher else None,
                "voucher_code": voucher.code if voucher else "",
                "frequency": application["freq"],
                "amount": str(amount),
                "category": _category(result),
            }
        )
    return frozen


def _category(result: Any) -> str:
    if result.affects_shipping:
        return "Shipping"
    return "Deferred" if result.affects_post_order else "Basket"
