"""The sponsor tree as it was at any moment, against a plain list of who stood below whom when."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.network import past, services
from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import is_below, list_upline
from mlm_plugin.volumes.team import TeamSlice, count_team, get_team
from tests.factories import JOINED, make_family, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]

HOUR = timedelta(hours=1)
MARCH = date(2026, 3, 1)

# Each step is an hour: somebody new below the n-th member, or the n-th moves below the m-th.
STEPS = st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=14)


class Told:
    """Plays the steps and remembers, for each hour, everybody's sponsor."""

    def __init__(self, steps):
        self.members = []
        self.sponsors = {}
        self.hours = []
        self.now = JOINED
        self._join(None)
        for who, target in steps:
            self.now += HOUR
            chosen = self.members[who % len(self.members)]
            if target is None:
                self._join(chosen)
            else:
                self._move(chosen, self.members[target % len(self.members)])

    def _join(self, sponsor):
        joined = services.join_member(sponsor_id=sponsor, joined_at=self.now)
        self.members.append(joined.pk)
        self.sponsors[joined.pk] = sponsor
        self._remember()

    def _move(self, member, sponsor):
        if member in self.chain(self.sponsors, sponsor):
            return
        services.move_branch(member_id=member, new_sponsor_id=sponsor, moved_at=self.now)
        self.sponsors[member] = sponsor
        self._remember()

    def _remember(self):
        self.hours.append((self.now, dict(self.sponsors)))

    @staticmethod
    def chain(sponsors, member):
        chain = []
        while member is not None:
            chain.append(member)
            member = sponsors[member]
        return chain


def levels_below(told, sponsors, head):
    """Everybody below `head` with the level, walked up from each member."""
    below = {}
    for member in sponsors:
        chain = told.chain(sponsors, member)
        if head in chain[1:]:
            below[member] = chain.index(head)
    return below


def listed(member, at, **wanted):
    page = get_team(
        member=member, period=MARCH, at=at, sort="joined", wanted=TeamSlice(Slice(**wanted))
    )
    return {row.member.pk: row.level for row in page.rows}


def agree(told):
    members = Member.objects.in_bulk()
    for moment, sponsors in told.hours:
        # Just then, and at the last moment before the next change.
        for at in (moment, moment + HOUR - timedelta(microseconds=1)):
            for head in sponsors:
                expected = levels_below(told, sponsors, head)
                assert listed(members[head], at) == expected
                first = {member: 1 for member, level in expected.items() if level == 1}
                assert listed(members[head], at, level_to=1) == first
                second = {member: level for member, level in expected.items() if level >= 2}
                assert listed(members[head], at, level_from=2) == second
                upline = [above.pk for above in list_upline(member_id=head, at=at)]
                assert upline == told.chain(sponsors, head)[1:]


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_every_past_hour_reads_as_it_was(steps):
    agree(Told(steps))


@settings(max_examples=6, deadline=None)
@given(steps=STEPS)
def test_a_past_that_has_to_be_walked_reads_the_same(steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(past, "MOST_PIECES", 0)
        agree(Told(steps))


def test_a_branch_that_moved_there_and_back_stands_in_the_past_where_it_was():
    ada, ben, cleo, dora = make_family()
    emma = make_member("emma", ada)
    for hour, sponsor in ((1, emma), (2, ben)):
        services.move_branch(
            member_id=cleo.pk, new_sponsor_id=sponsor.pk, moved_at=JOINED + hour * HOUR
        )
    told = [
        is_below(member_id=dora.pk, of_member_id=emma.pk, at=JOINED + hour * HOUR)
        for hour in range(3)
    ]
    assert told == [False, True, False]
    emma.refresh_from_db()
    assert listed(emma, JOINED + HOUR) == {cleo.pk: 1, dora.pk: 2}
    assert listed(emma, JOINED + 2 * HOUR) == {}


def test_nobody_is_there_before_joining():
    ada, *_rest = make_family()
    assert listed(ada, JOINED - HOUR) == {}
    assert list_upline(member_id=ada.pk, at=JOINED - HOUR) == []
    assert count_team(member=ada, period=MARCH, at=JOINED - HOUR).number == 0


def test_a_past_page_costs_the_same_after_many_moves(django_assert_max_num_queries):
    ada, ben, cleo, _dora = make_family()
    people = [make_member(f"M{number}", ben) for number in range(12)]
    for hour, (member, sponsor) in enumerate(pairwise(people), start=1):
        services.move_branch(
            member_id=member.pk, new_sponsor_id=sponsor.pk, moved_at=JOINED + hour * HOUR
        )
    ada.refresh_from_db()
    # PostgreSQL asks for a reading first.
    with django_assert_max_num_queries(3):
        assert len(listed(ada, JOINED)) == 15
    assert cleo.pk in listed(ada, JOINED)
