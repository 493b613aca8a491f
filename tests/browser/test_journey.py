"""The whole way in a real browser: link, product, basket, card, points for three sponsors, refund.

Walked in English on a desk and in Russian on a phone; the pages are found by what they do, so the
same steps hold in both languages.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mlm_plugin.network.models import Member
from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.volumes.models import PeriodTotal
from storefront.shop.listing.services import rebuild_listing
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account, make_country, make_family, make_product
from tests.localstripe import PAYS, LocalStripe, localstripe, localstripe_process

__all__ = ["localstripe", "localstripe_process"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THREE_SPONSORS = ("ada", "ben", "cleo")


@pytest.fixture
def shop(localstripe: LocalStripe, settings: Any, live_server: LiveServer) -> Any:
    """One soap with 10.25 PV, a family with sign-ins, an operator, and a card to pay with."""
    origin = localstripe.base
    settings.STRIPE_JS_URL = f"{origin}/js.stripe.com/v3/"
    policy = settings.CONTENT_SECURITY_POLICY
    directives = policy["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        **policy,
        "DIRECTIVES": {
            **directives,
            "script-src": [*directives["script-src"], origin],
            "connect-src": [*directives["connect-src"], origin],
        },
    }
    make_country()
    soap = make_product(price="12.00", stock=20)
    ProductPoints.objects.create(product=soap, pv=1025, cv=800)
    rebuild_listing()
    for member in make_family():
        Member.objects.filter(pk=member.pk).update(user=make_account(member.first_name.lower()))
    make_account("olga", role="Operators")
    return soap


def buy_as_guest(page: Page, product: Any) -> str:
    """From Dora's link to the thanks page; returns the order's number."""
    page.goto(f"/r/dora/?to={product.get_absolute_url()}&c=spring")
    expect(page.locator("body")).to_contain_text("Dora")
    page.locator("#buy input[name=quantity]").fill("2")
    page.locator("#buy button[type=submit]").click()
    expect(page.locator("#basket-sheet")).to_be_visible()
    page.goto("/shop/basket/")
    expect(page.locator("body")).to_contain_text("24")
    page.goto("/shop/checkout/")
    for name, value in {
        "email": "guest@example.com",
        "first_name": "Nina",
        "last_name": "Novak",
        "line1": "Lindenweg 4",
        "postcode": "07743",
        "line4": "Jena",
    }.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url("**/shipping-method/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/payment/")
    pay_by_card(page, PAYS)
    page.wait_for_url("**/thank-you/")
    number = re.search(r"\d{6}", page.locator("main").inner_text())
    assert number, "the thanks page names the order"
    return number.group()


def pay_by_card(page: Page, number: str) -> None:
    page.wait_for_selector("form[data-ready]")
    for name, value in {
        "number": number,
        "exp_month": "12",
        "exp_year": "31",
        "cvc": "123",
    }.items():
        page.locator(f"[data-card={name}]").fill(value)
    page.locator("[data-pay]").click()


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{name}@example.com")
    page.locator("#id_password").fill(f"lantern-{name}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def expect_points(open_page: OpenPage, name: str, group: str, state: str, **options: Any) -> None:
    """A sponsor's cabinet shows the group's points of the month and where they came from."""
    page = open_page(**options)
    sign_in(page, name)
    page.goto("/my/")
    expect(page.locator(".stats .stat-value").nth(2)).to_have_text(re.compile(rf"^\s*{group}"))
    expect(page.locator(".feed li").first).to_contain_text("Linden soap")
    expect(page.locator(".feed li .badge").first).to_have_class(re.compile(state))
    page.context.close()


def refund_everything(page: Page, number: str) -> None:
    sign_in(page, "olga")
    page.goto(f"/dashboard/orders/{number}/")
    expect(page.locator("body")).to_contain_text("Dora")
    page.goto(f"/dashboard/orders/{number}/refund/")
    page.locator("input[name^=line_]").fill("2")
    page.locator("[name=reason]").fill("Arrived broken")
    page.locator("main form button.btn-danger, form.form-stacked button.btn-danger").first.click()
    page.locator("[name=confirm]").fill(number)
    page.locator("form.form-stacked button.btn-danger").first.click()
    page.wait_for_url(f"**/dashboard/orders/{number}/")


@pytest.mark.parametrize(
    ("options", "credited", "reversed_"),
    [
        pytest.param({"size": DESKTOP, "locale": "en-GB"}, "20.50", "0\\s", id="English, desk"),
        pytest.param(
            {"size": PHONE, "locale": "ru", "is_mobile": True, "has_touch": True},
            "20,50",
            "0\\s",
            id="Russian, phone",
        ),
    ],
)
def test_a_referred_purchase_becomes_points_and_a_refund_takes_them_back(
    shop: Any, open_page: OpenPage, options: dict[str, Any], credited: str, reversed_: str
) -> None:
    """Two soaps at 10.25 PV: 20.50 for dora's customers, and in the groups of cleo, ben and ada."""
    page = open_page(**options)
    number = buy_as_guest(page, shop)
    expect(page.locator("html")).to_have_attribute("lang", options["locale"][:2])
    for name in THREE_SPONSORS:
        expect_points(open_page, name, credited, "good", **options)
    refund_everything(open_page(**options), number)
    for name in THREE_SPONSORS:
        expect_points(open_page, name, reversed_, "bad", **options)
    assert set(PeriodTotal.objects.values_list("group_pv", flat=True)) == {0}
