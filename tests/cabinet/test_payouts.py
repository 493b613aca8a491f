"""`/my/payouts/`: the member asks, sees what arrives, follows, cancels, and sees nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from mlm_plugin.ledger.models import Action
from mlm_plugin.payouts.models import Payout
from tests.payouts.people import (
    amounts,
    ask,
    give_data,
    make_payee,
    make_staff,
    prepare,
    with_terms,
)

pytestmark = pytest.mark.django_db
NEW = "/my/payouts/new/"
KEY = "6f1ce9a0-3b50-4a5c-9d55-7c5bb4a1d5f1"


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


@pytest.fixture
def ada():
    return make_payee()


@pytest.fixture
def browser(ada):
    client = Client()
    client.force_login(ada.user)
    return client


def send(client, **fields):
    return client.post(NEW, {"amount": "50", "currency": "EUR", "key": KEY, **fields})


def test_the_member_sees_what_arrives_before_anything_is_sent(browser, ada):
    """50.00 less 0.50 fee: 49.50 arrive."""
    page = browser.get(NEW).content.decode()
    assert "100.00" in page
    answer = send(browser, amount="50,00").content.decode()
    assert "49.50" in answer
    assert "•••• 3000" in answer
    assert "DE89" not in answer
    assert not Payout.objects.exists()
    changed = send(browser, change="1").content.decode()
    assert 'value="50"' in changed


def test_confirmed_twice_it_is_asked_for_once(browser, ada):
    first = send(browser, confirmed="1")
    assert first.url == reverse("mlm:my-payout", args=[Payout.objects.get().pk])
    assert send(browser, confirmed="1").url == first.url
    assert amounts(ada) == (5_000, 5_000)
    action = Action.objects.get(name="payout.request")
    assert (action.author, action.address) == (ada.user, "127.0.0.1")


@pytest.mark.parametrize(
    ("amount", "words"),
    [("9.99", "The least"), ("100.01", "less in the wallet"), ("a lot", "no amount"), ("", "required")],
    ids=["little", "much", "text", "nothing"],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_beside_the_field(browser, ada, amount, words):
    assert words in send(browser, amount=amount, confirmed="1").content.decode()
    assert amounts(ada) == (10_000, 0)


def test_what_is_missing_is_said_with_the_way_to_mend_it(browser, ada):
    give_data(ada, account="")
    page = browser.get("/my/payouts/").content.decode()
    assert "There is no bank account." in page
    assert reverse("mlm:my-details") in page
    number = int(send(browser, confirmed="1").url.rstrip("/").rpartition("/")[2])
    page = browser.get(reverse("mlm:my-payout", args=[number])).content.decode()
    assert "There is no bank account." in page


def test_a_request_can_be_cancelled_while_it_waits(browser, ada):
    payout = ask(ada)
    address = reverse("mlm:my-payout", args=[payout.pk])
    assert "Cancel this payout" in browser.get(address).content.decode()
    assert browser.post(f"{address}cancel/").url == address
    assert amounts(ada) == (10_000, 0)
    assert "Cancel this payout" not in browser.get(address).content.decode()
    second = ask(ada)
    prepare(make_staff())
    browser.post(reverse("mlm:my-payout-cancel", args=[second.pk]))
    second.refresh_from_db()
    assert second.state == "in_batch"
    # Who prepares what is not the member's news.
    page = browser.get(reverse("mlm:my-payout", args=[second.pk])).content.decode()
    assert "being prepared" in page
    assert "finn@" not in page


def test_nobody_sees_or_cancels_what_belongs_to_somebody_else(browser, ada):
    payout = ask(make_payee("ben", sponsor=ada))
    address = reverse("mlm:my-payout", args=[payout.pk])
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}cancel/").status_code == 404
    payout.refresh_from_db()
    assert payout.state == "requested"
    assert payout.reference not in browser.get("/my/payouts/").content.decode()


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    browser, ada, django_assert_max_num_queries
):
    ask(ada, 1_000)
    browser.get("/my/payouts/")
    with django_assert_max_num_queries(14):
        browser.get("/my/payouts/")
    for _each in range(4):
        ask(ada, 1_000)
    with django_assert_max_num_queries(14):
        browser.get("/my/payouts/")
