"""The staff's and the enroller's pages of the holding tank."""

import pytest
from django.test import Client

from mlm_plugin.network.models import HeldPlacement, Member, PlacementWish
from mlm_plugin.network.placing import place_new_member
from storefront.accounts.roles import OPERATORS
from tests.factories import JOINED, make_account, make_member
from tests.network.placements import plant, tree, where

pytestmark = pytest.mark.django_db

STAFF = "/dashboard/network/places/"
OWN = "/my/places/"


@pytest.fixture
def waiting():
    """Cleo waits for ada's choice; ben stands on ada's left."""
    with tree("binary", rule="holding", fallback="preference", hold_days=365):
        members = plant({"ada": None, "ben": ("ada", 0)})
        members["cleo"] = make_member("cleo", members["ada"])
        place_new_member(member=members["cleo"], placed_at=JOINED)
        yield members


def sign_in(name, role=""):
    client = Client()
    account = make_account(name, role)
    client.force_login(account)
    return client, account


def own(member, name):
    client, account = sign_in(name)
    Member.objects.filter(pk=member.pk).update(user=account)
    return client


@pytest.fixture
def staff():
    return sign_in("olga", OPERATORS)[0]


@pytest.fixture
def ada(waiting):
    return own(waiting["ada"], "ada")


def test_staff_see_who_waits_and_until_when(waiting, staff):
    page = staff.get(STAFF).content.decode()
    assert "CLEO" in page
    assert "2027" in page or "27" in page


def test_staff_place_by_hand_after_seeing_where(waiting, staff):
    choice = {"rule": "chosen", "slot": "1", "below": "ben"}
    page = staff.post(f"{STAFF}CLEO/", choice).content.decode()
    assert "right" in page and "BEN" in page
    assert HeldPlacement.objects.exists()
    answer = staff.post(f"{STAFF}CLEO/", {**choice, "confirmed": "1"}, follow=True)
    assert where(waiting["cleo"]) == ("BEN", 1)
    assert "now stands below" in answer.content.decode()
    assert staff.get(f"{STAFF}CLEO/").status_code == 404


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"rule": "chosen", "slot": "", "below": ""}, "choose a side"),
        ({"rule": "chosen", "slot": "0", "below": "ada"}, "Somebody else stands"),
        ({"rule": "chosen", "slot": "0", "below": "nobody"}, "Nobody has this code"),
        ({"rule": "weaker", "slot": "0", "below": "ben"}, "goes with the chosen side"),
        ({"rule": "chosen", "slot": "0", "below": "cleo"}, "no place in the tree"),
    ],
)
def test_what_staff_cannot_have_is_said(waiting, staff, choice, words):
    for extra in ({}, {"confirmed": "1"}):
        page = staff.post(f"{STAFF}CLEO/", {**choice, **extra}).content.decode()
        assert words in page
    assert HeldPlacement.objects.exists()


def test_staff_read_that_there_is_no_tree(staff):
    assert "no placement tree" in staff.get(STAFF).content.decode()


def test_the_enroller_chooses_the_side(waiting, ada):
    page = ada.get(OWN).content.decode()
    assert "Cleo" in page and "Choose the place" in page
    page = ada.post(f"{OWN}CLEO/", {"slot": "1", "below": ""}).content.decode()
    assert "below Ada" in page and "right" in page
    ada.post(f"{OWN}CLEO/", {"slot": "1", "below": "", "confirmed": "1"})
    assert where(waiting["cleo"]) == ("ADA", 1)
    assert "Nobody waits" in ada.get(OWN).content.decode()


def test_the_enroller_goes_back_to_the_form(waiting, ada):
    page = ada.post(f"{OWN}CLEO/", {"slot": "1", "below": "", "change": "1"}).content.decode()
    assert "Show the place" in page
    assert HeldPlacement.objects.exists()


def test_a_place_outside_the_branch_is_answered_like_a_code_nobody_has(waiting, ada):
    zoe = make_member("zoe")
    place_new_member(member=zoe, placed_at=JOINED)
    answers = [
        ada.post(f"{OWN}CLEO/", {"slot": "1", "below": code}).content.decode()
        for code in ("ZOE", "NOSUCH")
    ]
    assert all("not in your branch" in page for page in answers)
    assert HeldPlacement.objects.exists()


def test_others_do_not_open_what_is_not_theirs(waiting):
    ben = own(waiting["ben"], "ben")
    assert ben.get(f"{OWN}CLEO/").status_code == 404
    assert ben.post(f"{OWN}CLEO/", {"slot": "1", "confirmed": "1"}).status_code == 404
    assert "Cleo" not in ben.get(OWN).content.decode()


def test_a_suspended_enroller_reads_only(waiting, ada):
    Member.objects.filter(pk=waiting["ada"].pk).update(status="suspended")
    page = ada.get(OWN).content.decode()
    assert "Cleo" in page and "Choose the place" not in page
    assert ada.post(f"{OWN}CLEO/", {"slot": "1", "confirmed": "1"}).status_code == 404
    ada.post(OWN, {"rule": "chosen:1"})
    assert not PlacementWish.objects.exists()


def test_the_enroller_says_where_new_people_go(waiting, ada):
    assert ada.post(OWN, {"rule": "chosen:7"}).status_code == 200
    assert not PlacementWish.objects.exists()
    ada.post(OWN, {"rule": "chosen:1"})
    wish = PlacementWish.objects.get()
    assert (wish.rule, wish.slot, wish.chosen_by.email) == ("chosen", 1, "ada@example.com")
    assert 'value="chosen:1" selected' in ada.get(OWN).content.decode()


def test_the_pages_ask_a_fixed_number_of_questions(
    waiting, ada, staff, django_assert_max_num_queries
):
    for number in range(5):
        member = make_member(f"m{number}", waiting["ada"])
        place_new_member(member=member, placed_at=JOINED)
    for client, address in ((ada, OWN), (staff, STAFF)):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)
