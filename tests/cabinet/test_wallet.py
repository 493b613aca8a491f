"""`/my/wallet/`: balances, movements in words with links, months, pages, CSV, and nobody else's money."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlm_plugin.cabinet.wallet import PAGE
from mlm_plugin.commissions.services import commit_run
from mlm_plugin.ledger import wallets
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.wallet_adjustments import ask_adjustment
from storefront.shop.payments import services
from tests.cabinet.test_pages import signed_in
from tests.commissions.books import PLAN, locked_run, march_of_the_family
from tests.factories import make_user
from tests.shop.payments.test_wallet import begin, post, send_back

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def page(client, **asked) -> str:
    answer = client.get(reverse("mlm:my-wallet"), asked)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_empty_wallet_says_where_money_comes_from():
    _ada, client = signed_in("ada")
    assert "Your wallet is empty" in page(client)
    rows = b"".join(client.get(reverse("mlm:my-wallet-file")).streaming_content).decode()
    assert rows.count("\n") == 1


def test_every_kind_of_movement_has_its_words_and_its_link():
    """20.00 earned; 14.90 for an order, of which 10.00 come back; 5.00 for a payout that bounces.

    20.00 - 14.90 + 10.00 - 5.00 + 5.00 + 1.00 = 16.10.
    """
    ada, client = signed_in("ada")
    post(ada, 2_000)
    attempt = begin(ada, price="10.00", from_wallet=1_490)
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    send_back(order, 1)
    wallets.reserve(key="payout:57", owner=ada.pk, unit="EUR", amount=500, at=NOON)
    parts = {Account.Kind.PAID: 500}
    wallets.settle(key="payout:57", into=parts, at=NOON)
    wallets.give_back(key="payout:57", owner=ada.pk, unit="EUR", parts=parts, at=NOON)
    ask_adjustment(
        key="form-1", owner=ada.pk, unit="EUR", amount=100, reason="Stamps", holder_id=None,
        actor=Actor(make_user("finn")), at=NOON,
    )  # fmt: skip

    text = page(client)

    for words in (
        f"Order {order.number} paid from the wallet",
        f"Refund of order {order.number}",
        "Payout 57",
        "Payout 57 came back",
        "Adjustment by our service",
        "Stamps",
        "then 16.10 EUR",
    ):
        assert words in text, words
    assert reverse("customer:order", args=[order.number]) in text


def test_what_is_under_way_is_said_to_be_reserved():
    ada, client = signed_in("ada")
    post(ada, 2_000)
    attempt = begin(ada, price="30.00", from_wallet=2_000, method="transfer")
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    text = page(client)
    assert f"Reserved for order {order.number}" in text
    assert order.total_incl_tax == Decimal("34.90")


def test_a_wallet_below_zero_is_shown_plainly():
    ada, client = signed_in("ada")
    post(ada, -1_234)
    text = page(client)
    assert "Your wallet is 12.34 EUR below zero." in text
    assert "fills it up first" in text


def test_months_and_pages_lead_through_everything_and_the_file_has_it_all():
    ada, client = signed_in("ada")
    for number in range(PAGE + 5):
        post(ada, 100, key=f"commission:{number}:levels")
    text = page(client)
    assert text.count('<span class="small muted nowrap">then ') == PAGE
    cursor = client.get(reverse("mlm:my-wallet")).context["next_cursor"]
    assert page(client, before=cursor).count('<span class="small muted nowrap">then ') == 5
    assert page(client, month="2026-03").count('<span class="small muted nowrap">then ') == PAGE
    # A month without movements is not among the choices; the whole is shown instead.
    assert page(client, month="2025-01").count('<span class="small muted nowrap">then ') == PAGE
    rows = b"".join(client.get(reverse("mlm:my-wallet-file")).streaming_content).decode()
    assert rows.count("\n") == PAGE + 6
    assert "35.00,EUR" in rows


def test_another_currency_is_chosen_by_name_and_nobody_elses_money_is_there():
    ada, client = signed_in("ada")
    ben, _as_ben = signed_in("ben")
    post(ada, 2_000)
    post(ada, 700, unit="CHF", key="commission:2:levels")
    post(ben, 77_777)
    assert "CHF" in page(client)
    assert "7.00 CHF" in page(client, currency="CHF")
    assert "777.77" not in page(client)


def test_the_page_takes_the_same_queries_for_few_and_many():
    ada, client = signed_in("ada")
    page(client)
    counts = []
    for size in (1, 20):
        for number in range(size):
            post(ada, 100, key=f"commission:{size}:{number}")
        with CaptureQueriesContext(connection) as queries:
            page(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_held_is_listed_with_the_day_it_comes_free():
    """March's 7.33 of ben are held for one period: they are released with April's commit."""
    books = march_of_the_family(PLAN + "\n[money]\nhold_periods = 1\n")
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=Actor(books.finn), at=datetime(2026, 4, 4, 12, tzinfo=UTC))
    ben = books.family.ben
    ben.user = make_user("ben")
    ben.save()
    client = Client()
    client.force_login(ben.user)
    text = page(client)
    assert "7.33 EUR" in text
    assert "released with the period that ends on 30 April 2026" in text
    assert reverse("mlm:my-statement", args=[books.march.pk]) in text


def test_the_first_page_of_the_cabinet_says_what_is_available():
    ada, client = signed_in("ada")
    assert (
        reverse("mlm:my-wallet") + '">what'
        not in client.get(reverse("mlm:my-home")).content.decode()
    )
    post(ada, 2_000)
    home = client.get(reverse("mlm:my-home")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "20.00 EUR" in home
