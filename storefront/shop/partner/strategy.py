"""What a product costs whom, with the tax of the destination, and whether it can be bought.

One strategy lives as long as a request and reads three things at most once: the buyer's kind, the
tax table, and the price rows of the products it is asked for together.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from oscar.apps.partner import availability as oscar_availability
from oscar.apps.partner.strategy import PurchaseInfo, StockRequired, Structured, UseFirstStockRecord
from oscar.core.loading import get_class

from storefront.shop.prices import selectors
from storefront.shop.prices.services import DESTINATION_KEY
from storefront.shop.prices.tax import TaxTable

Available = get_class("partner.availability", "Available")
InStock = get_class("partner.availability", "StockRequired")
MembersOnly = get_class("partner.availability", "MembersOnly")
NoPrice = get_class("partner.prices", "Unavailable")
Price = get_class("partner.prices", "TaxInclusiveFixedPrice")
Unavailable = get_class("partner.availability", "Unavailable")


class Selector:
    """Gives Oscar the strategy of a request, or of an explicit user and destination."""

    def strategy(
        self,
        request: Any = None,
        user: Any = None,
        country_code: str | None = None,
        **kwargs: Any,
    ) -> "Strategy":
        """`user` and `country_code` win over the request's; without either: a stranger at home."""
        return Strategy(request=request, user=user, country_code=country_code)


class Strategy(UseFirstStockRecord, StockRequired, Structured):
    """Prices by buyer kind, rank and quantity; the shop is one partner with one stock record."""

    def __init__(
        self, request: Any = None, user: Any = None, country_code: str | None = None
    ) -> None:
        self.request = request
        self.user = user if user is not None else getattr(request, "user", None)
        self._country_code = country_code
        self._steps: dict[int, tuple[selectors.PriceStep, ...]] = {}

    @cached_property
    def buyer(self) -> selectors.Buyer:
        """Who buys."""
        return selectors.get_buyer(user=self.user)

    @cached_property
    def taxes(self) -> TaxTable:
        """The tax rates of all destinations."""
        return selectors.get_tax_table()

    @cached_property
    def country_code(self) -> str:
        """Where the goods go: as told, as chosen in this session, or home."""
        if self._country_code:
            return self._country_code
        session = getattr(self.request, "session", None)
        chosen = session.get(DESTINATION_KEY) if session is not None else None
        return chosen or self.taxes.home_country

    @property
    def shows_prices(self) -> bool:
        """False for outsiders of a closed shop."""
        return self.buyer.may_buy

    # --- Oscar's questions --------------------------------------------------------------------

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        """The line's price: all lines with the same stock record count towards a quantity step."""
        lines = list(line.basket.all_lines())
        self.preload(each.stockrecord_id for each in lines)
        # Whether stock is counted hangs on the product's type: all types at once, not per line.
        products = [each.product for each in (*lines, line)]
        if any("product_class" not in product._state.fields_cache for product in products):
            prefetch_related_objects(products, "product_class", "parent__product_class")
        stockrecord = stockrecord or line.stockrecord
        same = [each for each in lines if each.stockrecord_id == line.stockrecord_id]
        others = sum(each.quantity for each in same if each.pk != line.pk)
        return PurchaseInfo(
            price=self.price_for(stockrecord, quantity=others + line.quantity),
            availability=self.availability_policy(line.product, stockrecord),
            stockrecord=stockrecord,
        )

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        return self.price_for(stockrecord, quantity=1)

    def parent_pricing_policy(self, product: Any, children_stock: list) -> Any:
        """The lowest price of the variants that can be bought, else of all."""
        self.preload(record.pk for _, record in children_stock if record)
        on_sale = [
            (child, record)
            for child, record in children_stock
            if self.availability_policy(child, record).is_available_to_buy
        ]
        prices = [self.price_for(record, quantity=1) for _, record in on_sale or children_stock]
        return min(
            (price for price in prices if price.exists),
            key=lambda price: price.incl_tax,
            default=NoPrice(),
        )

    def availability_policy(self, product: Any, stockrecord: Any) -> oscar_availability.Base:
        if not self.shows_prices:
            return MembersOnly()
        if not stockrecord:
            return Unavailable()
        if not product.get_product_class().track_stock:
            return Available()
        return InStock(stockrecord.net_stock_level)

    def parent_availability_policy(self, product: Any, children_stock: list) -> Any:
        if not self.shows_prices:
            return MembersOnly()
        return super().parent_availability_policy(product, children_stock)

    # --- ours ---------------------------------------------------------------------------------

    def preload(self, stockrecord_ids: Iterable[int]) -> None:
        """Read the price rows of many stock records in one query; known ones are not asked again."""
        missing = {pk for pk in stockrecord_ids if pk not in self._steps}
        if missing:
            found = selectors.get_price_steps(stockrecord_ids=missing, buyer=self.buyer)
            self._steps.update({pk: found.get(pk, ()) for pk in missing})

    def price_for(self, stockrecord: Any, *, quantity: int) -> Any:
        """Oscar's price policy for one piece of `quantity` pieces of a stock record."""
        if not stockrecord or not self.shows_prices:
            return NoPrice()
        return self.price_of(
            stockrecord.pk,
            retail=stockrecord.price,
            quantity=quantity,
            currency=stockrecord.price_currency,
        )

    def price_of(
        self, stockrecord_id: int, *, retail: Decimal | None, quantity: int, currency: str
    ) -> Any:
        """As `price_for`, from the bare figures that a product card keeps."""
        if not self.shows_prices:
            return NoPrice()
        self.preload([stockrecord_id])
        steps = self._steps[stockrecord_id]
        stored = selectors.choose_price(retail=retail, steps=steps, quantity=quantity)
        if stored is None:
            return NoPrice()
        taxed = self.taxes.apply(stored, self.country_code, currency=currency)
        return Price(currency=currency, excl_tax=taxed.net, tax=taxed.tax)

    def nothing_to_sell(self) -> oscar_availability.Base:
        """The answer for a product that has no stock record, nor a variant with one."""
        return Unavailable() if self.shows_prices else MembersOnly()

    def steps_for(self, stockrecord: Any) -> list[tuple[int, Any]]:
        """The quantities from which a piece gets cheaper for this buyer, with that price."""
        if not stockrecord or not self.shows_prices:
            return []
        self.preload([stockrecord.pk])
        current = self.price_for(stockrecord, quantity=1)
        steps = []
        for quantity in sorted({s.min_quantity for s in self._steps[stockrecord.pk]} - {1}):
            price = self.price_for(stockrecord, quantity=quantity)
            if not current.exists or price.incl_tax < current.incl_tax:
                steps.append((quantity, price))
                current = price
        return steps
