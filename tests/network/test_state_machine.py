"""Any sequence of joins, moves, endings and imports agrees with a plain dictionary."""

from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from mlm_plugin.network import services
from mlm_plugin.network.importing import ImportRefused, import_members
from mlm_plugin.network.member_rows import MemberRow
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.volumes.rebuilding import find_differences
from mlm_plugin.volumes.terminating import terminate_member
from tests.factories import JOINED

STATUSES = st.sampled_from([status.value for status in Member.Status])


class Network(RuleBasedStateMachine):
    members = Bundle("members")

    def __init__(self):
        super().__init__()
        self.sponsors: dict[int, int | None] = {}
        self.statuses: dict[int, str] = {}
        self.codes: dict[int, str] = {}
        self.brought = 0
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(target=members)
    def begin(self):
        return self._join(None)

    @rule(target=members, status=STATUSES)
    def join_as_root(self, status):
        return self._join(None, status=status)

    @rule(target=members, sponsor=members)
    def join(self, sponsor):
        if self.statuses[sponsor] == "active":
            return self._join(sponsor)
        with pytest.raises(services.SponsorNotActive):
            self._join(sponsor)
        return multiple()

    @rule(member=members, sponsor=members)
    def move(self, member, sponsor):
        def move():
            services.move_branch(member_id=member, new_sponsor_id=sponsor, moved_at=JOINED)

        if self.sponsors[member] == sponsor:
            move()
        elif member in self._chain(sponsor):
            with pytest.raises(services.Cycle):
                move()
        elif self.statuses[sponsor] != "active":
            with pytest.raises(services.SponsorNotActive):
                move()
        else:
            move()
            self.sponsors[member] = sponsor

    @rule(member=members, status=STATUSES)
    def set_status(self, member, status):
        changed = services.set_status(member_id=member, status=status)
        assert changed == (self.statuses[member] != status)
        self.statuses[member] = status

    @rule(member=members)
    def end_and_roll_up(self, member):
        def end():
            with override_settings(MLM={**conf.MLM, "TERMINATION": "roll_up"}):
                return terminate_member(
                    member_id=member, reason="-", author_id=None, terminated_at=JOINED
                )

        changed = end()
        assert (changed is None) == (self.statuses[member] == "terminated")
        self.statuses[member] = "terminated"
        above = [each for each in self._chain(member)[1:] if self.statuses[each] == "active"]
        if changed and above:
            for each, sponsor in self.sponsors.items():
                self.sponsors[each] = above[0] if sponsor == member else sponsor

    @rule(
        target=members,
        known=members,
        above=st.lists(st.integers(-2, 3), min_size=1, max_size=4),
        days=st.integers(-3, 0),
        status=STATUSES,
        repeats=st.sampled_from(["nobody", "as it is", "below somebody else"]),
    )
    def bring(self, known, above, days, status, repeats):
        """A file: number n stands below row `above[n]` of the file, below `known` (-1), or at the top."""
        codes = [f"NEW-{self.brought}-{place}" for place in range(len(above))]
        self.brought += 1
        sponsors = [
            {-2: "", -1: self.codes[known]}.get(row) or ("" if row < 0 else codes[row % len(codes)])
            for row in above
        ]
        joined = JOINED + timedelta(days=days)
        rows = [
            MemberRow(line, code, sponsor, "", "", "", status, joined)
            for line, (code, sponsor) in enumerate(zip(codes, sponsors, strict=True), start=2)
        ]
        if repeats != "nobody":
            present = self.codes.get(self.sponsors[known], "")
            stands = present if repeats == "as it is" else codes[0]
            rows.append(MemberRow(99, self.codes[known], stands, "", "", "", "active", None))
        is_refused = repeats == "below somebody else" or self._has_circle(codes, sponsors)
        if is_refused:
            with pytest.raises(ImportRefused):
                import_members(rows=rows, joined_at=JOINED)
            return multiple()
        result = import_members(rows=rows, joined_at=JOINED)
        assert result.added == len(codes)
        assert import_members(rows=rows, joined_at=JOINED).added == 0
        for code in codes:
            self.codes[result.keys[code]] = code
        for code, sponsor in zip(codes, sponsors, strict=True):
            number = result.keys[code]
            self.sponsors[number] = result.keys[sponsor] if sponsor else None
            self.statuses[number] = status
        return multiple(*(result.keys[code] for code in codes))

    @staticmethod
    def _has_circle(codes, sponsors):
        above = dict(zip(codes, sponsors, strict=True))
        for code in codes:
            walked = set()
            while code in above and code not in walked:
                walked.add(code)
                code = above[code]
            if code in walked:
                return True
        return False

    @invariant()
    def the_database_says_the_same(self):
        rows = list(Member.objects.values_list("pk", "sponsor_id", "status", "depth", "path"))
        assert {pk: sponsor for pk, sponsor, *_rest in rows} == self.sponsors
        assert {row[0]: row[2] for row in rows} == self.statuses
        paths = {row[0]: row[4] for row in rows}
        for pk, _sponsor, _status, depth, path in rows:
            chain = self._chain(pk)
            assert depth == len(chain)
            assert [paths[above] for above in reversed(chain)] == [
                path[: 4 * level] for level in range(1, depth + 1)
            ]
        assert find_problems() == find_differences() == []

    def _join(self, sponsor, status="active"):
        member = services.join_member(sponsor_id=sponsor, joined_at=JOINED, status=status)
        self.sponsors[member.pk] = sponsor
        self.statuses[member.pk] = status
        self.codes[member.pk] = member.code
        return member.pk

    def _chain(self, member):
        chain = []
        while member is not None:
            chain.append(member)
            member = self.sponsors[member]
        return chain


@pytest.mark.both
@pytest.mark.django_db
def test_any_history_agrees_with_a_dictionary():
    run_state_machine_as_test(
        Network,
        settings=settings(max_examples=25, stateful_step_count=20, deadline=None),
    )
