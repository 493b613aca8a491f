"""A marketer changes the look in the CMS and sees it at once: on the site, in the cabinet, in mails."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.models import Site

from storefront.accounts.roles import MARKETERS
from tests.browser_fixtures import PHONE, OpenPage
from tests.factories import make_account, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BLUE = "rgb(36, 82, 122)"


@pytest.fixture(autouse=True)
def mika():
    account = make_account("mika", MARKETERS)
    make_member("mika", user_id=account.pk)
    return account


def sign_in(page: Page, account) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(account.email)
    page.locator("#id_password").fill("lantern-mika")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def open_form(page: Page) -> None:
    site = Site.objects.get(is_default_site=True)
    page.goto(reverse("wagtailsettings:edit", args=["brand", "brandsettings", site.pk]))


def accent_of(page: Page, address: str) -> str:
    page.goto(address)
    return page.evaluate("getComputedStyle(document.querySelector('.brand-mark')).color")


def test_a_new_colour_is_previewed_saved_seen_everywhere_and_taken_back(
    open_page: OpenPage, mika
) -> None:
    page = open_page()
    sign_in(page, mika)
    open_form(page)
    field = page.locator("#id_accent")
    field.fill("#24527a")
    page.locator("[data-brand-page]").select_option(label="Products")
    frame = page.frame_locator("[data-brand-window]")
    expect(frame.locator(".site-header .brand-mark")).to_have_css("color", BLUE)
    expect(page.locator(".brand-contrast").first).to_contain_text("≥ 4.5")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(frame.locator("html")).to_have_css("color-scheme", "dark")
    page.get_by_role("button", name="Phone", exact=True).click()
    expect(page.locator("[data-brand-window]")).to_have_attribute("width", "390")

    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    visitor = open_page(size=PHONE)
    assert accent_of(visitor, "/shop/catalogue/") == BLUE
    assert accent_of(visitor, "/accounts/login/") == BLUE
    assert accent_of(page, reverse("mlm:my-home")) == BLUE
    assert "#24527a" in render_to_string("mail/base.html", {"subject": "Hello"})

    open_form(page)
    page.get_by_role("button", name="Take the last change back").click()
    page.wait_for_load_state()
    assert accent_of(visitor, "/shop/catalogue/") != BLUE


def test_a_preset_is_one_press_and_the_default_another(open_page: OpenPage, mika) -> None:
    page, visitor = open_page(), open_page()
    sign_in(page, mika)
    open_form(page)
    page.get_by_role("button", name=re.compile("Nordic")).click()
    page.wait_for_load_state()
    visitor.goto("/shop/catalogue/")
    expect(visitor.locator(".site-header")).to_have_class(re.compile("header-compact"))
    page.get_by_role("button", name=re.compile("Linden")).click()
    page.wait_for_load_state()
    visitor.reload()
    expect(visitor.locator(".site-header")).to_have_class(re.compile("header-classic"))


def test_an_exact_colour_that_cannot_be_read_is_refused_beside_its_field(
    open_page: OpenPage, mika
) -> None:
    page = open_page()
    sign_in(page, mika)
    open_form(page)
    page.locator("#id_accent").fill("#f5c518")
    expect(page.locator(".brand-contrast .adjusted").first).to_contain_text("#f5c518 became")
    page.locator("#id_exact").check()
    expect(page.locator(".brand-contrast .refused").first).to_contain_text("1.4 to 1")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".error-message").first).to_contain_text("needs 4.5")


def test_the_style_page_shows_every_part_in_any_look_and_fits_a_phone(
    open_page: OpenPage, mika
) -> None:
    page = open_page(size=PHONE)
    sign_in(page, mika)
    page.goto("/theme/")
    for name in ("Clay", "dark"):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_load_state()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    assert page.locator(".sample").count() > 25
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Show a toast").click()
    expect(page.locator(".toast")).to_contain_text("in the basket")
    page.get_by_role("link", name="Open the sheet").click()
    expect(page.get_by_role("dialog", name="Basket")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="What is in it").click()
    expect(page.get_by_role("tabpanel", name="What is in it")).to_be_visible()
    expect(page.locator("#tab-use")).to_be_hidden()
    stepper = page.locator(".stepper")
    stepper.get_by_role("button", name="One more").click()
    expect(stepper.locator("input")).to_have_value("3")
