"""Decisions and joins at the same time as a merge."""

from functools import partial

import pytest

from mlm_plugin.network.models import Member, StatusChange
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import SponsorNotActive, join_member
from mlm_plugin.volumes.merging import MergeDecided, withdraw_merge
from mlm_plugin.volumes.rebuilding import find_differences
from tests.factories import make_user
from tests.racing import run_together
from tests.volumes.merges import approve, propose
from tests.volumes.moves import set_scene
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def is_sound():
    assert find_problems() == find_differences() == []
    return True


def sponsor_of(member):
    return Member.objects.get(pk=member.pk).sponsor


def test_two_approvals_at_once_are_one_merge():
    scene = set_scene()
    merge = propose(scene)
    answers = run_together(
        [partial(approve, merge, person) for person in (scene.fritz, make_user("gus"))]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Merge", "MergeDecided"]
    assert StatusChange.objects.filter(member=scene.ben).count() == 1
    assert is_sound()


def test_approval_and_withdrawal_at_once_end_in_one_of_both():
    scene = set_scene()
    merge = propose(scene)
    withdraw = partial(
        withdraw_merge, merge_id=merge.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON
    )
    answers = run_together([partial(approve, merge, scene.fritz), withdraw])
    assert sum(isinstance(answer, MergeDecided) for answer in answers) == 1, answers
    merge.refresh_from_db()
    assert (sponsor_of(scene.cleo) == scene.eva) == (merge.state == "carried_out")
    assert is_sound()


def test_of_two_that_merge_each_other_at_once_one_goes_on():
    scene = set_scene()
    there = propose(scene)
    back = propose(scene, key="back", kept_id=scene.ben.pk, ended_id=scene.eva.pk)
    done = run_together([partial(approve, merge, scene.fritz) for merge in (there, back)])
    assert sorted(merge.state for merge in done) == ["carried_out", "failed"]
    assert sorted(Member.objects.filter(code__in=["BEN", "EVA"]).values_list("status", flat=True)) == [
        "active", "terminated"
    ]  # fmt: skip
    assert is_sound()


def test_whoever_joins_below_at_once_goes_over_or_is_refused():
    scene = set_scene()
    merge = propose(scene)
    joins = [
        partial(join_member, sponsor_id=scene.ben.pk, joined_at=NOON, code=f"J{number}")
        for number in range(6)
    ]
    answers = run_together([partial(approve, merge, scene.fritz), *joins])[1:]
    for answer in answers:
        if not isinstance(answer, SponsorNotActive):
            assert sponsor_of(answer) == scene.eva
    assert not Member.objects.filter(sponsor=scene.ben).exists()
    assert is_sound()
