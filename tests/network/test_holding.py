"""The holding tank: who waits, until when, and who ends the wait how."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network import placing, releasing
from mlm_plugin.network.models import HeldPlacement, Placement
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import list_held
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.qualifying import place_qualified
from tests.factories import JOINED, make_member
from tests.network.placements import DAY, plant, read, tree, where

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    with tree("binary", rule="holding", hold_days=10, fallback="outside"):
        yield plant({"ada": None, "ben": ("ada", 0)})["ada"]
        assert find_placement_problems() == []


def join(name, sponsor):
    member = make_member(name, sponsor)
    return member, placing.place_new_member(member=member, placed_at=JOINED)


def test_a_new_member_waits_until_the_deadline(ada):
    cleo, held = join("cleo", ada)
    assert isinstance(held, HeldPlacement)
    assert held.deadline == JOINED + 10 * DAY
    assert placing.place_new_member(member=cleo, placed_at=JOINED + DAY) == held
    assert HeldPlacement.objects.get() == held
    assert [waiting.member for waiting in list_held(enroller_id=ada.pk)] == [cleo]


def test_who_has_no_sponsor_waits_for_nobody(ada):
    zoe, placed = join("zoe", None)
    assert read(placed) == (None, 0)
    assert not HeldPlacement.objects.filter(pk=zoe.pk).exists()


def test_the_enroller_chooses_a_side_once(ada):
    cleo, _held = join("cleo", ada)
    choose = {"member_id": cleo.pk, "placed_at": JOINED + DAY}
    placed = releasing.place_held_member(wish=placing.Wish(slot=1), **choose)
    assert read(placed) == ("ADA", 1)
    again = releasing.place_held_member(wish=placing.Wish(slot=0), **choose)
    assert read(again) == ("ADA", 1)
    assert list_held() == []


def test_a_choice_that_cannot_be_had_leaves_the_member_waiting(ada):
    cleo, _held = join("cleo", ada)
    with pytest.raises(placing.SlotUnknown):
        releasing.place_held_member(member_id=cleo.pk, wish=placing.Wish(slot=7), placed_at=JOINED)
    with pytest.raises(placing.NetworkError):
        releasing.place_held_member(
            member_id=cleo.pk, wish=placing.Wish(slot=0, parent_id=ada.pk), placed_at=JOINED
        )
    assert [waiting.member for waiting in list_held()] == [cleo]


def test_at_the_deadline_the_fallback_decides(ada):
    cleo, _held = join("cleo", ada)
    assert releasing.release_due(at=JOINED + 9 * DAY) == 0
    assert releasing.release_due(at=JOINED + 10 * DAY) == 1
    assert where(cleo) == ("BEN", 0)
    assert releasing.release_due(at=JOINED + 11 * DAY) == 0


def test_who_was_brought_in_by_somebody_waiting_waits_too_and_follows(ada):
    cleo, _held = join("cleo", ada)
    dora, held = join("dora", cleo)
    assert isinstance(held, HeldPlacement)
    assert releasing.release_due(at=JOINED + 10 * DAY) == 2
    assert (where(cleo), where(dora)) == (("BEN", 0), ("CLEO", 0))


def test_below_an_enroller_without_a_place_the_next_above_counts(ada):
    cleo, _held = join("cleo", ada)
    dora, _held = join("dora", cleo)
    HeldPlacement.objects.filter(pk=cleo.pk).update(deadline=JOINED + 30 * DAY)
    assert releasing.release_due(at=JOINED + 10 * DAY) == 1
    assert where(dora) == ("BEN", 0)


def test_who_waits_for_qualification_is_placed_with_enough_points(ada):
    with tree("binary", rule="qualified", qualifying_pv=5_000, fallback="weaker"):
        cleo, held = join("cleo", ada)
        assert held.deadline is None
        total = PeriodTotal.objects.create(
            member=cleo, period=JOINED.date().replace(day=1), personal_pv=4_000
        )
        assert place_qualified(at=JOINED + DAY) == 0
        assert releasing.release_due(at=JOINED + 900 * DAY) == 0
        PeriodTotal.objects.filter(member=cleo).update(customers_pv=1_000)
        assert place_qualified(at=JOINED + 60 * DAY) == 0, "points of another month"
        assert place_qualified(at=JOINED + DAY) == 1
    assert where(cleo) == ("ADA", 1)
    assert total.member == cleo


def test_the_most_urgent_come_first(ada):
    cleo, _held = join("cleo", ada)
    dora, _held = join("dora", ada)
    HeldPlacement.objects.filter(pk=cleo.pk).update(deadline=None)
    assert [waiting.member for waiting in list_held()] == [dora, cleo]


def test_a_company_without_a_tree_releases_nobody():
    with tree("none"):
        assert releasing.release_due(at=JOINED) == place_qualified(at=JOINED) == 0
        assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"tree": "heap"}, "one of"),
        ({"tree": "matrix"}, "needs a 'width'"),
        ({"tree": "matrix", "width": 0}, "whole number from 1"),
        ({"tree": "binary", "width": 3}, "has width 2"),
        ({"tree": "binary", "rule": "left"}, "one of"),
        ({"tree": "binary", "fallback": "chosen"}, "needs no wish"),
        ({"tree": "binary", "hold_days": True}, "whole number"),
        ({"tree": "binary", "hold_day": 3}, "Nobody reads"),
        ("binary", "is a dict"),
    ],
)
def test_a_wrong_setting_says_what_would_be_right(settings, chosen, words):
    settings.MLM = {"PLACEMENT": chosen}
    with pytest.raises(ImproperlyConfigured, match=words):
        get_placement_settings()
