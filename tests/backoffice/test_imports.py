"""Networks brought along by staff: match, check, look, confirm, and what may go wrong on the way."""

import io
import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from mlm_plugin.network.member_tables import Unreadable, read_table
from mlm_plugin.network.models import ColumnMapping, Member, NetworkImport
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.volumes import import_tasks, network_imports
from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS
from tests.factories import make_account, make_family, make_member

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FAMILY = "Number;Upline;Name\nada;;Ada\nben;ada;Ben\ncleo;ben;<b>Cleo</b>\n"
MATCHED = {"column_0": "member", "column_1": "sponsor", "column_2": "first_name", "prefix": "de-"}


@pytest.fixture(autouse=True)
def private_store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture
def olga(client):
    """An operator, signed in."""
    olga = make_account("olga", OPERATORS)
    client.force_login(olga)
    return olga


def upload(client, content=FAMILY, name="network.csv", **options):
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("mlm:staff-import-new"), {"file": file}, **options)


def page(client, kept=None):
    kept = kept or NetworkImport.objects.get()
    return client.get(reverse("mlm:staff-import", args=[kept.pk])).content.decode()


def match(client, **changes):
    kept = NetworkImport.objects.latest("pk")
    answer = client.post(reverse("mlm:staff-import", args=[kept.pk]), {**MATCHED, **changes})
    import_tasks.check_upload.func(import_id=kept.pk)
    kept.refresh_from_db()
    return kept, answer


def confirm(client, kept):
    client.post(reverse("mlm:staff-import-confirm", args=[kept.pk]))
    import_tasks.run_import.func(import_id=kept.pk)
    kept.refresh_from_db()
    return kept


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_from_the_file_to_the_members(client, olga):
    answer = upload(client)
    kept = NetworkImport.objects.get()
    assert answer.url == reverse("mlm:staff-import", args=[kept.pk])
    shown = page(client)
    assert "&lt;b&gt;Cleo" in shown
    # "Name" could be either name, so it is not guessed.
    assert re.findall(r'<option value="(\w+)" selected>', shown) == ["member", "sponsor"]

    client.post(reverse("mlm:staff-import", args=[kept.pk]), MATCHED)
    assert 'http-equiv="refresh"' in page(client)
    import_tasks.check_upload.func(import_id=kept.pk)
    shown = page(client)
    assert "Import 3 members" in shown
    assert not Member.objects.exists()

    client.post(reverse("mlm:staff-import-confirm", args=[kept.pk]))
    assert "being written" in page(client)
    import_tasks.run_import.func(import_id=kept.pk)
    assert "What this import did" in page(client)
    assert dict(Member.objects.values_list("code", "sponsor__code")) == {
        "DE-ADA": None,
        "DE-BEN": "DE-ADA",
        "DE-CLEO": "DE-BEN",
    }
    assert find_problems() == []
    assert "network.csv" in client.get(reverse("mlm:staff-imports")).content.decode()


def test_the_columns_of_a_heading_are_remembered_and_the_same_file_is_known(client, olga):
    upload(client)
    confirm(client, match(client)[0])
    upload(client)
    again = NetworkImport.objects.latest("pk")
    assert again.columns == ["member", "sponsor", "first_name"]
    assert "The same file was" in page(client, again)
    match(client)
    assert "the import would change nothing" in page(client, again)
    confirm(client, again)
    assert (again.refresh_from_db(), again.written["added"])[1] == 0
    assert Member.objects.count() == 3
    assert ColumnMapping.objects.count() == 1


def test_every_error_is_listed_and_all_of_them_are_a_file(client, olga):
    rows = "".join(f"m{n};nobody{n};\n" for n in range(300))
    upload(client, FAMILY + "e mma;ada;=1+1\n" + rows)
    kept, _answer = match(client)
    assert (kept.state, kept.problem_count) == ("refused", 301)
    shown = page(client)
    assert "301 errors" in shown
    assert "and 101 more" in shown
    answer = client.get(reverse("mlm:staff-import-errors", args=[kept.pk]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 302
    assert not Member.objects.exists()
    client.post(reverse("mlm:staff-import-confirm", args=[kept.pk]))
    assert kept.state == "refused"


def test_who_changed_the_network_meanwhile_stops_the_import(client, olga):
    upload(client)
    kept, _answer = match(client)
    make_member("de-ben")
    kept = confirm(client, kept)
    assert kept.state == "refused"
    assert "below nobody" in page(client)
    assert Member.objects.count() == 1


def test_columns_that_cannot_be_are_refused(client, olga):
    upload(client)
    kept, answer = match(client, column_1="member")
    shown = answer.content.decode()
    assert "the column “sponsor” is missing" in shown
    assert "the column “member” is there twice" in shown
    assert kept.state == "uploaded"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("network.pdf", "%PDF", "Choose a CSV or XLSX file"),
        ("network.xlsx", "no archive", "This is no XLSX file"),
        ("network.xlsx", b"PK\x05\x06" + b"\0" * 18, "not readable as XLSX"),
        ("network.csv", "member,sponsor\n", "no rows below its heading"),
        ("network.csv", "member\nada\n", "has 1 columns"),
        ("network.csv", '"member,sponsor', "no rows|not readable"),
        ("network.csv", "", "empty"),
    ],
)
def test_what_is_no_table_is_refused_in_words(client, olga, name, content, reason):
    answer = upload(client, content, name)
    assert re.search(reason, answer.content.decode())
    assert not NetworkImport.objects.exists()


