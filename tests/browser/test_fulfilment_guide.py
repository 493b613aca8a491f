"""The steps of `docs/fulfilment.md`, walked by Olga who packs and sends, with the guide's pictures."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from playwright.sync_api import Page, expect

from storefront.accounts.roles import OPERATORS
from storefront.shop.fulfilment.services import send_the_rest
from storefront.shop.returns.services import request_return
from tests.factories import make_account
from tests.guide_pictures import Picture
from tests.guide_shop import place_paid_order, sign_in, stock_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ProductReview = get_model("reviews", "ProductReview")


@pytest.fixture
def dora() -> Any:
    return make_account("dora", first_name="Dora", last_name="Lindt")


@pytest.fixture
def shelf(dora: Any) -> dict[str, Any]:
    make_account("olga", role=OPERATORS, first_name="Olga")
    return stock_shop()


def test_orders_are_picked_packed_and_sent(
    shelf: dict[str, Any], dora: Any, page: Page, picture: Picture
) -> None:
    now = timezone.now()
    late = place_paid_order(
        shelf["home-linen-towel"], shelf["care-salt-soap"], user=dora, at=now - timedelta(days=4)
    )
    cream, candle = (
        place_paid_order(shelf[sku], user=dora, at=now - timedelta(hours=5), quantity=1)
        for sku in ("care-hand-cream", "home-candle")
    )
    sign_in(page, "olga")
    page.goto("/dashboard/orders/work/")
    expect(page.locator(".work-table tbody tr")).to_have_count(3)
    expect(page.locator(".work-table tr", has_text=late.number)).to_contain_text("late")
    picture("fulfilment-work", page=page)
    for order in (cream, candle):
        page.locator(f"input[name=order][value='{order.pk}']").check()
    page.locator("button[value=pick-list]").click()
    expect(page.locator("body")).to_contain_text(shelf["home-candle"].title)

    page.goto(f"/dashboard/orders/{late.number}/parcel/")
    page.locator("input[name^=line_]").first.fill("1")
    page.locator("[name=carrier]").select_option("dhl")
    page.locator("[name=tracking_number]").fill("00340434161094")
    picture("fulfilment-parcel", page=page)
    page.locator("form.form .btn-primary").click()
    page.wait_for_url(f"**/dashboard/orders/{late.number}/")
    expect(page.locator(".staff-parcel")).to_contain_text("00340434161094")
    picture("fulfilment-order", page=page)

    page.goto("/dashboard/orders/work/")
    for order in (cream, candle):
        page.locator(f"input[name=order][value='{order.pk}']").check()
    page.locator("button[value=send]").click()
    expect(page.locator(".work-table tbody tr")).to_have_count(1)


def test_a_return_is_approved_received_and_refunded(
    shelf: dict[str, Any], dora: Any, page: Page, picture: Picture
) -> None:
    now = timezone.now()
    order = place_paid_order(shelf["home-linen-towel"], user=dora, at=now - timedelta(days=9))
    send_the_rest(order_id=order.pk, by=None, at=now - timedelta(days=8))
    item = request_return(
        order_id=order.pk,
        pieces={order.lines.get().pk: 1},
        reason="damaged",
        words="A thread is loose at the hem.",
        key="return",
        by=dora,
        at=now - timedelta(days=1),
    )
    sign_in(page, "olga")
    page.goto(f"/dashboard/orders/returns/{item.number}/")
    page.locator("button[value=approve]").click()
    page.locator("input[name^=quantity_]").fill("1")
    picture("fulfilment-return", page=page)
    page.locator("form:has([value=receive]) .btn-primary").click()
    page.locator("[name=confirm]").fill(item.number)
    page.locator("form[action$='/refund/'] .btn-danger").click()
    expect(page.locator(".staff-history li")).to_have_count(4)


def test_reviews_are_decided_and_mails_worded(
    shelf: dict[str, Any], dora: Any, page: Page, picture: Picture
) -> None:
    place_paid_order(shelf["care-almond-oil"], user=dora, at=timezone.now() - timedelta(days=9))
    review = ProductReview.objects.create(
        product=shelf["care-almond-oil"],
        user=dora,
        score=5,
        title="Sinks in quickly",
        body="A little goes a long way, and it smells of nothing but almonds.",
        status=ProductReview.FOR_MODERATION,
    )
    sign_in(page, "olga")
    page.goto("/dashboard/reviews/?status=0")
    picture("fulfilment-reviews", page=page)
    page.locator(f"button[value='approve:{review.pk}']").click()
    page.goto(review.product.get_absolute_url())
    expect(page.locator("#reviews")).to_contain_text("Sinks in quickly")

    page.goto("/dashboard/mails/")
    page.locator("main a[href*='/dashboard/mails/'][href$='/en/'], a[href$='/en/']").first.click()
    page.wait_for_url("**/en/")
    expect(page.locator("[name=subject]")).to_be_visible()
    picture("fulfilment-mail", page=page)
