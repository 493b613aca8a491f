"""The staff's pages about moves, status and customers: two people, and nothing by accident."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.conf import business_day
from mlm_plugin.network.models import BindingChange, CustomerBinding, Member, Move, StatusChange
from storefront.accounts.roles import FINANCE, OPERATORS
from tests.factories import make_account, make_family, make_member, make_user

pytestmark = pytest.mark.django_db

MARKUP = "\"'><script>alert(1)</script>"


@pytest.fixture
def family():
    return make_family()


def browser(name, role=OPERATORS):
    client = Client()
    client.force_login(make_account(name, role))
    return client


@pytest.fixture
def olga():
    return browser("olga")


@pytest.fixture
def oskar():
    return browser("oskar")


def text_of(answer):
    return answer.content.decode()


def asked(**fields):
    return {
        "tree": "sponsor",
        "below": "ada",
        "effective_on": business_day(timezone.now()).isoformat(),
        "reason": "Signed up with the wrong link",
        "key": str(uuid.uuid4()),
        **fields,
    }


def propose(client, code="CLEO", **fields):
    client.post(reverse("mlm:staff-move-new", args=[code]), asked(confirmed="1", **fields))
    return Move.objects.get()


def act(client, move, action, note=""):
    data = {"action": action, "note": note, "key": str(uuid.uuid4())}
    return client.post(reverse("mlm:staff-move", args=[move.pk]), data)


def sponsor_of(code):
    return Member.objects.get(code=code).sponsor.code


def test_a_move_is_asked_for_shown_with_its_effects_proposed_and_approved_by_another(
    family, olga, oskar
):
    address = reverse("mlm:staff-move-new", args=["CLEO"])
    assert olga.get(address).status_code == 200
    data = asked()
    seen = olga.post(address, data)
    assert "Effects" in text_of(seen)
    assert not Move.objects.exists()
    for _attempt in range(2):
        done = olga.post(address, {**data, "confirmed": "1"})
    move = Move.objects.get()
    assert done.url == reverse("mlm:staff-move", args=[move.pk])
    assert "a second person decides" in text_of(olga.get(done.url))
    assert "Approve" in text_of(oskar.get(done.url))
    assert act(oskar, move, "approve").status_code == 302
    assert sponsor_of("CLEO") == "ADA"
    member = text_of(olga.get(reverse("mlm:staff-member", args=["CLEO"])))
    for words in ("Sponsors so far", "carried out", "Ben"):
        assert words in member


def test_nobody_approves_the_own_proposal_also_not_by_sending_the_form(family, olga):
    move = propose(olga)
    answer = act(olga, move, "approve")
    assert "second person" in str(answer.context["form"].errors)
    assert sponsor_of("CLEO") == "BEN"


def test_an_approved_move_is_undone_by_another(family, olga, oskar):
    move = propose(olga)
    act(oskar, move, "approve")
    assert "Say" in text_of(act(oskar, move, "undo")) or "reason" in text_of(
        act(oskar, move, "undo")
    )
    done = act(oskar, move, "undo", note="It was right")
    back = Move.objects.get(undoes=move)
    assert done.url == reverse("mlm:staff-move", args=[back.pk])
    act(olga, back, "approve")
    assert sponsor_of("CLEO") == "BEN"
    assert reverse("mlm:staff-move", args=[back.pk]) in text_of(
        olga.get(reverse("mlm:staff-move", args=[move.pk]))
    )


def test_declining_needs_a_word_and_withdrawing_none(family, olga, oskar):
    move = propose(olga)
    assert act(oskar, move, "decline").status_code == 200
    act(oskar, move, "decline", note="No reason")
    move.refresh_from_db()
    assert move.state == "declined"
    Move.objects.all().delete()
    move = propose(olga)
    act(olga, move, "withdraw")
    move.refresh_from_db()
    assert move.state == "withdrawn"


def test_a_move_of_a_later_day_says_that_it_waits(family, olga, oskar):
    later = business_day(timezone.now()) + timedelta(days=9)
    move = propose(olga, effective_on=later.isoformat())
    act(oskar, move, "approve")
    move.refresh_from_db()
    assert move.state == "approved"
    assert sponsor_of("CLEO") == "BEN"
    listed = oskar.get(reverse("mlm:staff-moves"), {"state": "approved"})
    assert [row.pk for row in listed.context["page"].rows] == [move.pk]


@pytest.mark.parametrize(
    "wrong",
    [
        {"below": "nobody"},
        {"below": "DORA"},
        {"below": "ben"},
        {"below": MARKUP},
        {"below": "a\x00b"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"effective_on": "2020-01-01"},
        {"effective_on": "soon"},
        {"tree": "placement"},
        {"key": "1"},
    ],
    ids=lambda wrong: repr(wrong)[:30],
)
def test_a_wrong_proposal_is_told_and_not_kept(family, olga, wrong):
    address = reverse("mlm:staff-move-new", args=["CLEO"])
    for confirmed in ({}, {"confirmed": "1"}):
        answer = olga.post(address, asked(**wrong, **confirmed))
        assert answer.status_code == 200
        if not confirmed and wrong.keys() <= {"effective_on"}:
            continue
        assert answer.context["form"].errors
        assert b"<script>alert(1)" not in answer.content
    assert not Move.objects.exists()


def test_a_hostile_reason_stays_text(family, olga, oskar):
    move = propose(olga, reason=MARKUP)
    pages = [reverse("mlm:staff-move", args=[move.pk]), reverse("mlm:staff-moves")]
    for page in pages:
        assert b"<script>alert(1)" not in oskar.get(page).content


@pytest.mark.parametrize("number", [0, 999, 99999999999999999999])
def test_moves_and_customers_nobody_knows_are_not_found(olga, number):
    for name in ("move", "rebind"):
        for way in (olga.get, olga.post):
            assert way(reverse(f"mlm:staff-{name}", args=[number])).status_code == 404


def test_who_may_only_look_changes_nothing(family, olga):
    fritz = browser("fritz", FINANCE)
    move = propose(olga)
    greta = make_user("greta")
    assert fritz.get(reverse("mlm:staff-move", args=[move.pk])).status_code == 200
    assert fritz.get(reverse("mlm:staff-moves")).status_code == 200
    assert act(fritz, move, "approve").status_code == 403
    for page in (
        reverse("mlm:staff-move-new", args=["CLEO"]),
        reverse("mlm:staff-status", args=["CLEO"]),
        reverse("mlm:staff-rebind", args=[greta.pk]),
    ):
        assert fritz.get(page).status_code == fritz.post(page).status_code == 403
    assert sponsor_of("CLEO") == "BEN"
    assert "Propose a move" not in text_of(fritz.get(reverse("mlm:staff-member", args=["CLEO"])))


def change_status(client, code, **fields):
    data = {"after": "suspended", "reason": "Under review", "typed": "", **fields}
    return client.post(reverse("mlm:staff-status", args=[code]), data)


def test_the_status_is_changed_with_a_reason_that_stays(family, olga):
    assert change_status(olga, "CLEO").status_code == 302
    change = StatusChange.objects.get()
    assert (change.after, change.reason, change.author.email) == (
        "suspended", "Under review", "olga@example.com",
    )  # fmt: skip
    assert "Under review" in text_of(olga.get(reverse("mlm:staff-member", args=["CLEO"])))


def test_a_membership_ends_only_for_who_types_the_code(family, olga, settings):
    settings.MLM = {**settings.MLM, "TERMINATION": "roll_up"}
    for typed in ("", "BEN"):
        assert change_status(olga, "CLEO", after="terminated", typed=typed).status_code == 200
    assert not StatusChange.objects.exists()
    assert change_status(olga, "CLEO", after="terminated", typed="cleo ").status_code == 302
    assert Member.objects.get(code="CLEO").status == "terminated"
    assert sponsor_of("DORA") == "BEN"
    assert "stays ended" in text_of(olga.get(reverse("mlm:staff-status", args=["CLEO"])))


@pytest.mark.parametrize(
    "wrong", [{"after": "applicant"}, {"after": "<script>"}, {"reason": ""}, {"reason": "a\x00"}]
)
def test_a_wrong_status_changes_nothing(family, olga, wrong):
    assert change_status(olga, "CLEO", **wrong).context["form"].errors
    assert not StatusChange.objects.exists()


def rebind(client, customer, **fields):
    data = {"member": "dora", "reason": "Asked for it", **fields}
    return client.post(reverse("mlm:staff-rebind", args=[customer.pk]), data)


def test_a_customer_is_given_to_another_member_with_a_reason(family, olga):
    greta = make_user("greta")
    CustomerBinding.objects.create(
        user=greta, member=family[1], bound_at=timezone.now(), source="cookie"
    )
    customers = text_of(olga.get(reverse("mlm:staff-customers")))
    assert reverse("mlm:staff-rebind", args=[greta.pk]) in customers
    assert rebind(olga, greta).status_code == 302
    assert CustomerBinding.objects.get().member == family[3]
    shown = text_of(olga.get(reverse("mlm:staff-rebind", args=[greta.pk])))
    assert "Asked for it" in shown
    assert "olga@example.com" in shown


@pytest.mark.parametrize(
    "wrong", [{"member": "nobody"}, {"member": MARKUP}, {"reason": ""}, {"reason": "x" * 501}]
)
def test_a_wrong_rebinding_changes_nothing(family, olga, wrong):
    assert rebind(olga, make_user("greta"), **wrong).context["form"].errors
    assert not BindingChange.objects.exists()


def test_the_queue_costs_the_same_for_any_number(family, olga):
    def grow(count):
        for number in range(count):
            member = make_member(f"N{Move.objects.count()}x{number}", family[1])
            Move.objects.create(
                key=str(uuid.uuid4()), tree="sponsor", member=member, parent_before=family[1],
                parent_after=family[0], reason="-", effective_on=timezone.localdate(),
                proposed_by=make_user(f"p{Move.objects.count()}"), proposed_at=timezone.now(),
            )  # fmt: skip

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(reverse("mlm:staff-moves")).status_code == 200
        return len(queries)

    grow(2)
    count()
    few = count()
    grow(20)
    assert count() == few
