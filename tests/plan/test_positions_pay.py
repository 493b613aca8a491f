"""Matrix, boards, X-up, legs without the strongest: each on a few members, with the sum by hand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.snapshot import Snapshot
from tests.plan.networks import (
    FAMILY,
    HEAD,
    SPONSOR,
    VOLUMES,
    Line,
    carried,
    decimals,
    listed,
    paid,
    run,
    snapshot,
)


def after(earlier: Result, frozen: Snapshot) -> Snapshot:
    """A snapshot that goes on from what an earlier result left."""
    return replace(frozen, earlier=replace(frozen.earlier, state=earlier.state))


MATRIX = (
    VOLUMES
    + """
[trees.binary]
parent = "placement"
side = "side"
width = 2
[tables.amounts]
levels = [10, 30]
[bonuses.full]
kind = "completion"
tree = "binary"
levels = 2
volume = "cv"
pay = "amounts(level)"
"""
)
PLACES = {
    "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "eve": ("ben", 2),
    "finn": ("cleo", 1), "gus": ("cleo", 2),
}  # fmt: skip
SEVEN = {"ada": "", **dict.fromkeys(PLACES, "ada")}


def test_a_full_level_is_paid() -> None:
    """Ben and Cleo fill Ada's first level: 10. Of the second level three have volume, not four. Below
    Ben both have: 10. Below Cleo only Finn."""
    lines = [(who, 5) for who in ("ben", "cleo", "dora", "eve", "finn")]
    result = run(MATRIX, snapshot(parents=SEVEN, lines=lines, placement=PLACES))
    assert paid(result, "full") == decimals(ada=10, ben=10)


def test_a_full_level_is_paid_once() -> None:
    """Ada was paid for level 1 before; with Gus her second is full as well: 30. Cleo's first: 10."""
    lines = [(who, 5) for who in PLACES]
    first = run(MATRIX, snapshot(parents=SEVEN, lines=lines[:5], placement=PLACES))
    frozen = after(first, snapshot(parents=SEVEN, lines=lines, placement=PLACES))
    result = run(MATRIX, frozen, wants_skips=True)
    assert paid(result, "full") == decimals(ada=30, cleo=10)
    assert ("ada", "ada", 1, Decimal(10), "paid_before") in listed(result, result.skips["full"])
    again = run(MATRIX + "repeats = true\n", frozen)
    assert paid(again, "full") == decimals(ada=40, ben=10, cleo=10)


def test_completion_needs_a_width() -> None:
    with pytest.raises(PlanError, match="needs a width to have full levels"):
        load_plan(HEAD + MATRIX.replace("width = 2\n", ""))


HOLES = (
    MATRIX.replace('tree = "binary"\nlevels', 'tree = "present"\nlevels')
    + """
[views.present]
of = "binary"
keep = "member.status != 'left'"
promote = true
"""
)


def test_who_leaves_is_followed_by_the_first_below() -> None:
    """Ben left: Dora takes his place with Eve below her, and nobody takes hers. So Ada's first level is
    Dora and Cleo: 10. Below Dora stands Eve alone; below Cleo Finn and Gus: 10."""
    status = ["left" if who == "ben" else "" for who in SEVEN]
    lines = [(who, 5) for who in PLACES if who != "ben"]
    frozen = snapshot(parents=SEVEN, lines=lines, placement=PLACES, columns={"status": status})
    result = run(HOLES, frozen)
    assert paid(result, "full") == decimals(ada=10, cleo=10)
    tree, ids = result.computation.tree("present"), list(SEVEN)
    below = {
        who: ids[above] if above >= 0 else "" for who, above in zip(ids, tree.parent, strict=True)
    }
    assert below == {
        "ada": "", "ben": "ada", "cleo": "ada", "dora": "ada", "eve": "dora", "finn": "cleo",
        "gus": "cleo",
    }  # fmt: skip
    assert tree.side is not None
    assert dict(zip(ids, tree.side.tolist(), strict=True)) == {
        "ada": -1, "ben": -1, "cleo": 1, "dora": 0, "eve": 1, "finn": 0, "gus": 1,
    }  # fmt: skip


