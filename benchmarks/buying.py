"""Buys again and again in the installation it runs in, with and without crediting (as JSON)."""

import json
import re
import statistics
import sys
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode

import django

TURNS = 40
WARM_UP = 4
LEVELS = 12


def main() -> None:
    """Print medians in seconds of the whole checkout and of the request that pays."""
    django.setup()
    from mlm_plugin.shop.models import ProductPoints
    from tests.factories import make_country, make_member, make_product

    make_country()
    sponsor = None
    for level in range(LEVELS):
        sponsor = make_member(f"level{level}", sponsor)
    products = [make_product(f"Soap {number}", stock=100_000) for number in range(3)]
    for product in products:
        ProductPoints.objects.create(product=product, pv=1000, cv=800)

    taken: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
    for turn in range(2 * (TURNS + WARM_UP)):
        name = ("with", "without")[turn % 2]
        set_crediting(is_on=name == "with")
        times = buy(products, code=f"level{LEVELS - 1}")
        if turn >= 2 * WARM_UP:
            taken[name].append(times)
    check(orders=2 * (TURNS + WARM_UP), credited=TURNS + WARM_UP)
    json.dump(
        {
            name: {
                "whole": statistics.median(whole for whole, _paying in times),
                "paying": statistics.median(paying for _whole, paying in times),
            }
            for name, times in taken.items()
        },
        sys.stdout,
    )


def set_crediting(*, is_on: bool) -> None:
    """Hang the doorbell of placed orders up, or take it down."""
    from oscar.apps.order.signals import order_placed

    from mlm_plugin.shop import receivers

    if is_on:
        receivers.connect()
    else:
        order_placed.disconnect(dispatch_uid="mlm.order_placed")


def buy(products: list[Any], *, code: str) -> tuple[float, float]:
    """Walk a new guest through the shop; seconds of the whole and of the request that pays."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"x-forwarded-proto": "https"}, SERVER_NAME="127.0.0.1")
    client.get(f"/r/{code}/")
    card = make_card(settings.STRIPE_API_BASE)
    started = time.perf_counter()
    for product in products:
        client.post(reverse("basket:add", args=[product.pk]), {"quantity": 1}, follow=True)
    client.get(reverse("checkout:index"))
    person = {"email": "dora@example.com", "first_name": "Dora", "last_name": "Lindt"}
    address = {**person, "line1": "Lindenweg 4"}
    place = {"line4": "Jena", "postcode": "07743", "country": "DE"}
    steps = (
        ("shipping-address", {**address, **place}),
        ("shipping-method", {"method_code": "standard"}),
    )
    for name, said in steps:
        page = client.post(reverse(f"checkout:{name}"), said, follow=True)
    seen = re.search(r'name="seen_total" value="(\d+)"', page.content.decode())
    if seen is None:
        raise ValueError("the payment page shows no total")
    texts = re.search(r'name="seen_legal" value="([\d-]*)"', page.content.decode())
    said = {
        "method": "card",
        "payment_method": card,
        "seen_total": seen[1],
        "seen_legal": texts[1] if texts else "",
    }
    before = time.perf_counter()
    answer = client.post(reverse("checkout:payment-details"), said)
    paying = time.perf_counter() - before
    client.get(answer.url)
    return time.perf_counter() - started, paying


def make_card(base: str) -> str:
    """What the browser's part of the provider hands out for a card."""
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2031", "cvc": "123"}
    body = {f"card[{name}]": value for name, value in card.items()} | {"key": "pk_test_bench"}
    with urllib.request.urlopen(f"{base}/v1/tokens", urlencode(body).encode()) as answer:
        return str(json.load(answer)["card"]["id"])


def check(*, orders: int, credited: int) -> None:
    """Measuring something that did not happen would look fast."""
    from oscar.core.loading import get_model

    from mlm_plugin.volumes.models import CreditedOrder

    found = get_model("order", "Order").objects.count(), CreditedOrder.objects.count()
    if found != (orders, credited):
        raise ValueError(f"orders and credited orders: {found}, wanted {(orders, credited)}")


if __name__ == "__main__":
    main()
