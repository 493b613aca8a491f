"""Networks from CSV: all rows or none, every fault named, the same file again changes nothing."""

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from mlm_plugin.network import services
from mlm_plugin.network.importing import ImportRefused, check_members, import_members
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.network.models import MAX_DEPTH, Member, SponsorEdge
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.selectors import find_problems
from tests.factories import JOINED, make_family, make_member

REAL_NETWORK = Path(__file__).parents[3] / "shared" / "data" / "network_2319.csv"
FAMILY = "member,sponsor\nada,\nben,ada\ncleo,ben\ndora,cleo\n"

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def read(text, prefix=""):
    data = text if isinstance(text, bytes) else text.encode()
    return read_member_file(lines=data.splitlines(keepends=True), prefix=prefix)


def load(text, prefix=""):
    network = read(text, prefix)
    assert network.problems == []
    return import_members(rows=network.rows, joined_at=JOINED)


def refusal(text):
    """Line and reason of everything that is wrong with a file, whoever finds it."""
    network = read(text)
    if network.problems:
        return dict(network.problems)
    with pytest.raises(ImportRefused) as refused:
        import_members(rows=network.rows, joined_at=JOINED)
    return dict(refused.value.problems)


def tree():
    return dict(Member.objects.values_list("code", "sponsor__code"))


def test_rows_may_stand_in_any_order():
    result = load("member,sponsor\ndora,cleo\nben,ada\ncleo,ben\nada,\nzoe,\n")
    assert (result.added, result.deepest) == (5, 4)
    assert tree() == {
        "ADA": None,
        "BEN": "ADA",
        "CLEO": "BEN",
        "DORA": "CLEO",
        "ZOE": None,
    }
    assert find_problems() == []
    assert not any(Member.find_problems())


def test_the_same_file_again_changes_nothing():
    load(FAMILY)
    before = list(Member.objects.values())
    result = load(FAMILY)
    assert (result.added, result.unchanged) == (0, 4)
    assert list(Member.objects.values()) == before


def test_a_longer_file_adds_what_is_new_beside_what_has_grown_since():
    load(FAMILY)
    make_member("emma", Member.objects.get(code="ADA"))
    result = load(FAMILY + "finn,ada\ngina,finn\nhana,\n")
    assert (result.added, result.unchanged) == (3, 4)
    assert find_problems() == []
    make_member("ivo", Member.objects.get(code="ADA"))
    assert find_problems() == []


def test_a_prefix_makes_codes_of_numbers():
    load("member,sponsor\n1,\n2,1\n", prefix="de-")
    assert tree() == {"DE-1": None, "DE-2": "DE-1"}


def test_the_columns_are_kept():
    load(
        "\ufeffsponsor;member;first_name;last_name;scheme;status;joined;pv\r\n"
        ";ada;Ада;O'Neil “<b>”;EU;suspended;2024-02-29;1 200,50\r\n"
        "\r\n"
    )
    ada = Member.objects.get(code="ADA")
    assert (ada.first_name, ada.last_name, ada.scheme) == ("Ада", "O'Neil “<b>”", "EU")
    assert (ada.status, ada.joined_at.date().isoformat()) == ("suspended", "2024-02-28")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ada,", "in line 2 already"),
        ("ADA,", "in line 2 already"),
        ("emma,emma", "the own sponsor"),
        ("emma,nobody", "neither in the file nor in the network"),
        (",ada", "no member number"),
        ("e mma,ada", "no member number"),
        ("<b>,ada", "no member number"),
        (f"{'e' * 10_000},ada", "no member number"),
        ("emma,../ada", "no member number"),
        ("emma", "1 cells where the heading has 2"),
        ("emma,ada,3", "3 cells where the heading has 2"),
        (b"em\xe4,ada", "not UTF-8"),
        ('emma,"ada', "not readable as CSV"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(row, reason):
    data = row if isinstance(row, bytes) else row.encode()
    problems = refusal(FAMILY.encode() + data + b"\n")
    assert reason in problems[6]
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("pv", "much", "not a number of points"),
        ("pv", "1.005", "decimal places"),
        ("pv", "NaN", "not a number"),
        ("status", "asleep", "no status"),
        ("joined", "31.01.2026", "no day such as"),
        ("first_name", "x" * 10_000, "more than 100"),
        ("last_name", "x\0", "no text"),
        ("scheme", "x" * 33, "more than 32"),
    ],
)
def test_a_bad_value_is_named(column, value, reason):
    problems = refusal(f"member,sponsor,{column}\nada,,\nben,ada,{value}\n")
    assert list(problems) == [3]
    assert reason in problems[3]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("member", "“sponsor” is missing"),
        ("", "“member” is missing"),
        ("member,sponsor,sponsor", "there twice"),
        ("member,sponsor,shoe_size", "no column “shoe_size”"),
    ],
)
def test_a_bad_heading_is_named(heading, reason):
    network = read(f"{heading}\nada,\n")
    assert any(reason in problem.reason for problem in network.problems)
    assert {problem.line for problem in network.problems} == {1}


