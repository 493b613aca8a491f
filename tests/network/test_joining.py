"""Joining: who may join below whom, once, with which code."""

import pytest
from django.db import IntegrityError, transaction

from mlm_plugin.network import services
from mlm_plugin.network.models import MAX_DEPTH, Member
from mlm_plugin.network.selectors import find_problems, list_upline
from tests.factories import JOINED, make_family, make_member, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_member_joins_below_the_sponsor():
    ada = make_member("ada")
    ben = make_member("ben", ada)
    ada.refresh_from_db()
    assert (ben.sponsor, ben.depth, ada.numchild) == (ada, 2, 1)
    assert ben.path.startswith(ada.path)
    assert find_problems() == []


def test_a_code_is_made_and_looks_like_one():
    ada = services.join_member(sponsor_id=None, joined_at=JOINED)
    assert len(ada.code) == 6
    assert not set(ada.code) & set("01OIAEU")


def test_a_code_in_use_is_replaced_by_another(monkeypatch):
    ada = make_member("ada")
    codes = iter(["ADA", "ADA", "BEN"])
    monkeypatch.setattr(services, "make_code", lambda: next(codes))
    ben = services.join_member(sponsor_id=ada.pk, joined_at=JOINED)
    ada.refresh_from_db()
    assert (ben.code, ada.numchild) == ("BEN", 1)


def test_codes_that_never_fit_end_in_an_error_and_change_nothing(monkeypatch):
    ada = make_member("ada")
    monkeypatch.setattr(services, "make_code", lambda: "ADA")
    with pytest.raises(IntegrityError):
        services.join_member(sponsor_id=ada.pk, joined_at=JOINED)
    ada.refresh_from_db()
    assert ada.numchild == 0


@pytest.mark.parametrize("code", ["ada", "ADA", " ada "])
def test_a_chosen_code_that_is_taken_is_refused(code):
    make_member("ada")
    with pytest.raises(services.CodeTaken):
        make_member(code)


@pytest.mark.parametrize("code", ["", "a" * 33, "a b", "а", "<b>", "ß", "-", "\0", "٣"])
def test_what_cannot_be_a_code_is_refused(code):
    with pytest.raises(services.CodeTaken):
        services.join_member(sponsor_id=None, joined_at=JOINED, code=code)


def test_joining_twice_with_one_sign_in_gives_the_same_member():
    ada = make_member("ada")
    user = make_user("ben")
    first = services.join_member(sponsor_id=ada.pk, joined_at=JOINED, user_id=user.pk)
    second = services.join_member(sponsor_id=ada.pk, joined_at=JOINED, user_id=user.pk)
    assert first == second
    assert Member.objects.count() == 2


def test_joining_again_below_another_sponsor_is_refused():
    ada, ben, *_rest = make_family()
    user = make_user("emma")
    services.join_member(sponsor_id=ada.pk, joined_at=JOINED, user_id=user.pk)
    with pytest.raises(services.AlreadyMember):
        services.join_member(sponsor_id=ben.pk, joined_at=JOINED, user_id=user.pk)


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_nobody_joins_below_a_member_who_is_not_active(status):
    ada = make_member("ada", status=status)
    with pytest.raises(services.SponsorNotActive):
        make_member("ben", ada)
    assert Member.objects.count() == 1


def test_a_chain_600_deep_and_on_to_the_limit():
    last = make_member("M1")
    for number in range(2, MAX_DEPTH + 1):
        last = make_member(f"M{number}", last)
        if number in (600, MAX_DEPTH):
            assert last.depth == number
    with pytest.raises(services.TooDeep):
        make_member("one-more", last)
    assert Member.objects.count() == MAX_DEPTH
    assert find_problems() == []
    assert [member.depth for member in list_upline(member_id=last.pk)] == list(
        range(MAX_DEPTH - 1, 0, -1)
    )


def test_the_database_refuses_a_deeper_place_and_a_code_in_small_letters():
    ada = make_member("ada")
    for wrong in ({"depth": MAX_DEPTH + 1}, {"code": "ada"}, {"sponsor_id": ada.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=ada.pk).update(**wrong)


def test_a_binding_stays_with_the_first_member():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    for member in (ada, ben):
        binding = services.bind_customer(
            user_id=emma.pk,
            member_id=member.pk,
            source="cookie",
            campaign="",
            bound_at=JOINED,
        )
        assert binding.member_id == ada.pk


def test_a_status_changes_once():
    ada = make_member("ada")
    assert services.set_status(member_id=ada.pk, status="suspended")
    assert not services.set_status(member_id=ada.pk, status="suspended")
    with pytest.raises(ValueError):
        services.set_status(member_id=ada.pk, status="asleep")
    ada.refresh_from_db()
    assert ada.status == "suspended"
