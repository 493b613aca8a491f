"""Fills the installation it runs in with a shop, and counts what its pages cost (as JSON)."""

import json
import sys
import time
from io import BytesIO
from typing import Any

import django

PRODUCTS = 60
REPEATS = 50


def main() -> None:
    """Print the addresses of the pages to measure, their queries and processor time."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    pages = fill()
    client = Client(headers={"x-forwarded-proto": "https"}, SERVER_NAME="127.0.0.1")
    found = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        # Now: the next request empties the log that this is read from.
        queries = len(captured)
        if answer.status_code != 200:
            raise ValueError(f"{path} answered {answer.status_code}")
        started = time.process_time()
        for _ in range(REPEATS):
            client.get(path)
        milliseconds = (time.process_time() - started) / REPEATS * 1000
        found[name] = {"path": path, "queries": queries, "cpu_ms": milliseconds}
    json.dump(found, sys.stdout)


def fill() -> dict[str, str]:
    """Products with pictures, variants, points and member prices; a page of text."""
    from django.conf import settings
    from wagtail.models import Locale, Page, Site

    from storefront.cms.models import ContentPage
    from storefront.shop.listing.services import rebuild_listing
    from tests.shop.shelves import fill_shop

    products = fill_shop(PRODUCTS)
    for product in products:
        add_picture(product)
    rebuild_listing()
    front = Site.objects.get(is_default_site=True).root_page
    text = "<p>" + "Woven by hand, washed once, made to last. " * 200 + "</p>"
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    page = ContentPage(title="About us", slug="about", body=[("text", text)], locale=locale)
    Page.objects.get(pk=front.pk).add_child(instance=page)
    return {
        "catalogue page, 20 products": "/shop/catalogue/",
        "product page": products[1].get_absolute_url(),
        "CMS page": page.get_url(),
    }


def add_picture(product: Any) -> None:
    """One photograph-sized picture."""
    from django.core.files.base import ContentFile
    from oscar.core.loading import get_model
    from PIL import Image

    buffer = BytesIO()
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(buffer, "JPEG")
    file = ContentFile(buffer.getvalue(), name=f"{product.slug}.jpg")
    get_model("catalogue", "ProductImage").objects.create(product=product, original=file)


if __name__ == "__main__":
    main()
