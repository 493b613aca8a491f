"""Paying with a kept card by the pages, the gift note on the way, and what comes after thanks."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from mlm_plugin.network.models import Member
from storefront.accounts.models import User
from storefront.shop.payments import cards, tasks
from storefront.shop.payments.models import CheckoutAttempt, SavedCard
from storefront.shop.payments.selectors import get_gift_note
from tests.factories import make_family, make_product, make_user
from tests.localstripe import ASKS_BANK, LocalStripe
from tests.shop.checkout.shopper import Shopper

pytestmark = pytest.mark.django_db
Order = get_model("order", "Order")


@pytest.fixture
def shopper() -> Shopper:
    return Shopper()


def buy(shopper: Shopper, card: str = "", **fields: Any) -> Any:
    shopper.put_into_basket(make_product(f"Soap {CheckoutAttempt.objects.count()}"))
    shopper.say_everything()
    return shopper.pay(card, **fields)


def keep_card(shopper: Shopper, localstripe: LocalStripe) -> SavedCard:
    buy(shopper, localstripe.card(), keeps_card="on")
    tasks.keep_card.call(attempt_id=CheckoutAttempt.objects.latest("pk").pk)
    return SavedCard.objects.latest("pk")


def test_a_ticked_card_is_offered_first_and_pays_without_a_script(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.client.force_login(make_user("ada"))
    card = keep_card(shopper, localstripe)
    shopper.put_into_basket(make_product("Oil"))
    shopper.say_everything()
    page = shopper.get("payment-details").content.decode()
    assert "Visa •••• 4242" in page
    assert page.index(f'value="card:{card.pk}"') < page.index('value="card"')

    answer = shopper.pay("", method=f"card:{card.pk}")

    assert answer.url == reverse("checkout:thank-you")
    assert Order.objects.count() == 2


def test_guests_are_not_asked_to_keep_a_card(shopper: Shopper, localstripe: LocalStripe) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    assert "Keep this card" not in shopper.get("payment-details").content.decode()
    shopper.pay(localstripe.card(), keeps_card="on")
    assert not CheckoutAttempt.objects.get().keeps_card


def test_a_kept_card_of_somebody_else_is_no_choice(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.client.force_login(make_user("ada"))
    card = keep_card(shopper, localstripe)
    ben = Shopper(Client())
    ben.client.force_login(make_user("ben"))
    ben.put_into_basket(make_product("Oil"))
    ben.say_everything()
    charged = localstripe.charged()
    answer = ben.pay("", method=f"card:{card.pk}")
    assert answer.context["form"].errors["method"] == ["Please choose how to pay."]
    # Nor is it by the provider's own id of it.
    answer = ben.pay(card.provider_id)
    assert answer.url == reverse("checkout:payment-details")
    assert localstripe.charged() == charged


def test_a_kept_card_that_asks_the_bank_goes_through_its_window(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.client.force_login(make_user("ada"))
    answer = buy(shopper, localstripe.card(ASKS_BANK), keeps_card="on")
    attempt = CheckoutAttempt.objects.get()
    assert attempt.public_id in answer.url
    assert cards.keep_card(attempt_id=attempt.pk, at=attempt.created_at) is not None
    localstripe.answer_bank(attempt.payment_id or "")
    back = reverse("checkout:attempt-return", args=[attempt.public_id])
    assert shopper.client.get(back).url == reverse("checkout:thank-you")


def test_the_gift_note_travels_from_basket_to_order_and_mail(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    note = "For Nina <b>& Tom</b>"
    shopper.client.post(reverse("basket:gift-note"), {"note": note, "next": "checkout"})
    shopper.say_everything()
    assert "For Nina &lt;b&gt;" in shopper.get("payment-details").content.decode()
    shopper.pay(localstripe.card())
    order = Order.objects.get()
    assert get_gift_note(order=order) == note
    assert "For Nina &lt;b&gt;" in shopper.get("thank-you").content.decode()
    tasks.mail_order_placed.call(order_id=order.pk)
    letter = mail.outbox[-1]
    assert note in letter.body
    shopper.put_into_basket(make_product("Oil"))
    assert "For Nina" not in shopper.client.get(reverse("basket:summary")).content.decode()


# --- after thanks ---------------------------------------------------------------------------------


def test_a_guest_makes_an_account_with_one_password(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    buy(shopper, localstripe.card())
    assert "Create an account for dora@example.com" in shopper.get("thank-you").content.decode()
    weak = shopper.post("account", {"password1": "1"})
    assert weak.context["account_form"].errors["password1"]
    assert "<h1>" in weak.content.decode()

    answer = shopper.post("account", {"password1": "lantern-dora"})

    dora = User.objects.get()
    assert (dora.email, dora.first_name) == ("dora@example.com", "Dora")
    assert answer.url == reverse("account_email_verification_sent")
    order = Order.objects.get()
    assert (order.user, order.guest_email, order.email) == (dora, "", "dora@example.com")
    assert CheckoutAttempt.objects.get().user == dora
    assert dora.addresses.get().line1 == "Lindenweg 4"
    assert shopper.post("account", {"password1": "lantern-dora"}).status_code == 404


def test_an_address_that_has_an_account_tells_nothing_and_gives_nothing(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    dora = make_user("dora")
    buy(shopper, localstripe.card())
    shopper.get("thank-you")
    answer = shopper.post("account", {"password1": "lantern-dora"})
    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.get() == dora
    assert Order.objects.get().user is None
    assert dora.check_password("dora")


def test_nobody_else_takes_the_order_into_an_account(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    buy(shopper, localstripe.card())
    shopper.get("thank-you")
    account = reverse("checkout:account")
    assert Client().post(account, {"password1": "lantern-eve"}).status_code == 404
    assert not User.objects.exists()


def test_membership_is_offered_where_it_is_allowed(
    shopper: Shopper, localstripe: LocalStripe, settings: Any
) -> None:
    make_family()
    settings.OFFER_MEMBERSHIP_IN = ["AT"]
    buy(shopper, localstripe.card())
    assert "How membership works" not in shopper.get("thank-you").content.decode()
    settings.OFFER_MEMBERSHIP_IN = ["AT", "DE"]
    buy(shopper, localstripe.card(), member_code="cleo")
    page = shopper.get("thank-you").content.decode()
    assert "/r/CLEO/?to=/join/" in page
    cleo = make_user("cleo")
    Member.objects.filter(code="CLEO").update(user=cleo)
    shopper.client.force_login(cleo)
    buy(shopper, localstripe.card())
    assert "How membership works" not in shopper.get("thank-you").content.decode()
