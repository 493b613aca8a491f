"""Networks that bring points and money along: in the books, in all totals, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mlm_plugin.conf import business_day
from mlm_plugin.ledger import selectors as ledger
from mlm_plugin.ledger.models import COMPANY, Entry
from mlm_plugin.ledger.services import close_books
from mlm_plugin.network.importing import ImportRefused
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.network.models import Member
from mlm_plugin.volumes import bulk_totals
from mlm_plugin.volumes.exporting import export_members, get_branch, write_csv
from mlm_plugin.volumes.feed import get_feed
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.opening import DayClosed, check_network, import_network
from mlm_plugin.volumes.rebuilding import find_differences
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
HEADING = "member,sponsor,rank,opening_pv,opening_cv,opening_customers_pv,balance,currency\n"
FAMILY = (
    HEADING
    + "ada,,gold,100,80,,12.34,EUR\n"
    + "ben,ada,,,,20.50,-5,eur\n"
    + "cleo,ben,,7.25,5,,1500,JPY\n"
    + "dora,cleo,,,,,,\n"
)


def read(text):
    network = read_member_file(lines=text.encode().splitlines(keepends=True))
    assert network.problems == []
    return network.rows


def load(text, **options):
    return import_network(rows=read(text), imported_at=NOON, **options)


def refusal(text):
    rows = read(text)
    _counts, problems = check_network(rows=rows, at=NOON)
    with pytest.raises(ImportRefused) as refused:
        import_network(rows=rows, imported_at=NOON)
    assert refused.value.problems == problems
    return dict(problems)


def groups():
    rows = PeriodTotal.objects.filter(period=MARCH)
    return dict(rows.values_list("member__code", "group_pv"))


def test_points_and_money_are_entries_and_in_all_totals():
    counts = load(FAMILY)
    assert (counts.openings, counts.pv, counts.cv) == (3, 12_775, 8_500)
    assert counts.money == {"EUR": 734, "JPY": 1_500}
    # 100 + 20.50 + 7.25, and what is left of it further down.
    assert groups() == {"ADA": 12_775, "BEN": 2_775, "CLEO": 725}
    ada = Member.objects.get(code="ADA")
    assert ada.rank == "gold"
    assert ledger.get_balance(owner=ada.pk, kind="opening", unit="EUR") == 1_234
    assert ledger.get_balance(owner=COMPANY, kind="opening", unit="PV") == -12_775
    assert find_differences() == ledger.find_problems() == []
    items = get_feed(member=ada, limit=10).items
    assert [(item.reason, item.pv, item.cv) for item in items] == [
        ("Opening points", 10_000, 8_000)
    ]


def test_the_same_file_again_changes_nothing():
    load(FAMILY)
    before = list(PeriodTotal.objects.order_by("member_id").values())
    counts = load(FAMILY)
    assert (counts.added, counts.openings) == (0, 0)
    assert Entry.objects.count() == 3
    assert list(PeriodTotal.objects.order_by("member_id").values()) == before


def test_a_longer_file_does_not_book_twice():
    load(FAMILY)
    assert load(FAMILY + "emma,dora,,3,,,,\n").openings == 1
    assert groups() == {"ADA": 13_075, "BEN": 3_075, "CLEO": 1_025, "DORA": 300, "EMMA": 300}
    assert find_differences() == []


def test_who_was_there_before_gets_the_opening_once():
    ada = make_member("ada")
    make_member("ben", ada)
    load("member,sponsor,opening_pv\nben,ada,10\n")
    assert groups() == {"ADA": 1_000, "BEN": 1_000}
    assert "has other opening points" in refusal("member,sponsor,opening_pv\nben,ada,11\n")[2]
    assert find_differences() == []


def test_many_totals_at_once_are_those_of_one_by_one(monkeypatch):
    load(FAMILY)
    few = groups()
    monkeypatch.setattr(bulk_totals, "FEW", 0)
    load("member,sponsor,opening_pv\nxa,,1\nxb,xa,2\nxc,dora,4\n")
    added = {"ADA": 400, "BEN": 400, "CLEO": 400, "DORA": 400, "XC": 400, "XA": 300, "XB": 200}
    assert groups() == {code: few.get(code, 0) + points for code, points in added.items()}
    assert find_differences() == []


def test_opening_points_count_for_an_open_day():
    yesterday = business_day(NOON) - timedelta(days=20)
    load(FAMILY, opens_on=yesterday)
    assert set(PeriodTotal.objects.values_list("period", flat=True)) == {date(2026, 2, 1)}
    close_books(through=yesterday, author=None, closed_at=NOON)
    with pytest.raises(DayClosed, match="closed through"):
        load("member,sponsor\nemma,ada\n", opens_on=yesterday)
    with pytest.raises(DayClosed, match="future"):
        load("member,sponsor\nemma,ada\n", opens_on=business_day(NOON) + timedelta(days=1))
    assert not Member.objects.filter(code="EMMA").exists()


def test_faults_of_all_kinds_are_told_together():
    make_member("ada")
    load("member,sponsor,opening_pv\nada,,1\n")
    problems = refusal(
        "member,sponsor,joined,opening_pv\nada,,,2\nben,nobody,,1\ncleo,ada,2026-12-31,\n"
    )
    assert list(problems) == [2, 3, 4]
    assert "in the future" in problems[4]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("opening_pv", "-1", "below zero"),
        ("opening_pv", "1e99999999", "not a number of points"),
        ("opening_pv", "9" * 15, "too much"),
        ("balance", "1", "is no currency"),
        ("balance,currency", "1,XXZ", "is no currency"),
        ("balance,currency", "1.005,EUR", "decimal places"),
        ("balance,currency", "1.5,JPY", "decimal places"),
        ("balance,currency", "a lot,EUR", "is no amount"),
        ("parent,slot", ",1", "a slot without a parent"),
        ("parent,slot", "ben,top", "has no parent"),
        ("parent,slot", "ada,0", "is no slot"),
        ("parent,slot", "ada,", "below themselves"),
        ("rank", "x" * 33, "more than 32"),
    ],
)
def test_a_bad_value_is_named(column, value, reason):
    lines = f"member,sponsor,{column}\nada,,{value}\n".encode().splitlines(keepends=True)
    problems = dict(read_member_file(lines=lines).problems)
    assert list(problems) == [2]
    assert reason in problems[2]


def test_all_that_is_wrong_with_one_row_is_told():
    lines = b"member,sponsor,status,joined,opening_pv\na b,ada,asleep,soon,much\n".splitlines(True)
    reason = dict(read_member_file(lines=lines).problems)[2]
    for word in ("a b", "asleep", "soon", "much"):
        assert f"“{word}”" in reason


def export(head=None):
    members = get_branch(head=head) if head else Member.objects.all()
    rows = export_members(members=members, at=NOON, head=head)
    return "".join(write_csv(rows=rows))


def test_an_export_is_imported_elsewhere_as_the_same_network(settings):
    settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}
    load(
        "member,sponsor,first_name,last_name,scheme,rank,status,joined,parent,slot,opening_pv,"
        "opening_cv,opening_customers_pv,opening_customers_cv,balance,currency\n"
        "ada,,=HYPERLINK(1),Лин,EU,gold,active,2024-02-29,,top,100,80,,,12.34,EUR\n"
        "ben,ada,-1+1,'quoted,,,suspended,2025-01-01T10:20:30+02:00,ada,right,,,7,5,,\n"
        "cleo,ben,@x,,,,active,,ben,left,,,,,-5.00,EUR\n"
    )
    make_member("dora", Member.objects.get(code="CLEO"), joined_at=NOON)
    first = export()
    assert "'=HYPERLINK(1)" in first
    rows = read_member_file(lines=first.encode().splitlines(keepends=True), prefix="N-").rows
    import_network(rows=rows, imported_at=NOON)
    again = export(Member.objects.get(code="N-ADA"))
    assert again.replace("N-", "") == first
    assert find_differences() == []


def test_a_branch_stands_alone():
    load(FAMILY)
    rows = [line.split(",")[:2] for line in export(Member.objects.get(code="BEN")).splitlines()]
    assert rows[1:] == [["BEN", ""], ["CLEO", "BEN"], ["DORA", "CLEO"]]
