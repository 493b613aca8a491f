"""Buying in a real browser: side sheet, basket without reloads, address, cards of every temper.

Walked in English on a desk and in Russian on a phone; parts are found by what they do, so the same
steps hold in both languages.
"""

import re
from typing import Any

import pytest
from oscar.core.loading import get_model
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from storefront.shop.listing.services import rebuild_listing
from storefront.shop.payments import tasks
from storefront.shop.payments.models import CheckoutAttempt, SavedCard
from storefront.shop.payments.selectors import get_gift_note
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account, make_country, make_product, make_voucher
from tests.localstripe import (
    ASKS_BANK,
    DECLINED,
    PAYS,
    LocalStripe,
    localstripe,
    localstripe_process,
)

__all__ = ["localstripe", "localstripe_process"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Order = get_model("order", "Order")

WAYS = [
    pytest.param({"size": DESKTOP, "locale": "en-GB"}, id="English, desk"),
    pytest.param(
        {"size": PHONE, "locale": "ru", "is_mobile": True, "has_touch": True}, id="Russian, phone"
    ),
]


@pytest.fixture
def soap(localstripe: LocalStripe, settings: Any, live_server: LiveServer) -> Any:
    """A soap for 12.00 in a shop that sends to three countries and takes cards."""
    origin = localstripe.base
    settings.STRIPE_JS_URL = f"{origin}/js.stripe.com/v3/"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        **settings.CONTENT_SECURITY_POLICY,
        "DIRECTIVES": {
            **directives,
            "script-src": [*directives["script-src"], origin],
            "connect-src": [*directives["connect-src"], origin],
        },
    }
    for code, name in (("DE", "Germany"), ("AT", "Austria"), ("US", "United States")):
        make_country(code, name)
    product = make_product(price="12.00", stock=20)
    rebuild_listing()
    return product


