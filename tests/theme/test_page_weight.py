"""What a visitor's browser loads to show a page of the shop: measured on the page, as it is written."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.factories import make_product

pytestmark = pytest.mark.django_db
SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
BUDGET = 60_000


def weigh(client: Client, html: str) -> dict[str, int]:
    """Bytes of each stylesheet that the page links."""
    sizes = {}
    for address in SHEET.findall(html):
        if address.startswith("/static/"):
            found = finders.find(address.removeprefix("/static/"))
            sizes[address] = len(Path(str(found)).read_bytes())
        else:
            sizes[address] = len(client.get(address).content)
    return sizes


def assert_light(client: Client, address: str, *must_load: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, address
    sizes = weigh(client, response.content.decode())
    for name in ("tokens.css", "theme.css", *must_load):
        assert any(sheet.endswith(f"/{name}") for sheet in sizes), name
    # The theme as it comes asks for no rules of a brand.
    assert not any(sheet.startswith("/brand/") for sheet in sizes)
    assert not any(sheet.endswith("/compat.css") for sheet in sizes)
    assert sum(sizes.values()) < BUDGET, sizes


def test_the_page_of_a_product_is_light(client: Client) -> None:
    assert_light(client, make_product().get_absolute_url(), "product.css")


@pytest.mark.parametrize("name", ["catalogue:index", "search:search"])
def test_a_list_is_light(client: Client, name: str) -> None:
    make_product()
    assert_light(client, reverse(name), "list.css")


def test_the_basket_is_light(client: Client) -> None:
    client.post(reverse("basket:add", args=[make_product().pk]), {"quantity": 1})
    assert_light(client, reverse("basket:summary"), "checkout.css")


@pytest.mark.parametrize("name", ["account_login", "mlm:join"])
def test_pages_about_accounts_are_light(client: Client, name: str) -> None:
    assert_light(client, reverse(name))
