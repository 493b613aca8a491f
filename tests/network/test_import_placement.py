"""Placement from files: every fault named, lines and history right, nobody moved."""

import random

import pytest

from mlm_plugin.network.importing import ImportRefused, check_members, import_members
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.network.models import HeldPlacement, LineEnd, Member, Placement, PlacementEdge
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placing import place_member
from mlm_plugin.network.selectors import find_problems
from tests.factories import JOINED, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]
HEADING = "member,sponsor,parent,slot\n"
FAMILY = HEADING + "ada,,,top\nben,ada,ada,left\ncleo,ben,ada,2\ndora,cleo,ben,\n"


@pytest.fixture(autouse=True)
def binary(settings):
    settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": "binary"}}


def read(text):
    network = read_member_file(lines=text.encode().splitlines(keepends=True))
    assert network.problems == []
    return network.rows


def load(text):
    return import_members(rows=read(text), joined_at=JOINED)


def refusal(text):
    rows = read(text)
    _counts, problems = check_members(rows=rows)
    with pytest.raises(ImportRefused) as refused:
        import_members(rows=rows, joined_at=JOINED)
    assert refused.value.problems == problems
    return dict(problems)


def places():
    return {
        code: (parent, slot)
        for code, parent, slot in Placement.objects.values_list(
            "member__code", "parent__code", "slot"
        )
    }


def test_places_are_kept_as_the_file_says_and_what_is_open_goes_left():
    result = load(FAMILY)
    assert result.placed == 4
    assert places() == {
        "ADA": (None, 0),
        "BEN": ("ADA", 0),
        "CLEO": ("ADA", 1),
        "DORA": ("BEN", 0),
    }
    ends = set(LineEnd.objects.values_list("head__code", "slot", "end__code"))
    assert ends == {("ADA", 0, "DORA"), ("ADA", 1, "CLEO")}
    assert find_placement_problems() == find_problems() == []


def test_the_same_file_again_changes_nothing():
    load(FAMILY)
    before = [list(model.objects.values()) for model in (Placement, PlacementEdge, LineEnd)]
    assert load(FAMILY).placed == 0
    assert [list(model.objects.values()) for model in (Placement, PlacementEdge, LineEnd)] == before


def test_a_file_goes_on_below_whom_it_finds():
    load(FAMILY)
    emma = make_member("emma", Member.objects.get(code="ADA"))
    place_member(
        member_id=emma.pk,
        enroller_id=Member.objects.get(code="DORA").pk,
        rule="outside",
        slot=0,
        placed_at=JOINED,
    )
    load(HEADING + "finn,ada,emma,1\ngina,finn,finn,1\nhana,ada,dora,2\n")
    ends = set(LineEnd.objects.values_list("head__code", "slot", "end__code"))
    assert ends == {("ADA", 0, "GINA"), ("ADA", 1, "CLEO"), ("DORA", 1, "HANA")}
    assert find_placement_problems() == []
    ivo = make_member("ivo", Member.objects.get(code="ADA"))
    place_member(
        member_id=ivo.pk,
        enroller_id=Member.objects.get(code="ADA").pk,
        rule="outside",
        slot=0,
        placed_at=JOINED,
    )
    assert find_placement_problems() == []


def test_who_waits_is_placed_and_waits_no_more():
    load(FAMILY)
    emma = make_member("emma", Member.objects.get(code="ADA"))
    HeldPlacement.objects.create(member=emma, enroller=emma.sponsor, since=JOINED)
    assert load(HEADING + "emma,ada,cleo,\n").placed == 1
    assert not HeldPlacement.objects.exists()
    assert find_placement_problems() == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("emma,ada,ada,1", "slot 1 below ADA is taken by BEN"),
        ("emma,ada,ada,", "all 2 slots below ADA are taken"),
        ("emma,ada,ben,3", "there is no slot 3: below a member there are 2"),
        ("emma,ada,nobody,1", "the parent NOBODY has no place"),
    ],
)
def test_a_place_that_cannot_be_had_is_named(row, reason):
    problems = refusal(FAMILY + row + "\n")
    assert list(problems) == [6]
    assert reason in problems[6]
    assert not Member.objects.exists()


def test_slots_taken_in_the_network_and_other_places_are_refused():
    load(FAMILY)
    problems = refusal(
        HEADING + "emma,ada,ada,1\ncleo,ben,dora,1\nben,ada,ada,2\nada,,ben,1\ndora,cleo,ben,1\n"
    )
    assert list(problems) == [2, 3, 4, 5]
    assert "taken by somebody of the network" in problems[2]
    assert "stands in another place already" in problems[3]


def test_a_circle_of_places_is_named():
    problems = refusal(FAMILY + "emma,ada,gina,1\nfinn,ada,emma,1\ngina,ada,finn,1\n")
    assert list(problems) == [6, 7, 8]
    assert "3 members in a circle" in problems[6]


def test_without_a_tree_places_are_refused(settings):
    settings.MLM = {**settings.MLM, "PLACEMENT": {}}
    assert "there is no placement tree" in refusal(FAMILY)[2]


@pytest.mark.parametrize(("tree", "width"), [("binary", 2), ("matrix", 3), ("line", 1)])
def test_any_tree_in_any_order_in_two_files_is_laid_out_soundly(settings, tree, width):
    settings.MLM = {**settings.MLM, "PLACEMENT": {"tree": tree, "width": width}}
    dice = random.Random(7)
    free = [("", "top")]
    lines = []
    for number in range(1, 121):
        parent, slot = free.pop(dice.randrange(len(free)))
        lines.append(f"{number},{'' if number == 1 else 1},{parent},{slot}\n")
        free += [(number, each + 1) for each in range(width)]
    first, second = lines[:60], lines[60:]
    for part in (first, second):
        dice.shuffle(part)
        load(HEADING + "".join(part))
    assert Placement.objects.count() == 120
    assert find_placement_problems() == []


def test_nobody_holds_a_place_before_the_member_above_does():
    """Dora joined first, cleo above her on the 5th, ben above both on the 8th, ada on the 3rd."""
    load(
        "member,sponsor,parent,slot,joined\nada,,,top,2026-01-03\nben,ada,ada,left,2026-01-08\n"
        "cleo,ada,ben,left,2026-01-05\ndora,ada,cleo,left,2026-01-01\n"
    )
    since = dict(PlacementEdge.objects.values_list("member__code", "since"))
    assert since["ADA"] < since["BEN"] == since["CLEO"] == since["DORA"]
    assert find_placement_problems() == []