def test_two_holes_above_each_other_are_filled_from_below() -> None:
    """Ada and Ben left. First Dora takes Ben's place; then she takes Ada's, and Eve hers."""
    status = ["left" if who in ("ada", "ben") else "" for who in SEVEN]
    lines = [(who, 5) for who in ("cleo", "dora", "eve", "finn", "gus")]
    frozen = snapshot(parents=SEVEN, lines=lines, placement=PLACES, columns={"status": status})
    result = run(HOLES, frozen)
    tree, ids = result.computation.tree("present"), list(SEVEN)
    below = {
        who: ids[above] if above >= 0 else "" for who, above in zip(ids, tree.parent, strict=True)
    }
    assert [below[who] for who in ("dora", "eve", "cleo", "finn", "gus")] == [
        "", "dora", "dora", "cleo", "cleo",
    ]  # fmt: skip
    assert paid(result, "full") == decimals(dora=10, cleo=10)


BOARD = (
    VOLUMES
    + """
[bonuses.board]
kind = "board"
entries = "cv"
seat = 100
height = 1
pay = "50"
"""
)


def test_a_board_seats_whole_prices_in_the_order_of_purchase() -> None:
    """Three seats a board. Ada buys two (250), Ben one: Ada (top) cycles out, 50, and takes a seat below
    herself, whose board was made first: Ada, Ada. Cleo fills that: Ada cycles again, 50."""
    lines = [("ada", 250), ("ben", 100), ("cleo", 100), ("dora", 99)]
    result = run(BOARD, snapshot(parents=FAMILY, lines=lines))
    assert paid(result, "board") == decimals(ada=100)
    assert listed(result, result.awards["board"]) == [
        ("ada", "ben", 0, Decimal(50), "paid"), ("ada", "cleo", 0, Decimal(50), "paid"),
    ]  # fmt: skip
    assert {(who, board) for who, board, _day, _seat in carried(result)} == {
        ("ben", "3"), ("ada", "3"), ("ada", "4"), ("cleo", "5"),
    }  # fmt: skip


def test_a_board_without_re_entry_leaves_the_top_out() -> None:
    plan = BOARD + "re_entry = false\n"
    result = run(plan, snapshot(parents=FAMILY, lines=[("ada", 100), ("ben", 100), ("cleo", 100)]))
    assert paid(result, "board") == decimals(ada=50)
    assert {who for who, *_rest in carried(result)} == {"ben", "cleo"}


def test_a_seat_can_follow_the_sponsor() -> None:
    """Ada and Ben, then Cleo fills: boards of Ben (2) and Cleo (3). Dora is Cleo's, so she sits below
    Cleo and not on the older board."""
    plan = BOARD + 're_entry = false\nenter = "sponsor"\n'
    lines = [(who, 100) for who in FAMILY]
    result = run(plan, snapshot(parents=FAMILY, lines=lines))
    boards = {who: board for who, board, _day, _seat in carried(result)}
    assert boards["dora"] == boards["cleo"] != boards["ben"]


def test_what_was_given_back_buys_no_seat() -> None:
    """Ada gave her order back in the same month: Ben sits on top."""
    lines = [("ada", 100), ("ada", -100), ("ben", 100)]
    frozen = snapshot(parents=FAMILY, lines=lines)
    refunds = replace(frozen.lines, refund_of=np.array([-1, 0, -1]))
    for plan in (BOARD, BOARD.replace("seat = 100\n", "")):
        result = run(plan, replace(frozen, lines=refunds))
        assert [who for who, *_rest in carried(result)] == ["ben"]


def test_no_seat_without_cv() -> None:
    """A fee has no CV: nobody sits down, nobody is paid."""
    plan = BOARD.replace('entries = "cv"', 'entries = "pv"')
    lines = [(who, 100, 0) for who in FAMILY]
    result = run(plan, snapshot(parents=FAMILY, lines=lines))
    assert (paid(result, "board"), carried(result)) == ({}, [])


