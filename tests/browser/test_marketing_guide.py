"""The steps of `docs/marketing.md`, walked by a marketer in a real browser, with the guide's pictures."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect
from wagtail.images import get_image_model
from wagtail.models import Locale, Site
from wagtail.models import Page as CmsPage

from storefront.accounts.roles import MARKETERS
from storefront.cms.models import ContentPage, HomePage
from storefront.demo.pictures import get_scene
from tests.cms.building import picture as picture_block
from tests.cms.building import stream
from tests.factories import make_account
from tests.guide_pictures import Picture
from tests.guide_shop import sign_in, stock_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home() -> HomePage:
    """A home page in English and Russian, some products, and Mika who looks after it all."""
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    site = Site.objects.get(is_default_site=True)
    root = CmsPage.objects.get(depth=1)
    still_life = get_image_model().objects.create(
        title="Still life",
        description="Folded linen, a green bottle of oil and a jar",
        file=ContentFile(get_scene(name="still_life"), name="still_life.webp"),
    )
    body = stream(
        (
            "hero",
            {
                "headline": "Things of daily life, made to last",
                "text": "<p>Soap that is kind to hands. Linen that outlives fashion.</p>",
                "picture": picture_block(still_life),
                "button": {
                    "goes_to": "address",
                    "address": "/shop/catalogue/",
                    "label": "See all products",
                },
                "tint": "apricot",
            },
        ),
        ("product_row", {"heading": "New in the shop", "source": "newest", "count": "4"}),
    )
    page = root.add_child(instance=HomePage(title="Linden & Loom", slug="front", body=body))
    page.save_revision().publish()
    site.root_page = page
    site.save()
    page.copy_for_translation(russian).save_revision().publish()
    stock_shop()
    make_account("mika", MARKETERS, first_name="Mika")
    return HomePage.objects.get(pk=page.pk)


@pytest.fixture
def mika(page: Page, home: HomePage) -> Page:
    """Mika's browser, signed in, on the home page of the CMS."""
    sign_in(page, "mika")
    page.goto("/cms/")
    return page


def publish(page: Page) -> None:
    """The button beside "Save draft", or in the menu that it opens."""
    button = page.locator("button[name=action-publish]")
    if not button.is_visible():
        page.locator(
            ".footer__save [data-w-dropdown-target=toggle], footer [aria-expanded]"
        ).last.click()
    button.click()
    expect(page.locator(".messages")).to_contain_text("published", timeout=20_000)


def give_title(page: Page, title: str, *, slug: str) -> None:
    """The CMS makes the address of it a moment later, and saves nothing without one."""
    page.locator("#id_title").fill(title)
    page.locator("#id_title").blur()
    expect(page.locator("#id_slug")).to_have_value(slug)


def add_block(page: Page, kind: str) -> None:
    """Below those that the page has."""
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=kind, exact=True).first.click()


def test_first_steps_lead_where_they_say(mika: Page, picture: Picture) -> None:
    steps = mika.locator(".cms-first-steps a")
    expect(steps.first).to_be_visible()
    addresses = [steps.nth(number).get_attribute("href") for number in range(steps.count())]
    picture("marketing-home", page=mika)
    assert len(addresses) == 8
    for address in addresses:
        assert mika.request.get(str(address)).ok, address


def test_a_page_from_draft_to_published(mika: Page, home: HomePage, picture: Picture) -> None:
    mika.goto(f"/cms/pages/add/cms/contentpage/{home.pk}/")
    give_title(mika, "About us", slug="about-us")
    mika.get_by_role("button", name="Save draft").click()
    mika.wait_for_url("**/edit/", wait_until="commit")
    about = ContentPage.objects.get(alias_of=None)
    assert not about.live
    assert mika.request.get("/about-us/").status == 404
    add_block(mika, "Opening")
    mika.locator("[name=body-0-value-headline]").fill("A small house with few things")
    picture("marketing-page", page=mika)
    publish(mika)
    mika.goto("/about-us/")
    expect(mika.locator("h1")).to_have_text("A small house with few things")


def test_a_menu_of_ones_own(mika: Page, picture: Picture) -> None:
    mika.goto("/cms/snippets/site_content/menu/add/")
    mika.select_option("#id_place", "header")
    mika.locator(
        "#panel-child-entries-section, [data-streamfield-stream-container]"
    ).first.wait_for()
    mika.locator(".c-sf-add-button").first.click()
    mika.get_by_role("option", name="Address").first.click()
    mika.locator("input[name$='-value-name']").first.fill("All soaps")
    mika.locator("input[name$='-value-address']").first.fill("/shop/catalogue/")
    picture("marketing-menu", page=mika)
    mika.get_by_role("button", name="Save").first.click()
    mika.wait_for_load_state()
    mika.goto("/")
    expect(mika.locator(".site-menu")).to_contain_text("All soaps")


