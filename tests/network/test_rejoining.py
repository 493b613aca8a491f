"""Whoever's membership has ended comes back with the same sign-in: a new place, the old one stays."""

import pytest
from django.db import IntegrityError, transaction

from mlm_plugin.network.application_decisions import approve_application
from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.personal import erase_person, read_personal
from mlm_plugin.network.selectors import find_problems, get_member_of_user
from mlm_plugin.network.services import AlreadyMember, join_member, set_status
from tests.factories import make_family, make_member, make_user
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def emma():
    return make_user("emma")


def end(member):
    set_status(member_id=member.pk, status="terminated")


def test_the_new_membership_gets_the_sign_in_and_the_old_one_keeps_its_place(emma):
    ada, ben, *_rest = make_family()
    old = make_member("emma", ada, user_id=emma.pk)
    below = make_member("finn", old)
    end(old)
    new = join_member(sponsor_id=ben.pk, joined_at=NOW, user_id=emma.pk)
    old.refresh_from_db()
    assert (old.user, old.former_user, old.sponsor, old.status) == (None, emma, ada, "terminated")
    assert (new.sponsor, get_member_of_user(user_id=emma.pk)) == (ben, new)
    assert Member.objects.get(pk=below.pk).sponsor == old
    assert find_problems() == []


def test_joining_again_twice_makes_one(emma):
    ada = make_member("ada")
    end(make_member("emma", ada, user_id=emma.pk))
    first, second = (
        join_member(sponsor_id=ada.pk, joined_at=NOW, user_id=emma.pk) for _time in range(2)
    )
    assert first == second
    assert Member.objects.filter(former_user=emma).count() == 1


@pytest.mark.parametrize("status", ["applicant", "active", "suspended"])
def test_whose_membership_has_not_ended_cannot_join_elsewhere(emma, status):
    ada, ben, *_rest = make_family()
    set_status(member_id=make_member("emma", ada, user_id=emma.pk).pk, status=status)
    with pytest.raises(AlreadyMember):
        join_member(sponsor_id=ben.pk, joined_at=NOW, user_id=emma.pk)


def test_a_membership_has_a_present_or_a_former_sign_in(emma):
    make_member("emma", user_id=emma.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.update(former_user=emma)


def test_an_application_of_a_former_member_waits_for_the_staff(emma):
    ada = make_member("ada")
    old = send(apply(emma, ada, account=IBAN)).member
    assert old.status == "active"
    end(old)
    again = send(apply(emma, ada, account=IBAN))
    assert again.state == "sent"
    assert "member_before" in again.checks
    joined = approve_application(
        application_id=again.pk, author_id=make_user("olga").pk, reason="", decided_at=NOW
    ).member
    assert joined.pk != old.pk
    assert Member.objects.get(pk=joined.pk).status == "active"


def test_an_application_that_nothing_else_holds_back_waits_too(emma):
    ada = make_member("ada")
    end(make_member("emma", ada, user_id=emma.pk))
    assert send(apply(emma, ada)).checks == ["member_before"]


def test_the_copy_of_the_data_and_their_erasure_reach_both_memberships(emma):
    ada = make_member("ada")
    old = send(apply(emma, ada)).member
    end(old)
    again = send(apply(emma, ada))
    approve_application(
        application_id=again.pk, author_id=make_user("olga").pk, reason="", decided_at=NOW
    )
    assert len(read_personal(user_id=emma.pk)) == 2
    assert erase_person(user_id=emma.pk) == 1
    assert Member.objects.get(pk=old.pk).first_name == ""
    assert PersonalData.objects.get().member.user == emma
