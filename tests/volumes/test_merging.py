"""Two memberships of one person become one, by two people of the staff, whole or not at all."""

import pytest
from django.db import IntegrityError, transaction

from mlm_plugin.ledger.models import COMPANY, Account, Entry, Posting
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.network.duplicate_pairs import tell_apart
from mlm_plugin.network.merging import NotMergeable
from mlm_plugin.network.models import (
    MAX_DEPTH,
    Application,
    BindingChange,
    CustomerBinding,
    DuplicatePair,
    HeldPlacement,
    Member,
    Merge,
    PersonalData,
    Placement,
    StatusChange,
)
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.selectors import find_problems, is_below
from mlm_plugin.network.services import TooDeep, set_status
from mlm_plugin.volumes.merging import (
    MergeDecided,
    OwnMerge,
    decline_merge,
    preview_merge,
    withdraw_merge,
)
from mlm_plugin.volumes.models import CreditedOrder, PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences
from tests.factories import make_member, make_user
from tests.network.applying import apply, send
from tests.network.placements import place, tree, where
from tests.volumes.merges import approve, propose
from tests.volumes.moves import propose as propose_move
from tests.volumes.moves import set_scene
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def scene():
    scene = set_scene()
    CustomerBinding.objects.create(
        user=make_user("greta"), member=scene.ben, bound_at=NOON, source="cookie", campaign="spring"
    )
    return scene


def fresh(member):
    return Member.objects.get(pk=member.pk)


def group_pv(member):
    return sum(PeriodTotal.objects.filter(member=member).values_list("group_pv", flat=True))


def is_sound():
    assert find_problems() == find_differences() == find_placement_problems() == []
    return True


def facts():
    """Everything that was ever counted."""
    return (
        list(Entry.objects.order_by("pk").values()),
        list(Posting.objects.order_by("pk").values()),
        list(CreditedOrder.objects.order_by("pk").values()),
    )


def put_into_wallet(member, amount, kind="wallet"):
    postings = (
        NewPosting(member.pk, kind, "EUR", amount),
        NewPosting(COMPANY, Account.Kind.COMMISSIONS, "EUR", -amount),
    )
    post_entries(entries=[NewEntry(f"gift:{kind}", NOON, postings)])


def test_a_proposal_says_what_goes_over_and_what_stays_and_changes_nobody(scene):
    """Ben has 300.00: the own 100.00 stay, the 200.00 of cleo and dora go over."""
    effects = propose(scene).effects
    assert (effects["front_line"], effects["customers"]) == (1, 1)
    assert (effects["open_pv"], effects["moving_pv"]) == (10_000, 20_000)
    assert fresh(scene.ben).status == "active"
    assert fresh(scene.cleo).sponsor == scene.ben


def test_front_line_and_customers_go_over_with_the_open_points_and_the_other_one_ends(scene):
    """Eva gets the 200.00 of cleo's branch; ben keeps the own 100.00, and ada her 400.00."""
    merge = approve(propose(scene), scene.fritz)
    assert merge.state == "carried_out"
    assert fresh(scene.cleo).sponsor == scene.eva
    assert CustomerBinding.objects.get().member == scene.eva
    assert [group_pv(each) for each in (scene.ada, scene.ben, scene.eva)] == [
        40_000, 10_000, 20_000
    ]  # fmt: skip
    change = StatusChange.objects.get(member=scene.ben, after="terminated")
    assert change.reason == "Merged into EVA: Ben joined twice"
    assert change.author == scene.fritz
    assert BindingChange.objects.get().after == scene.eva
    assert is_below(member_id=scene.dora.pk, of_member_id=scene.eva.pk)
    assert is_sound()


def test_what_was_counted_stays_as_it_was(scene):
    before = facts()
    approve(propose(scene), scene.fritz)
    assert facts() == before


def test_approving_again_changes_nothing(scene):
    merge = propose(scene)
    first = approve(merge, scene.fritz)
    assert approve(merge, scene.fritz).decided_at == first.decided_at
    assert StatusChange.objects.filter(member=scene.ben).count() == 1
    with pytest.raises(MergeDecided):
        approve(merge, make_user("hans"))


