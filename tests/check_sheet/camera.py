"""Photographs pages: each at two widths, in both modes and both languages, as thumbnails."""

from collections.abc import Iterator
from io import BytesIO

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from storefront.accounts.models import User
from tests.check_sheet.pages import Shot

# Screen, then the width of its thumbnail.
SIZES = {"desk": ((1440, 1300), 340), "phone": ((390, 1050), 132)}
LANGUAGES = ("en", "ru")
MODES = ("light", "dark")
Thumbs = dict[tuple[str, str, str], Image.Image]
# Where shoppers go with a thing in the basket, in this order.
STEPS = ("basket", "address", "delivery", "payment", "thanks")


def find_sessions(shots: list[Shot]) -> dict[str, str]:
    """Session keys of all who look; taken before the browser starts, which keeps Django out."""
    sessions = {}
    for who in {shot.who for shot in shots if shot.who}:
        client = Client()
        client.force_login(User.objects.get(email=who))
        sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


class Camera:
    """One browser; a profile per person and language."""

    def __init__(self, browser: Browser, base: str, sessions: dict[str, str]) -> None:
        self.browser, self.base, self.sessions = browser, base, sessions
        self.pages: dict[tuple[str, str], Page] = {}

    def take(self, shot: Shot) -> Thumbs:
        """Thumbnails by size, language and mode."""
        thumbs: Thumbs = {}
        for language in LANGUAGES:
            page = self._page_of(shot.who, language)
            # Late pictures and editors of the CMS keep loading: what is there by then is shown.
            page.goto(self.base + shot.address_in(language), wait_until="load")
            thumbs.update(look_at(page, language))
        return thumbs

    def walk_to_order(self, product: str) -> Iterator[tuple[str, Thumbs]]:
        """Basket and checkout, as a guest who pays by transfer goes through them."""
        taken: dict[str, Thumbs] = {step: {} for step in STEPS}
        for language in LANGUAGES:
            context = self._open(language)
            for step, page in buy(context.new_page(), self.base, product):
                taken[step].update(look_at(page, language))
            context.close()
        yield from taken.items()

    def _page_of(self, who: str, language: str) -> Page:
        if (who, language) not in self.pages:
            context = self._open(language)
            if who:
                session = {"name": settings.SESSION_COOKIE_NAME, "value": self.sessions[who]}
                context.add_cookies([{**session, "url": self.base}])  # type: ignore[list-item]
            self.pages[who, language] = context.new_page()
        return self.pages[who, language]

    def _open(self, language: str) -> BrowserContext:
        context = self.browser.new_context(locale=language, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.base}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context


def look_at(page: Page, language: str) -> Thumbs:
    """The page as it is now: the same document, made narrow and dark."""
    thumbs: Thumbs = {}
    for size, ((width, height), thumb_width) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for mode in MODES:
            page.emulate_media(color_scheme=mode)  # type: ignore[arg-type]
            if mode == "light":
                page.wait_for_timeout(150)
            shot = page.screenshot(type="jpeg", quality=90, animations="disabled")
            with Image.open(BytesIO(shot)) as opened:
                small = (thumb_width, round(height * thumb_width / width))
                thumbs[size, language, mode] = opened.convert("RGB").resize(
                    small, Image.Resampling.LANCZOS
                )
    return thumbs


def buy(page: Page, base: str, product: str) -> Iterator[tuple[str, Page]]:
    """Step by step; each is looked at before the next."""
    said = {
        "email": "nina@example.com", "first_name": "Nina", "last_name": "Novak",
        "line1": "Lindenweg 4", "postcode": "07743", "line4": "Jena",
    }  # fmt: skip
    page.set_viewport_size({"width": 1440, "height": 1300})
    page.goto(base + product)
    page.locator("#buy button[type=submit]").first.click()
    page.locator("#basket-sheet").wait_for(state="visible")
    page.goto(f"{base}/shop/basket/")
    yield "basket", page
    page.goto(f"{base}/shop/checkout/")
    for name, value in said.items():
        page.locator(f"main [name={name}]").fill(value)
    yield "address", page
    _go_on(page, "main form .form-actions .button", "**/shipping-method/")
    yield "delivery", page
    _go_on(page, "main form .form-actions .button", "**/payment/")
    page.locator("[name=method][value=transfer]").check()
    yield "payment", page
    _go_on(page, "[data-pay]", "**/thank-you/")
    yield "thanks", page


def _go_on(page: Page, button: str, address: str) -> None:
    page.locator(button).first.click()
    page.wait_for_url(address)
