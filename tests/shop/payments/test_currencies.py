"""Money without decimals and with three of them, from the price to the order, the card and back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.shop.orders import read_orders
from storefront.shop.payments.money import minor_units
from storefront.shop.payments.services import confirm_attempt
from storefront.shop.prices.models import ShippingCharge, TaxRate
from tests.factories import make_attempt, make_basket, make_country, make_offer, make_product
from tests.localstripe import LocalStripe

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Order = get_model("order", "Order")


def buy(*products: Any, country: str, localstripe: LocalStripe) -> Any:
    attempt = make_attempt(make_basket(*products, country=country), at=AT)
    attempt = confirm_attempt(attempt_id=attempt.pk, payment_method=localstripe.card(), at=AT)
    return attempt.order


@pytest.fixture
def in_yen(settings: Any) -> None:
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    settings.SHOP_COUNTRY = "JP"
    for code, points in (("JP", 1000), ("AT", 2000)):
        TaxRate.objects.create(country=make_country(code, code), basis_points=points)
    for method in ShippingCharge.Method.values:
        ShippingCharge.objects.create(method=method, charge=Decimal(500))


def make_goods(title: str, price: str, currency: str) -> Any:
    product = make_product(title, price=price)
    product.stockrecords.update(price_currency=currency)
    ProductPoints.objects.create(product=product, pv=1000, cv=800)
    return product


def test_an_order_in_yen_is_charged_in_whole_yen(in_yen: None, localstripe: LocalStripe) -> None:
    """1,255 at home; abroad 1,255 / 1.1 = 1,141 net and 228 tax on it; delivery 455 + 91."""
    soap = make_goods("Soap", "1255", "JPY")
    home = buy(soap, country="JP", localstripe=localstripe)
    abroad = buy(soap, country="AT", localstripe=localstripe)
    assert home.total_incl_tax == 1755
    assert home.lines.get().line_price_excl_tax == 1141
    assert abroad.total_incl_tax == 1369 + 546
    assert [p["amount"] for p in localstripe.payments()] == [1755, 1915]
    facts = read_orders(order_ids=[home.pk])[0]
    assert facts.lines[0].paid == 1141


def test_a_percentage_off_leaves_no_parts_of_a_yen(in_yen: None, localstripe: LocalStripe) -> None:
    """15 % off 1,255 + 999 + 333 = 2,587 is 388.05: at most 388 is taken off, in whole yen."""
    make_offer(kind="Percentage", value="15")
    goods = [make_goods(str(price), str(price), "JPY") for price in (1255, 999, 333)]
    order = buy(*goods, country="JP", localstripe=localstripe)
    amounts = [line.line_price_incl_tax for line in order.lines.all()]
    assert all(amount == int(amount) for amount in amounts)
    assert sum(amounts) + 500 == order.total_incl_tax == localstripe.charged()
    assert 2587 - 388 <= sum(amounts) <= 2587 - 386


def test_dinars_are_priced_in_two_of_their_three_decimals(
    settings: Any, localstripe: LocalStripe
) -> None:
    """Card schemes take fils in tens only: 12.35 dinars are 12,350."""
    settings.OSCAR_DEFAULT_CURRENCY = "KWD"
    settings.SHOP_COUNTRY = "KW"
    TaxRate.objects.create(country=make_country("KW", "Kuwait"), basis_points=500)
    order = buy(make_goods("Soap", "12.35", "KWD"), country="KW", localstripe=localstripe)
    assert order.total_incl_tax == Decimal("17.25")
    assert localstripe.charged() == 17_250 == minor_units(order.total_incl_tax, currency="KWD")
    assert order.lines.get().line_price_excl_tax == Decimal("11.76")
    assert read_orders(order_ids=[order.pk])[0].lines[0].paid == 11_760
