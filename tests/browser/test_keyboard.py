"""Everything a shopper does, without a mouse; and without a script up to the payment.

`test_lists.py` filters and sorts without a script, `test_checkout.py` pays by transfer without one.
"""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from storefront.cms.models import ContactField
from storefront.shop.listing.services import rebuild_listing
from tests.browser.walking import Shop, enter, fill_basket
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUS = """() => {
  const each = document.activeElement;
  const style = getComputedStyle(each);
  const label = each.labels?.[0] ? getComputedStyle(each.nextElementSibling ?? each) : style;
  const seen = [style, label].some((one) =>
    (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0) || one.boxShadow !== "none");
  return { tag: each.tagName, id: each.id, name: each.textContent.trim().slice(0, 40), seen };
}"""


@pytest.fixture
def shop() -> Shop:
    return Shop()


def tab_to(page: Page, aim: Locator, *, most: int = 60) -> None:
    """Press Tab until `aim` has the focus; every stop on the way shows that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] != "BODY":
            assert stop["seen"], stop
        if aim.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"not reached in {most} steps: {aim}")


def is_inside(page: Page, selector: str) -> bool:
    return page.evaluate("s => !!document.activeElement.closest(s)", selector)


def test_the_first_stop_leads_past_the_header(shop: Shop, page: Page) -> None:
    page.goto("/shop/catalogue/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert is_inside(page, "main")


def test_the_menu_of_a_phone_opens_closes_and_gives_the_focus_back(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page(size=PHONE)
    page.goto("/")
    opener = page.locator(".sheet-opener")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.locator("#site-sheet")).to_be_visible()
    page.keyboard.press("Tab")
    assert is_inside(page, "#site-sheet")
    page.keyboard.press("Escape")
    expect(page.locator("#site-sheet")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_filters_of_a_phone_open_close_and_give_the_focus_back(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page(size=PHONE)
    page.goto("/shop/catalogue/")
    opener = page.locator(".filters-opener")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.locator("#filters")).to_be_visible()
    page.keyboard.press("Tab")
    assert is_inside(page, "#filters")
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    expect(opener).to_be_focused()


def test_suggestions_a_picture_and_the_side_sheet_by_keyboard(shop: Shop, page: Page) -> None:
    page.goto("/")
    field = page.locator("#site-search")
    tab_to(page, field)
    page.keyboard.type("linden")
    expect(page.locator("#site-suggestions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#site-suggestions")).to_be_hidden()
    expect(field).to_be_focused()

    page.goto(shop.soap.get_absolute_url())
    picture = page.locator("[data-zoom]").first
    tab_to(page, picture)
    page.keyboard.press("Enter")
    expect(page.locator("#zoom")).to_be_visible()
    assert is_inside(page, "#zoom")
    page.keyboard.press("Escape")
    expect(picture).to_be_focused()

    add = page.locator("#buy button[type=submit]").first
    tab_to(page, add)
    page.keyboard.press("Enter")
    expect(page.locator("#basket-sheet")).to_be_visible()
    assert is_inside(page, "#basket-sheet")
    page.keyboard.press("Escape")
    expect(page.locator("#basket-sheet")).to_be_hidden()
    expect(add).to_be_focused()


def test_the_address_is_typed_without_a_mouse(shop: Shop, page: Page) -> None:
    fill_basket(page, shop.soap)
    page.locator("#basket-sheet").wait_for()
    page.goto("/shop/checkout/shipping-address/")
    send = page.locator("main form .form-actions .button").first
    tab_to(page, send)
    page.keyboard.press("Enter")
    expect(page.locator(".errors").first).to_be_visible()
    for name, text in {
        "email": "guest@example.com",
        "first_name": "Dora",
        "last_name": "Lindt",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }.items():
        field = page.locator(f"main [name={name}]")
        field.focus()
        page.keyboard.type(text)
    tab_to(page, send)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "shipping-address" not in url)


def test_without_a_script_search_variant_basket_and_address(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page(size=DESKTOP, java_script_enabled=False)
    page.goto("/")
    page.locator("#site-search").fill("towel")
    page.locator("#site-search").press("Enter")
    expect(page.locator(".product-card").first).to_be_visible()
    large = shop.towel.children.get(title="Large")
    page.goto(shop.towel.get_absolute_url())
    page.locator(f"input[name=child_id][value='{large.pk}']").check()
    page.locator("#buy button[type=submit]").first.click()
    page.goto("/shop/basket/")
    expect(page.locator("#basket-lines")).to_contain_text("Large")
    page.goto("/shop/checkout/shipping-address/")
    for name, text in {
        "email": "guest@example.com",
        "first_name": "Dora",
        "last_name": "Lindt",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url(lambda url: "shipping-address" not in url)


def test_without_a_script_a_message_and_the_account(
    shop: Shop, open_page: OpenPage, live_server: LiveServer, mailoutbox: list[Any]
) -> None:
    ContactField.objects.create(page=shop.contact, label="Your mail", field_type="email")
    page = open_page(size=DESKTOP, java_script_enabled=False)
    page.goto("/contact/")
    page.locator("main input[type=email]").fill("nina@example.com")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main input[type=email]")).to_have_count(0)

    page.goto("/accounts/signup/")
    page.locator("#id_email").fill("nina@example.com")
    for field in page.locator("main input[type=password]").all():
        field.fill("lantern-nina-42")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/confirm-email/")

    dora = make_account("dora", first_name="Dora")
    rebuild_listing()
    enter(page, address=live_server.url, user=dora)
    page.goto("/shop/accounts/addresses/add/")
    for name, text in {
        "first_name": "Dora",
        "last_name": "Lindt",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("main form .form-actions button").last.click()
    page.wait_for_url("**/addresses/")
    assert dora.addresses.get().line1 == "Lindenweg 4"
