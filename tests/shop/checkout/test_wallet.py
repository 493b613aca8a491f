"""The payment page for members with money in the wallet: use it, see what is left, change the mind."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from mlm_plugin.network.models import Member
from tests.factories import make_account, make_member, make_product
from tests.localstripe import LocalStripe
from tests.shop.checkout.shopper import Shopper
from tests.shop.payments.test_wallet import amounts, post

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")


@pytest.fixture
def ada() -> Member:
    """A member with 20.00 in the wallet."""
    member = make_member("ada", user_id=make_account("ada").pk)
    post(member, 2_000)
    return member


@pytest.fixture
def shopper(ada: Member) -> Shopper:
    client = Client()
    client.force_login(ada.user)
    return Shopper(client)


def fill(shopper: Shopper, price: str) -> None:
    """One soap and delivery at 4.90, with everything said but how it is paid."""
    shopper.put_into_basket(make_product(price=price))
    shopper.say_everything()


def test_an_order_is_paid_from_the_wallet_without_a_card(shopper: Shopper, ada: Member) -> None:
    fill(shopper, "10.00")
    page = shopper.get("payment-details").content.decode()
    assert "You have €20.00 in your wallet." in page
    assert 'value="14.90"' in page
    shopper.post("wallet", {"amount": "14,90"})
    page = shopper.get("payment-details").content.decode()
    assert "€14.90 of this order come from your wallet." in page
    assert "data-card-element" not in page

    answer = shopper.pay(method="")

    assert answer.url == reverse("checkout:thank-you")
    assert amounts(ada) == (510, 0)
    thanks = shopper.get("thank-you").content.decode()
    assert "From the wallet" in thanks
    assert "checkout_wallet" not in shopper.client.session or (
        shopper.client.session["checkout_wallet"] == 0
    )


def test_a_part_from_the_wallet_leaves_the_rest_to_the_card(
    shopper: Shopper, ada: Member, localstripe: LocalStripe
) -> None:
    """34.90 less 12.50 is 22.40."""
    fill(shopper, "30.00")
    shopper.post("wallet", {"amount": "12.50"})
    page = shopper.get("payment-details")
    assert 'data-amount="2240"' in page.content.decode()
    assert "€22.40 are left to pay." in page.content.decode()

    shopper.pay(localstripe.card())

    assert localstripe.charged() == 2_240
    assert amounts(ada) == (750, 0)
    assert Order.objects.get().total_incl_tax == Decimal("34.90")


def test_more_than_there_is_takes_what_there_is(shopper: Shopper) -> None:
    fill(shopper, "30.00")
    shopper.post("wallet", {"amount": "9999"})
    assert shopper.get("payment-details").context["wallet_share"] == 2_000


def test_the_mind_is_changed(shopper: Shopper, ada: Member, localstripe: LocalStripe) -> None:
    fill(shopper, "10.00")
    shopper.post("wallet", {"amount": "10"})
    shopper.post("wallet", {"remove": "1"})
    assert shopper.get("payment-details").context["wallet_share"] == 0
    shopper.pay(localstripe.card())
    assert localstripe.charged() == 1_490
    assert amounts(ada) == (2_000, 0)


def test_what_the_page_did_not_say_is_not_taken(shopper: Shopper, ada: Member) -> None:
    """The wallet had less by the time the button was pressed."""
    fill(shopper, "10.00")
    shopper.post("wallet", {"amount": "14.90"})
    answer = shopper.pay(method="", seen_wallet=1_400)
    assert answer.url == reverse("checkout:payment-details")
    assert not Order.objects.exists()
    assert amounts(ada) == (2_000, 0)


@pytest.mark.parametrize("amount", ["", "a lot", "-5", "NaN", "1e9", "12.345", "9" * 40, "\x00"])
def test_what_is_no_amount_takes_nothing(shopper: Shopper, amount: str) -> None:
    fill(shopper, "30.00")
    assert shopper.post("wallet", {"amount": amount}).status_code == 302
    assert shopper.get("payment-details").context["wallet_share"] in (0, 2_000)


def test_who_has_no_wallet_is_not_told_of_it() -> None:
    guest = Shopper()
    fill(guest, "10.00")
    assert "wallet" not in guest.get("payment-details").content.decode().lower().replace(
        "seen_wallet", ""
    )
    guest.post("wallet", {"amount": "5"})
    assert guest.get("payment-details").context["wallet_share"] == 0
