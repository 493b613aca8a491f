"""The log of the books: found by person, thing and day, read in detail, handed out as a file."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.backoffice.books.log_words import WORDS
from mlm_plugin.ledger.actions import SCHEDULE, Actor, record_action
from mlm_plugin.ledger.models import Action
from storefront.accounts.roles import AUDITORS
from tests.factories import make_account, make_user
from tests.volumes.orders import at

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
NO_ACTIONS = (".zip", ".csv", ".id")
FORMULA = '=HYPERLINK("http://example.com")'


@pytest.fixture
def auditor():
    client = Client()
    client.force_login(make_account("aurel", AUDITORS))
    return client


@pytest.fixture
def actions():
    """Finn submits a plan in March, greta locks a run in April, the schedule closes a period."""
    finn, greta = Actor(make_user("finn"), "192.0.2.7"), Actor(make_user("greta"), "192.0.2.8")
    return [
        record_action(
            actor=finn, at=at(3, 5), name="plan.submit", subject="plan:1", reason=FORMULA,
            before={"state": "draft"}, after={"state": "submitted", "from": "2026-04-01"},
        ),
        record_action(
            actor=greta, at=at(4, 3), name="run.lock", subject="run:1", after={"state": "locked"}
        ),
        record_action(actor=SCHEDULE, at=at(4, 4), name="period.close", subject="period:12"),
    ]  # fmt: skip


def found(client, **filters):
    answer = client.get(reverse("mlm:staff-log"), filters)
    assert answer.status_code == 200
    return [action.name for action in answer.context["page"].rows]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["period.close", "run.lock", "plan.submit"]),
        ({"person": "greta"}, ["run.lock"]),
        ({"thing": "plan"}, ["plan.submit"]),
        ({"thing": "run.lock"}, ["run.lock"]),
        ({"thing": "period:1"}, []),
        ({"thing": "period:12"}, ["period.close"]),
        ({"since": "2026-04-03", "until": "2026-04-03"}, ["run.lock"]),
        ({"until": "2026-03-05"}, ["plan.submit"]),
        ({"since": "2026-04-04", "until": "2026-04-03"}, []),
        ({"since": "0001-01-01"}, []),
        ({"until": "9999-12-31"}, []),
        ({"thing": "x" * 100}, []),
        ({"person": "\x00"}, []),
    ],
    ids=repr,
)
def test_actions_are_found_by_person_thing_and_day(auditor, actions, filters, names):
    assert found(auditor, **filters) == names


def test_an_action_shows_who_when_from_where_before_and_after(auditor, actions):
    answer = auditor.get(reverse("mlm:staff-log-entry", args=[actions[0].pk]))
    shown = answer.content.decode()
    for words in (
        "plan submitted",
        "finn@example.com",
        "192.0.2.7",
        "plan:1",
        "5 March 2026",
        "HYPERLINK",
    ):
        assert words in shown, words
    assert [(each.name, each.before, each.after) for each in answer.context["changes"]] == [
        ("state", "draft", "submitted"),
        ("from", None, "2026-04-01"),
    ]
    assert auditor.get(reverse("mlm:staff-log-entry", args=[10**9])).status_code == 404


def test_the_file_holds_what_the_filters_find_and_no_formulas(auditor, actions):
    answer = auditor.get(reverse("mlm:staff-log-file"), {"person": "finn"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[:3] == ["At", "By", "From where"]
    assert row[1:5] == ["finn@example.com", "192.0.2.7", "plan.submit", "plan:1"]
    assert not row[5].startswith("=")
    assert row[6] == '{"state": "draft"}'


def test_the_log_takes_as_many_queries_for_two_actions_as_for_sixty(auditor, actions):
    def count():
        with CaptureQueriesContext(connection) as queries:
            found(auditor)
        return len(queries)

    count()
    small = count()
    grown = timezone.now()
    for number in range(60):
        author = Actor(make_user(f"helper{number}"))
        moment = grown - timedelta(minutes=number)
        record_action(actor=author, at=moment, name="run.run", subject=f"run:{number}")
    assert count() == small
    assert len(found(auditor)) == 50
    last = Action.objects.order_by("-pk")[49].pk
    assert len(found(auditor, before=str(last))) == 13


def test_every_name_that_the_services_write_down_has_words():
    """Names are texts in calls of `record_action`; those put together are `payout.` and the like."""
    written = {
        name
        for package in ("commissions", "ledger", "payouts", "volumes")
        for path in (ROOT / "mlm_plugin" / package).glob("*.py")
        if "record_action" in (text := path.read_text(encoding="utf-8"))
        for name in re.findall(r'"([a-z_]+\.[a-z_]+)"', text)
    }
    assert {name for name in written if not name.endswith(NO_ACTIONS)} <= WORDS.keys()
