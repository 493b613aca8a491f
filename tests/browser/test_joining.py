"""Joining in a real browser: at a desk in English, on a phone in Russian, and without script."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from mlm_plugin.network.models import Member
from storefront.cms.models import LegalPage
from tests.browser_fixtures import PHONE
from tests.cms.building import make_home, make_page
from tests.factories import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada() -> Any:
    page = make_page(
        LegalPage, make_home(), title="Agreement", slug="members", kind="members",
        body="<h2>Fair</h2><p>Be fair.</p>", valid_from=date(2026, 1, 1),
    )  # fmt: skip
    page.save_revision().publish()
    return make_member("ada", last_name="Linden")


def go_on(page: Page, step: str) -> None:
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_url(f"**/join/{step}/")


def fill_in(page: Page) -> None:
    page.goto("/r/ADA/")
    page.goto("/join/")
    page.locator("main .button").first.click()
    expect(page.locator("main")).to_contain_text("Ada Linden")
    go_on(page, "person")
    page.fill("[name=first_name]", "Emma")
    page.fill("[name=last_name]", "Lindt")
    page.fill("[name=born_on]", "1990-05-17")
    go_on(page, "contact")
    page.select_option("[name=country]", "AT")
    page.fill("[name=line1]", "Lindenweg 4")
    page.fill("[name=postcode]", "1010")
    page.fill("[name=line4]", "Wien")
    page.fill("[name=email]", "emma@example.com")
    go_on(page, "payment")
    page.fill("[name=account]", "AT61 1904 3002 3457 3201")
    go_on(page, "agreement")
    page.check("[name=agrees]")
    go_on(page, "summary")


def sign_up_and_send(page: Page) -> None:
    page.locator("main a[href^='/accounts/signup/']").click()
    page.fill("[name=email]", "emma@example.com")
    page.fill("[name=password1]", "quiet-lantern-7")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/accounts/confirm-email/")
    page.goto(re.search(r"(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1])  # type: ignore[index]
    page.locator("main form button").first.click()
    page.wait_for_url("**/join/summary/")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/join/welcome/")


def test_a_stranger_becomes_a_member_at_a_desk(page: Page, ada: Any) -> None:
    fill_in(page)
    sign_up_and_send(page)
    member = Member.objects.get(sponsor=ada)
    expect(page.locator("main")).to_contain_text(member.code)
    assert member.personal.address["line4"] == "Wien"


def test_on_a_phone_in_russian_every_step_fits_and_is_kept(open_page: Any, ada: Any) -> None:
    page = open_page(size=PHONE, locale="ru", has_touch=True, is_mobile=True)
    fill_in(page)
    for step in ("sponsor", "person", "contact", "payment", "agreement", "summary"):
        page.goto(f"/join/{step}/")
        assert page.url.endswith(f"/join/{step}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], step
        assert page.evaluate("document.documentElement.lang") == "ru"


def test_without_script_another_country_shows_its_fields_by_a_button(
    open_page: Any, ada: Any
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/join/sponsor/?code=ada")
    go_on(page, "person")
    page.fill("[name=first_name]", "Emma")
    page.fill("[name=last_name]", "Lindt")
    page.fill("[name=born_on]", "1990-05-17")
    go_on(page, "contact")
    page.select_option("[name=country]", "US")
    page.locator("[name=refresh]").click()
    expect(page.locator("select[name=state]")).to_be_visible()
