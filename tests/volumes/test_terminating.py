"""The end of a membership: who keeps what, by policy."""

import pytest

from mlm_plugin.network.models import BindingChange, CustomerBinding, Member, SponsorEdge
from mlm_plugin.network.selectors import find_problems, is_below
from mlm_plugin.network.services import CodeTaken, join_member, set_status
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences
from mlm_plugin.volumes.terminating import terminate_member
from tests.factories import make_member, make_user
from tests.volumes.moves import set_scene
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def scene():
    scene = set_scene()
    customer = make_user("greta")
    CustomerBinding.objects.create(
        user=customer, member=scene.ben, bound_at=NOON, source="cookie", campaign="spring"
    )
    return scene


@pytest.fixture
def roll_up(settings):
    settings.MLM = {**settings.MLM, "TERMINATION": "roll_up"}


def terminate(member, by):
    return terminate_member(
        member_id=member.pk, reason="Asked for it", author_id=by.pk, terminated_at=NOON
    )


def sponsors():
    return dict(Member.objects.values_list("code", "sponsor__code"))


def group_pv(member):
    return sum(PeriodTotal.objects.filter(member=member).values_list("group_pv", flat=True))


def test_with_the_policy_stay_only_the_status_changes(scene):
    before = sponsors()
    change = terminate(scene.ben, scene.olga)
    assert (change.before, change.after, change.author) == ("active", "terminated", scene.olga)
    assert sponsors() == before
    assert CustomerBinding.objects.get().member == scene.ben


def test_with_roll_up_front_line_customers_and_points_come_to_the_sponsor(scene, roll_up):
    """Ben's front line is cleo (200.00 with dora) and finn; ben keeps the own 100.00."""
    make_member("finn", scene.ben)
    terminate(scene.ben, scene.olga)
    assert sponsors() == {
        "ADA": None, "BEN": "ADA", "EVA": "ADA", "CLEO": "ADA", "FINN": "ADA", "DORA": "CLEO",
    }  # fmt: skip
    assert [group_pv(scene.ada), group_pv(scene.ben)] == [40_000, 10_000]
    binding = CustomerBinding.objects.get()
    assert (binding.member, binding.source) == (scene.ada, "roll_up")
    change = BindingChange.objects.get()
    assert (change.before, change.after, change.author) == (scene.ben, scene.ada, None)
    assert find_problems() == find_differences() == []


def test_the_past_of_who_rolled_up_stays(scene, roll_up):
    terminate(scene.ben, scene.olga)
    assert SponsorEdge.objects.filter(member=scene.cleo).count() == 2
    just_before = NOON.replace(hour=11)
    assert is_below(member_id=scene.dora.pk, of_member_id=scene.ben.pk, at=just_before)
    assert not is_below(member_id=scene.dora.pk, of_member_id=scene.ben.pk, at=NOON)


def test_who_rolls_up_passes_members_who_are_not_active(scene, roll_up):
    set_status(member_id=scene.ben.pk, status="suspended")
    terminate(scene.cleo, scene.olga)
    assert sponsors()["DORA"] == "ADA"


def test_below_nobody_active_all_stay(scene, roll_up):
    before = sponsors()
    terminate(scene.ada, scene.olga)
    assert sponsors() == before


def test_ending_twice_changes_nothing_more(scene, roll_up):
    assert terminate(scene.ben, scene.olga) is not None
    before = sponsors()
    assert terminate(scene.ben, scene.olga) is None
    assert sponsors() == before
    assert BindingChange.objects.count() == 1


def test_the_code_of_who_has_left_stays_reserved(scene):
    terminate(scene.dora, scene.olga)
    with pytest.raises(CodeTaken):
        join_member(sponsor_id=scene.ada.pk, joined_at=NOON, code="dora")