def test_seats_are_bought_by_lines_of_a_volume() -> None:
    plan = HEAD + SPONSOR + BOARD.replace('entries = "cv"', 'entries = "enrolments"')
    with pytest.raises(PlanError, match="never by joining or a fee"):
        load_plan(plan)


def test_a_seat_costs_something() -> None:
    with pytest.raises(PlanError, match=r"bonuses\.board\.seat"):
        load_plan(HEAD + SPONSOR + BOARD.replace("seat = 100", "seat = 0"))


X_UP = (
    VOLUMES
    + """
[trees.paid_by]
parent = "sponsor"
pass_up = 1
[bonuses.sale]
kind = "unilevel"
tree = "paid_by"
base = "cv"
levels = 1
rate = "50%"
"""
)


def enrolled(parents: dict[str, str], lines: Sequence[Line]) -> Snapshot:
    """A network whose second tree, with passing up, has the sponsors as parents as well."""
    frozen = snapshot(parents=parents, lines=lines)
    trees = dict(frozen.positions.parents)
    trees["paid_by"] = trees["sponsor"]
    return replace(frozen, positions=replace(frozen.positions, parents=trees))


def test_the_first_sale_is_passed_up() -> None:
    """Ben enrolled Cleo and Eve; Eve paid first (her order has the lower number), so she goes to Ada
    and Cleo stays Ben's. Cleo's first, Dora, goes to Cleo's upline Ben. Ben is Ada's, who has nobody
    above and passes up nobody. Shares of 50 %: Eve's 100 and Ben's 40 to Ada, 70.00; Cleo's 60 and
    Dora's 20 to Ben, 40.00."""
    parents = {**FAMILY, "eve": "ben"}
    lines = [("eve", 100), ("cleo", 60), ("dora", 20), ("ben", 40)]
    result = run(X_UP, enrolled(parents, lines))
    assert paid(result, "sale") == decimals(ada=70, ben=40)


def test_who_stands_first_in_the_file_passes_up_as_others_do() -> None:
    """Zoe enrolled Ada, Ada Ben: his sale is Zoe's. Without Zoe it is Ada's, who has nobody above."""
    lines: list[Line] = [("ben", 100)]
    passed = run(X_UP, enrolled({"ada": "zoe", "ben": "ada", "zoe": ""}, lines))
    assert paid(passed, "sale") == decimals(zoe=50)
    assert paid(run(X_UP, enrolled({"ada": "", "ben": "ada"}, lines)), "sale") == decimals(ada=50)
    other = run(
        X_UP, enrolled({"ada": "zoe", "ben": "", "cleo": "ada", "zoe": ""}, [("cleo", 100)])
    )
    assert paid(other, "sale") == decimals(zoe=50)


def test_who_was_passed_up_stays_so() -> None:
    """Eve was passed up in the period before, so Cleo, who pays first now, is the second."""
    parents = {**FAMILY, "eve": "ben"}
    first = run(X_UP, enrolled(parents, [("eve", 100)]))
    lines = [("cleo", 60), ("eve", 100)]
    result = run(X_UP, after(first, enrolled(parents, lines)))
    assert paid(result, "sale") == decimals(ada=50, ben=30)


@pytest.mark.parametrize(("days_after", "passed"), [(0, ["cleo"]), (1, [])])
def test_a_sale_counts_to_the_last_day(days_after: int, passed: list[str]) -> None:
    """On the last day Cleo is the first who paid below Ben; a day later she has not paid yet."""
    frozen = enrolled(FAMILY, [("cleo", 60)])
    day = np.array([frozen.period.days[1] + days_after])
    result = run(X_UP, replace(frozen, lines=replace(frozen.lines, day=day)))
    assert [who for who, *_rest in carried(result)] == passed


def test_a_line_of_passed_up_members_leads_past_all_of_them() -> None:
    """Each one's first enrolee is passed up, so Dora goes past Cleo, who went past Ben, to Ada."""
    result = run(X_UP, enrolled(FAMILY, [(who, 100) for who in FAMILY]))
    assert paid(result, "sale") == decimals(ada=150)


