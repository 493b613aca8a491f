"""The price list: CSV in, all or nothing, with line and reason; CSV out; and back in unchanged."""

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.shop.points import get_points_for_products
from storefront.shop.prices.models import BuyerPrice
from storefront.shop.prices.price_list import (
    BadPriceList,
    get_price_list,
    import_price_list,
    write_price_list,
)
from tests.factories import make_product
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db


def problems_of(text: str | bytes) -> list[tuple[int, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(BadPriceList) as refused:
        import_price_list(content=content)
    return refused.value.problems


def test_points_and_prices_of_every_kind_rank_and_step_come_in() -> None:
    soap = make_product("Soap", price="10.00")
    text = (
        "sku;title;pv;cv;retail;preferred;member;member/gold from 10\r\n"
        "soap;whatever;12,50;9;11,00;9.50;8;6,25\r\n"
    )
    assert import_price_list(content=text.encode("utf-8-sig")) == 1

    points = ProductPoints.objects.get(product=soap)
    assert (points.pv, points.cv) == (1250, 900)
    assert soap.stockrecords.get().price == Decimal("11.00")
    assert set(BuyerPrice.objects.values_list("buyer_kind", "rank", "min_quantity", "price")) == {
        ("preferred", "", 1, Decimal("9.50")),
        ("member", "", 1, Decimal("8.00")),
        ("member", "gold", 10, Decimal("6.25")),
    }


def test_an_empty_cell_takes_away_and_a_missing_column_leaves_alone() -> None:
    soap = make_product("Soap", price="10.00")
    import_price_list(content=b"sku,pv,cv,preferred,member\nsoap,12,10,9,8\n")
    import_price_list(content=b"sku,member\nsoap,\n")
    assert [row.buyer_kind for row in BuyerPrice.objects.all()] == ["preferred"]
    assert ProductPoints.objects.get(product=soap).pv == 1200
    import_price_list(content=b"sku,pv,cv\nsoap,,\n")
    assert not ProductPoints.objects.exists()
    import_price_list(content=b"sku,retail\nsoap,\n")
    assert soap.stockrecords.get().price == Decimal("10.00")


def test_what_went_out_comes_in_and_changes_nothing() -> None:
    make_family_of_sizes("=Towel()")
    make_product("Soap", price="10.00")
    import_price_list(content=b"sku,pv,cv,member from 5\nsoap,12.34,10,7.77\n")
    before = get_price_list()
    text = write_price_list()
    assert "'=Towel()" in text
    import_price_list(content=text.encode())
    assert get_price_list() == before
    assert write_price_list() == text


def test_one_bad_line_and_nothing_is_written() -> None:
    make_product("Soap")
    make_product("Oil")
    make_product("Salt")
    found = problems_of(
        "sku,pv,cv,member\nsoap,1,1,5\nnosuch,1,1,5\noil,1.234,1,5\nsalt,1,1,5.999\n"
    )
    assert [line for line, _reason in found] == [3, 4, 5]
    assert "nosuch" in found[0][1]
    assert "more than two decimals" in found[1][1]
    assert "more than 2 decimals" in found[2][1]
    assert "5.999" in found[2][1]
    assert not ProductPoints.objects.exists()
    assert not BuyerPrice.objects.exists()


@pytest.mark.parametrize("cell", ["-1", "NaN", "1e999999", "abc", "9" * 10_000, "<b>", "=1+1"])
def test_what_is_no_number_is_named_with_its_line(cell: str) -> None:
    make_product("Soap")
    for column in ("pv", "member"):
        header = "sku,pv,cv" if column == "pv" else "sku,member"
        row = f"soap,{cell},1" if column == "pv" else f"soap,{cell}"
        (line, reason), *_rest = problems_of(f"{header}\n{row}\n")
        assert line == 2
        assert cell[:40] in reason and len(reason) < 200


def test_the_same_product_twice_is_refused() -> None:
    make_product("Soap")
    assert problems_of("sku,pv,cv\nsoap,1,1\nsoap,2,2\n") == [(3, "the same product as in line 2")]


def test_a_sku_that_means_two_products_is_refused() -> None:
    make_product("Soap")
    other = make_product("Oil")
    partner = get_model("partner", "Partner").objects.create(name="Other", code="other")
    other.stockrecords.create(partner=partner, partner_sku="soap", price=1)
    assert "more than one product" in problems_of("sku,pv,cv\nsoap,1,1\n")[0][1]


def test_a_broken_encoding_names_the_line() -> None:
    make_product("Soap")
    found = problems_of(b"sku,pv,cv\nsoap,1,1\ns\xe4ge,1,1\n")
    assert found[0][0] == 3 and "UTF-8" in found[0][1]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("pv,cv", "no column “sku”"),
        ("sku,pv", "come together"),
        ("sku,price", "“price” is not known"),
        ("sku,retail/gold", "“retail/gold” is not known"),
        ("sku,member,member", "comes twice"),
    ],
)
def test_a_header_nobody_understands_is_refused(header: str, reason: str) -> None:
    assert reason in problems_of(f"{header}\n")[0][1]


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b'sku,pv,cv\n"soap,1,1\n'])
def test_what_is_no_csv_is_refused(content: bytes) -> None:
    problems_of(content)


def test_a_line_with_a_cell_too_many_is_refused() -> None:
    make_product("Soap")
    assert problems_of("sku,pv,cv\nsoap,1,1,1\n")[0][0] == 2


def test_a_variant_inherits_points_until_it_has_its_own(django_assert_num_queries) -> None:
    towel = make_family_of_sizes()
    small, large = towel.children.order_by("pk")
    ProductPoints.objects.create(product=towel, pv=500, cv=400)
    import_price_list(content=b"sku,pv,cv\nlinen-towel-Large,9,8\n")
    with django_assert_num_queries(1):
        points = get_points_for_products(products=[small, large])
    assert (points[small.pk].pv, points[large.pk].pv) == (500, 900)


@pytest.mark.parametrize(
    "headings",
    ["member,member from 1", "member from 10,member from 010", "retail,retail from 1"],
)
def test_two_headings_of_the_same_meaning_are_refused(headings: str) -> None:
    make_product("Soap", price="10.00")
    problems = problems_of(f"sku,{headings}\nsoap,8,9\n")
    assert problems[0][0] == 1
    assert all(name in problems[0][1] for name in headings.split(","))
    assert not BuyerPrice.objects.exists()


def test_a_price_has_no_more_decimals_than_the_currency(settings: Any) -> None:
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    soap = make_product("Soap", price="1200")
    assert "0 decimals" in problems_of("sku,retail\nsoap,1200.50\n")[0][1]
    import_price_list(content=b"sku,retail\nsoap,1300\n")
    assert soap.stockrecords.get().price == 1300
