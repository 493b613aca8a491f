"""The staff's pages about wallets: look, adjust, decide as a second person; constant queries."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlm_plugin.backoffice.books.wallets_tasks import mail_adjusted
from mlm_plugin.ledger.models import Action
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from storefront.accounts.roles import CONTROLLERS, FINANCE
from tests.factories import make_account, make_member, make_user
from tests.shop.payments.test_wallet import amounts, post

pytestmark = pytest.mark.django_db


def browser(name: str, role: str) -> Client:
    client = Client()
    client.force_login(make_account(name, role))
    return client


@pytest.fixture
def finn() -> Client:
    return browser("finn", FINANCE)


@pytest.fixture
def greta() -> Client:
    return browser("greta", CONTROLLERS)


@pytest.fixture
def ada():
    """She has 20.00."""
    member = make_member("ada", user_id=make_user("ada").pk)
    post(member, 2_000)
    return member


def text_of(answer) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def adjust(client: Client, amount: str, **fields: str):
    said = {
        "currency": "EUR",
        "amount": amount,
        "reason": "Stamps",
        "key": "0e3ad0c5-6a5c-4d4c-8d0e-4a4b3c2d1e0f",
        "confirmed": "1",
        **fields,
    }
    return client.post(reverse("mlm:staff-wallet-adjust", args=["ADA"]), said)


def test_an_adjustment_is_said_again_before_it_is_posted_with_a_mail(finn, ada):
    said = {"currency": "EUR", "amount": "12,50", "reason": "Stamps"}
    key = "0e3ad0c5-6a5c-4d4c-8d0e-4a4b3c2d1e0f"
    page = finn.post(reverse("mlm:staff-wallet-adjust", args=["ADA"]), {**said, "key": key})
    assert "12.50 EUR for Ada?" in text_of(page)
    assert amounts(ada) == (2_000, 0)

    for _once_more in range(2):
        assert adjust(finn, "12,50").status_code == 302

    assert amounts(ada) == (3_250, 0)
    assert Action.objects.get().address == "127.0.0.1"
    mail_adjusted.call(adjustment_id=WalletAdjustment.objects.get().pk)
    assert "12.50\N{NO-BREAK SPACE}EUR" in mail.outbox[-1].body
    assert "Stamps" in mail.outbox[-1].body
    page = text_of(finn.get(reverse("mlm:staff-wallet", args=["ADA"])))
    assert "Adjustment by our service" in page
    assert "32.50 EUR" in page


def test_above_the_limit_a_controller_posts_it_and_finance_cannot(finn, greta, ada):
    adjust(finn, "200")
    assert amounts(ada) == (2_000, 0)
    address = reverse("mlm:staff-wallet-adjustment", args=[WalletAdjustment.objects.get().pk])
    assert "Approve and post" not in finn.get(address).content.decode()
    assert finn.post(address, {"approve": "1"}).status_code == 403
    assert "Approve and post" in greta.get(address).content.decode()

    for _once_more in range(2):
        assert greta.post(address, {"approve": "1"}).status_code == 302

    assert amounts(ada) == (22_000, 0)


def test_a_controller_declines_with_a_note(finn, greta, ada):
    adjust(finn, "200")
    address = reverse("mlm:staff-wallet-adjustment", args=[WalletAdjustment.objects.get().pk])
    assert "Say why" in greta.post(address, {"decline": "1"}).content.decode()
    greta.post(address, {"decline": "1", "note": "No such prize"})
    assert "No such prize" in finn.get(address).content.decode()
    assert amounts(ada) == (2_000, 0)


@pytest.mark.parametrize("amount", ["", "0", "-20.01", "much", "1.234", "9" * 25, "NaN", "1\x00"])
def test_what_cannot_be_adjusted_says_so_beside_the_field(finn, ada, amount):
    answer = adjust(finn, amount)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert amounts(ada) == (2_000, 0)


def test_wallets_are_found_by_sign_and_member(finn, ada):
    ben = make_member("ben")
    post(ben, -500)
    address = reverse("mlm:staff-wallets")
    below = finn.get(address, {"currency": "EUR", "which": "below"}).content.decode()
    assert "BEN" in below
    assert "ADA" not in below
    assert finn.get(address, {"code": "ada"}).url == reverse("mlm:staff-wallet", args=["ADA"])
    assert "No member has this code" in finn.get(address, {"code": "zoe"}).content.decode()


def test_pages_take_the_same_queries_for_few_and_many(finn, ada):
    finn.get(reverse("mlm:staff-wallets"))
    counts = []
    for size in (1, 12):
        for number in range(size):
            post(make_member(f"m{size}x{number}"), 100)
            post(ada, 100, key=f"commission:{size}:{number}")
        row = []
        for address in (
            reverse("mlm:staff-wallets"),
            reverse("mlm:staff-wallet", args=["ADA"]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert finn.get(address, {"currency": "EUR"}).status_code == 200
            row.append(len(queries))
        counts.append(row)
    assert counts[0] == counts[1]