def test_a_file_that_is_too_large_is_not_kept(client, olga, settings, private_store):
    settings.MLM = {**settings.MLM, "IMPORT_MEGABYTES": 1}
    answer = upload(client, FAMILY * 50_000)
    assert "larger than 1 MB" in answer.content.decode()
    assert not NetworkImport.objects.exists()
    assert list(private_store.rglob("*.csv")) == []


def test_uploading_needs_the_forms_token(olga):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga)
    assert upload(strict).status_code == 403


def test_numbers_and_days_of_a_sheet_are_read_as_they_look(client, olga):
    rows = [
        ("Number", "Upline", "Joined", "PV", None),
        (1, None, datetime(2024, 2, 29), 1200.5, None),
        (2.0, 1, "2024-03-01", "7"),
    ]
    upload(client, sheet(*rows), "network.xlsx")
    kept, _answer = match(client, column_2="joined", column_3="opening_pv", prefix="")
    assert kept.problems == []
    assert confirm(client, kept).written["pv"] == 120_750
    assert set(Member.objects.values_list("code", flat=True)) == {"1", "2"}


def test_a_damaged_sheet_is_refused_in_words_whatever_is_wrong_with_it():
    whole = sheet(("member", "sponsor"), *((f"m{n}", "m1") for n in range(40)))
    dice = random.Random(3)
    refused = 0
    for _try in range(60):
        broken = bytearray(whole)
        for _byte in range(dice.randint(1, 30)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            list(read_table(file=io.BytesIO(broken), kind="xlsx"))
        except Unreadable as error:
            refused += 1
            assert error.problem.reason
    assert refused > 20


@pytest.mark.both
def test_cells_no_column_can_hold_are_told(client, olga):
    upload(client, "member;sponsor;status\nada;;act\0ive\nb\0n;ada;\n")
    kept, _answer = match(client, column_2="status", prefix="")
    assert (kept.state, kept.problem_count) == ("refused", 2)


def test_only_who_may_add_members_imports(client):
    kept = NetworkImport.objects.create(name="a", kind="csv", size=1, uploaded_at=NOON)
    people = {
        "customer": ("greta", ""),
        "marketer": ("mia", MARKETERS),
        "finance": ("fritz", FINANCE),
    }
    names = ("staff-import", "staff-import-confirm", "staff-import-cancel", "staff-import-errors")
    addresses = [reverse("mlm:staff-imports"), reverse("mlm:staff-import-new")]
    addresses += [reverse(f"mlm:{name}", args=[kept.pk]) for name in names]
    for role, (name, group) in people.items():
        client.force_login(make_account(name, group))
        for address in addresses:
            way = client.post if address.endswith(("confirm/", "cancel/")) else client.get
            assert way(address).status_code == 403, (role, address)
        allowed = client.get(reverse("mlm:staff-export")).status_code
        assert allowed == (200 if role == "finance" else 403)
    for address in addresses:
        assert Client().get(address).status_code in (302, 405)


def test_an_import_that_broke_off_can_be_tried_again(client, olga):
    upload(client)
    kept, _answer = match(client)
    client.post(reverse("mlm:staff-import-confirm", args=[kept.pk]))
    later = timezone.now() + network_imports.SILENCE + timedelta(minutes=1)
    import_tasks.look_after_imports(at=later)
    kept.refresh_from_db()
    assert kept.state == "failed"
    assert "nothing was written" in page(client)
    # The job that was declared over finds that out and writes nothing.
    import_tasks.run_import.func(import_id=kept.pk)
    assert not Member.objects.exists()
    assert confirm(client, match(client)[0]).state == "done"


def test_files_are_removed_when_cancelled_and_when_old(client, olga, private_store):
    upload(client)
    client.post(reverse("mlm:staff-import-cancel", args=[NetworkImport.objects.get().pk]))
    assert list(private_store.rglob("*.csv")) == []
    assert "cancelled" in page(client)
    upload(client)
    kept = NetworkImport.objects.latest("pk")
    import_tasks.look_after_imports(at=timezone.now() + timedelta(days=29))
    assert storages["private"].exists(kept.path)
    import_tasks.look_after_imports(at=timezone.now() + timedelta(days=31))
    assert not storages["private"].exists(kept.path)
    assert page(client, kept)


def test_a_form_sent_twice_imports_once(client, olga):
    upload(client)
    kept, _answer = match(client)
    confirm(client, kept)
    finished = kept.finished_at
    confirm(client, kept)
    assert kept.finished_at == finished


def test_exports_of_a_search_and_of_a_branch(client, olga):
    make_family()
    Member.objects.filter(code="BEN").update(first_name="=1+1", status="suspended")
    answer = client.get(reverse("mlm:staff-export"), {"status": "active"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["member", "ADA", "CLEO", "DORA"]
    answer = client.get(reverse("mlm:staff-export"), {"branch": "ben", "format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows] == ["member", "BEN", "CLEO", "DORA"]
    assert "'=1+1" in rows[1]
    assert client.get(reverse("mlm:staff-export"), {"branch": "nobody"}).status_code == 404


def test_a_forged_number_is_not_found(client, olga):
    for number in (1, 99999999999999999999):
        assert client.get(f"/dashboard/network/imports/{number}/").status_code == 404
