"""Visits of referral addresses: none lost, none counted twice, no database in the request."""

import shutil
import subprocess
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm_plugin.network.models import Member
from mlm_plugin.shop import visits
from mlm_plugin.shop.models import ReferralVisits, VisitBuffer
from tests.factories import make_family, make_member
from tests.racing import run_together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PAGE = "/healthz"


@pytest.fixture(autouse=True)
def buffer_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.REDIS_URL = ""
    return tmp_path / "visits"


@pytest.fixture(params=["file", "redis"])
def buffer(request, settings, tmp_path):
    """Either buffer; Redis where its server is installed."""
    if request.param == "redis":
        if not shutil.which("redis-server"):
            pytest.skip("needs redis-server")
        socket = tmp_path / "redis.sock"
        server = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""],
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in server.stdout:
            if "ready to accept connections" in line.lower():
                break
        settings.REDIS_URL = f"unix://{socket}"
        request.addfinalizer(server.wait)
        request.addfinalizer(server.terminate)
    return request.param


def counted():
    return {
        (code, campaign): number
        for code, campaign, number in ReferralVisits.objects.values_list(
            "member__code", "campaign", "visits"
        )
    }


def test_each_referral_address_counts_and_others_do_not(client, buffer):
    make_family()
    client.get("/r/ada/")
    client.get("/r/ADA/?c=flyer")
    client.get(f"{PAGE}?ref=ben")
    client.get(f"{PAGE}?ref=ben&c=<b>")
    client.get(PAGE)
    client.get(f"{PAGE}?ref=nobody")
    client.head("/r/ada/")
    client.get("/r/ada/", headers={"Sec-Purpose": "prefetch;prerender"})
    assert counted() == {}
    assert visits.flush(at=NOW) == 4
    assert counted() == {("ADA", ""): 1, ("ADA", "flyer"): 1, ("BEN", ""): 2}
    assert visits.flush(at=NOW) == 0


def test_later_visits_add_to_the_same_row(client, buffer):
    make_member("ada")
    for _time in range(3):
        client.get("/r/ada/")
        visits.flush(at=NOW)
    assert counted() == {("ADA", ""): 3}


def test_a_visit_writes_nothing_to_the_database(client):
    make_member("ada")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/r/ada/")
        client.get(f"{PAGE}?ref=ada")
    assert queries.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_a_redirected_page_counts_once(client, settings):
    settings.MLM = {**site_settings.MLM, "COOKIE_CONSENT": "always"}
    make_member("ada")
    client.get(f"/r/ada/?to={PAGE}", follow=True)
    assert visits.flush(at=NOW) == 1


def test_a_crash_after_counting_counts_nothing_twice(client, buffer, monkeypatch):
    make_member("ada")
    client.get("/r/ada/")

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    if buffer == "file":
        monkeypatch.setattr(Path, "unlink", crash)
    else:
        monkeypatch.setattr("redis.Redis.delete", crash)
    with pytest.raises(KeyboardInterrupt):
        visits.flush(at=NOW)
    monkeypatch.undo()
    assert visits.flush(at=NOW) == 0
    assert counted() == {("ADA", ""): 1}


def test_a_crash_before_counting_loses_nothing(client, buffer, monkeypatch):
    make_member("ada")
    client.get("/r/ada/")

    def crash(rows):
        raise KeyboardInterrupt

    monkeypatch.setattr(visits, "_add", crash)
    with pytest.raises(KeyboardInterrupt):
        visits.flush(at=NOW)
    monkeypatch.undo()
    client.get("/r/ada/")
    assert visits.flush(at=NOW) == 2


def test_broken_lines_and_members_who_are_gone_are_left_out(client, buffer_folder):
    ada = make_member("ada")
    client.get("/r/ada/")
    with (buffer_folder / "current").open("ab") as file:
        file.write(b'[1, "x"]\nnull\n{}\n[[], 1, 2]\n\xff\xfe\n[999999, "", "2026-05-04"]\n')
        file.write(f'[{ada.pk}, "", "2026-13-99"]\n[{ada.pk}, "", "20'.encode())
    assert visits.flush(at=NOW) == 1


def test_a_page_is_served_though_its_visit_cannot_be_counted(client, settings, tmp_path):
    make_member("ada")
    settings.VAR_DIR = tmp_path / "file"
    (tmp_path / "file").write_text("not a folder")
    assert client.get("/r/ada/").status_code == 302
    settings.REDIS_URL = f"unix://{tmp_path}/nothing.sock"
    assert client.get("/r/ada/").status_code == 302


def test_names_of_old_buffers_are_forgotten(client):
    make_member("ada")
    client.get("/r/ada/")
    visits.flush(at=NOW)
    assert VisitBuffer.objects.count() == 1
    visits.flush(at=NOW.replace(year=2027))
    assert not VisitBuffer.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_visits_and_two_workers_at_once(rf):
    make_family()
    members = list(Member.objects.values_list("pk", flat=True))

    def visit(member_id):
        for _time in range(25):
            visits.record_visit(request=rf.get("/"), member_id=member_id, campaign="", at=NOW)
            visits.flush(at=NOW)

    errors = run_together([partial(visit, member_id) for member_id in members * 2])
    assert errors == [None] * 8
    visits.flush(at=NOW)
    assert set(counted().values()) == {50}
