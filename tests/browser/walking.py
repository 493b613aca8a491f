"""What tests that look at many pages share: a furnished shop, and a browser that is signed in."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from storefront.shop.listing.gathering import gather_refreshes
from storefront.shop.listing.services import rebuild_listing
from tests.cms.building import make_home, make_image, make_page, picture, stream
from tests.factories import make_country
from tests.shop.shelves import fill_shop


class Shop:
    """A home page with blocks, a contact page with a form, and six products with pictures."""

    def __init__(self) -> None:
        from storefront.cms.models import ContactPage, ContentPage

        for code, name in (("DE", "Germany"), ("US", "United States")):
            make_country(code, name)
        with gather_refreshes():
            self.products = fill_shop(6)
            for product in self.products:
                add_picture(product, "#e6ecdc")
                add_picture(product, "#f6e5d5")
        self.towel, self.soap = self.products[0], self.products[1]
        rebuild_listing()
        blocks = stream(
            ("hero", {"headline": "Windows open", "picture": picture(make_image())}),
            ("product_row", {"source": "newest", "count": 4}),
        )
        self.home = make_home(body=blocks)
        self.about = make_page(ContentPage, self.home, title="About", slug="about")
        self.contact = make_page(ContactPage, self.home, title="Contact", slug="contact")

    @property
    def paths(self) -> list[str]:
        """Pages with arguments that everybody sees."""
        category = self.soap.categories.get()
        return [
            "/",
            "/about/",
            "/contact/",
            category.get_absolute_url(),
            "/shop/search/?q=linen",
            "/shop/search/?q=nothing-like-this",
            "/shop/catalogue/?price_to=15",
            self.towel.get_absolute_url(),
            self.soap.get_absolute_url(),
            f"{self.soap.get_absolute_url()}reviews/",
        ]


def add_picture(product: Any, colour: str) -> None:
    """One more picture of a product, of one colour; of each colour there is one file for all."""
    name = f"images/products/{colour.removeprefix('#')}.png"
    if not default_storage.exists(name):
        buffer = BytesIO()
        Image.new("RGB", (800, 800), colour).save(buffer, "PNG")
        default_storage.save(name, ContentFile(buffer.getvalue()))
    product.images.create(original=name, display_order=product.images.count())


def enter(page: Page, *, address: str, user: Any) -> None:
    """Sign the browser in without walking through the form."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])


def fill_basket(page: Page, product: Any) -> None:
    """Put one piece into the basket."""
    page.goto(product.get_absolute_url())
    with page.expect_response(lambda answer: "/basket/add/" in answer.url):
        page.locator("#buy button[type=submit]").first.click()
