"""The account as its owner uses it: address, wish list, consent, copy of data, and its end.

Walked in English on a desk and in Russian on a phone; things are found by what they do.
"""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from storefront.privacy.models import DataExport
from storefront.privacy.selectors import get_consent
from storefront.privacy.services import make_export
from storefront.shop.listing.services import rebuild_listing
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account, make_country, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WALKS = [
    pytest.param({"size": DESKTOP, "locale": "en-GB"}, id="english desk"),
    pytest.param(
        {"size": PHONE, "locale": "ru-RU", "is_mobile": True, "has_touch": True}, id="russian phone"
    ),
]


@pytest.fixture
def dora(settings: Any, tmp_path: Path) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }
    make_country()
    make_country("US", "United States")
    return make_account("dora", first_name="Dora")


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/?next=/shop/accounts/")
    page.fill("[name=login]", "dora@example.com")
    page.fill("[name=password]", "lantern-dora")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/shop/accounts/")


def fits(page: Page) -> bool:
    """Nothing sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("walk", WALKS)
def test_an_address_with_the_fields_of_its_country(
    dora: Any, open_page: OpenPage, walk: dict[str, Any]
) -> None:
    page = open_page(**walk)
    sign_in(page)
    expect(page.locator("main h1")).to_contain_text("Dora")
    assert fits(page)
    page.goto("/shop/accounts/addresses/add/")
    page.fill("[name=first_name]", "Dora")
    page.select_option("[name=country]", "US")
    expect(page.locator("select[name=state]")).to_be_visible()
    expect(page.locator("[name=first_name]")).to_have_value("Dora")
    page.select_option("[name=country]", "DE")
    expect(page.locator("select[name=state]")).to_have_count(0)
    for name, value in {"last_name": "Lindt", "line1": "Lindenweg 4", "line4": "Jena"}.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=postcode]", "77")
    page.check("[name=is_default_for_shipping]")
    page.locator("main form .form-actions button").click()
    expect(page.locator("#address-fields ul.errors, #address-fields .errors")).to_have_count(1)
    page.fill("[name=postcode]", "07743")
    page.locator("main form .form-actions button").click()
    page.wait_for_url("**/addresses/")
    expect(page.locator("address")).to_contain_text("Lindenweg 4")
    expect(page.locator(".badge.good")).to_be_visible()
    assert fits(page)


@pytest.mark.parametrize("walk", WALKS)
def test_a_wish_list_to_share_and_on_to_the_basket(
    dora: Any, open_page: OpenPage, walk: dict[str, Any]
) -> None:
    soap = make_product("Linden soap")
    rebuild_listing()
    page = open_page(**walk)
    page.goto(f"/shop/accounts/wishlists/add/{soap.pk}/")
    page.fill("[name=login]", "dora@example.com")
    page.fill("[name=password]", "lantern-dora")
    page.locator("main form button[type=submit]").first.click()
    page.fill("main [name=name]", "Presents")
    page.locator("main form .form-actions button").click()
    expect(page.locator("main h1")).to_have_text("Presents")
    expect(page.locator(".wish-line h2")).to_contain_text("Linden soap")
    page.locator("main a.second").last.click()
    page.check("[name=visibility][value=Public]")
    page.locator("main form .form-actions button").click()
    link = page.locator("#shared-link").input_value()
    friend = open_page(**walk)
    friend.goto(link)
    expect(friend.locator("main")).to_contain_text("Linden soap")
    page.locator(".wish-line form[action*=to-basket] button").click()
    expect(page.locator(".wish-line")).to_have_count(0)
    assert fits(page)
    assert dora.baskets.get().lines.get().product == soap


@pytest.mark.parametrize("walk", WALKS)
def test_consent_copy_of_data_and_the_end_of_the_account(
    dora: Any, open_page: OpenPage, walk: dict[str, Any]
) -> None:
    page = open_page(**walk)
    sign_in(page)
    page.goto("/shop/accounts/privacy/")
    card = page.locator("section:has(#purpose-abandoned_basket)")
    card.locator("button[value=yes]").click()
    expect(card.locator(".badge.good")).to_be_visible()
    assert get_consent(user=dora, purpose="abandoned_basket") is not None
    card.locator("button[value=no]").click()
    expect(card.locator(".badge.good")).to_have_count(0)
    card.locator("summary").click()
    expect(card.locator(".feed li")).to_have_count(2)
    assert fits(page)

    page.goto("/shop/accounts/privacy/data/")
    page.locator("main form button.button").click()
    expect(page.locator(".badge.warn")).to_be_visible()
    make_export(export_id=DataExport.objects.get().pk, at=timezone.now())
    page.reload()
    page.locator("main a.button").click()
    page.fill("[name=password]", "lantern-dora")
    with page.expect_download() as waiting:
        page.locator("main form button[type=submit]").first.click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert b"dora@example.com" in archive.read("data.json")
    assert fits(page)

    page.goto("/shop/accounts/profile/delete/")
    expect(page.locator("main .card")).to_have_count(2)
    assert fits(page)
    page.check("[name=confirm]")
    page.locator("main form button.danger").click()
    page.wait_for_url("**/")
    page.goto("/shop/accounts/")
    assert "/accounts/login/" in page.url
    dora.refresh_from_db()
    assert not dora.is_active
