"""Who pays what: buyer kind, rank, quantity, tax of the destination, shipping."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings
from oscar.core.loading import get_class, get_model

from storefront.shop.prices.models import BuyerPrice, ShippingCharge, TaxRate
from storefront.shop.prices.selectors import Buyer, choose_price, get_price_steps, get_tax_table
from storefront.shop.prices.services import PriceRow, set_buyer_prices
from storefront.shop.prices.tax import TaxTable
from tests.factories import make_basket, make_country, make_member, make_product, make_user
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db


def strategy(user: Any = None, country: str | None = None) -> Any:
    return get_class("partner.strategy", "Selector")().strategy(user=user, country_code=country)


def price_rows(product: Any, *rows: tuple[str, str, int, str]) -> None:
    record = product.stockrecords.get()
    set_buyer_prices(
        rows=[PriceRow(record.pk, kind, rank, step, Decimal(p)) for kind, rank, step, p in rows]
    )


def make_buying_member(name: str, rank: str = "") -> Any:
    user = make_user(name)
    member = make_member(name, user_id=user.pk)
    if rank:
        type(member).objects.filter(pk=member.pk).update(rank=rank)
    return user


def test_a_stranger_pays_the_shop_price_without_any_row() -> None:
    soap = make_product("Soap", price="10.00")
    price = strategy().fetch_for_product(soap).price
    assert (price.incl_tax, price.excl_tax) == (Decimal("10.00"), Decimal("10.00"))


def test_members_pay_theirs_and_gold_members_less() -> None:
    soap = make_product("Soap", price="10.00")
    price_rows(
        soap, ("member", "", 1, "8.00"), ("member", "gold", 1, "7.00"), ("preferred", "", 1, "9.00")
    )
    ada, ben = make_buying_member("ada"), make_buying_member("ben", rank="gold")
    assert strategy(ada).fetch_for_product(soap).price.incl_tax == Decimal("8.00")
    assert strategy(ben).fetch_for_product(soap).price.incl_tax == Decimal("7.00")
    assert strategy(make_user("dora")).fetch_for_product(soap).price.incl_tax == Decimal("10.00")


def test_a_registered_customer_pays_preferred_prices_where_the_setting_says_so(settings) -> None:
    soap = make_product("Soap", price="10.00")
    price_rows(soap, ("preferred", "", 1, "9.00"))
    dora = make_user("dora")
    assert strategy(dora).fetch_for_product(soap).price.incl_tax == Decimal("10.00")
    settings.MLM = {**settings.MLM, "PREFERRED": "registration"}
    dora = type(dora).objects.get(pk=dora.pk)
    assert strategy(dora).fetch_for_product(soap).price.incl_tax == Decimal("9.00")


def test_nobody_pays_more_than_a_stranger() -> None:
    soap = make_product("Soap", price="10.00")
    price_rows(soap, ("member", "", 1, "12.00"))
    ada = make_buying_member("ada")
    assert strategy(ada).fetch_for_product(soap).price.incl_tax == Decimal("10.00")


def test_a_step_counts_from_its_quantity_on() -> None:
    soap = make_product("Soap", price="10.00")
    price_rows(soap, ("retail", "", 10, "8.00"), ("retail", "", 100, "6.00"))
    steps = get_price_steps(stockrecord_ids=[soap.stockrecords.get().pk], buyer=Buyer())
    found = steps[soap.stockrecords.get().pk]
    reached = [
        choose_price(retail=Decimal("10.00"), steps=found, quantity=quantity)
        for quantity in (1, 9, 10, 99, 100)
    ]
    assert reached == [Decimal(p) for p in ("10.00", "10.00", "8.00", "8.00", "6.00")]


def test_the_quantity_of_the_basket_line_reaches_the_step() -> None:
    soap = make_product("Soap", price="10.00", stock=50)
    price_rows(soap, ("retail", "", 10, "8.00"))
    assert make_basket(soap, quantity=9).total_incl_tax == Decimal("90.00")
    assert make_basket(soap, quantity=10).total_incl_tax == Decimal("80.00")


@pytest.mark.parametrize("count", [2, 8])
def test_prices_of_a_whole_basket_are_one_query(count: int, django_assert_num_queries: Any) -> None:
    products = [make_product(f"Soap {n}", price="10.00") for n in range(count)]
    for product in products:
        price_rows(product, ("retail", "", 1, "9.00"))
    basket = make_basket(*products)
    basket = get_model("basket", "Basket").objects.get(pk=basket.pk)
    basket.strategy = strategy(country="DE")
    lines = list(basket.all_lines())
    with django_assert_num_queries(3):  # Price rows, tax rates and product types.
        assert {line.unit_price_incl_tax for line in lines} == {Decimal("9.00")}


def test_prices_of_all_variants_are_one_query(django_assert_num_queries: Any) -> None:
    towel = make_family_of_sizes()
    children = [(child, child.stockrecords.get()) for child in towel.children.all()]
    for child, _record in children:
        child.get_product_class()
    seen = strategy()
    with django_assert_num_queries(2):
        price = seen.parent_pricing_policy(towel, children)
    assert price.incl_tax == Decimal("12.00")


def test_the_same_price_twice_is_one_row_and_none_takes_it_away() -> None:
    soap = make_product("Soap")
    price_rows(soap, ("member", "", 1, "8.00"))
    price_rows(soap, ("member", "", 1, "7.00"))
    assert [row.price for row in BuyerPrice.objects.all()] == [Decimal("7.00")]
    record = soap.stockrecords.get()
    set_buyer_prices(rows=[PriceRow(record.pk, "member", "", 1, None)])
    assert not BuyerPrice.objects.exists()


def test_the_database_refuses_a_price_that_cannot_be() -> None:
    record = make_product("Soap").stockrecords.get()
    bad = (
        {"buyer_kind": "retail", "rank": "gold", "price": 1},
        {"buyer_kind": "member", "min_quantity": 0, "price": 1},
        {"buyer_kind": "member", "price": -1},
    )
    for fields in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            BuyerPrice.objects.create(stockrecord=record, **fields)
    with pytest.raises(ValidationError):
        set_buyer_prices(rows=[PriceRow(record.pk, "nobody", "", 1, Decimal(1))])


# --- tax ------------------------------------------------------------------------------------------


def tax(country: str, basis_points: int, **fields: Any) -> None:
    TaxRate.objects.create(
        country=make_country(country, country), basis_points=basis_points, **fields
    )


def test_at_home_the_price_typed_in_is_the_price_paid() -> None:
    tax("DE", 1900)
    soap = make_product("Soap", price="11.90")
    price = strategy().fetch_for_product(soap).price
    assert (price.incl_tax, price.excl_tax, price.tax) == (
        Decimal("11.90"),
        Decimal("10.00"),
        Decimal("1.90"),
    )


def test_elsewhere_the_home_tax_goes_out_and_the_destinations_in() -> None:
    tax("DE", 1900)
    tax("AT", 2000)
    soap = make_product("Soap", price="11.90")
    austria = strategy(country="AT").fetch_for_product(soap).price
    export = strategy(country="CH").fetch_for_product(soap).price
    assert (austria.incl_tax, austria.tax) == (Decimal("12.00"), Decimal("2.00"))
    assert (export.incl_tax, export.tax) == (Decimal("10.00"), Decimal("0.00"))
    assert get_tax_table().get_rate("AT") == 2000
    assert get_tax_table().get_rate("CH") == 0


def test_net_and_tax_always_add_up_to_the_price_at_home() -> None:
    table = TaxTable(home_country="DE", rates={"DE": 1900})
    for cents in range(2_000):
        stored = Decimal(cents).scaleb(-2)
        taxed = table.apply(stored, "DE", currency="EUR")
        assert taxed.gross == stored
        assert taxed.net >= 0 and taxed.tax >= 0


def test_a_basket_sent_abroad_is_taxed_there() -> None:
    tax("DE", 1900)
    tax("AT", 2000)
    soap = make_product("Soap", price="11.90", stock=9)
    basket = make_basket(soap, quantity=3, country="AT")
    assert (basket.total_incl_tax, basket.total_tax) == (Decimal("36.00"), Decimal("6.00"))


# --- shipping -------------------------------------------------------------------------------------


def methods(basket: Any, country: str = "DE") -> dict[str, Any]:
    address = get_model("order", "ShippingAddress")(country=make_country(country, country))
    found = get_class("shipping.repository", "Repository")().get_shipping_methods(
        basket=basket, shipping_addr=address
    )
    return {method.code: method.calculate(basket) for method in found}


def test_two_methods_and_the_cheaper_one_is_free_above_an_amount() -> None:
    soap = make_product("Soap", price="10.00", stock=50)
    few, many = methods(make_basket(soap, quantity=5)), methods(make_basket(soap, quantity=6))
    assert list(few) == ["standard", "express"]
    assert few["standard"].incl_tax == Decimal("4.90")
    assert many["standard"].incl_tax == Decimal("0.00")
    assert many["express"].incl_tax == Decimal("9.90")


def test_a_country_has_charges_of_its_own_taxed_its_own_way() -> None:
    tax("DE", 1900)
    tax("AT", 2000)
    tax("LU", 1700, taxes_shipping=False)
    ShippingCharge.objects.create(method="standard", charge="11.90", free_from=None)
    ShippingCharge.objects.create(method="standard", country_id="AT", charge="23.80")
    ShippingCharge.objects.create(method="express", country_id="LU", charge=1, is_offered=False)
    basket = make_basket(make_product("Soap", price="10.00"))
    austria, luxembourg = methods(basket, "AT"), methods(basket, "LU")
    assert (austria["standard"].incl_tax, austria["standard"].tax) == (
        Decimal("24.00"),
        Decimal("4.00"),
    )
    assert list(luxembourg) == ["standard"]
    assert (luxembourg["standard"].incl_tax, luxembourg["standard"].tax) == (
        Decimal("10.00"),
        Decimal("0.00"),
    )


# --- open and closed ------------------------------------------------------------------------------


@override_settings(MLM={"SALES": "closed"})
def test_a_closed_shop_has_a_price_for_members_only() -> None:
    soap = make_product("Soap", price="10.00")
    ada = make_buying_member("ada")
    for outsider in (None, make_user("dora")):
        info = strategy(outsider).fetch_for_product(soap)
        assert not info.price.exists
        assert not info.availability.is_available_to_buy
    assert strategy(ada).fetch_for_product(soap).price.incl_tax == Decimal("10.00")
    assert strategy(ada).fetch_for_product(soap).availability.is_available_to_buy
