"""Lists and search as shoppers use them: at an English desk, and on a Russian phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storefront.shop.details.services import name_option
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_product
from tests.shop.listing.goods import give, make_attribute
from tests.shop.shelves import make_category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def goods() -> None:
    """Twenty-four linen things and two of wool, priced 1.00 to 26.00."""
    material = make_attribute("material", "Material", "option")
    category = make_category("Bath")
    for number in range(26):
        product = make_product(f"Towel {number:02}", price=f"{number + 1}.00")
        product.categories.add(category)
        product.texts.create(language="ru", title=f"Полотенце {number:02}")
        give(product, material, "Wool" if number > 23 else "Linen")
    wool = material.option_group.options.get(option="Wool")
    name_option(option_id=wool.pk, names={"ru": "Шерсть"})
    rebuild_listing()


def first_card(page: Page) -> Any:
    return page.locator(".product-card-name").first


def test_filter_sort_and_back_at_a_desk(page: Page, goods: None) -> None:
    page.goto("/shop/catalogue/")
    page.evaluate("window.stayed = true")
    wool = page.get_by_label("Wool")
    wool.check()
    expect(page.locator("#list-status")).to_have_text("2 products found")
    expect(page.locator(".product-card")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?attr_material=wool$"))
    # The filters were made anew around it, and the box that was ticked still has the focus.
    expect(page.get_by_label("Wool")).to_be_focused()
    expect(page.get_by_label("Wool")).to_be_checked()
    page.get_by_label("Sort by").select_option("price")
    expect(first_card(page)).to_have_text("Towel 24")
    expect(page).to_have_url(re.compile(r"attr_material=wool&sort=price$|sort=price&attr_mat"))
    assert page.evaluate("window.stayed")
    page.go_back()
    expect(first_card(page)).to_have_text("Towel 25")
    page.go_back()
    expect(page.locator(".product-card")).to_have_count(20)
    expect(page.get_by_label("Wool")).not_to_be_checked()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.locator(".product-card")).to_have_count(6)


def test_a_chip_takes_its_filter_away(page: Page, goods: None) -> None:
    page.goto("/shop/catalogue/?attr_material=wool&price_to=25")
    expect(page.locator(".product-card")).to_have_count(1)
    page.locator(".chip.remove", has_text="up to").click()
    expect(page.locator(".product-card")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?attr_material=wool$"))
    expect(page.locator("#filter-price_to")).to_have_value("")


def test_suggestions_by_keyboard(page: Page, goods: None) -> None:
    page.goto("/shop/basket/")
    field = page.get_by_role("combobox", name="Search the shop")
    field.fill("tow")
    options = page.get_by_role("option")
    expect(options).to_have_count(6)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "site-suggestions-1")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.locator("#site-suggestions")).to_be_hidden()
    expect(field).to_have_value("tow")
    field.press("ArrowDown")
    expect(options).to_have_count(6)
    field.press("ArrowUp")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/shop/search/\?q=tow$"))
    expect(page.locator("mark").first).to_have_text("Towel")


def test_filters_in_a_sheet_on_a_russian_phone(open_page: Callable[..., Page], goods: None) -> None:
    page = open_page(size=PHONE, has_touch=True, is_mobile=True, locale="ru-RU")
    page.goto("/shop/catalogue/")
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.locator(".filters-opener").tap()
    expect(sheet).to_be_visible()
    page.get_by_label("Шерсть").check()
    expect(page.locator("#filters-show")).to_contain_text("2")
    expect(sheet).to_be_visible()
    page.locator("#filters-show").tap()
    expect(sheet).to_be_hidden()
    expect(first_card(page)).to_have_text("Полотенце 25")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_everything_works_without_a_script(open_page: Callable[..., Page], goods: None) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/shop/catalogue/")
    page.get_by_label("Wool").check()
    page.locator("#filters-show").click()
    expect(page.locator(".product-card")).to_have_count(2)
    page.get_by_label("Sort by").select_option("price")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect(first_card(page)).to_have_text("Towel 24")
    page.get_by_label("Search the shop").fill("towel 07")
    page.get_by_label("Search the shop").press("Enter")
    expect(page.locator(".product-card")).to_have_count(1)
