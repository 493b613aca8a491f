"""The team's pages: tree and table of the own downline, for members and for staff."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.cabinet.selectors import get_front_line_for
from mlm_plugin.network.models import Member
from mlm_plugin.network.services import move_branch
from mlm_plugin.volumes.models import PeriodTotal
from storefront.accounts.roles import OPERATORS
from tests.factories import make_account, make_family, make_member, make_user

pytestmark = pytest.mark.django_db
VISIBLE = {"ada": {"ben", "cleo", "dora"}, "ben": {"cleo", "dora"}, "dora": set()}
NAMES = ("ada", "ben", "cleo", "dora", "zoe")
MARCH = date(2026, 3, 1)
HOSTILE = ["<script>alert(1)</script>", "\"'><img src=x>", "x" * 10_000, "\x00", "-1", "9" * 30]

PARAMETERS = (
    "from", "open", "q", "tree", "period", "sort", "after", "level_from", "joined_to",
    "points_from", "points_of", "rank", "status",
)  # fmt: skip


class World:
    """Ada > ben > cleo > dora, and zoe outside; a browser for each who looks."""

    def __init__(self):
        self.members = dict(zip(NAMES, [*make_family(), make_member("zoe")], strict=True))
        for name, member in self.members.items():
            Member.objects.filter(pk=member.pk).update(
                user=make_user(name), last_name=f"{name}berg".title()
            )
            member.refresh_from_db()
        self.clients = {}

    def ask(self, name, page, parameters=None):
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.members[name].user)
        return self.clients[name].get(reverse(f"mlm:{page}"), parameters or {})


@pytest.fixture
def world():
    return World()


@pytest.fixture
def staff(client):
    client.force_login(make_account("olga", OPERATORS))
    return client


def text_of(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode()


@pytest.mark.parametrize("page", ["my-team", "my-team-branch", "my-team-path"])
@pytest.mark.parametrize("viewer", VISIBLE)
def test_the_own_branch_opens_and_nobody_elses(world, viewer, page):
    for other in NAMES:
        answer = world.ask(viewer, page, {"of": other.upper()})
        is_own = other == viewer or other in VISIBLE[viewer]
        assert answer.status_code == (200 if is_own else 404), other


@pytest.mark.parametrize("page", ["my-team", "my-team-list", "my-team-file", "my-team-find"])
@pytest.mark.parametrize("viewer", VISIBLE)
def test_no_answer_names_anybody_outside(world, viewer, page):
    for parameters in (
        {},
        {"q": "b"},
        {"q": "zoe"},
        {"open": ["ADA", "ZOE"]},
        {"tree": "placement"},
    ):
        shown = text_of(world.ask(viewer, page, parameters))
        for other in set(NAMES) - VISIBLE[viewer] - {viewer}:
            assert f"{other}berg".title() not in shown, (other, parameters)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:10]))
def test_hostile_parameters_do_no_harm(world, hostile):
    everything = dict.fromkeys(PARAMETERS, hostile)
    each_filter = [{name: hostile} for name in ("after", "joined_to", "points_from", "rank")]
    for page in ("my-team", "my-team-branch", "my-team-find", "my-team-list", "my-team-file"):
        for parameters in ({"of": hostile}, everything, *(each_filter if "li" in page else [])):
            answer = world.ask("ada", page, parameters)
            assert answer.status_code in (200, 404), page
            shown = text_of(answer)
            assert "json" in answer["Content-Type"] or "<script>alert(1)" not in shown
            assert "json" in answer["Content-Type"] or "<img src=x" not in shown


def test_names_stay_text_in_the_page_and_its_data(world):
    evil = "</script><script>alert(1)</script>"
    Member.objects.filter(code="BEN").update(first_name=evil, last_name="")
    shown = text_of(world.ask("ada", "my-team"))
    assert evil not in shown
    data = json.loads(BeautifulSoup(shown, "html.parser").select_one("#tree-data").text)
    assert data["page"]["rows"][0]["name"] == evil


def test_without_a_script_branches_open_inside_a_nested_list(world):
    page = BeautifulSoup(world.ask("ada", "my-team").content, "html.parser")
    (ben,) = page.select(".tree-plain > .tree-line > li")
    (opener,) = [link for link in ben.select("a") if link.text.startswith("unfold")]
    assert opener["href"] == "?of=ADA&tree=sponsor&open=BEN#m-BEN"
    parameters = {"of": "ADA", "open": ["BEN", "CLEO"]}
    page = BeautifulSoup(world.ask("ada", "my-team", parameters).content, "html.parser")
    nested = page.select(".tree-plain .tree-line .tree-line .tree-line > li")
    assert [each.a.text for each in nested] == ["Dora Doraberg"]


def test_without_a_script_a_search_leads_to_the_branch(world):
    page = BeautifulSoup(world.ask("ada", "my-team", {"q": "dor"}).content, "html.parser")
    assert [link["href"] for link in page.select(".tree-hits a")] == [
        "/my/team/?of=DORA&tree=sponsor"
    ]
    assert "Nobody found" in text_of(world.ask("ada", "my-team", {"q": "zoe"}))


def test_a_branch_alone_shows_the_way_back(world):
    page = BeautifulSoup(world.ask("ada", "my-team", {"of": "DORA"}).content, "html.parser")
    way = page.select(".tree-trail a")
    assert [(link.text, link["href"]) for link in way] == [
        ("Ada Adaberg", "/my/team/?tree=sponsor"),
        ("Ben Benberg", "/my/team/?of=BEN&tree=sponsor"),
        ("Cleo Cleoberg", "/my/team/?of=CLEO&tree=sponsor"),
    ]


def test_a_past_month_shows_the_team_of_then(world):
    now = timezone.now()
    last_month = now.replace(day=1) - timedelta(days=1)
    dora, ada = world.members["dora"], world.members["ada"]
    move_branch(member_id=dora.pk, new_sponsor_id=ada.pk, moved_at=now - timedelta(minutes=1))
    then = {"period": f"{last_month:%Y-%m}"}
    assert len(world.ask("ada", "my-team-branch").json()["rows"]) == 2
    assert len(world.ask("ada", "my-team-branch", then).json()["rows"]) == 1
    assert "as it was on" in text_of(world.ask("ada", "my-team", then))
    assert "as it was on" in text_of(world.ask("ada", "my-team-list", then))


def rows_of(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return [link.text.split()[0] for link in page.select("tbody .card-title a")]


def test_the_table_filters_and_sorts(world):
    today = timezone.now().date().replace(day=1)
    for name, points in (("ben", 900), ("cleo", 5_000), ("dora", 100)):
        PeriodTotal.objects.create(
            member=world.members[name], period=today, personal_pv=points, group_pv=points
        )
    Member.objects.filter(code="CLEO").update(rank="gold", status="suspended")
    for parameters, names in (
        ({}, ["Ben", "Cleo", "Dora"]),
        ({"sort": "-points"}, ["Cleo", "Ben", "Dora"]),
        ({"sort": "points", "points_from": "5"}, ["Ben", "Cleo"]),
        ({"points_of": "own", "points_to": "9"}, ["Ben", "Dora"]),
        ({"level_from": "2", "level_to": "2"}, ["Cleo"]),
        ({"rank": "gold"}, ["Cleo"]),
        ({"status": "active"}, ["Ben", "Dora"]),
        ({"q": "dor"}, ["Dora"]),
        ({"joined_from": "2026-01-11"}, []),
        ({"joined_to": "2026-01-10"}, ["Ben", "Cleo", "Dora"]),
    ):
        assert rows_of(world.ask("ada", "my-team-list", parameters)) == names, parameters


def test_a_field_that_cannot_be_read_says_so_and_lists_nobody(world):
    answer = world.ask("ada", "my-team-list", {"joined_from": "yesterday"})
    assert "Enter a valid date" in text_of(answer)
    assert rows_of(answer) == []


def test_what_is_not_shown_cannot_be_sorted_or_searched_by(world):
    PeriodTotal.objects.create(
        member=world.members["cleo"], period=timezone.now().date().replace(day=1), group_pv=700
    )
    with override_settings(MLM={"TEAM_SHOWS": {"names": 1, "points": 1, "contact": None}}):
        shown = world.ask("ada", "my-team-list")
        assert rows_of(shown) == ["Ben", "CLEO", "DORA"]
        assert "7" not in BeautifulSoup(shown.content, "html.parser").select("tbody tr")[1].text
        assert rows_of(world.ask("ada", "my-team-list", {"sort": "-points"})) == ["Ben"]
        assert rows_of(world.ask("ada", "my-team-list", {"points_from": "5"})) == []
        assert rows_of(world.ask("ada", "my-team-list", {"q": "cleo"})) == []


def test_the_file_has_everybody_of_the_list_and_no_formulas(world):
    Member.objects.filter(code="DORA").update(first_name="=cmd()", last_name="")
    text = text_of(world.ask("ada", "my-team-file", {"level_from": "2"}))
    heading, cleo, dora = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert heading[:3] == ["Code", "Name", "Level"]
    assert cleo[:3] == ["CLEO", "Cleo Cleoberg", "2"]
    assert dora[1] == "'=cmd()"


def test_the_staff_sees_any_branch_and_nothing_beside_it(world, staff):
    for page in ("staff-tree", "staff-tree-branch", "staff-tree-path", "staff-tree-find"):
        address = reverse(f"mlm:{page}", args=["BEN"])
        assert staff.get(address, {"q": "dora"}).status_code == 200
        if page != "staff-tree-find":
            assert staff.get(address, {"of": "ZOE"}).status_code == 404
            assert staff.get(address, {"of": "ADA"}).status_code == 404
        assert staff.get(reverse(f"mlm:{page}", args=["NOBODY"])).status_code == 404
    with override_settings(MLM={"TEAM_SHOWS": {"names": 0, "points": 0, "contact": 0}}):
        assert rows_of(staff.get(reverse("mlm:staff-team", args=["ADA"]))) == [
            "Ben",
            "Cleo",
            "Dora",
        ]
    assert "Doraberg" in text_of(staff.get(reverse("mlm:staff-team-file", args=["BEN"])))
    assert staff.get(reverse("mlm:staff-team", args=["NOBODY"])).status_code == 404
    assert staff.get(reverse("mlm:staff-team-file", args=["NOBODY"])).status_code == 404


@pytest.mark.parametrize("page", ["my-team", "my-team-branch", "my-team-find", "my-team-list"])
def test_queries_are_the_same_for_ten_members_and_for_two_hundred(world, page):
    client = Client()
    client.force_login(world.members["ada"].user)
    parameters = {"q": "m"} if "find" in page else {}

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"mlm:{page}"), parameters).status_code == 200
        return len(queries)

    def grow(numbers):
        for number in numbers:
            world.members["ada"].refresh_from_db()
            make_member(f"m{number}", world.members["ada"])

    grow(range(6))
    count()
    small = count()
    grow(range(6, 196))
    # What every page keeps in the cache for a while may have run out meanwhile.
    count()
    assert count() == small
    assert small <= 20


def test_a_first_line_whose_points_are_hidden_is_not_in_their_order():
    """Ben has 1 point, cleo 5: with points cleo comes first; without, neither order nor cursor tells."""
    ada = make_member("ada")
    for name, points in (("ben", 100), ("cleo", 500), ("dora", 300)):
        member = make_member(name, ada)
        PeriodTotal.objects.create(member=member, period=MARCH, group_pv=points)

    def read():
        codes, cursors = [], [""]
        for _page in range(3):
            asked = {"viewer": ada, "of": ada, "period": MARCH, "cursor": cursors[-1]}
            page = get_front_line_for(**asked, limit=1)
            codes += [row.code for row in page.rows]
            cursors.append(page.next_cursor)
        return codes, {cursor.partition(".")[0] for cursor in cursors}

    assert read() == (["CLEO", "DORA", "BEN"], {"", "500", "300"})
    with override_settings(MLM={"TEAM_SHOWS": {"names": None, "points": 0, "contact": None}}):
        assert read() == (["BEN", "CLEO", "DORA"], {"", "0"})
