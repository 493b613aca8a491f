"""Pages stand still while they load, and pictures come in modern formats with their sizes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.walking import Shop, fill_basket
from tests.browser_fixtures import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_SHIFT = 0.02
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PICTURES = """() => [...document.images].filter((image) => image.src).map((image) => ({
  source: image.currentSrc || image.src,
  sized: image.hasAttribute("width") && image.hasAttribute("height"),
}))"""
MODERN = re.compile(r"\.(webp|avif|svg)(\?|$)")


@pytest.fixture
def shop() -> Shop:
    return Shop()


def paths_of(shop: Shop) -> dict[str, str]:
    return {
        "home": "/",
        "list": "/shop/catalogue/?price_to=15",
        "product": shop.towel.get_absolute_url(),
        "basket": "/shop/basket/",
        "checkout": "/shop/checkout/shipping-address/",
    }


@pytest.mark.parametrize("language", ["en-GB", "ru"])
def test_nothing_moves_when_the_fonts_arrive_late(
    shop: Shop, open_page: OpenPage, language: str
) -> None:
    page = open_page(size=PHONE, is_mobile=True, has_touch=True, locale=language)
    fill_basket(page, shop.soap)
    waiting: list[Route] = []

    def hold_back(route: Route) -> None:
        waiting.append(route)

    page.route("**/*.woff2", hold_back)
    page.add_init_script(WATCH)
    shifts = {}
    for name, path in paths_of(shop).items():
        waiting.clear()
        page.goto(path, wait_until="domcontentloaded")
        # Painted with what stands in for the fonts; then they come.
        paint_twice(page)
        for route in waiting:
            route.continue_()
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => true)")
        paint_twice(page)
        shifts[name] = page.evaluate("window.shift")
        assert page.locator("main h1").first.is_visible(), name
    assert {name: shift for name, shift in shifts.items() if shift >= MOST_SHIFT} == {}


def paint_twice(page: Page) -> None:
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
    )


def test_every_picture_is_small_and_has_its_place(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(size=PHONE, is_mobile=True, has_touch=True)
    fill_basket(page, shop.soap)
    seen: dict[str, list[dict[str, Any]]] = {}
    for name, path in paths_of(shop).items():
        page.goto(path)
        seen[name] = page.evaluate(PICTURES)
    assert all(seen[name] for name in ("home", "list", "product", "basket"))
    bad = [
        (name, picture)
        for name, pictures in seen.items()
        for picture in pictures
        if not picture["sized"] or not MODERN.search(picture["source"])
    ]
    assert bad == []
