"""Which shipping methods a basket may choose from."""

from typing import Any

from oscar.apps.shipping.repository import Repository as OscarRepository

from storefront.shop.prices import selectors
from storefront.shop.shipping.methods import ChargedMethod


class Repository(OscarRepository):
    """The methods offered to the country of the address, or of the prices shown until then."""

    def get_available_shipping_methods(
        self, basket: Any, shipping_addr: Any = None, **kwargs: Any
    ) -> list[ChargedMethod]:
        strategy = basket.strategy
        country_code = shipping_addr.country_id if shipping_addr else strategy.country_code
        return [
            ChargedMethod(charge=charge, taxes=strategy.taxes, country_code=country_code)
            for charge in selectors.get_shipping_charges(country_code=country_code)
        ]
