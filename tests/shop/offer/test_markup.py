"""Nothing that staff typed runs in a browser: names are text, descriptions are harmless HTML."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.accounts.models import User
from tests.factories import make_offer, make_product

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
RUNS = re.compile(r"<script>alert|<img src=x|javascript:")


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator@example.com", "lantern-cleo"))
    return client


@pytest.fixture
def offer() -> Any:
    offer = make_offer(kind="Percentage", value="10")
    offer.name = f"Spring {ATTACK}"
    offer.description = f'<p>Now <a href="javascript:alert(3)">cheap</a></p>{ATTACK}'
    offer.save()
    everything = offer.condition.range
    everything.name, everything.description = f"All {ATTACK}", f"<b>All</b>{ATTACK}"
    everything.is_public = True
    everything.save()
    return offer


def test_no_page_of_offers_runs_what_was_typed(operator: Client, offer: Any) -> None:
    everything = offer.condition.range
    for path in (
        reverse("dashboard:offer-list"),
        reverse("dashboard:offer-detail", args=[offer.pk]),
        reverse("dashboard:offer-benefit", args=[offer.pk]),
        reverse("dashboard:range-list"),
        reverse("dashboard:range-update", args=[everything.pk]),
        reverse("offer:list"),
        offer.get_absolute_url(),
        everything.get_absolute_url(),
    ):
        page = operator.get(path)
        assert page.status_code == 200, path
        found = RUNS.search(page.content.decode())
        assert not found, (path, page.content.decode()[found.start() - 150 : found.end() + 50])
    shown = operator.get(reverse("dashboard:offer-detail", args=[offer.pk])).content.decode()
    assert "Now <a>cheap</a>" in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_the_name_of_an_attribute_is_text_in_the_form_of_a_product(operator: Client) -> None:
    soap = make_product("Soap")
    for code, kind in (("scent", "text"), ("vegan", "boolean")):
        soap.product_class.attributes.create(name=f"Scent {ATTACK}", code=code, type=kind)
    page = operator.get(reverse("dashboard:catalogue-product", args=[soap.pk])).content.decode()
    assert page.count("Scent &lt;script&gt;") >= 2
    assert not RUNS.search(page)


def test_the_hint_of_an_option_is_text_in_the_shop(client: Client) -> None:
    soap = make_product("Soap")
    option = get_model("catalogue", "Option").objects.create(
        name="Engraving", code="engraving", type="text", help_text=ATTACK
    )
    soap.product_class.options.add(option)
    page = client.get(soap.get_absolute_url()).content.decode()
    assert not RUNS.search(page)


def test_a_button_that_does_not_exist_is_a_bad_request(operator: Client, offer: Any) -> None:
    page = reverse("dashboard:offer-detail", args=[offer.pk])
    assert operator.post(page, {}).status_code == 400
    assert operator.post(page, {"suspend": "1"}).status_code == 302
    offer.refresh_from_db()
    assert offer.is_suspended
