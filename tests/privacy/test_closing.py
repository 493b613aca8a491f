"""The end of an account: what is erased, what stays without a name, and what stands in the way."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from mlm_plugin.network.services import set_status
from storefront.accounts.services import MemberStays
from storefront.cms.messages import take_message
from storefront.cms.models import ContactMessage, ContactPage
from storefront.cms.storefronts.selectors import find_listed_members, get_storefront
from storefront.cms.storefronts.services import save_storefront, set_listing
from storefront.privacy.closing import OrdersUnderWay, close_account, get_closing_facts
from storefront.privacy.contents import read_contents
from storefront.privacy.models import ConsentRecord
from storefront.privacy.services import record_consent
from storefront.shop.accounting.facts import of_credit_note
from storefront.shop.accounting.services import issue_invoice
from storefront.shop.payments.models import (
    CheckoutAttempt,
    ForgottenCustomer,
    PaymentCustomer,
    RefundRequest,
)
from storefront.shop.payments.services import place_order_from_attempt
from tests.accounts.in_use import fill_account
from tests.cms.building import make_home, make_page
from tests.factories import make_account, make_attempt, make_basket, make_member, make_product
from tests.shop.orders.buying import buy

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "/shop/accounts/profile/delete/"


@pytest.fixture
def dora() -> Any:
    """With an order, an address, a wish list, a review, a question and a consent."""
    dora = make_account("dora", first_name="Dora", last_name="Lindt")
    fill_account(dora)
    product = get_model("catalogue", "Product").objects.first()
    dora.reviews.create(product=product, score=5, title="Good", body="Soft", name="Dora Lindt")
    dora.product_questions.create(
        product=product, name="Dora", text="Is it soft?", language="en", asked_at=NOON
    )
    record_consent(
        user=dora, purpose="newsletter", given=True, source="account", language="en", at=NOON
    )
    return dora


def arrive(user: Any) -> None:
    user.orders.update(status="Complete")


def close(user: Any) -> None:
    close_account(user=user, language="en", at=NOON)


def test_nothing_names_the_person_any_more(
    dora: Any, django_capture_on_commit_callbacks: Any
) -> None:
    arrive(dora)
    with django_capture_on_commit_callbacks(execute=True):
        close(dora)
    dora.refresh_from_db()
    assert not dora.is_active and dora.email == f"closed-{dora.pk}@account.invalid"
    assert dora.addresses.count() == dora.wishlists.count() == dora.notifications.count() == 0
    order = dora.orders.get()
    address = order.shipping_address
    assert (address.first_name, address.last_name, address.line1, address.line4) == ("",) * 4
    assert (address.postcode, address.country_id) == ("07743", "DE")
    attempt = CheckoutAttempt.objects.get(order=order)
    assert attempt.email == dora.email
    assert "Lindenweg" not in str(attempt.snapshot) and "07743" in str(attempt.snapshot)
    review = get_model("reviews", "ProductReview").objects.get()
    assert (review.body, review.user, review.name) == ("Soft", None, "")
    question = get_model("shop_questions", "Question").objects.get()
    assert (question.text, question.user, question.name) == ("Is it soft?", None, "")


def test_no_gift_note_and_no_picture_of_a_return_stays(
    django_capture_on_commit_callbacks: Any,
) -> None:
    dora = make_account("dora")
    order = buy(user=dora)
    CheckoutAttempt.objects.update(snapshot={"gift_note": "For Tom, love Dora", "lines": []})
    store = storages["private"]
    picture = store.save("returns/lid.jpg", ContentFile(b"a lid and a name plate"))
    request = order.returns.create(
        number="R1", key="r", reason="damaged", picture=picture, state="refunded", requested_at=NOON
    )
    arrive(dora)
    with django_capture_on_commit_callbacks(execute=True):
        close(dora)

    assert "Tom" not in str(CheckoutAttempt.objects.get().snapshot)
    request.refresh_from_db()
    assert request.picture == "" and not store.exists(picture)


def leave_traces_as_guest(email: str) -> Any:
    """An order, a stock alert, a question and a message of somebody who did not sign in."""
    attempt = make_attempt(
        make_basket(make_product(f"Oil {email}")), at=NOON, email=email, method="transfer"
    )
    order = place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    product = order.lines.get().product
    get_model("customer", "ProductAlert").objects.create(product=product, email=email)
    product.questions.create(email=email, name="Dora", text="Is it mild?", asked_at=NOON)
    if not ContactPage.objects.exists():
        make_page(ContactPage, make_home(), title="Contact", slug="contact")
    values = {"your_mail": email, "message": "Is it vegan?"}
    take_message(page=ContactPage.objects.get(), values=values, sender=email, key=email)
    return order


def test_what_was_left_as_a_guest_under_the_confirmed_address_goes_too(dora: Any) -> None:
    arrive(dora)
    order = leave_traces_as_guest("Dora@Example.com")
    others = leave_traces_as_guest("xdora@example.com")
    with pytest.raises(OrdersUnderWay) as error:
        close(dora)
    assert error.value.numbers == [order.number]
    get_model("order", "Order").objects.update(status="Complete")
    [message] = read_contents(user=dora, at=NOON)["contact_messages"]
    assert message["values"]["message"] == "Is it vegan?"

    close(dora)

    order.refresh_from_db()
    others.refresh_from_db()
    assert order.guest_email == f"closed-{dora.pk}@account.invalid"
    assert (order.shipping_address.last_name, order.shipping_address.line1) == ("", "")
    assert others.shipping_address.last_name == "Lindt"
    kept = ["xdora@example.com"]
    assert [each.form_data["your_mail"] for each in ContactMessage.objects.all()] == kept
    alerts = get_model("customer", "ProductAlert").objects
    assert list(alerts.values_list("email", flat=True)) == kept
    questions = get_model("shop_questions", "Question").objects.exclude(email="")
    assert list(questions.values_list("email", flat=True)) == kept
    attempts = CheckoutAttempt.objects.filter(order__in=[order, others]).order_by("pk")
    assert [each.email for each in attempts] == [order.guest_email, *kept]


def test_an_address_nobody_confirmed_takes_nothing_from_others(dora: Any) -> None:
    arrive(dora)
    EmailAddress.objects.create(user=dora, email="nina@example.com", verified=False)
    order = leave_traces_as_guest("nina@example.com")
    close(dora)
    order.refresh_from_db()
    assert order.guest_email == "nina@example.com" and ContactMessage.objects.exists()


def test_the_provider_is_asked_after_all_is_written_and_need_not_answer(
    dora: Any, settings: Any
) -> None:
    arrive(dora)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    PaymentCustomer.objects.create(user=dora, provider_id="cus_dora")
    close(dora)
    dora.refresh_from_db()
    assert not dora.is_active and not PaymentCustomer.objects.exists()
    assert ForgottenCustomer.objects.get().provider_id == "cus_dora"
    assert DBTaskResult.objects.filter(task_path__endswith="forget_customer").count() == 1


def test_a_credit_note_after_the_end_names_whom_the_invoice_named() -> None:
    dora = make_account("dora")
    order = buy(user=dora)
    invoice = issue_invoice(order_id=order.pk, at=NOON)
    arrive(dora)
    close(dora)
    order = get_model("order", "Order").objects.get()
    line = order.lines.get()
    refund = RefundRequest(order=order, amount=1200, lines=[[line.pk, 1, 1200]])
    facts = of_credit_note(order=order, refund=refund, invoice=invoice)
    assert any("Lindenweg 4" in part for part in facts["buyer"])
    assert (facts["buyer"], facts["delivery"]) == (
        invoice.facts["buyer"],
        invoice.facts["delivery"],
    )


@pytest.mark.parametrize(("arrived", "stays"), [(0, False), (1, True)])
def test_a_return_of_which_nothing_arrived_is_no_reason_to_stay(arrived: int, stays: bool) -> None:
    dora = make_account("dora")
    order = buy(user=dora)
    request = order.returns.create(
        number="R1", key="r", reason="other", state="received", requested_at=NOON
    )
    request.lines.create(line=order.lines.get(), quantity=1, received_quantity=arrived)
    arrive(dora)
    assert get_closing_facts(user=dora).is_possible != stays


def test_consents_end_and_their_records_stay(dora: Any) -> None:
    arrive(dora)
    close(dora)
    records = ConsentRecord.objects.order_by("pk").values_list("given", "source")
    assert list(records) == [(True, "account"), (False, "closing")]


def test_the_last_mail_goes_to_the_old_address(
    dora: Any, django_capture_on_commit_callbacks: Any
) -> None:
    arrive(dora)
    with django_capture_on_commit_callbacks(execute=True):
        close(dora)
        close(dora)
    [message] = mail.outbox
    assert message.to == ["dora@example.com"] and "Hello Dora," in message.body


def test_while_goods_are_under_way_the_account_stays(dora: Any) -> None:
    with pytest.raises(OrdersUnderWay) as error:
        close(dora)
    assert error.value.numbers == [dora.orders.get().number]
    dora.refresh_from_db()
    assert dora.is_active and dora.addresses.exists()


def test_members_are_told_how(client: Client, dora: Any) -> None:
    make_member("dora", user_id=dora.pk)
    arrive(dora)
    with pytest.raises(MemberStays):
        close(dora)
    sign_in(client)
    page = client.get(PAGE).content.decode()
    assert "First your membership has to end" in page
    assert 'name="confirm"' not in page


def test_who_was_a_member_is_found_by_strangers_no_longer(dora: Any) -> None:
    member = make_member("dora", make_member("ada"), user_id=dora.pk, last_name="Lindt")
    set_listing(member_id=member.pk, is_listed=True, city="Jena", country="DE", at=NOON)
    save_storefront(
        member_id=member.pk,
        greeting="I am Dora",
        product_ids=[get_model("catalogue", "Product").objects.first().pk],
    )
    [listing] = read_contents(user=dora, at=NOON)["public_listing"]
    assert listing == {
        "greeting": "I am Dora", "listed_since": NOON, "city": "Jena", "country": "DE",
    }  # fmt: skip
    assert len(read_contents(user=dora, at=NOON)["products_shown"]) == 1
    arrive(dora)
    with pytest.raises(MemberStays):
        close(dora)
    assert find_listed_members(query="Jena")

    set_status(member_id=member.pk, status="terminated")
    close(get_user_model().objects.get(pk=dora.pk))

    # Not even if somebody set the membership going again.
    set_status(member_id=member.pk, status="active")
    assert not find_listed_members(query="Jena")
    assert get_storefront(member_id=member.pk).greeting == ""
    member.refresh_from_db()
    assert (member.first_name, member.last_name, member.sponsor.code) == ("", "", "ADA")


def sign_in(client: Client) -> None:
    client.post("/accounts/login/", {"login": "dora@example.com", "password": "lantern-dora"})
    client.post("/accounts/reauthenticate/", {"password": "lantern-dora"})


def test_the_page_says_before_what_goes_and_what_stays(client: Client, dora: Any) -> None:
    arrive(dora)
    client.force_login(dora)
    assert "/accounts/reauthenticate/" in client.get(PAGE).url
    sign_in(client)
    page = client.get(PAGE).content.decode()
    for words in ("2 addresses in your book", "1 order: goods", "reviews (1) and questions (1)"):
        assert words in page
    assert client.post(PAGE, {}).status_code == 200
    dora.refresh_from_db()
    assert dora.is_active
    client.post(PAGE, {"confirm": "on"})
    dora.refresh_from_db()
    assert not dora.is_active
    assert client.get("/shop/accounts/").status_code == 302


def test_sent_while_an_order_came_in_nothing_happens(client: Client, dora: Any) -> None:
    sign_in(client)
    answer = client.post(PAGE, {"confirm": "on"}, follow=True)
    assert "Something is still under way" in answer.content.decode()
    dora.refresh_from_db()
    assert dora.is_active
