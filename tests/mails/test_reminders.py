"""The reminder of a basket: asked for, once, with a way back to the basket and a way out."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from storefront.mails.models import BasketReminder
from storefront.mails.reminders import PURPOSE, remind_of_baskets, send_abandoned_basket
from storefront.privacy.models import ConsentRecord
from storefront.privacy.selectors import get_consent
from storefront.privacy.services import record_consent
from tests.factories import make_account, make_attempt, make_basket, make_product
from tests.racing import run_together

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NEXT_DAY = NOON + timedelta(hours=25)


def agree(user: Any, *, given: bool = True, language: str = "en") -> None:
    record_consent(
        user=user, purpose=PURPOSE, given=given, source="account", language=language, at=NOON
    )


def left_behind(user: Any, *, at: datetime = NOON) -> Any:
    basket = make_basket(make_product(), user=user, quantity=2)
    basket.lines.update(date_updated=at)
    return basket


@pytest.fixture
def dora() -> Any:
    return make_account("dora", first_name="Dora")


def test_who_agreed_is_reminded_once(dora: Any) -> None:
    agree(dora)
    basket = left_behind(dora)
    assert remind_of_baskets(at=NEXT_DAY) == 1
    assert remind_of_baskets(at=NEXT_DAY) == 0
    assert remind_of_baskets(at=NEXT_DAY + timedelta(days=3)) == 0
    assert BasketReminder.objects.get().basket_id == basket.pk
    assert DBTaskResult.objects.filter(task_path__endswith="mail_abandoned_basket").count() == 1


@pytest.mark.parametrize("answer", [None, False])
def test_nobody_else_is(dora: Any, answer: bool | None) -> None:
    if answer is not None:
        agree(dora)
        agree(dora, given=answer)
    left_behind(dora)
    assert remind_of_baskets(at=NEXT_DAY) == 0


def test_only_baskets_left_for_a_while_and_not_forgotten(dora: Any) -> None:
    agree(dora)
    left_behind(dora)
    assert remind_of_baskets(at=NOON + timedelta(hours=23)) == 0
    assert remind_of_baskets(at=NOON + timedelta(days=15)) == 0


def test_a_basket_that_is_being_paid_is_not_left_behind(dora: Any) -> None:
    agree(dora)
    make_attempt(left_behind(dora), at=NOON, user=dora)
    assert remind_of_baskets(at=NEXT_DAY) == 0


def test_an_empty_basket_reminds_of_nothing(dora: Any) -> None:
    agree(dora)
    left_behind(dora).lines.all().delete()
    assert remind_of_baskets(at=NEXT_DAY) == 0


def test_the_mail_names_the_products_and_can_be_stopped_by_the_mail_program(dora: Any) -> None:
    agree(dora)
    send_abandoned_basket(basket_id=left_behind(dora).pk)
    [message] = mail.outbox
    assert message.to == ["dora@example.com"]
    assert "2 × Linden soap" in message.body and "Hello Dora," in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].startswith("<http")


def test_the_mail_is_in_the_language_of_the_consent(dora: Any) -> None:
    agree(dora, language="ru")
    send_abandoned_basket(basket_id=left_behind(dora).pk)
    assert 'lang="ru"' in mail.outbox[0].alternatives[0][0]


def test_a_consent_withdrawn_meanwhile_stops_the_mail(dora: Any) -> None:
    agree(dora)
    basket = left_behind(dora)
    remind_of_baskets(at=NEXT_DAY)
    agree(dora, given=False)
    send_abandoned_basket(basket_id=basket.pk)
    assert mail.outbox == []


def path_of(message: Any, name: str) -> str:
    address = next(word for word in message.body.split() if f"/mail/{name}/" in word)
    return address.partition("://")[2].partition("/")[2].join(["/", ""])


@pytest.fixture
def message(dora: Any) -> Any:
    agree(dora)
    send_abandoned_basket(basket_id=left_behind(dora).pk)
    return mail.outbox[0]


def test_one_click_unsubscribes_without_signing_in(dora: Any, message: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    path = path_of(message, "unsubscribe")
    assert client.get(path).status_code == 200
    assert get_consent(user=dora, purpose=PURPOSE) is not None
    for _again in range(2):
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert get_consent(user=dora, purpose=PURPOSE) is None
    records = ConsentRecord.objects.order_by("pk").values_list("given", "source")
    assert list(records) == [(True, "account"), (False, "mail")]


def test_forged_links_are_not_found(client: Client, message: Any) -> None:
    for name in ("unsubscribe", "basket"):
        path = path_of(message, name)
        assert client.get(f"{path[:-4]}xyz/").status_code == 404
        assert client.post("/mail/unsubscribe/1:2:3/").status_code == 404
    # A link for one thing opens nothing else.
    token = path_of(message, "basket").removeprefix("/mail/basket/")
    assert client.get(f"/mail/unsubscribe/{token}").status_code == 404


def test_the_link_brings_the_basket_back_on_any_device(client: Client, message: Any) -> None:
    path = path_of(message, "basket")
    assert "Linden soap" in client.get(path).content.decode()
    assert client.cookies.get("oscar_open_basket") is None
    for _again in range(2):
        assert client.post(path).url == "/shop/basket/"
    Line = get_model("basket", "Line")
    assert Line.objects.get(basket__owner=None).quantity == 2
    # Signing in afterwards does not double it.
    client.post("/accounts/login/", {"login": "dora@example.com", "password": "lantern-dora"})
    assert Line.objects.get(basket__owner__isnull=False, basket__status="Open").quantity == 2


def test_the_owner_is_led_straight_to_the_basket(client: Client, dora: Any, message: Any) -> None:
    client.force_login(dora)
    assert client.get(path_of(message, "basket")).url == "/shop/basket/"


def test_what_was_bought_meanwhile_is_not_brought_back(client: Client, message: Any) -> None:
    get_model("basket", "Basket").objects.update(status="Submitted")
    assert client.get(path_of(message, "basket")).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail() -> None:
    dora = make_account("dora")
    agree(dora)
    left_behind(dora)
    results = run_together([partial(remind_of_baskets, at=NEXT_DAY)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert DBTaskResult.objects.count() == 1
