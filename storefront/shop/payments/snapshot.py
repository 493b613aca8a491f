"""Freeze a basket with everything an order says, so that later changes do not touch it.

The snapshot is plain JSON: decimals are strings, ids are numbers. `storefront.shop.order.utils`
reads it back. Nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from mlm_plugin.shop.attribution import Attribution
from storefront.shop.prices.tax import price_places, round_price

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


@dataclass(frozen=True)
class LegalText:
    """A version of terms and the like that a buyer was shown; `version` is the row that keeps it.

    `kind`, `language` and `number` are those of that row, `url` is its path on the site.
    """

    version: int
    kind: str
    language: str
    title: str
    number: int
    valid_from: date
    url: str


def freeze_basket(
    *,
    basket: Any,
    shipping_method: Any,
    shipping_charge: Any,
    shipping_address: Any,
    attribution: Attribution,
    gift_note: str = "",
    legal_texts: Sequence[LegalText] = (),
) -> dict[str, Any]:
    """The basket, priced and with its offers applied, as the order will record it.

    `shipping_charge` is Oscar's price of `shipping_method` for this basket and destination;
    `gift_note` is what the packing slip says to whom the goods are for; `legal_texts` are those
    that were named beside the button.
    """
    lines = list(basket.all_lines())
    amounts = _line_amounts(lines, total=basket.total_incl_tax, currency=basket.currency)
    return {
        "lines": [_line(line, *amounts[line.pk]) for line in lines],
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
            "excl_tax": str(sum(net for _, net in amounts.values()) + shipping_charge.excl_tax),
            "incl_tax": str(basket.total_incl_tax + shipping_charge.incl_tax),
        },
        "attribution": asdict(attribution),
        "gift_note": gift_note,
        "legal_texts": [
            {**asdict(text), "valid_from": text.valid_from.isoformat()} for text in legal_texts
        ],
    }


def freeze_address(address: Any) -> dict[str, str]:
    """The fields of an unsaved shipping address."""
    frozen = {name: getattr(address, name) or "" for name in ADDRESS_FIELDS}
    frozen["phone_number"] = str(address.phone_number or "")
    return frozen


def _line_amounts(
    lines: list[Any], *, total: Decimal, currency: str
) -> dict[int, tuple[Decimal, Decimal]]:
    """Price with and without tax of each line, by its number: payable amounts that add up to `total`.

    Oscar leaves fractions of a cent on lines with a percentage off and rounds only their sum. Were
    each rounded by itself, a refund of all lines could come to more than was paid. The cents that
    are left go to the lines with the largest fractions.
    """
    smallest = Decimal(1).scaleb(-price_places(currency))
    exact = {line.pk: Decimal(line.line_price_incl_tax_incl_discounts) for line in lines}
    whole = {pk: amount.quantize(smallest, ROUND_DOWN) for pk, amount in exact.items()}
    left = int((total - sum(whole.values())) / smallest)
    for pk in sorted(exact, key=lambda pk: whole[pk] - exact[pk])[:left]:
        whole[pk] += smallest
    net = {
        line.pk: round_price(Decimal(line.line_price_excl_tax_incl_discounts), currency=currency)
        for line in lines
    }
    return {pk: (amount, min(net[pk], amount)) for pk, amount in whole.items()}


def _line(line: Any, incl_tax: Decimal, excl_tax: Decimal) -> dict[str, Any]:
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
        "excl_tax": str(excl_tax),
        "incl_tax": str(incl_tax),
        "tax_code": line.tax_code,
        "prices": [
            # Offers count pieces in decimals, like everything they are given.
            [str(unit_incl_tax), str(unit_excl_tax), int(quantity)]
            for unit_incl_tax, unit_excl_tax, quantity in line.get_price_breakdown()
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
