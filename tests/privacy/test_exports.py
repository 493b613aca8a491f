"""The copy of one's data: complete, made once, for nobody else, and gone after a week."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from storefront.privacy.contents import LEFT_OUT, STAFF_APPS, TABLES, as_csv, read_contents
from storefront.privacy.models import DataExport
from storefront.privacy.services import ask_export, make_export, remove_exports, send_export_ready
from storefront.privacy.tasks import look_after_exports
from storefront.shop.payments.models import CheckoutAttempt
from tests.accounts.in_use import fill_account
from tests.factories import make_account, make_member
from tests.racing import run_together
from tests.shop.orders.buying import buy

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "/shop/accounts/privacy/data/"


@pytest.fixture(autouse=True)
def private_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }
    yield


@pytest.fixture
def dora() -> Any:
    return make_account("dora", first_name="Dora")


def ready_export(user: Any, *, at: datetime) -> DataExport:
    export = ask_export(user=user, language="en", at=at)
    make_export(export_id=export.pk, at=at)
    export.refresh_from_db()
    return export


def test_every_model_that_knows_people_is_in_the_copy_or_left_out_for_a_reason() -> None:
    listed = {f"{table.app}.{table.model}" for table in TABLES}
    missing = set()
    for model in apps.get_models(include_auto_created=True):
        points_at_people = any(
            field.is_relation and field.concrete and field.related_model is get_user_model()
            for field in model._meta.get_fields()
        )
        if not points_at_people or model._meta.app_label in STAFF_APPS:
            continue
        known = {f"{model._meta.app_label}.{model.__name__}", model._meta.label}
        if not known & (listed | set(LEFT_OUT)):
            missing.add(model._meta.label)
    assert missing == set()


def test_the_copy_holds_what_the_account_was_used_for(dora: Any) -> None:
    fill_account(dora)
    make_account("ben").addresses.create(line1="Elsewhere 1", country_id="DE")
    export = ready_export(dora, at=NOON)
    archive = zipfile.ZipFile(storages["private"].open(export.path))
    tables = json.loads(archive.read("data.json"))["tables"]
    assert tables["account"][0]["email"] == "dora@example.com"
    assert len(tables["orders"]) == len(tables["order_lines"]) == len(tables["payments"]) == 1
    assert tables["orders"][0]["shipping_address__line1"] == "Lindenweg 4"
    assert {row["line1"] for row in tables["addresses"]} == {"Lindenweg 4"}
    assert tables["wish_lists"][0]["title"] == "Linen towel"
    rows = list(csv.DictReader(io.StringIO(archive.read("orders.csv").decode("utf-8-sig"))))
    assert rows[0]["number"] == tables["orders"][0]["number"]
    text = archive.read("data.json").decode()
    assert "Elsewhere" not in text and "password" not in text


def test_the_copy_holds_what_was_written_on_the_slip_in_the_parcel(dora: Any) -> None:
    buy(user=dora)
    attempt = CheckoutAttempt.objects.get()
    attempt.snapshot = {**attempt.snapshot, "gift_note": "For Tom"}
    attempt.save()

    assert "For Tom" in str(read_contents(user=dora, at=NOON)["payments"])


def test_a_members_copy_holds_the_membership(dora: Any) -> None:
    ada = make_member("ada")
    make_member("dora", ada, user_id=dora.pk)
    contents = read_contents(user=dora, at=NOON)
    assert contents["membership"][0]["code"] == "DORA"
    assert contents["membership"][0]["sponsor"] == "ADA"


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    assert "'=1+1" in as_csv([{"name": "=1+1", "amount": -5}])
    assert "-5" in as_csv([{"name": "x", "amount": -5}]) and "'-5" not in as_csv([{"amount": -5}])


def test_asked_twice_it_is_made_once(dora: Any) -> None:
    first, second = (ask_export(user=dora, language="en", at=NOON) for _ in range(2))
    assert first.pk == second.pk
    assert DBTaskResult.objects.filter(task_path__endswith="make_export").count() == 1
    assert [make_export(export_id=first.pk, at=NOON) for _ in range(2)] == [True, False]
    assert DBTaskResult.objects.filter(task_path__endswith="mail_export_ready").count() == 1


def test_the_mail_says_until_when_and_holds_no_data(dora: Any) -> None:
    send_export_ready(export_id=ready_export(dora, at=NOON).pk)
    [message] = mail.outbox
    assert "11 May 2026" in message.body
    assert PAGE in message.body and not message.attachments


def sign_in(client: Client, name: str) -> None:
    client.post("/accounts/login/", {"login": f"{name}@example.com", "password": f"lantern-{name}"})
    client.post("/accounts/reauthenticate/", {"password": f"lantern-{name}"})


def test_only_the_person_downloads_it_and_only_after_the_password(
    client: Client, dora: Any
) -> None:
    export = ready_export(dora, at=timezone.now())
    path = f"{PAGE}{export.token}/"
    assert client.get(path).url.startswith("/accounts/login/")
    client.force_login(dora)
    assert "/accounts/reauthenticate/" in client.get(path).url
    stranger = Client()
    make_account("ben")
    sign_in(stranger, "ben")
    assert stranger.get(path).status_code == 404
    owner = Client()
    sign_in(owner, "dora")
    answer = owner.get(path)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))


def test_after_a_week_the_file_is_gone(client: Client, dora: Any) -> None:
    made_at = timezone.now() - timedelta(days=7, minutes=1)
    export = ready_export(dora, at=made_at)
    sign_in(client, "dora")
    assert client.get(f"{PAGE}{export.token}/").status_code == 404
    assert remove_exports(at=timezone.now()) == 1
    assert not storages["private"].exists(export.path)
    assert remove_exports(at=timezone.now()) == 0


def test_a_copy_whose_job_broke_off_is_made_by_the_next_round(dora: Any) -> None:
    export = ask_export(user=dora, language="en", at=NOON)
    look_after_exports(at=NOON + timedelta(minutes=1))
    export.refresh_from_db()
    assert export.state == DataExport.State.ASKED
    look_after_exports(at=NOON + timedelta(minutes=6))
    export.refresh_from_db()
    assert export.state == DataExport.State.READY


def test_the_page_asks_and_shows_the_copy(client: Client, dora: Any) -> None:
    client.force_login(dora)
    client.post(PAGE)
    client.post(PAGE)
    export = DataExport.objects.get()
    assert "being made" in client.get(PAGE).content.decode()
    make_export(export_id=export.pk, at=timezone.now())
    assert export.token in client.get(PAGE).content.decode()


def test_a_copy_costs_the_same_number_of_queries_however_much_there_is(
    dora: Any, django_assert_num_queries: Any
) -> None:
    fill_account(dora)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        read_contents(user=dora, at=NOON)
    for number in range(3):
        dora.addresses.create(line1=f"Lindenweg {number + 10}", country_id="DE")
        dora.wishlists.create(name=f"List {number}")
    with django_assert_num_queries(len(before)):
        read_contents(user=dora, at=NOON)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_asked_and_made_at_once_it_is_one_file() -> None:
    dora = make_account("dora")
    asked = run_together([partial(ask_export, user=dora, language="en", at=NOON)] * 4)
    assert len({export.pk for export in asked}) == 1
    assert DBTaskResult.objects.filter(task_path__endswith="make_export").count() == 1
    made = run_together([partial(make_export, export_id=asked[0].pk, at=NOON)] * 3)
    assert sorted(made) == [False, False, True]
    assert len(storages["private"].listdir("exports")[1]) == 1
