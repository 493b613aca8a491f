"""The ways goods travel: charge, free amount and destination come from the shipping charges."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping.methods import (
    Base,
    FixedPrice,
    Free,
    NoShippingRequired,
    OfferDiscount,
    TaxExclusiveOfferDiscount,
    TaxInclusiveOfferDiscount,
)
from oscar.core.prices import Price

from storefront.shop.prices.models import ShippingCharge
from storefront.shop.prices.selectors import Charge
from storefront.shop.prices.tax import TaxTable

__all__ = [
    "Base",
    "ChargedMethod",
    "FixedPrice",
    "Free",
    "NoShippingRequired",
    "OfferDiscount",
    "TaxExclusiveOfferDiscount",
    "TaxInclusiveOfferDiscount",
]

DESCRIPTIONS = {
    ShippingCharge.Method.STANDARD: _("Three to five working days."),
    ShippingCharge.Method.EXPRESS: _("One to two working days."),
}


class ChargedMethod(Base):
    """One method to one destination."""

    def __init__(self, *, charge: Charge, taxes: TaxTable, country_code: str) -> None:
        self.charge = charge
        self.taxes = taxes
        self.country_code = country_code
        self.code = charge.method
        self.name = ShippingCharge.Method(charge.method).label
        self.description = DESCRIPTIONS[ShippingCharge.Method(charge.method)]

    @property
    def free_from(self) -> Decimal | None:
        """The goods' total, with tax and after discounts, from which nothing is charged."""
        return self.charge.free_from

    def calculate(self, basket: Any) -> Price:
        """The charge with the destination's tax."""
        stored = self.charge.charge
        if self.free_from is not None and basket.total_incl_tax >= self.free_from:
            stored = Decimal("0.00")
        currency = basket.currency or settings.OSCAR_DEFAULT_CURRENCY
        taxed = self.taxes.apply_to_shipping(stored, self.country_code, currency=currency)
        return Price(currency=currency, excl_tax=taxed.net, tax=taxed.tax)
