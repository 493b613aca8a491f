"""The steps of `docs/shopping.md`, walked by Dora who buys, with the guide's pictures."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from playwright.sync_api import Page, expect

from storefront.shop.fulfilment.services import send_the_rest
from storefront.shop.returns.models import ReturnRequest
from tests.browser_fixtures import DESKTOP, PHONE
from tests.factories import make_account
from tests.guide_pictures import Picture
from tests.guide_shop import place_paid_order, sign_in, stock_shop
from tests.localstripe import PAYS, LocalStripe, localstripe, localstripe_process

__all__ = ["localstripe", "localstripe_process"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def takes_cards(localstripe: LocalStripe, settings: Any) -> None:
    """Cards are paid at a local process that plays Stripe."""
    settings.STRIPE_JS_URL = f"{localstripe.base}/js.stripe.com/v3/"
    policy = settings.CONTENT_SECURITY_POLICY
    directives = policy["DIRECTIVES"]
    more = {name: [*directives[name], localstripe.base] for name in ("script-src", "connect-src")}
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": {**directives, **more}}


@pytest.fixture
def shelf() -> dict[str, Any]:
    make_account("dora", first_name="Dora", last_name="Lindt")
    return stock_shop()


def test_from_the_search_to_the_order(
    takes_cards: None, shelf: dict[str, Any], page: Page, picture: Picture
) -> None:
    page.goto("/shop/catalogue/")
    page.locator("input[type=search]").first.press_sequentially("oil")
    expect(page.locator(".suggestion").first).to_contain_text("oil")
    picture("shopping-find", page=page)
    page.keyboard.press("Escape")
    page.goto("/shop/catalogue/")
    page.locator("#filters input[type=checkbox]").first.check()
    page.wait_for_url("**?*")
    picture("shopping-choose", page=page)

    page.goto(shelf["care-almond-oil"].get_absolute_url())
    picture("shopping-product", page=page)
    page.locator("#buy button[type=submit]").first.click()
    expect(page.locator("#basket-sheet")).to_be_visible()
    picture("shopping-basket", page=page)

    page.set_viewport_size(PHONE)
    page.goto("/shop/checkout/")
    said = {
        "email": "nina@example.com",
        "first_name": "Nina",
        "last_name": "Novak",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }
    for name, value in said.items():
        page.locator(f"main [name={name}]").fill(value)
    picture("shopping-address", page=page)
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url("**/shipping-method/")
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url("**/payment/")
    page.wait_for_selector("form[data-ready]")
    for name, value in {"number": PAYS, "exp_month": "12", "exp_year": "31", "cvc": "123"}.items():
        page.locator(f"[data-card={name}]").fill(value)
    picture("shopping-pay", page=page)
    page.set_viewport_size(DESKTOP)
    page.locator("[data-pay]").click()
    page.wait_for_url("**/thank-you/")
    order = get_model("order", "Order").objects.get()
    expect(page.locator("main")).to_contain_text(order.number)


def test_an_order_is_followed_and_a_piece_sent_back(
    shelf: dict[str, Any], page: Page, picture: Picture
) -> None:
    dora = get_model("accounts", "User").objects.get(email="dora@example.com")
    now = timezone.now()
    order = place_paid_order(
        shelf["home-linen-towel"], shelf["care-salt-soap"], user=dora, at=now - timedelta(days=3)
    )
    send_the_rest(
        order_id=order.pk,
        carrier="dhl",
        tracking_number="00340434161094",
        by=None,
        at=now - timedelta(days=1),
    )
    sign_in(page, "dora")
    mine = f"/shop/accounts/orders/{order.number}/"
    page.goto(mine)
    expect(page.locator(".timeline")).to_contain_text("00340434161094")
    picture("shopping-order", page=page)

    page.locator(f"a[href='{mine}return/']").click()
    page.set_viewport_size(PHONE)
    page.locator("input[name^=line_]").first.fill("1")
    page.locator("[name=reason]").select_option("damaged")
    picture("shopping-return", page=page)
    page.locator("main form .form-actions button").click()
    page.wait_for_url("**/returns/*/")
    expect(page.locator("main")).to_contain_text(ReturnRequest.objects.get().number)