def add(page: Page, product: Any) -> None:
    page.goto(product.get_absolute_url())
    page.locator("#buy button[type=submit]").first.click()
    expect(page.locator("#basket-sheet")).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{name}@example.com")
    page.locator("#id_password").fill(f"lantern-{name}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def say_address(page: Page, *, email: str = "") -> None:
    page.goto("/shop/checkout/")
    said = {
        "first_name": "Nina",
        "last_name": "Novak",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }
    if email:
        said["email"] = email
    for name, value in said.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form .form-actions .button").first.click()
    choose_delivery(page)


def choose_delivery(page: Page) -> None:
    page.wait_for_url("**/shipping-method/")
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url("**/payment/")


def type_card(page: Page, number: str) -> None:
    page.wait_for_selector("form[data-ready]")
    for name, value in {
        "number": number,
        "exp_month": "12",
        "exp_year": "31",
        "cvc": "123",
    }.items():
        page.locator(f"[data-card={name}]").fill(value)


def pay_by_card(page: Page, number: str) -> None:
    type_card(page, number)
    page.locator("[data-pay]").click()


@pytest.mark.parametrize("options", WAYS)
def test_the_sheet_and_the_basket_follow_every_change_without_a_reload(
    soap: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    make_voucher()
    page = open_page(**options)
    add(page, soap)
    sheet = page.locator("#basket-sheet")
    expect(sheet.locator("h2")).to_be_focused()
    expect(sheet).to_contain_text(re.compile(r"48[.,]00"))
    expect(page.locator(".site-header .count").first).to_contain_text("1")
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(page.locator("#buy button[type=submit]").first).to_be_focused()

    page.goto("/shop/basket/")
    page.evaluate("window.sameDocument = true")
    page.locator(".stepper [data-step='1']").click()
    page.locator(".stepper [data-step='1']").click()
    expect(page.locator("#basket .facts .total.money")).to_contain_text(re.compile(r"40[.,]90"))
    expect(page.locator("[data-basket-status]")).to_contain_text("3")
    expect(page.locator(".site-header .count").first).to_contain_text("3")

    page.locator("#voucher summary").click()
    page.locator("#id_code").fill("NOSUCH")
    page.locator("#voucher button[type=submit]").last.click()
    expect(page.locator("#id_code_error")).to_be_visible()
    page.locator("#id_code").fill("spring")
    page.locator("#voucher button[type=submit]").last.click()
    expect(page.locator("#basket .facts .total.money")).to_contain_text(re.compile(r"37[.,]90"))

    page.locator("#basket-lines button[name$=DELETE]").click()
    expect(page.locator("[data-undo]")).to_be_focused()
    page.locator("[data-undo]").click()
    expect(page.locator(".stepper input")).to_have_value("3")
    assert page.evaluate("window.sameDocument")


@pytest.mark.parametrize("options", WAYS)
def test_a_guest_buys_a_present_and_makes_an_account(
    soap: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_page(**options)
    add(page, soap)
    page.locator("#basket-sheet .dialog-foot a").last.click()
    page.locator("[data-gift-note] summary").click()
    page.locator("[data-gift-note] textarea").fill("For Nina")
    page.locator("button[form=gift-form]").click()
    page.wait_for_url("**/shipping-address/")
    expect(page.locator("nav")).to_have_count(0)

    page.locator("[name=country]").select_option("US")
    expect(page.locator("select[name=state]")).to_be_visible()
    page.locator("[name=country]").select_option("DE")
    expect(page.locator("[name=state]")).to_have_count(0)
    say_address(page, email="guest@example.com")
    total = page.locator("[data-pay]")
    expect(total).to_contain_text(re.compile(r"16[.,]90"))
    line = page.locator(".order-line")
    if options["size"] == PHONE:
        expect(line.locator("summary")).to_contain_text(re.compile(r"16[.,]90"))
        line.locator("summary").click()
        expect(line).to_contain_text("For Nina")
    else:
        expect(line).not_to_be_visible()
        expect(page.locator(".order-beside")).to_contain_text("For Nina")
    pay_by_card(page, PAYS)
    page.wait_for_url("**/thank-you/")
    assert get_gift_note(order=Order.objects.get()) == "For Nina"

    page.locator("[name=password1]").fill("lantern-guest")
    page.locator("form[action$='/account/'] button").click()
    page.wait_for_url("**/confirm-email/")
    assert Order.objects.get().user.email == "guest@example.com"


@pytest.mark.parametrize("options", WAYS)
def test_a_saved_address_and_a_kept_card_need_no_typing(
    soap: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    make_account("dora")
    page = open_page(**options)
    sign_in(page, "dora")
    add(page, soap)
    say_address(page)
    type_card(page, PAYS)
    page.locator("[name=keeps_card]").check()
    page.locator("[data-pay]").click()
    page.wait_for_url("**/thank-you/")
    tasks.keep_card.call(attempt_id=CheckoutAttempt.objects.get().pk)

    add(page, soap)
    page.locator("#basket-sheet .dialog-foot a").first.click()
    expect(page.locator("[name=address_id]").first).to_be_checked()
    expect(page.locator("main [name=line1]")).not_to_be_visible()
    page.locator("main form .form-actions .button").first.click()
    choose_delivery(page)
    expect(page.locator("[name=method]").first).to_be_checked()
    expect(page.locator("[data-card-element]")).not_to_be_visible()
    page.locator("[data-pay]").click()
    page.wait_for_url("**/thank-you/")
    assert Order.objects.count() == 2

    page.goto("/payments/cards/")
    expect(page.locator("main")).to_contain_text("4242")
    page.locator("main form[action*='/remove/'] button").click()
    expect(page.locator("main form[action*='/remove/']")).to_have_count(0)
    assert not SavedCard.objects.exists()


@pytest.mark.parametrize("options", WAYS)
def test_a_declined_card_is_said_and_another_one_pays(
    soap: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_page(**options)
    add(page, soap)
    say_address(page, email="guest@example.com")
    page.wait_for_selector("form[data-ready]")
    page.locator("[data-pay]").click()
    expect(page.locator("[data-card-error]")).to_be_visible()
    pay_by_card(page, DECLINED)
    expect(page.locator("#messages .notice.bad")).to_be_visible()
    assert not Order.objects.exists()
    pay_by_card(page, PAYS)
    page.wait_for_url("**/thank-you/")


@pytest.mark.parametrize("options", WAYS)
def test_the_bank_asks_refuses_once_and_then_confirms(
    soap: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    """localstripe plays the bank's window; its own words are English in every language."""
    page = open_page(**options)
    add(page, soap)
    say_address(page, email="guest@example.com")
    pay_by_card(page, ASKS_BANK)
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.locator("#messages .notice.bad")).to_be_visible()
    page.wait_for_url("**/payment/")
    assert not Order.objects.exists()
    pay_by_card(page, ASKS_BANK)
    page.get_by_role("button", name="Complete authentication").click()
    page.wait_for_url("**/thank-you/")
    assert Order.objects.count() == 1


def test_basket_and_checkout_work_without_a_script_up_to_the_payment(
    soap: Any, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(soap.get_absolute_url())
    page.locator("#buy button[type=submit]").first.click()
    page.goto("/shop/basket/")
    page.locator(".stepper input").fill("2")
    page.locator("#basket-lines noscript button").click()
    expect(page.locator("#basket .facts .total.money")).to_contain_text("28.90")
    page.locator("button[form=gift-form]").click()
    page.locator("[name=country]").select_option("US")
    page.locator("[name=refresh]").click()
    expect(page.locator("select[name=state]")).to_be_visible()
    page.locator("[name=country]").select_option("DE")
    page.locator("[name=refresh]").click()
    say_address(page, email="guest@example.com")
    page.locator("[name=method][value=transfer]").check()
    page.locator("[data-pay]").click()
    page.wait_for_url("**/thank-you/")
    assert str(Order.objects.get().total_incl_tax) == "28.90"
