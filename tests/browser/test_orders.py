"""Orders after they were placed, in a real browser: the shopper on a phone in Russian or at a desk in
English follows, cancels and sends back; staff at a desk send two parcels, receive and refund.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storefront.shop.returns.models import ReturnRequest
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account
from tests.shop.orders.buying import buy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH = [
    pytest.param({"size": DESKTOP, "locale": "en-GB"}, id="English, desk"),
    pytest.param(
        {"size": PHONE, "locale": "ru", "is_mobile": True, "has_touch": True}, id="Russian, phone"
    ),
]


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{name}@example.com")
    page.locator("#id_password").fill(f"lantern-{name}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def send_some(staff: Page, order: Any, pieces: str) -> None:
    staff.goto(f"/dashboard/orders/{order.number}/parcel/")
    staff.locator("input[name^=line_]").fill(pieces)
    staff.locator("[name=carrier]").select_option("dhl")
    staff.locator("[name=tracking_number]").fill("00340434")
    staff.locator("form.form .btn-primary").click()
    staff.wait_for_url(f"**/dashboard/orders/{order.number}/")


@pytest.mark.parametrize("options", BOTH)
def test_two_parcels_and_a_return_from_wish_to_refund(
    open_page: OpenPage, options: dict[str, Any]
) -> None:
    dora = make_account("dora")
    make_account("olga", role="Operators")
    order = buy(user=dora, email=dora.email)
    staff, page = open_page(), open_page(**options)
    sign_in(staff, "olga")
    sign_in(page, "dora")
    mine = f"/shop/accounts/orders/{order.number}/"

    for _ in range(2):
        send_some(staff, order, "1")
    page.goto(mine)
    expect(page.locator(".timeline .done")).to_have_count(4)
    expect(page.locator(".timeline")).to_contain_text("00340434")
    assert page.request.get(f"{mine}invoice.pdf").body().startswith(b"%PDF")

    page.locator(f"a[href='{mine}return/']").click()
    page.locator("input[name^=line_]").fill("1")
    page.locator("[name=reason]").select_option("damaged")
    page.locator("main form .form-actions button").click()
    page.wait_for_url("**/returns/*/")
    number = ReturnRequest.objects.get().number
    staff.goto(f"/dashboard/orders/returns/{number}/")
    staff.locator("button[value=approve]").click()
    page.reload()
    page.locator("a[href$='/slip/']").click()
    expect(page.locator(".sheet-code")).to_contain_text(number)
    expect(page.locator(".sheet-code img")).to_be_visible()

    staff.locator("input[name^=quantity_]").fill("1")
    staff.locator("form:has([value=receive]) .btn-primary").click()
    staff.locator("[name=confirm]").fill(number)
    staff.locator("form[action$='/refund/'] .btn-danger").click()
    expect(staff.locator(".staff-history li")).to_have_count(4)
    page.goto(mine)
    expect(page.locator(".timeline")).to_contain_text("12")


@pytest.mark.parametrize("options", BOTH)
def test_the_buyer_cancels_before_the_order_is_packed(
    open_page: OpenPage, options: dict[str, Any]
) -> None:
    dora = make_account("dora")
    order = buy(user=dora, email=dora.email)
    page = open_page(**options)
    sign_in(page, "dora")

    page.goto(f"/shop/accounts/orders/{order.number}/")
    page.locator("a[href$='/cancel/']").click()
    page.locator("main .button.danger").click()

    expect(page.locator(".timeline .bad")).to_be_visible()
    order.refresh_from_db()
    assert order.status == "Cancelled"


def test_oscars_own_tables_stack_on_a_phone(open_page: OpenPage) -> None:
    """Each value under the name of its column, and nothing to push sideways."""
    make_account("olga", role="Operators")
    order = buy()
    staff = open_page(size=PHONE, locale="ru", is_mobile=True, has_touch=True)
    sign_in(staff, "olga")
    staff.goto("/dashboard/orders/")
    table = staff.locator(".page-content table.cards")
    expect(table.locator(".card-title")).to_contain_text(order.number)
    expect(table.locator("td[data-label]").first).to_be_visible()
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