def test_a_notice_is_shown_and_closed(mika: Page, picture: Picture) -> None:
    mika.goto("/cms/snippets/site_content/notice/add/")
    mika.locator("#id_name").fill("Holiday")
    mika.select_option("#id_texts-0-language", "en")
    mika.locator("#id_texts-0-text").fill("We pack again on Monday.")
    mika.get_by_role("button", name="Save").first.click()
    mika.wait_for_load_state()
    mika.goto("/shop/catalogue/")
    notice = mika.locator(".site-notice")
    expect(notice).to_contain_text("We pack again on Monday.")
    picture("marketing-notice", page=mika)
    notice.get_by_role("button", name="Close this notice").click()
    expect(notice).to_have_count(0)
    mika.reload()
    expect(mika.locator(".site-notice")).to_have_count(0)


def test_a_landing_page_of_a_campaign(mika: Page, home: HomePage, picture: Picture) -> None:
    mika.goto(f"/cms/pages/add/cms/landingpage/{home.pk}/")
    give_title(mika, "Spring", slug="spring")
    mika.locator("#id_campaign").fill("spring")
    mika.locator("#id_hides_navigation").check()
    add_block(mika, "Opening")
    mika.locator("[name=body-0-value-headline]").fill("Spring begins at the basin")
    add_block(mika, "Products")
    mika.locator("[name=body-1-value-heading]").fill("What we reach for in April")
    publish(mika)
    mika.goto("/spring/")
    expect(mika.locator("h1")).to_have_text("Spring begins at the basin")
    expect(mika.locator(".product-card").first).to_be_visible()
    expect(mika.locator(".site-menu")).to_have_count(0)
    picture("marketing-landing", page=mika)


def test_the_look_is_tried_saved_and_taken_back(mika: Page, picture: Picture) -> None:
    mika.get_by_role("button", name="Settings").click()
    mika.get_by_role("link", name="Look", exact=True).click()
    mika.locator("#id_accent").fill("#24527a")
    preview = mika.frame_locator("[data-brand-window]")
    blue = "rgb(36, 82, 122)"
    mark = preview.locator(".site-header .brand-mark")
    # The frame loads a whole page, with pictures that are cut for the first time.
    expect(mark).to_have_css("color", blue, timeout=20_000)
    mika.locator("[data-brand-preview]").evaluate("part => part.scrollIntoView()")
    picture("marketing-look", page=mika)
    mika.get_by_role("button", name="Save").first.click()
    mika.wait_for_load_state()
    mika.get_by_role("button", name="Take the last change back").click()
    mika.wait_for_load_state()
    mika.get_by_role("button", name=re.compile("Nordic")).click()
    mika.wait_for_load_state()
    mika.goto("/")
    expect(mika.locator(".site-header")).to_have_class(re.compile("header-compact"))
    picture("marketing-look-nordic", page=mika)


def test_a_page_is_translated_from_the_report(mika: Page, home: HomePage, picture: Picture) -> None:
    about = home.add_child(instance=ContentPage(title="About us", slug="about"))
    about.save_revision().publish()
    mika.goto("/cms/reports/translations/")
    row = mika.locator("tr", has_text="About us")
    expect(row).to_contain_text("Missing")
    picture("marketing-translations", page=mika)
    row.get_by_role("button").click()
    mika.wait_for_url("**/edit/")
    mika.locator("#id_title").fill("О нас")
    publish(mika)
    mika.goto("/ru/about/")
    expect(mika.locator("h1")).to_have_text("О нас")


def test_without_a_script_a_notice_is_closed_by_its_form(open_page: Any, home: HomePage) -> None:
    from storefront.site_content.models import Notice, NoticeText

    notice = Notice.objects.create(name="Holiday")
    NoticeText.objects.create(notice=notice, language="en", text="We pack again on Monday.")
    page = open_page(java_script_enabled=False)
    page.goto("/shop/catalogue/")
    page.get_by_role("button", name="Close this notice").click()
    expect(page).to_have_url("/shop/catalogue/")
    expect(page.locator(".site-notice")).to_have_count(0)