LEGS = (
    VOLUMES
    + """
[bonuses.legs]
kind = "pay_legs"
rate = "10%"
most_per_leg = "300"
"""
)
THREE_LEGS = {"ada": "", "ben": "ada", "cleo": "ada", "dora": "ada"}


def test_the_strongest_leg_is_not_paid_on() -> None:
    """Ben's 1,000 is the power leg. Cleo's 400 counts with 300, Dora's 50 whole: 10 % of 350 = 35.00.
    What is not used stays: Ben 1,000, Cleo 100."""
    lines = [("ben", 1000), ("cleo", 400), ("dora", 50)]
    result = run(LEGS, snapshot(parents=THREE_LEGS, lines=lines))
    assert paid(result, "legs") == decimals(ada=35)
    assert [(who, volume) for who, _leg, _day, volume in carried(result)] == [
        ("ben", 1000), ("cleo", 100),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("uses", "left"), [("balance", [("ben", 650), ("cleo", 100)]), ("all", [])]
)
def test_what_a_leg_bonus_uses_up(uses: str, left: list[tuple[str, int]]) -> None:
    """350 was paid on: the power leg loses as much with `balance`, all legs everything with `all`."""
    lines = [("ben", 1000), ("cleo", 400), ("dora", 50)]
    result = run(LEGS + f'uses = "{uses}"\n', snapshot(parents=THREE_LEGS, lines=lines))
    assert [(who, volume) for who, _leg, _day, volume in carried(result)] == left


def test_a_leg_bonus_goes_on_with_what_was_left_and_is_bounded() -> None:
    """Ben's 1,000 and Cleo's 100 were left. Now Cleo and Dora buy 200 each: 300 and 200 are paid on,
    10 % of 500 = 50.00, bounded to 20.00."""
    first = run(LEGS, snapshot(parents=THREE_LEGS, lines=[("ben", 1000), ("cleo", 400)]))
    lines = [("cleo", 200), ("dora", 200)]
    frozen = after(first, snapshot(parents=THREE_LEGS, lines=lines))
    assert paid(run(LEGS, frozen), "legs") == decimals(ada=50)
    bounded = run(LEGS + 'most = "20"\n', frozen)
    assert paid(bounded, "legs") == decimals(ada=20)
    assert bounded.awards["legs"].reasons[-1].code == "cap"


def test_a_leg_alone_is_not_used_up() -> None:
    """Ben's leg is the power leg and there is no other: nothing is paid, so nothing is used."""
    result = run(LEGS + 'uses = "all"\n', snapshot(parents=THREE_LEGS, lines=[("ben", 1000)]))
    assert [(who, volume) for who, _leg, _day, volume in carried(result)] == [("ben", 1000)]


def test_a_trinary_pays_on_the_smallest_of_three_legs() -> None:
    """1,000, 400 and 50, and a fourth leg of 20 that does not count: 10 % of 50 = 5.00. Each of the three
    loses 50. With two legs there is no third: nothing is paid and nothing used up."""
    plan = LEGS.replace('most_per_leg = "300"', "smallest_of = 3")
    parents = {**THREE_LEGS, "eve": "ada"}
    lines = [("ben", 1000), ("cleo", 400), ("dora", 50), ("eve", 20)]
    result = run(plan, snapshot(parents=parents, lines=lines))
    assert paid(result, "legs") == decimals(ada=5)
    assert [(who, volume) for who, _leg, _day, volume in carried(result)] == [
        ("ben", 950), ("cleo", 350), ("eve", 20),
    ]  # fmt: skip
    two = run(plan, snapshot(parents={"ada": "", "ben": "ada", "cleo": "ada"}, lines=lines[:2]))
    assert (paid(two, "legs"), len(carried(two))) == ({}, 2)


def test_who_may_not_be_paid_uses_nothing_up() -> None:
    lines = [("ben", 100), ("cleo", 50)]
    result = run(LEGS + 'payee = "pv >= 1"\n', snapshot(parents=THREE_LEGS, lines=lines))
    assert paid(result, "legs") == {}
    assert [(who, volume) for who, _leg, _day, volume in carried(result)] == [
        ("ben", 100), ("cleo", 50),
    ]  # fmt: skip