def test_the_same_key_proposes_once(scene):
    assert propose(scene) == propose(scene)
    assert Merge.objects.count() == 1


def test_nobody_approves_the_own_proposal_nor_a_merge_of_themselves(scene):
    merge = propose(scene)
    Member.objects.filter(pk=scene.eva.pk).update(user=scene.fritz)
    for person in (scene.olga, scene.fritz):
        with pytest.raises(OwnMerge):
            approve(merge, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.update(decided_by=scene.olga)
    assert fresh(scene.ben).status == "active"


def test_declined_or_withdrawn_nothing_changes(scene):
    declined = propose(scene)
    with pytest.raises(NotMergeable):
        decline_merge(merge_id=declined.pk, decided_by_id=scene.fritz.pk, decided_at=NOON, note=" ")
    decline_merge(merge_id=declined.pk, decided_by_id=scene.fritz.pk, decided_at=NOON, note="No")
    withdrawn = propose(scene, key="again")
    for _time in range(2):
        withdraw_merge(merge_id=withdrawn.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON)
    with pytest.raises(MergeDecided):
        approve(withdrawn, scene.fritz)
    assert fresh(scene.ben).status == "active"
    assert fresh(scene.cleo).sponsor == scene.ben


def test_one_merge_of_a_membership_at_a_time(scene):
    propose(scene)
    with pytest.raises(NotMergeable, match="Another merge"):
        propose(scene, key="other", kept_id=scene.ada.pk)


@pytest.mark.parametrize(
    ("kept", "ended", "words"),
    [
        ("eva", "eva", "with itself"),
        ("cleo", "ben", "stands below"),
        ("dora", "ada", "stands below"),
        ("asleep", "ben", "Only an active membership can go on"),
        ("gone", "ben", "Only an active membership can go on"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_the_reason(scene, kept, ended, words):
    for name, status in (("asleep", "suspended"), ("gone", "terminated")):
        set_status(member_id=make_member(name, scene.ada).pk, status=status)
    numbers = {member.code.lower(): member.pk for member in Member.objects.all()}
    with pytest.raises(NotMergeable, match=words):
        propose(scene, kept_id=numbers[kept], ended_id=numbers[ended])
    assert not Merge.objects.exists()


def test_a_merge_needs_a_reason(scene):
    for reason in (" ", "x" * 501):
        with pytest.raises(NotMergeable, match="reason"):
            propose(scene, reason=reason)


@pytest.mark.parametrize("kind", ["wallet", "held", "reserved", "opening"])
def test_with_money_in_any_stage_a_merge_is_refused(scene, kind):
    put_into_wallet(scene.ben, 1_250, kind)
    with pytest.raises(NotMergeable, match=r"still has 12\.50 EUR"):
        propose(scene)
    put_into_wallet(scene.eva, 500)
    assert not Merge.objects.exists()


def test_money_that_came_after_the_proposal_lets_it_fail(scene):
    merge = propose(scene)
    put_into_wallet(scene.ben, 1_250)
    done = approve(merge, scene.fritz)
    assert done.state == "failed" and "12.50 EUR" in done.failure
    assert fresh(scene.cleo).sponsor == scene.ben
    assert fresh(scene.ben).status == "active"


def test_a_move_under_way_is_decided_first(scene):
    propose_move(scene, member_id=scene.ben.pk, parent_id=scene.eva.pk)
    with pytest.raises(NotMergeable, match="under way"):
        propose(scene)


def test_too_deep_a_front_line_is_refused(scene):
    Member.objects.filter(pk=scene.eva.pk).update(depth=MAX_DEPTH - 1)
    with pytest.raises(TooDeep):
        propose(scene)


def test_a_second_membership_below_the_first_one_merges_upwards(scene):
    done = approve(propose(scene, kept_id=scene.ben.pk, ended_id=scene.cleo.pk), scene.fritz)
    assert done.state == "carried_out"
    assert fresh(scene.dora).sponsor == scene.ben
    assert is_sound()


def test_the_place_stays_taken_with_everybody_below_and_who_waited_waits_for_the_kept_one(scene):
    with tree("binary"):
        place(scene.ada, None, "outside")
        place(scene.ben, scene.ada, slot=0)
        place(scene.cleo, scene.ben, slot=1)
        HeldPlacement.objects.create(member=scene.dora, enroller=scene.ben, since=NOON)
        merge = propose(scene)
        assert merge.effects["placed_below"] == 1
        approve(merge, scene.fritz)
        assert where(scene.ben) == ("ADA", 0)
        assert where(scene.cleo) == ("BEN", 1)
        assert HeldPlacement.objects.get().enroller == scene.eva
        assert is_sound()


def test_whoever_waits_for_a_place_and_ends_waits_no_more(scene):
    HeldPlacement.objects.create(member=scene.ben, enroller=scene.ada, since=NOON)
    approve(propose(scene), scene.fritz)
    assert not HeldPlacement.objects.exists()
    assert not Placement.objects.exists()


def test_applications_below_go_on_below_the_kept_one(scene):
    waiting = apply(make_user("emma"), scene.ben, at=NOON)
    approve(propose(scene), scene.fritz)
    waiting.refresh_from_db()
    assert waiting.sponsor == scene.eva
    assert send(waiting, at=NOON).member.sponsor == scene.eva


def test_a_kept_one_without_sign_in_and_data_gets_the_other_ones(scene):
    ben = make_user("ben")
    Member.objects.filter(pk=scene.ben.pk).update(user=ben)
    PersonalData.objects.create(member=scene.ben, first_name="Ben")
    merge = propose(scene)
    assert merge.effects["takes_sign_in"]
    approve(merge, scene.fritz)
    assert (fresh(scene.eva).user, fresh(scene.ben).former_user) == (ben, ben)
    assert PersonalData.objects.get().member == scene.eva


def test_a_kept_one_with_sign_in_keeps_it(scene):
    for member, name in ((scene.ben, "ben"), (scene.eva, "eva")):
        Member.objects.filter(pk=member.pk).update(user=make_user(name))
    merge = propose(scene)
    assert merge.effects["keeps_sign_in"]
    approve(merge, scene.fritz)
    assert fresh(scene.eva).user.email == "eva@example.com"
    assert fresh(scene.ben).user.email == "ben@example.com"


def test_the_pair_is_closed_and_cannot_be_told_apart_any_more(scene):
    pair = DuplicatePair.objects.create(first=scene.ben, second=scene.eva, found_at=NOON)
    DuplicatePair.objects.create(first=scene.ben, second=scene.cleo, found_at=NOON)
    approve(propose(scene), scene.fritz)
    assert DuplicatePair.objects.get().state == "merged"
    with pytest.raises(Exception, match="merged already"):
        tell_apart(pair_id=pair.pk, reason="x", decided_by_id=scene.olga.pk, decided_at=NOON)


def test_an_ended_membership_can_be_merged_for_those_who_still_stand_below(scene):
    set_status(member_id=scene.ben.pk, status="terminated")
    assert approve(propose(scene), scene.fritz).state == "carried_out"
    assert fresh(scene.cleo).sponsor == scene.eva


def test_looking_at_the_effects_costs_the_same_for_any_front_line(
    scene, django_assert_max_num_queries
):
    for number in range(12):
        make_member(f"M{number}", scene.ben)
    with django_assert_max_num_queries(20):
        preview_merge(kept_id=scene.eva.pk, ended_id=scene.ben.pk)


def test_an_applicant_who_waits_keeps_no_wish_for_a_side_of_the_other_one(scene):
    waiting = apply(make_user("emma"), scene.ben, at=NOON)
    Application.objects.update(placement_wish={"slot": 1})
    approve(propose(scene), scene.fritz)
    waiting.refresh_from_db()
    assert waiting.placement_wish == {}
