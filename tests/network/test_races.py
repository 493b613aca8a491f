"""Joins and moves at the same time on PostgreSQL, where they really are at the same time."""

from functools import partial

import pytest
from django.db import transaction

from mlm_plugin.network import locks, services
from mlm_plugin.network.importing import import_members
from mlm_plugin.network.member_files import MemberRow
from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.network.selectors import find_problems
from tests.factories import JOINED, make_family, make_member, make_user
from tests.racing import run_together, wait_until_somebody_waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def join(sponsor, **fields):
    return services.join_member(sponsor_id=sponsor.pk, joined_at=JOINED, **fields)


def test_fifty_join_below_one_sponsor():
    ada = make_member("ada")
    joined = run_together([partial(join, ada, code=f"M{number}") for number in range(50)])
    assert all(isinstance(member, Member) for member in joined), joined
    ada.refresh_from_db()
    assert (ada.numchild, Member.objects.filter(sponsor=ada).count()) == (50, 50)
    assert find_problems() == []


def test_roots_join_at_the_same_time():
    start = partial(services.join_member, sponsor_id=None, joined_at=JOINED)
    joined = run_together([start] * 8)
    assert all(isinstance(member, Member) for member in joined), joined
    assert find_problems() == []


def test_one_sign_in_joins_once_however_often_it_is_sent():
    ada = make_member("ada")
    ben = make_user("ben")
    joined = run_together([partial(join, ada, user_id=ben.pk)] * 8)
    assert len({member.pk for member in joined}) == 1
    ada.refresh_from_db()
    assert ada.numchild == 1


def test_one_sign_in_cannot_join_below_two_sponsors():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    joined = run_together([partial(join, sponsor, user_id=emma.pk) for sponsor in (ada, ben) * 4])
    assert Member.objects.filter(user=emma).count() == 1
    refused = [answer for answer in joined if isinstance(answer, services.AlreadyMember)]
    assert len(refused) == 4
    assert find_problems() == []


def test_a_customer_is_bound_once():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    bind = partial(
        services.bind_customer,
        user_id=emma.pk,
        source="cookie",
        campaign="",
        bound_at=JOINED,
    )
    bound = run_together([partial(bind, member_id=member.pk) for member in (ada, ben) * 4])
    assert CustomerBinding.objects.count() == 1
    assert len({binding.member_id for binding in bound}) == 1


def enrol_while_the_branch_moves():
    """Dora joins below cleo and has not committed yet when ben's branch begins to move."""
    ada = make_member("ada")
    ben = make_member("ben", ada)
    cleo = make_member("cleo", ben)
    emma = make_member("emma", ada)

    def enrol():
        with transaction.atomic():
            dora = join(cleo, code="DORA")
            wait_until_somebody_waits()
            return dora

    def move():
        return services.move_branch(member_id=ben.pk, new_sponsor_id=emma.pk, moved_at=JOINED)

    # The mover starts when dora is in: her row cannot be seen from outside, but the lock can.
    joined, moved = run_together([enrol, partial(_when_somebody_holds_a_row, move)])
    assert isinstance(joined, Member), joined
    assert isinstance(moved, Member), moved


def _when_somebody_holds_a_row(call):
    for _attempt in range(10_000):
        with transaction.atomic():
            free = Member.objects.select_for_update(skip_locked=True).filter(code="CLEO").exists()
        if not free:
            return call()
    raise AssertionError("nobody joined")


def test_an_enrolment_below_a_moving_branch_moves_along():
    enrol_while_the_branch_moves()
    assert find_problems() == []
    assert Member.objects.get(code="DORA").depth == 5


def test_without_the_lock_such_an_enrolment_is_left_behind(monkeypatch):
    """Shows that the test above can fail: this is treebeard on its own."""
    monkeypatch.setattr(locks, "_execute", lambda *_lock: None)
    enrol_while_the_branch_moves()
    assert "DORA" in {problem.code for problem in find_problems()}


def test_an_import_and_joins_at_the_same_time():
    ada = make_member("ada")
    rows = [
        MemberRow(
            line, f"I{line}", "ADA" if line % 2 else f"I{line - 1}", "", "", "", "active", None
        )
        for line in range(1, 201)
    ]
    answers = run_together(
        [
            partial(import_members, rows=rows, joined_at=JOINED),
            partial(import_members, rows=rows, joined_at=JOINED),
            *(partial(join, ada, code=f"M{number}") for number in range(16)),
        ]
    )
    assert sorted(answer.added for answer in answers[:2]) == [0, 200]
    assert all(isinstance(member, Member) for member in answers[2:]), answers
    ada.refresh_from_db()
    assert ada.numchild == 100 + 16
    assert find_problems() == []


def test_joins_and_moves_in_a_crowd():
    ada = make_member("ada")
    legs = [make_member(f"LEG{number}", ada) for number in range(4)]
    heads = [make_member(f"HEAD{number}", legs[0]) for number in range(4)]
    joins = [partial(join, heads[number % 4], code=f"M{number}") for number in range(24)]
    moves = [
        partial(
            services.move_branch,
            member_id=heads[number % 4].pk,
            new_sponsor_id=legs[number % 3 + 1].pk,
            moved_at=JOINED,
        )
        for number in range(8)
    ]
    answers = run_together([*joins, *moves])
    assert all(isinstance(member, Member) for member in answers), answers
    assert Member.objects.count() == 1 + 4 + 4 + 24
    assert find_problems() == []
