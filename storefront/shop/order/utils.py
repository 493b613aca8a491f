"""Orders are written from a checkout attempt's snapshot, not from today's catalogue."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import F
from oscar.apps.order.utils import OrderCreator as OscarOrderCreator
from oscar.apps.order.utils import OrderDispatcher, OrderNumberGenerator
from oscar.core.loading import get_model

Order = get_model("order", "Order")
OrderDiscount = get_model("order", "OrderDiscount")
ShippingAddress = get_model("order", "ShippingAddress")
Line = get_model("order", "Line")
LinePrice = get_model("order", "LinePrice")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Partner = get_model("partner", "Partner")
Option = get_model("catalogue", "Option")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Voucher = get_model("voucher", "Voucher")

__all__ = ["OrderCreator", "OrderDispatcher", "OrderNumberGenerator"]


class OrderCreator(OscarOrderCreator):
    """Writes an order exactly as it was frozen: prices, taxes, discounts and vouchers of that day.

    Stock is not touched: the attempt holds the pieces already.
    """

    def place_frozen(
        self,
        *,
        snapshot: dict[str, Any],
        number: str,
        currency: str,
        user: Any,
        guest_email: str,
        basket: Any,
        status: str,
        placed_at: datetime,
    ) -> Any:
        """Write the order and everything below it; call it inside a transaction.

        Products, offers or vouchers that were deleted meanwhile are left out, never an error:
        the order is paid for.
        """
        shipping, total = snapshot["shipping"], snapshot["total"]
        address = None
        if snapshot["address"]:
            address = ShippingAddress.objects.create(**snapshot["address"])
        order = Order.objects.create(
            number=number,
            site=Site.objects.get_current(),
            basket=basket,
            user=user,
            guest_email="" if user else guest_email,
            currency=currency,
            total_incl_tax=Decimal(total["incl_tax"]),
            total_excl_tax=Decimal(total["excl_tax"]),
            shipping_incl_tax=Decimal(shipping["incl_tax"]),
            shipping_excl_tax=Decimal(shipping["excl_tax"]),
            shipping_tax_code=shipping["tax_code"],
            shipping_method=shipping["name"],
            shipping_code=shipping["code"],
            shipping_address=address,
            status=status,
            date_placed=placed_at,
        )
        discounts = self._write_discounts(order, snapshot)
        self._write_lines(order, snapshot["lines"], discounts)
        self._use_vouchers(order, user, snapshot)
        return order

    def _write_discounts(self, order: Any, snapshot: dict[str, Any]) -> dict[int, Any]:
        written = {}
        # In one order everywhere: two orders with the same offers must not wait for each other.
        for frozen in sorted(snapshot["discounts"], key=lambda each: each["offer_id"]):
            written[frozen["offer_id"]] = OrderDiscount.objects.create(
                order=order,
                category=frozen["category"],
                offer_id=frozen["offer_id"],
                offer_name=frozen["offer_name"],
                voucher_id=frozen["voucher_id"],
                voucher_code=frozen["voucher_code"],
                frequency=frozen["frequency"],
                amount=Decimal(frozen["amount"]),
            )
            ConditionalOffer.objects.filter(pk=frozen["offer_id"]).update(
                num_applications=F("num_applications") + frozen["frequency"],
                total_discount=F("total_discount") + Decimal(frozen["amount"]),
                num_orders=F("num_orders") + 1,
            )
        return written

    def _write_lines(
        self, order: Any, lines: list[dict[str, Any]], discounts: dict[int, Any]
    ) -> None:
        products = _existing(Product, (line["product_id"] for line in lines))
        records = _existing(StockRecord, (line["stockrecord_id"] for line in lines))
        partners = _existing(Partner, (line["partner_id"] for line in lines))
        for frozen in lines:
            line = Line.objects.create(
                order=order,
                partner_id=_if_in(partners, frozen["partner_id"]),
                partner_name=frozen["partner_name"],
                partner_sku=frozen["partner_sku"],
                stockrecord_id=_if_in(records, frozen["stockrecord_id"]),
                product_id=_if_in(products, frozen["product_id"]),
                title=frozen["title"],
                upc=frozen["upc"],
                quantity=frozen["quantity"],
                line_price_excl_tax=Decimal(frozen["excl_tax"]),
                line_price_incl_tax=Decimal(frozen["incl_tax"]),
                line_price_before_discounts_excl_tax=Decimal(frozen["before_discounts_excl_tax"]),
                line_price_before_discounts_incl_tax=Decimal(frozen["before_discounts_incl_tax"]),
                unit_price_excl_tax=Decimal(frozen["unit_price_excl_tax"]),
                unit_price_incl_tax=Decimal(frozen["unit_price_incl_tax"]),
                tax_code=frozen["tax_code"],
                num_allocated=frozen["quantity"],
                status=settings.OSCAR_INITIAL_LINE_STATUS,
            )
            self._write_line_details(order, line, frozen, discounts)

    def _write_line_details(
        self, order: Any, line: Any, frozen: dict[str, Any], discounts: dict[int, Any]
    ) -> None:
        LinePrice.objects.bulk_create(
            LinePrice(
                order=order,
                line=line,
                # Attempts that were frozen by an earlier release have "2.00" here.
                quantity=int(Decimal(quantity)),
                price_incl_tax=round(Decimal(incl_tax), 2),
                price_excl_tax=round(Decimal(excl_tax), 2),
                tax_code=frozen["tax_code"],
            )
            for incl_tax, excl_tax, quantity in frozen["prices"]
        )
        for discount in frozen["discounts"]:
            if discount["offer_id"] in discounts:
                line.discounts.create(
                    order_discount=discounts[discount["offer_id"]],
                    is_incl_tax=discount["incl_tax"],
                    amount=Decimal(discount["amount"]),
                )
        for chosen in frozen["attributes"]:
            line.attributes.create(
                option=Option.objects.filter(pk=chosen["option_id"]).first(),
                type=chosen["code"],
                value=chosen["value"],
            )

    def _use_vouchers(self, order: Any, user: Any, snapshot: dict[str, Any]) -> None:
        saved: dict[int, Decimal] = {}
        for frozen in snapshot["discounts"]:
            if frozen["voucher_id"]:
                amount = saved.get(frozen["voucher_id"], Decimal(0)) + Decimal(frozen["amount"])
                saved[frozen["voucher_id"]] = amount
        for voucher in Voucher.objects.filter(pk__in=snapshot["vouchers"]).order_by("pk"):
            voucher.applications.create(voucher=voucher, order=order, user=user)
            Voucher.objects.filter(pk=voucher.pk).update(
                num_orders=F("num_orders") + 1,
                total_discount=F("total_discount") + saved.get(voucher.pk, Decimal(0)),
            )


def _existing(model: Any, ids: Iterable[int]) -> set[int]:
    return set(model.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _if_in(existing: set[int], key: int) -> int | None:
    return key if key in existing else None
