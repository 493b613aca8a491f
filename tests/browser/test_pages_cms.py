"""An editor builds a campaign page from draft to published; a visitor sees it and is a guest."""

import re
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect
from wagtail.models import Locale

from storefront.cms.blocks.body import BodyBlock
from storefront.cms.models import HomePage, LandingPage
from storefront.shop.listing.services import rebuild_listing
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.cms.building import make_home
from tests.factories import make_account, make_country, make_family, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = [
    pytest.param({"size": DESKTOP, "locale": "en-GB"}, "", id="English, desk"),
    pytest.param(
        {"size": PHONE, "locale": "ru", "is_mobile": True, "has_touch": True},
        "/ru",
        id="Russian, phone",
    ),
]


@pytest.fixture
def homes() -> dict[str, Any]:
    """A home page per language, a soap, a family, and Olga who edits."""
    make_country()
    make_product("Linden soap")
    rebuild_listing()
    make_family()
    olga = make_account("olga")
    olga.is_staff = olga.is_superuser = True
    olga.save()
    english = make_home()
    russian, _ = Locale.objects.get_or_create(language_code="ru")
    translated = HomePage(
        title="Липа", slug="front-ru", locale=russian, translation_key=english.translation_key
    )
    english.get_parent().add_child(instance=translated)
    return {"": english, "/ru": translated}


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("olga@example.com")
    page.locator("#id_password").fill("lantern-olga")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def add_block(page: Page, kind: str, *, after: int, language: str) -> None:
    """Insert a block by the name it has in the editor's language."""
    with override(language):
        name = str(BodyBlock().child_blocks[kind].label)
    page.locator("button.c-sf-add-button").nth(after).click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(page.locator(f"[name=body-{after}-type]")).to_have_value(kind)


@pytest.mark.parametrize(("options", "prefix"), WAYS)
def test_a_campaign_page_from_draft_to_visitor(
    homes: dict[str, Any], open_page: OpenPage, options: dict[str, Any], prefix: str
) -> None:
    editor, visitor = open_page(**options), open_page(**options)
    sign_in(editor)
    editor.goto(f"/cms/pages/add/cms/landingpage/{homes[prefix].pk}/")
    editor.locator("#id_title").fill("Spring")
    editor.locator("#id_member_code").fill("ada")
    editor.locator("#id_campaign").fill("spring")
    add_block(editor, "hero", after=0, language=options["locale"][:2])
    editor.locator("[name=body-0-value-headline]").fill("Windows open")
    add_block(editor, "product_row", after=1, language=options["locale"][:2])
    editor.locator("button.action-save").first.click()
    expect(editor.locator(".messages .success").first).to_be_visible()
    draft = LandingPage.objects.get(locale=homes[prefix].locale)
    assert not draft.live
    assert visitor.request.get(f"{prefix}/spring/").status == 404

    editor.goto(f"/cms/pages/{draft.pk}/edit/")
    editor.locator("footer .w-dropdown__toggle, .footer .w-dropdown__toggle").first.click()
    editor.locator("[name=action-publish]").click()
    editor.wait_for_url(re.compile(rf"/cms/pages/{homes[prefix].pk}/"))

    visitor.goto(f"{prefix}/spring/")
    expect(visitor.locator("h1")).to_have_text("Windows open")
    expect(visitor.locator(".product-card-name")).to_have_text("Linden soap")
    expect(visitor.locator("body")).to_contain_text("Ada")
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
