"""The terms in force are named beside the button, and the order keeps which ones they were."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_model

from storefront.accounts.models import User
from storefront.cms.models import LegalPage
from storefront.shop.payments import tasks
from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.selectors import get_legal_texts
from tests.cms.building import make_home, make_page
from tests.factories import make_user
from tests.localstripe import LocalStripe
from tests.shop.checkout.shopper import Shopper

pytestmark = pytest.mark.django_db
Order = get_model("order", "Order")


@pytest.fixture
def terms() -> Any:
    home = make_home()
    fields = {"body": "<p>Text.</p>", "valid_from": date(2026, 1, 1)}
    make_page(LegalPage, home, title="Privacy", slug="privacy", kind="privacy", **fields)
    make_page(LegalPage, home, title="Imprint", slug="imprint", kind="imprint", **fields)
    return make_page(LegalPage, home, title="Terms of sale", slug="terms", kind="terms", **fields)


@pytest.fixture
def shopper() -> Shopper:
    shopper = Shopper()
    shopper.client.force_login(make_user("dora"))
    shopper.put_into_basket()
    shopper.say_everything()
    return shopper


def named(html: str) -> list[str]:
    """What a page names of the terms, with the address behind it."""
    links = BeautifulSoup(html, "html.parser").select('a[href*="/version-"]')
    return [f"{a['href']} {' '.join(a.parent.get_text().split())}" for a in links]


FIRST = [
    "/terms/version-1/ Terms of sale, version 1 of 1 January 2026",
    "/privacy/version-1/ Privacy, version 1 of 1 January 2026",
]


def test_the_versions_in_force_are_named_and_stay_with_the_order(
    terms: Any, shopper: Shopper, localstripe: LocalStripe, client: Any
) -> None:
    assert named(shopper.get("payment-details").content.decode()) == FIRST

    shopper.pay(localstripe.card())
    terms.body = "<p>Longer.</p>"
    terms.save_revision().publish()

    order = Order.objects.get()
    assert [(each.kind, each.number) for each in get_legal_texts(order=order)] == [
        ("terms", 1),
        ("privacy", 1),
    ]
    page = shopper.client.get(reverse("customer:order", args=[order.number]))
    assert named(page.content.decode()) == FIRST
    client.force_login(User.objects.create_superuser("operator@example.com", "lantern-cleo"))
    page = client.get(reverse("dashboard:order-detail", kwargs={"number": order.number}))
    assert named(page.content.decode()) == FIRST
    tasks.mail_order_placed.call(order_id=order.pk)
    letter = mail.outbox[-1]
    assert "Terms of sale, version 1 of 1 January 2026: http" in letter.body
    assert "/terms/version-1/" in str(letter.alternatives[0][0])


def test_terms_published_between_looking_and_paying_are_shown_before_money_moves(
    terms: Any, shopper: Shopper, localstripe: LocalStripe
) -> None:
    seen = shopper.get("payment-details").context["seen_legal"]
    terms.body = "<p>Other terms.</p>"
    terms.save_revision().publish()

    answer = shopper.pay(localstripe.card(), seen_legal=seen)

    page = shopper.client.get(answer.url).content.decode()
    assert "Our terms have just changed" in page
    assert named(page)[0].startswith("/terms/version-2/ Terms of sale, version 2 of")
    assert localstripe.payments() == []
    assert not CheckoutAttempt.objects.exists()
    shopper.pay(localstripe.card())
    assert [each.number for each in get_legal_texts(order=Order.objects.get())] == [2, 1]


def test_a_form_that_names_no_version_buys_nothing(
    terms: Any, shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.pay(localstripe.card(), seen_legal="")
    assert localstripe.payments() == []


def test_where_a_language_has_no_text_the_one_of_the_shop_holds(
    terms: Any, shopper: Shopper
) -> None:
    shopper.client.cookies["django_language"] = "ru"
    with translation.override("ru"):
        page = shopper.get("payment-details")
    assert 'lang="ru"' in page.content.decode()
    assert [each.title for each in page.context["legal_texts"]] == ["Terms of sale", "Privacy"]


def test_a_shop_without_such_pages_sells_without(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.pay(localstripe.card())
    assert get_legal_texts(order=Order.objects.get()) == []
