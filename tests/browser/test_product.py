"""A shopper on a product's page: looks closely, chooses, asks, reviews, waits for what is sold out.

In English on a desk and in Russian on a phone; things are found by what they are, not by words.
"""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from oscar.core.loading import get_model
from PIL import Image
from playwright.sync_api import Page, expect

from storefront.shop.listing.services import rebuild_listing
from storefront.shop.questions.models import Question
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account
from tests.shop.catalogue.buying import buy
from tests.shop.shelves import make_family_of_sizes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EITHER = pytest.mark.parametrize(
    "options",
    [
        pytest.param({"size": DESKTOP, "locale": "en-GB"}, id="English, desk"),
        pytest.param(
            {"size": PHONE, "locale": "ru", "is_mobile": True, "has_touch": True},
            id="Russian, phone",
        ),
    ],
)


@pytest.fixture
def towel() -> Any:
    """A towel in two sizes, the large one sold out, with two pictures."""
    towel = make_family_of_sizes()
    towel.children.get(title="Large").stockrecords.update(num_in_stock=0)
    for number, colour in enumerate(("#e6ecdc", "#f6e5d5")):
        buffer = BytesIO()
        Image.new("RGB", (800, 800), colour).save(buffer, "PNG")
        towel.images.create(
            original=ContentFile(buffer.getvalue(), name=f"towel-{number}.png"),
            display_order=number,
        )
    rebuild_listing()
    return towel


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{name}@example.com")
    page.locator("#id_password").fill(f"lantern-{name}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@EITHER
def test_choosing_a_variant_changes_price_and_stock_without_a_reload(
    towel: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_page(**options)
    page.goto(towel.get_absolute_url())
    assert fits(page)
    page.evaluate("window.sameDocument = true")
    expect(page.locator(".price-block [data-price]")).to_contain_text("12")
    expect(page.locator(".buy-row")).to_be_visible()
    page.locator(".variant").nth(1).click()
    expect(page.locator(".price-block [data-price]")).to_contain_text("20")
    expect(page.locator(".buy-row")).to_be_hidden()
    expect(page.locator("#alert")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    large = towel.children.get(title="Large")
    assert f"variant={large.pk}" in page.url
    page.reload()
    expect(page.locator(f"input[name=child_id][value='{large.pk}']")).to_be_checked()


@EITHER
def test_who_waits_for_a_variant_leaves_an_address(
    towel: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_page(**options)
    large = towel.children.get(title="Large")
    page.goto(f"{towel.get_absolute_url()}?variant={large.pk}")
    page.locator("#alert input[type=email]").fill("nina@example.com")
    page.locator("#alert button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("nina@example.com")
    alert = get_model("customer", "ProductAlert").objects.get()
    assert (alert.product, alert.status) == (large, "Unconfirmed")
    page.goto(alert.get_confirm_url())
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(re.escape(towel.get_absolute_url())))
    alert.refresh_from_db()
    assert alert.status == "Active"


def test_pictures_are_enlarged_and_turned_by_keyboard(towel: Any, page: Page) -> None:
    page.goto(towel.get_absolute_url())
    first = page.locator("[data-zoom]").first
    first.focus()
    page.keyboard.press("Enter")
    zoom = page.locator("#zoom")
    expect(zoom).to_be_visible()
    expect(zoom.locator(".zoom-caption")).to_contain_text("1/2")
    page.keyboard.press("ArrowRight")
    expect(zoom.locator(".zoom-caption")).to_contain_text("2/2")
    page.keyboard.press("ArrowRight")
    expect(zoom.locator(".zoom-caption")).to_contain_text("1/2")
    zoom.locator("[data-zoom-size]").press("Enter")
    expect(zoom).to_have_class(re.compile("large"))
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()
    expect(first).to_be_focused()


@EITHER
def test_a_guest_asks_and_confirms(
    towel: Any, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_page(**options)
    page.goto(towel.get_absolute_url())
    page.locator("#questions summary").click()
    form = page.locator("#ask")
    form.locator("textarea").fill("Does it shrink?")
    form.locator("input[type=email]").fill("nina@example.com")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**#questions")
    question = Question.objects.get()
    assert question.language == options["locale"][:2]
    page.goto(f"/shop/questions/confirm/{question.key}/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**#questions")
    question.refresh_from_db()
    assert question.status == "open"


@EITHER
def test_a_buyer_writes_a_review(towel: Any, open_page: OpenPage, options: dict[str, Any]) -> None:
    buy(towel.children.first(), make_account("dora", first_name="Dora"))
    page = open_page(**options)
    sign_in(page, "dora")
    page.goto(towel.get_absolute_url())
    page.locator("#reviews a.button").click()
    page.locator("input[name=score][value='5']").check()
    page.locator("[name=title]").fill("Soft")
    page.locator("[name=body]").fill("Softer with each wash.")
    assert fits(page)
    page.locator("main form .form-actions .button").first.click()
    page.wait_for_url(lambda url: "/reviews/" not in url)
    review = get_model("reviews", "ProductReview").objects.get()
    assert (review.score, review.status) == (5, 0)
    own = page.locator("#reviews .card", has_text="Softer with each wash.")
    expect(own).to_have_count(1)
    stranger = open_page(**options)
    stranger.goto(towel.get_absolute_url())
    expect(stranger.locator("#reviews")).not_to_contain_text("Softer with each wash.")


def test_without_a_script_variants_are_radios_and_pictures_links(
    towel: Any, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(towel.get_absolute_url())
    expect(page.locator(".variant").first).to_contain_text("12")
    page.locator(".variant").first.click()
    page.locator("#buy .button").click()
    assert get_model("basket", "Line").objects.get().product.title == "Small"
    page.goto(towel.get_absolute_url())
    page.locator("[data-zoom]").first.click()
    assert page.url.endswith(".webp")
    large = towel.children.get(title="Large")
    page.goto(f"{towel.get_absolute_url()}?variant={large.pk}")
    expect(page.locator("#alert")).to_be_visible()
    expect(page.locator(".buy-row")).to_be_visible()
