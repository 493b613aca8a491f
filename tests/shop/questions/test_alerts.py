"""Back in stock: asked for per variant, confirmed, told once by the worker, stopped by a link."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from storefront.accounts.roles import OPERATORS
from storefront.shop.questions.alerts import ask_for_alert, close_due_alerts
from storefront.shop.questions.tasks import mail_back_in_stock, mail_confirm_alert
from tests.factories import make_account, make_product
from tests.racing import run_together
from tests.shop.shelves import make_family_of_sizes

ProductAlert = get_model("customer", "ProductAlert")
StockRecord = get_model("partner", "StockRecord")
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)


def want(client: Client, product: Any, **fields: Any) -> Any:
    given = {"alert-variant": product.pk, "alert-email": "nina@example.com", **fields}
    return client.post(f"/shop/accounts/alerts/create/{product.parent_id or product.pk}/", given)


def jobs() -> list[str]:
    paths = DBTaskResult.objects.values_list("task_path", flat=True)
    return [path.rpartition(".")[2] for path in paths]


@pytest.mark.django_db
def test_a_guest_confirms_and_is_told_once_when_it_is_back(client: Client) -> None:
    towel = make_family_of_sizes()
    large = towel.children.get(title="Large")
    StockRecord.objects.filter(product=large).update(num_in_stock=0)
    want(client, large)
    want(client, large)
    alert = ProductAlert.objects.get()
    assert (alert.product, alert.status, jobs()) == (large, "Unconfirmed", ["mail_confirm_alert"])
    mail_confirm_alert.call(alert_id=alert.pk)
    link = re.search(r"/shop/accounts/alerts/confirm/\w+/", mail.outbox[0].body)
    assert link
    client.get(link.group())
    alert.refresh_from_db()
    assert alert.status == "Unconfirmed", "a program that follows links confirms nothing"
    client.post(link.group())
    alert.refresh_from_db()
    assert alert.status == "Active"
    assert close_due_alerts(at=AT) == 0
    StockRecord.objects.filter(product=large).update(num_in_stock=3)
    assert (close_due_alerts(at=AT), close_due_alerts(at=AT)) == (1, 0)
    assert jobs().count("mail_back_in_stock") == 1
    mail_back_in_stock.call(alert_id=alert.pk)
    assert f"?variant={large.pk}" in mail.outbox[1].body


@pytest.mark.django_db
def test_saving_stock_sends_nothing_in_the_request(django_capture_on_commit_callbacks: Any) -> None:
    soap = make_product(stock=0)
    ask_for_alert(product_id=soap.pk, user=make_account("dora"), email="", language="en")
    record = soap.stockrecords.get()
    record.num_in_stock = 5
    with django_capture_on_commit_callbacks(execute=True):
        record.save()
    assert mail.outbox == [] and ProductAlert.objects.get().status == "Active"


@pytest.mark.django_db
def test_pieces_held_by_orders_are_not_back(client: Client) -> None:
    soap = make_product(stock=2)
    soap.stockrecords.update(num_allocated=2)
    ask_for_alert(product_id=soap.pk, user=make_account("dora"), email="", language="en")
    assert close_due_alerts(at=AT) == 0


@pytest.mark.django_db
def test_a_customer_sees_and_stops_only_own_alerts(client: Client) -> None:
    soap = make_product(stock=0)
    dora, ben = make_account("dora"), make_account("ben")
    client.force_login(dora)
    want(client, soap)
    alert = ProductAlert.objects.get()
    assert (alert.user, alert.status, jobs()) == (dora, "Active", [])
    assert b"Linden soap" in client.get("/shop/accounts/alerts/").content
    stop = f"/shop/accounts/alerts/cancel/{alert.pk}/"
    stranger = Client()
    stranger.force_login(ben)
    assert stranger.post(stop).status_code == 404
    client.get(stop)
    alert.refresh_from_db()
    assert alert.status == "Active"
    client.post(stop)
    alert.refresh_from_db()
    assert alert.status == "Cancelled"


@pytest.mark.django_db
def test_forged_and_trapped_requests_leave_nothing(client: Client) -> None:
    soap, oil = make_product(stock=0), make_product("Oil", stock=0)
    assert want(client, soap, **{"alert-website": "spam"}).status_code == 302
    for wrong in ({"alert-variant": oil.pk}, {"alert-variant": "x"}, {"alert-email": "nobody"}):
        assert want(client, soap, **wrong).status_code == 422
    assert not ProductAlert.objects.exists()
    for path in ("confirm/nothing/", "cancel/key/nothing/", "confirm/a%00b/"):
        assert client.post(f"/shop/accounts/alerts/{path}").status_code == 404


@pytest.mark.django_db
def test_the_mail_is_in_the_language_it_was_asked_in(client: Client) -> None:
    soap = make_product(stock=0)
    soap.texts.create(language="ru", title="Липовое мыло")
    client.post(
        f"/shop/accounts/alerts/create/{soap.pk}/",
        {"alert-variant": soap.pk, "alert-email": "nina@example.com"},
        headers={"accept-language": "ru"},
    )
    mail_confirm_alert.call(alert_id=ProductAlert.objects.get().pk)
    assert "Липовое мыло" in mail.outbox[0].subject


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["nonsense", "", "Open", "\0", "x" * 10_000])
def test_any_status_of_stock_alerts_gets_an_answer(client: Client, status: str) -> None:
    client.force_login(make_account("olga", role=OPERATORS))
    answer = client.get("/dashboard/catalogue/stock-alerts/", {"status": status})
    assert answer.status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_everybody_once() -> None:
    soap = make_product(stock=3)
    for name in ("ada", "ben", "cleo"):
        with transaction.atomic():
            ask_for_alert(product_id=soap.pk, user=make_account(name), email="", language="en")
    told = run_together([lambda: close_due_alerts(at=AT)] * 2)
    assert sum(told) == 3
    assert jobs().count("mail_back_in_stock") == 3
