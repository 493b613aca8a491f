"""Any sequence of placing, importing, counting and moving agrees with dictionaries walked step by step."""

from datetime import timedelta

import pytest
from django.db import transaction
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
from mlm_plugin.network.lines import PlaceTaken
from mlm_plugin.network.member_rows import MemberRow
from mlm_plugin.network.models import Member, Placement
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import (
    is_placed_below,
    list_placement_branch,
    list_placement_upline,
)
from mlm_plugin.network.placing import place_member
from mlm_plugin.network.placing_rules import RULES
from mlm_plugin.network.services import Cycle
from mlm_plugin.volumes.leg_figures import count_legs
from tests.factories import JOINED
from tests.network.placement_model import Model
from tests.network.placements import tree

WIDTHS = {"binary": 2, "matrix": 3, "line": 1}


class Places(RuleBasedStateMachine):
    members = Bundle("members")
    kind = "binary"

    def __init__(self):
        super().__init__()
        self.model = Model(WIDTHS[self.kind])
        self.now = JOINED
        self.past = []
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def _tick(self):
        self.past.append((self.now, dict(self.model.places)))
        self.now += timedelta(hours=1)

    @initialize(target=members)
    def begin(self):
        top = services.join_member(sponsor_id=None, joined_at=JOINED)
        place_member(member_id=top.pk, enroller_id=None, rule="outside", placed_at=self.now)
        self.model.places[top.pk] = (None, 0)
        return top.pk

    @rule(
        target=members,
        enroller=members,
        by=st.sampled_from(sorted(RULES)),
        side=st.integers(0, 2),
        names_side=st.booleans(),
    )
    def join_and_place(self, enroller, by, side, names_side):
        self._tick()
        slot = side % self.model.width if names_side or by == "chosen" else None
        member = services.join_member(sponsor_id=enroller, joined_at=self.now)
        self.model.put(member.pk, by, enroller, slot)
        placed = place_member(
            member_id=member.pk, enroller_id=enroller, rule=by, slot=slot, placed_at=self.now
        )
        assert (placed.parent_id, placed.slot) == self.model.places[member.pk], by
        return member.pk

    @rule(
        target=members,
        parent=members,
        sides=st.lists(st.integers(0, 2), min_size=1, max_size=3),
        days=st.integers(-3, 0),
    )
    def bring(self, parent, sides, days):
        """A file with a chain below `parent`: refused as a whole where the first slot is taken."""
        self._tick()
        codes = [f"NEW-{len(self.past)}-{place}" for place in range(len(sides))]
        above = [Member.objects.get(pk=parent).code, *codes]
        slots = [side % self.model.width for side in sides]
        rows = [
            MemberRow(
                line, code, above[line], "", "", "", "active", JOINED + timedelta(days=days),
                parent=above[line], slot=slot,
            )
            for line, (code, slot) in enumerate(zip(codes, slots, strict=True))
        ]  # fmt: skip
        if self.model.child(parent, slots[0]) is not None:
            with pytest.raises(ImportRefused):
                import_members(rows=rows, joined_at=self.now)
            return multiple()
        keys = import_members(rows=rows, joined_at=self.now).keys
        assert import_members(rows=rows, joined_at=self.now).placed == 0
        for line, (code, slot) in enumerate(zip(codes, slots, strict=True)):
            self.model.places[keys[code]] = (keys[above[line]], slot)
        return multiple(*(keys[code] for code in codes))

    @rule(member=members, parent=members, side=st.integers(0, 2))
    def move(self, member, parent, side):
        self._tick()
        slot = side % self.model.width

        def move():
            move_placement(member_id=member, parent_id=parent, slot=slot, moved_at=self.now)

        if self.model.places[member] == (parent, slot):
            move()
        elif member == parent or member in self.model.chain(parent):
            with pytest.raises(Cycle):
                move()
        elif self.model.child(parent, slot) is not None:
            with pytest.raises(PlaceTaken):
                move()
        else:
            move()
            self.model.places[member] = (parent, slot)

    @rule()
    def count(self):
        self._tick()
        count_legs(at=self.now)
        self.model.count()

    @rule(member=members, other=members)
    def ask_who_is_below(self, member, other):
        assert is_placed_below(member_id=member, of_member_id=other) == (
            other in self.model.chain(member)
        )

    @rule(member=members, back=st.integers(1, 8))
    def look_back(self, member, back):
        if len(self.past) < back:
            return
        at, places = self.past[-back]
        then = Model(self.model.width)
        then.places = places
        above = then.chain(member) if member in places else []
        found = list_placement_upline(member_id=member, at=at)
        assert [placed.member_id for placed in found] == above
        below = {other for other in places if member in then.chain(other)}
        found = list_placement_branch(member_id=member, levels=99, at=at)
        assert {placed.member_id for placed in found} == below

    @invariant()
    def the_database_says_the_same(self):
        rows = Placement.objects.values_list("pk", "parent_id", "slot")
        assert {pk: (parent, slot) for pk, parent, slot in rows} == self.model.places
        assert find_placement_problems() == []


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("kind", WIDTHS)
def test_any_history_of_places_agrees_with_dictionaries(kind):
    machine = type("Places", (Places,), {"kind": kind})
    settings_of_tree = {"width": 3} if kind == "matrix" else {}
    with tree(kind, **settings_of_tree):
        run_state_machine_as_test(
            machine,
            settings=settings(max_examples=8, stateful_step_count=25, deadline=None),
        )