def test_an_empty_file_has_no_columns():
    assert [problem.line for problem in read("").problems] == [1, 1]


def test_members_of_a_circle_are_named_and_those_below_it_are_not():
    problems = refusal(FAMILY + "emma,gina\nfinn,emma\ngina,finn\nhana,gina\n")
    assert list(problems) == [6, 7, 8]
    assert "3 members in a circle" in problems[6]


def test_every_bad_row_is_reported():
    problems = refusal(FAMILY + "a b,ada\nada,\nemma,ada\nfinn,x y\n")
    assert list(problems) == [6, 7, 9]


def test_both_faults_of_a_row_and_the_rows_below_it_are_told_apart():
    network = read("member,sponsor,status\nada,,\nada,,asleep\nben,,awake\nben,ada,\ncleo,ben,\n")
    assert [line for line, _reason in network.problems] == [3, 4, 5]
    assert "asleep” is no status" in network.problems[0].reason
    assert "in line 2 already" in network.problems[0].reason
    assert network.faulty == {"ADA", "BEN"}
    _counts, problems = check_members(rows=network.rows, faulty=network.faulty)
    assert problems == []


def test_an_import_moves_nobody():
    make_family()
    problems = refusal("member,sponsor\ncleo,ada\nada,ben\nemma,ada\n")
    assert "below BEN" in problems[2]
    assert "below nobody" in problems[3]
    assert Member.objects.count() == 4


def chain(length):
    return "member,sponsor\n1,\n" + "".join(f"{n},{n - 1}\n" for n in range(2, length + 1))


def test_a_chain_to_the_limit_and_one_beyond():
    problems = refusal(chain(MAX_DEPTH + 3))
    assert list(problems) == [MAX_DEPTH + 2]
    assert "deeper than 650" in problems[MAX_DEPTH + 2]
    assert load(chain(MAX_DEPTH)).deepest == MAX_DEPTH
    assert find_problems() == []
    with pytest.raises(services.TooDeep):
        make_member("one-more", Member.objects.get(code=str(MAX_DEPTH)))


def test_a_star_wider_than_three_digits():
    count = 36**3 + 10
    load("member,sponsor\n1,\n" + "".join(f"{n},1\n" for n in range(2, count + 2)))
    assert Member.objects.get(code="1").numchild == count
    assert find_problems() == []


def test_a_fault_in_the_middle_of_writing_leaves_nothing(monkeypatch):
    monkeypatch.setattr("mlm_plugin.network.importing.BATCH", 2)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_members(rows=read(FAMILY).rows, joined_at=JOINED, progress=stop)
    assert not Member.objects.exists()


def guards():
    """Indexes and constraints as PostgreSQL knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'mlm_plugin_%'"
            " UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE conrelid::regclass::text LIKE 'mlm_plugin_%'"
        )
        return sorted(row[0] for row in cursor.fetchall())


@pytest.mark.postgres
@pytest.mark.parametrize("fails", [False, True], ids=["done", "broken off"])
def test_a_large_first_import_builds_indexes_at_the_end_and_keeps_them_all(
    monkeypatch, settings, fails
):
    settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}
    monkeypatch.setattr("mlm_plugin.network.importing.WORTH_BUILDING_INDEXES", 2)
    before = guards()
    seen = []

    def stop(done, total):
        seen.append(guards())
        if fails:
            raise KeyboardInterrupt

    places = "member,sponsor,parent,slot\nada,,,top\nben,ada,ada,1\ncleo,ben,ben,2\n"
    with pytest.raises(KeyboardInterrupt) if fails else nullcontext():
        import_members(rows=read(places).rows, joined_at=JOINED, progress=stop)
    assert len(seen[0]) < len(before)
    assert guards() == before
    assert Member.objects.count() == (0 if fails else 3)
    assert find_problems() == find_placement_problems() == []
    if not fails:
        edge = SponsorEdge.objects.get(member__code="BEN")
        with pytest.raises(IntegrityError), transaction.atomic():
            SponsorEdge.objects.create(member_id=edge.member_id, since=JOINED + timedelta(days=1))


def test_the_command_names_lines_and_imports_nothing(tmp_path, capsys):
    file = tmp_path / "members.csv"
    file.write_text(FAMILY + "emma,nobody\n")
    with pytest.raises(CommandError, match="nothing imported: 1 problems"):
        call_command("mlm_import_network", file)
    assert "line 6: the sponsor NOBODY" in capsys.readouterr().err
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("mlm_import_network", tmp_path / "missing.csv")


def test_the_real_network_of_2319_members(capsys):
    if not REAL_NETWORK.exists():
        pytest.skip("the real network (../shared/data/network_2319.csv) is not here")
    call_command("mlm_import_network", REAL_NETWORK)
    call_command("mlm_import_network", REAL_NETWORK)
    told = capsys.readouterr().out
    assert "2319 members added" in told
    assert "0 members added, 2319 were there already" in told
    # 13 levels below the roots.
    assert Member.objects.order_by("-depth").first().depth == 14
    assert find_problems() == []
