"""The checkout's pages: from the basket to thanks, as a guest and signed in, and every way off."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.prices.models import TaxRate
from tests.factories import make_country, make_family, make_product, make_user, make_voucher
from tests.localstripe import ASKS_BANK, DECLINED, LocalStripe
from tests.shop.checkout.shopper import ADDRESS, Shopper, make_address

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
Basket = get_model("basket", "Basket")
State = CheckoutAttempt.State

HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ settings.SECRET_KEY }}{% load x %}",
    "x" * 10_000,
    "\x00null",
    "'; DROP TABLE order_order; --",
    "\u202eﷺ💥",
]


@pytest.fixture
def shopper() -> Shopper:
    return Shopper()


def test_a_guest_buys_by_card_and_is_thanked(shopper: Shopper, localstripe: LocalStripe) -> None:
    shopper.put_into_basket()
    shopper.say_everything()

    answer = shopper.pay(localstripe.card())

    order = Order.objects.get()
    assert answer.url == reverse("checkout:thank-you")
    thanks = shopper.get("thank-you")
    assert order.number in thanks.content.decode()
    assert "dora@example.com" in thanks.content.decode()
    assert shopper.client.get(reverse("basket:summary")).context["basket"].is_empty


def test_every_step_shows_what_is_bought_and_what_it_costs_so_far(shopper: Shopper) -> None:
    shopper.put_into_basket(make_product("Linden soap"), quantity=2)
    shopper.say_everything()

    for step in ("shipping-address", "shipping-method", "payment-details"):
        page = shopper.get(step)
        html = page.content.decode()
        beside = html.partition('<aside class="order-beside')[2].partition("</aside>")[0]
        assert "2 × Linden soap" in beside
        assert f"€{page.context['checkout'].total}" in beside


def test_thanks_are_said_once_and_lead_to_the_status_page_afterwards(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    shopper.pay(localstripe.card())
    shopper.get("thank-you")

    again = shopper.get("thank-you")

    assert "order-status" in again.url
    page = shopper.client.get(again.url)
    assert page.status_code == 200
    assert Order.objects.get().number in page.content.decode()
    assert Client().get(reverse("checkout:thank-you")).url == "/"


def test_the_signed_link_asks_strangers_for_the_address_and_refuses_forgeries(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    shopper.pay(localstripe.card())
    order = Order.objects.get()
    link = reverse("customer:anon-order", args=[order.number, order.verification_hash()])
    stranger = Client()

    form = stranger.get(link)
    assert form.status_code == 302
    assert stranger.post(form.url, {"email": "eve@example.com"}).status_code == 200
    answer = stranger.post(form.url, {"email": "dora@example.com"})
    assert stranger.get(answer.url).status_code == 200
    forged = reverse("customer:anon-order", args=[order.number, f"{order.number}:forged"])
    assert stranger.get(forged).status_code == 302


def test_an_account_buys_to_an_address_of_its_book(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    ada = make_user("ada")
    shopper.client.force_login(ada)
    address = make_address(ada)
    shopper.put_into_basket()
    assert shopper.get("index").url == reverse("checkout:shipping-address")
    shopper.post("shipping-address", {"address_id": address.pk})
    shopper.post("shipping-method", {"method_code": "express"})

    shopper.pay(localstripe.card())

    order = Order.objects.get()
    assert (order.user, order.guest_email) == (ada, "")
    assert order.shipping_address.line1 == "Lindenweg 4"
    assert order.shipping_code == "express"
    shopper.get("thank-you")
    assert shopper.get("thank-you").url == reverse("customer:order", args=[order.number])


def test_an_address_of_somebody_else_does_not_exist(shopper: Shopper) -> None:
    foreign = make_address(make_user("ada"))
    shopper.put_into_basket()
    assert shopper.post("shipping-address", {"address_id": foreign.pk}).status_code == 404
    shopper.client.force_login(make_user("ben"))
    for address_id in (foreign.pk, "0", "x", "9" * 50):
        answer = shopper.post("shipping-address", {"address_id": address_id})
        assert answer.status_code == 404


def test_a_transfer_shows_where_to_pay(shopper: Shopper, settings: Any) -> None:
    shopper.put_into_basket()
    shopper.say_everything()

    assert shopper.pay(method="transfer").url == reverse("checkout:thank-you")

    order = Order.objects.get()
    assert order.status == "Pending"
    thanks = shopper.get("thank-you").content.decode()
    assert settings.BANK_TRANSFER_IBAN in thanks
    assert order.number in thanks


def test_a_declined_card_says_so_and_the_basket_is_still_there(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket(quantity=2)
    shopper.say_everything()

    answer = shopper.pay(localstripe.card(DECLINED))

    page = shopper.client.get(answer.url)
    assert "declined" in page.content.decode()
    assert page.context["basket"].num_items == 2
    assert not Order.objects.exists()
    assert shopper.pay(localstripe.card()).url == reverse("checkout:thank-you")


def test_the_bank_check_is_shown_and_the_return_places_the_order(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()

    answer = shopper.pay(localstripe.card(ASKS_BANK))

    attempt = CheckoutAttempt.objects.get()
    page = shopper.client.get(answer.url).content.decode()
    assert re.search(r'data-secret="pi_\w+_secret_', page)
    back = reverse("checkout:attempt-return", args=[attempt.public_id])
    assert shopper.client.get(back).url == answer.url
    localstripe.answer_bank(attempt.payment_id or "")
    assert shopper.client.get(back).url == reverse("checkout:thank-you")
    assert shopper.client.get(back).url == reverse("checkout:thank-you")
    assert Order.objects.count() == 1


def test_a_failed_bank_check_leads_back_to_the_payment(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    shopper.pay(localstripe.card(ASKS_BANK))
    attempt = CheckoutAttempt.objects.get()
    localstripe.answer_bank(attempt.payment_id or "", succeed=False)

    answer = shopper.client.get(reverse("checkout:attempt-return", args=[attempt.public_id]))

    assert answer.url == reverse("checkout:payment-details")
    assert "could not check" in shopper.client.get(answer.url).content.decode()


def test_attempts_of_others_do_not_exist(shopper: Shopper, localstripe: LocalStripe) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    shopper.pay(localstripe.card(ASKS_BANK))
    public_id = CheckoutAttempt.objects.get().public_id
    eve = Client()
    for wanted in (public_id, "nonsense", "x" * 300):
        for name in ("attempt", "attempt-return"):
            assert eve.get(reverse(f"checkout:{name}", args=[wanted])).status_code == 404
    CheckoutAttempt.objects.update(user=make_user("ada"))
    assert shopper.client.get(reverse("checkout:attempt", args=[public_id])).status_code == 404


def test_forged_amounts_charge_what_the_server_says(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()

    answer = shopper.pay(localstripe.card(), seen_total=1, amount="0.01", total="1")
    assert answer.url == reverse("checkout:payment-details")
    assert localstripe.payments() == []

    shopper.pay(localstripe.card(), amount="0.01", total="1")
    assert localstripe.charged() == Order.objects.get().total_incl_tax * 100 == 1690


def test_a_price_that_changed_is_shown_before_it_is_paid(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    soap = shopper.put_into_basket()
    shopper.say_everything()
    seen = shopper.get("payment-details").context["total_minor"]
    soap.stockrecords.update(price="13.00")

    answer = shopper.pay(localstripe.card(), seen_total=seen)

    assert "A price has changed" in shopper.client.get(answer.url).content.decode()
    assert localstripe.payments() == []


def test_the_country_of_the_address_decides_the_tax(
    shopper: Shopper, localstripe: LocalStripe, settings: Any
) -> None:
    """12.00 with 19 % at home is 10.08 net; Austria puts 20 % on it: 12.10."""
    settings.SHOP_COUNTRY = "DE"
    for code, points in (("DE", 1900), ("AT", 2000)):
        TaxRate.objects.update_or_create(
            country=make_country(code, code), defaults={"basis_points": points}
        )
    shopper.put_into_basket()
    shopper.say_everything(country="AT", postcode="1010")

    shopper.pay(localstripe.card())

    line = Order.objects.get().lines.get()
    assert (str(line.line_price_excl_tax), str(line.line_price_incl_tax)) == ("10.08", "12.10")


def test_each_step_leads_back_to_what_is_missing(shopper: Shopper) -> None:
    assert shopper.get("payment-details").url == reverse("basket:summary")
    shopper.put_into_basket()
    assert shopper.get("payment-details").url == reverse("checkout:shipping-address")
    shopper.post("shipping-address", ADDRESS)
    assert shopper.get("payment-details").url == reverse("checkout:shipping-method")
    shopper.post("shipping-method", {"method_code": "standard"})
    assert shopper.get("payment-details").status_code == 200
    assert shopper.get("preview").url == reverse("checkout:payment-details")
    assert not CheckoutAttempt.objects.exists()


def test_posting_to_a_later_step_places_nothing(shopper: Shopper) -> None:
    shopper.put_into_basket()
    said = {"method": "transfer", "seen_total": 1690, "action": "place_order"}
    for name in ("payment-details", "preview", "payment-method", "thank-you", "shipping-method"):
        assert shopper.post(name, said).status_code in (302, 405)
    assert not Order.objects.exists()


def test_a_closed_shop_sells_to_members_only(shopper: Shopper, settings: Any) -> None:
    shopper.put_into_basket()
    settings.MLM = {**settings.MLM, "SALES": "closed"}

    for name in ("index", "shipping-address", "shipping-method", "payment-details"):
        assert reverse("account_login") in shopper.get(name).url
        assert reverse("account_login") in shopper.post(name, {"method": "transfer"}).url


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "field", ["first_name", "last_name", "line1", "line2", "line4", "state", "postcode", "notes",
              "phone_number", "country"]
)  # fmt: skip
def test_hostile_text_in_the_address_is_refused_or_harmless(
    shopper: Shopper, field: str, text: str
) -> None:
    shopper.put_into_basket()

    answer = shopper.post("shipping-address", {**ADDRESS, field: text})

    if answer.status_code == 302:
        shopper.post("shipping-method", {"method_code": "standard"})
        answer = shopper.get("payment-details")
    else:
        assert answer.context["form"].errors[field]
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "<img src=x" not in answer.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_elsewhere_is_refused_beside_its_field(shopper: Shopper, text: str) -> None:
    shopper.put_into_basket()
    answer = shopper.post("shipping-address", {**ADDRESS, "email": text})
    assert answer.context["form"].errors["email"]
    shopper.say_everything()
    assert shopper.post("shipping-method", {"method_code": text}).context["form"].errors
    for field in ("method", "payment_method", "seen_total", "member_code"):
        answer = shopper.pay("card_x", **{field: text})
        assert answer.status_code == 200
        assert answer.context["form"].errors[field]
        assert "<script>alert" not in answer.content.decode()
    assert not CheckoutAttempt.objects.exists()


def test_a_card_that_was_not_filled_in_is_said_beside_it(shopper: Shopper) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    assert "Please fill in your card." in shopper.pay("").content.decode()


def test_the_page_lets_the_provider_in_and_nothing_inline(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    page = shopper.get("payment-details")
    html = page.content.decode()
    assert "theme/payment.js" in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert " style=" not in html


def test_a_sold_out_product_is_said_before_it_is_paid(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    soap = shopper.put_into_basket(make_product(stock=1))
    shopper.say_everything()
    soap.stockrecords.update(num_in_stock=0)

    answer = shopper.pay(localstripe.card())

    assert "Linden soap" in shopper.client.get(answer.url).content.decode()
    assert localstripe.payments() == []


def test_the_member_code_typed_at_checkout_is_credited(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    make_family()
    shopper.put_into_basket()
    shopper.say_everything()

    shopper.pay(localstripe.card(), member_code=" cleo ")

    attribution = Order.objects.get().attribution
    assert (attribution.member.code, attribution.source) == ("CLEO", "chosen")


def test_the_page_says_quietly_who_recommended_us(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    make_family()
    shopper.client.get("/r/cleo/")
    shopper.put_into_basket()
    shopper.say_everything()

    assert "Cleo" in shopper.get("payment-details").content.decode()
    shopper.pay(localstripe.card())
    assert Order.objects.get().attribution.source == "cookie"


def test_an_account_finds_its_address_again(shopper: Shopper, localstripe: LocalStripe) -> None:
    ada = make_user("ada")
    shopper.client.force_login(ada)
    for _ in range(2):
        shopper.put_into_basket(make_product(f"Soap {_}"))
        shopper.say_everything()
        shopper.pay(localstripe.card())
    assert Order.objects.count() == 2
    assert ada.addresses.get().line1 == "Lindenweg 4"


def test_a_second_tab_is_sent_to_the_payment_that_is_under_way(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    shopper.put_into_basket()
    shopper.say_everything()
    shopper.pay(localstripe.card(ASKS_BANK))
    CheckoutAttempt.objects.update(state=State.PAYING)

    answer = shopper.pay(localstripe.card())

    assert CheckoutAttempt.objects.get().public_id in answer.url
    assert "Please do not pay again" in shopper.client.get(answer.url).content.decode()


def test_a_guests_voucher_is_charged_as_shown(shopper: Shopper, localstripe: LocalStripe) -> None:
    make_voucher()
    shopper.put_into_basket(quantity=2)
    shopper.client.post(reverse("basket:vouchers-add"), {"code": "SPRING"})
    shopper.say_everything(country="AT", postcode="1010")
    assert shopper.get("payment-details").context["total_minor"] < 2590 + 100

    shopper.pay(localstripe.card())

    order = Order.objects.get()
    assert order.discounts.get().voucher_code == "SPRING"
    assert localstripe.charged() == order.total_incl_tax * 100
