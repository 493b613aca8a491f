"""Legal safeguards before the bonuses: who and what is not paid, and how it is told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import (
    FAMILY,
    HEAD,
    SPONSOR,
    VOLUMES,
    Line,
    decimals,
    paid,
    run,
    snapshot,
    texts,
)
from tests.plan.test_skips import of

TEAM = (
    VOLUMES
    + """
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 3
rate = "5%"
"""
)
# A family where everybody is bought for: Dora 3,000 by customers and 2,400 by herself.
LEGAL_LINES: list[Line] = [("dora", 3000, 3000, "retail"), ("dora", 2400, 2400, "self")]


def test_own_use_is_paid_up_to_half_of_what_customers_bought() -> None:
    """The worked example of the safeguards: C = 3,000, O = 2,400, 5 %: min(2,400, 3,000 / 2) = 1,500
    of own use counts, so 225.00 instead of 270.00."""
    plan = TEAM + '[guards.herbalife]\nkind = "own_use_share"\n'
    frozen = snapshot(parents=FAMILY, lines=LEGAL_LINES)
    assert paid(run(TEAM, frozen), "team")["cleo"] == Decimal("270.00")
    assert paid(run(plan, frozen), "team") == decimals(cleo="225.00", ben="225.00", ada="225.00")
    assert ("cleo", "dora", 1, "guard:herbalife", "45.00") in of(plan, frozen)


def test_own_use_is_counted_over_all_sources_of_a_payee() -> None:
    """Cleo has 100 of Dora's customers and 80 of Eve's own use: 50 of it counts; 5 % is 7.50."""
    plan = TEAM.replace("levels = 3", "levels = 1") + '[guards.share]\nkind = "own_use_share"\n'
    parents = {**FAMILY, "eve": "cleo"}
    lines: list[Line] = [("dora", 100, 100, "preferred"), ("eve", 80)]
    frozen = snapshot(parents=parents, lines=lines)
    assert paid(run(plan, frozen), "team") == decimals(cleo="7.50")
    assert of(plan, frozen) == [("cleo", "eve", 1, "guard:share", "1.50")]


def test_own_use_by_legs_is_cut_in_the_same_way() -> None:
    plan = (
        VOLUMES
        + """
[guards.share]
kind = "own_use_share"
[bonuses.team]
kind = "differential"
form = "legs"
base = "cv"
rate = '5% if member.leader == "yes" else 0'
group = "total(cv, subtree)"
"""
    )
    columns = {"leader": ["yes", "no", "no", "no"]}
    frozen = snapshot(parents=FAMILY, lines=LEGAL_LINES, columns=columns)
    assert paid(run(plan, frozen), "team") == decimals(ada="225.00")


def test_own_purchases_are_paid_on_up_to_a_limit_per_member() -> None:
    """At most 200 of Dora's own 150 + 100 count, the second line for 50; Cleo's 60 counts whole."""
    plan = TEAM + '[guards.own]\nkind = "own_use_limit"\nmost = 200\n'
    lines: list[Line] = [
        ("dora", 150), ("dora", 100), ("dora", 500, 500, "retail"), ("cleo", 60),
    ]  # fmt: skip
    frozen = snapshot(parents=FAMILY, lines=lines)
    assert paid(run(plan, frozen), "team") == decimals(cleo="35.00", ben="38.00", ada="38.00")


@pytest.mark.parametrize(
    ("bought", "refund_of", "paid_on"),
    [
        # 150 of 300 are left, and less than the limit.
        ([300, -150], [-1, 0], 150),
        # 150 of the first line and 50 of the second.
        ([300, 100, -150], [-1, -1, 0], 200),
        # The first line whole, and 100 of the 150 that are left of the second.
        ([100, 300, -150], [-1, -1, 1], 200),
        # Nothing is left of the line that used the limit up.
        ([300, 60, -300], [-1, -1, 0], 60),
    ],
)
def test_what_came_back_uses_up_no_limit_of_own_use(
    bought: list[int], refund_of: list[int], paid_on: int
) -> None:
    """At most 200 of Dora's own purchases are paid on, at 5 %."""
    plan = TEAM + '[guards.own]\nkind = "own_use_limit"\nmost = 200\n'
    frozen = snapshot(parents=FAMILY, lines=[("dora", each) for each in bought])
    frozen = replace(frozen, lines=replace(frozen.lines, refund_of=np.array(refund_of)))
    assert paid(run(plan, frozen), "team")["cleo"] == Decimal(paid_on) / 20


def test_the_paid_part_of_a_line_is_rounded_to_the_nearest() -> None:
    """One of three units of the price is paid on: 0.33 of a CV of 1.00; two of three are 0.67."""
    frozen = snapshot(parents=FAMILY, lines=[("dora", 3, 1)])
    for most, base in (("1", "0.33"), ("2", "0.67"), ("1.5", "0.50")):
        plan = TEAM.replace("5%", "100%") + (
            f'[guards.own]\nkind = "own_use_limit"\nmost = {most}\nof = "line.pv"\n'
        )
        assert paid(run(plan, frozen), "team")["cleo"] == Decimal(base)


@pytest.mark.parametrize("most", [(100, 200), (200, 100)])
def test_of_two_limits_of_own_use_the_lower_one_counts(most: tuple[int, int]) -> None:
    """100 of 300 at 5 %, whichever limit stands first."""
    plan = TEAM + "".join(
        f'[guards.own_{each}]\nkind = "own_use_limit"\nmost = {each}\n' for each in most
    )
    frozen = snapshot(parents=FAMILY, lines=[("dora", 300)])
    assert paid(run(plan, frozen), "team")["cleo"] == Decimal("5.00")


def test_a_refund_is_rewardable_as_its_sale_is() -> None:
    """Dora's verified 100 come back whole, and of the other 80, never paid on, 30; no refund has a
    receipt of its own. Of what is left only 60 were verified."""
    plan = TEAM + '[guards.proven]\nkind = "line"\nwhen = \'line.receipt == "yes"\'\n'
    frozen = snapshot(
        parents=FAMILY,
        lines=[("dora", 100), ("dora", 80), ("dora", 60), ("dora", -100), ("dora", -30)],
    )
    lines = replace(
        frozen.lines, refund_of=np.array([-1, -1, -1, 0, 1]),
        texts={"receipt": texts(["yes", "no", "yes", "", ""])},
    )  # fmt: skip
    assert paid(run(plan, replace(frozen, lines=lines)), "team")["cleo"] == Decimal("3.00")


def test_lines_that_are_not_rewardable_qualify_but_are_not_paid_on() -> None:
    """Dora's own line is blocked: 5 % of the customer's 50 is paid, yet Dora stays active."""
    plan = (
        TEAM
        + """
[guards.proven]
kind = "line"
when = 'line.buyer != "self"'
[bonuses.own]
kind = "direct"
base = "cv"
rate = "10%"
payee = "pv >= 100"
"""
    )
    frozen = snapshot(parents=FAMILY, lines=[("dora", 90), ("dora", 50, 50, "retail")])
    result = run(plan, frozen)
    assert paid(result, "team")["cleo"] == Decimal("2.50")
    assert paid(result, "own") == decimals(dora="5.00")


def test_a_line_without_cv_is_never_paid_on() -> None:
    """A pack counted by the head: with CV it brings 20.00, without it nothing."""
    plan = (
        VOLUMES
        + """
[volumes.heads]
of = "1"
[bonuses.team]
kind = "unilevel"
base = "heads"
peg = "20"
levels = 1
rate = "100%"
"""
    )
    sold = snapshot(parents=FAMILY, lines=[("dora", 100)])
    assert paid(run(plan, sold), "team") == decimals(cleo="20.00")
    unsold = snapshot(parents=FAMILY, lines=[("dora", 100, 0)])
    assert paid(run(plan, unsold), "team") == {}


HEADS = (
    VOLUMES
    + """
[bonuses.team]
kind = "unilevel"
base = "50"
levels = 2
rate = "100%"
"""
)


@pytest.mark.parametrize(
    "bonus",
    [
        'kind = "unilevel"\nbase = "50"\nlevels = 2\nrate = "100%"',
        'kind = "unilevel"\nbase = "50 if pv >= 0 else 0"\nlevels = 2\nrate = "100%"',
        'kind = "direct"\nbase = "if_leader"\nrate = "100%"',
        'kind = "pool"\nfund = "1000"\nshare = "1"',
        'kind = "one_time"\nwhen = "True"\namount = "100"',
        'kind = "generation"\nbase = "1"\nboundary = "True"\ngenerations = 2\nrate = "100"',
        'kind = "infinity"\nbase = "1"\nrate = "100"',
        'kind = "differential"\nbase = "100"\nrate = "10%"',
    ],
)
def test_without_a_sold_line_nothing_is_paid_whatever_the_plan_says(bonus: str) -> None:
    plan = VOLUMES + f'[metrics.if_leader]\nvalue = "10"\n[bonuses.team]\n{bonus}\n'
    bare = snapshot(parents=FAMILY, lines=[])
    assert paid(run(plan, bare), "team") == {}
    assert sum(paid(run(plan, snapshot(parents=FAMILY, lines=[("dora", 1)])), "team").values())


def test_heads_are_paid_where_their_own_branch_sold_something() -> None:
    """Eve bought nothing: Ada and Cleo are not paid for her. Dora's line stands behind Dora, Cleo and
    Ben."""
    frozen = snapshot(parents={**FAMILY, "eve": "cleo"}, lines=[("dora", 1)])
    assert paid(run(HEADS, frozen), "team") == decimals(ada="100.00", ben="100.00", cleo="50.00")
    assert of(HEADS, frozen) == [
        ("ben", "eve", 2, "no_sale:", "50.00"), ("cleo", "eve", 1, "no_sale:", "50.00"),
    ]  # fmt: skip


SHARES: list[tuple[str, list[Line], dict[str, Decimal]]] = [
    # The majority must come from customers in the payee's own group: 60 of 110 for Cleo and Ben,
    # 60 of 130 with Ada's own 20.
    (
        'kind = "customer_share"\nvolume = "cv"',
        [("dora", 60, 60, "retail"), ("dora", 50), ("ada", 20)],
        decimals(cleo="5.50", ben="5.50"),
    ),
    # Exactly half is no majority, but it is a half.
    ('kind = "customer_share"\nvolume = "cv"', [("dora", 50, 50, "retail"), ("dora", 50)], {}),
    (
        'kind = "customer_share"\nvolume = "cv"\nmore_than = false',
        [("dora", 50, 50, "retail"), ("dora", 50)],
        decimals(cleo="5.00", ben="5.00", ada="5.00"),
    ),
    # Of the company: 60 of 130 is less than a half, nobody is paid.
    (
        'kind = "customer_share"\nvolume = "cv"\nscope = "company"',
        [("dora", 60, 60, "retail"), ("dora", 50), ("ada", 20)],
        {},
    ),
    # Used or sold on: Ada 70 of 100, Ben 69 of 100, Cleo bought nothing.
    (
        'kind = "sold_share"\nsold = "pv.customers"\nbought = "pv"',
        [("dora", 100), ("ada", 30), ("ada", 70, 0, "retail"), ("ben", 31),
         ("ben", 69, 0, "retail")],
        decimals(cleo="5.00", ada="6.55"),
    ),
    ('kind = "levels"\nmost = 1', [("dora", 100)], decimals(cleo="5.00")),
    # 30 % of own sales to customers: 12.00 for Cleo at most, which 5 % of 1,000 exceeds.
    (
        'kind = "pay_share"\nof = "cv.customers"\nmost = "30%"',
        [("dora", 1000), ("cleo", 40, 40, "retail")],
        decimals(cleo="12.00"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("guard", "lines", "expected"), SHARES)
def test_safeguards_on_payees(guard: str, lines: list[Line], expected: dict[str, Decimal]) -> None:
    plan = TEAM + f"[guards.law]\n{guard}\n"
    frozen = snapshot(parents=FAMILY, lines=lines)
    assert paid(run(plan, frozen), "team") == expected
    full = paid(run(TEAM, frozen), "team")
    lost = {skip[0] for skip in of(plan, frozen) if skip[3] in ("guard:law", "limit:law")}
    assert lost == {who for who, amount in full.items() if amount != expected.get(who)}


def test_all_bonuses_together_are_bounded_by_own_sales() -> None:
    """30 % of Cleo's own 40 is 12.00: 10 % on Dora's 100 takes 10.00, the second bonus has 2.00 left."""
    plan = (
        TEAM.replace('rate = "5%"', 'rate = "10%"')
        + """
[bonuses.more]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
[guards.third]
kind = "pay_share"
of = "cv.customers"
most = "30%"
"""
    )
    frozen = snapshot(parents=FAMILY, lines=[("dora", 100), ("cleo", 40, 40, "retail")])
    result = run(plan, frozen)
    assert paid(result, "team") == decimals(cleo="10.00")
    assert paid(result, "more") == decimals(cleo="2.00")


def test_ten_customers_or_enough_volume_of_customers() -> None:
    """Cleo has two customers and 50 of their volume, Ben one and 10, Ada none: three would do."""
    plan = (
        TEAM
        + """
[counts.customers]
distinct = "order"
where = 'line.buyer != "self"'
[guards.ten]
kind = "customers"
count = "customers"
least = 3
volume = "pv"
least_volume = 50
"""
    )
    lines: list[Line] = [
        ("dora", 100), ("cleo", 30, 0, "retail"), ("cleo", 20, 0, "retail"), ("ben", 10, 0, "retail"),
        *[("ada", 1, 0, "retail")] * 3,
    ]  # fmt: skip
    frozen = snapshot(parents=FAMILY, lines=lines)
    assert paid(run(plan, frozen), "team") == decimals(cleo="5.00", ada="5.00")


@pytest.mark.parametrize(
    ("dates", "held"),
    [
        ("first = 2026-01-31", True), ("first = 2026-02-01", False),
        ("until = 2026-01-01", True), ("until = 2025-12-31", False),
        ("applies = 'member.market == \"CN\"'", True), ("applies = 'member.market == \"RU\"'", False),
        ('bonuses = ["other"]', False),
    ],
)  # fmt: skip
def test_a_guard_holds_for_its_days_members_and_bonuses(dates: str, held: bool) -> None:
    more = '[bonuses.other]\nkind = "direct"\nbase = "cv"\nrate = "1%"\n'
    plan = TEAM + more + f'[guards.law]\nkind = "levels"\nmost = 0\n{dates}\n'
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 100)], columns={"market": ["CN", "CN", "CN", "CN"]}
    )
    assert bool(paid(run(plan, frozen), "team")) is not held


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ('kind = "payee"', "guards.law.when: Field required"),
        ('kind = "payee"\nwhen = "cw > 1"', "guards.law.when: “cw”: there is no such name"),
        ('kind = "levels"\nmost = 1\nbonuses = ["tea"]', "guards.law.bonuses: there is no bonus “tea”"),
        ('kind = "customer_share"\nvolume = "gv"', "guards.law.volume: there is no volume “gv”"),
        ('kind = "line"\nwhen = "pv > 1"', "guards.law.when: “pv”: there is no such name"),
    ],
)  # fmt: skip
def test_a_wrong_guard_names_its_place(guard: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + TEAM + f"[guards.law]\n{guard}\n")


def test_who_is_blocked_loses_the_level_or_is_passed_over() -> None:
    """Cleo is blocked. Levels to the first who may have them: Ben takes level 1, Ada level 2."""
    guard: dict[str, Any] = {"columns": {"blocked": ["no", "no", "yes", "no"]}}
    plan = TEAM + '[guards.law]\nkind = "payee"\nwhen = \'member.blocked == "no"\'\n'
    plan = plan.replace('rate = "5%"', 'rate = "0.05 / level"')
    frozen = snapshot(parents=FAMILY, lines=[("dora", 300)], **guard)
    assert paid(run(plan, frozen), "team") == decimals(ben="7.50", ada="5.00")
    dynamic = plan.replace("levels = 3", "levels = 3\ndynamic = true")
    assert paid(run(dynamic, frozen), "team") == decimals(ben="15.00", ada="7.50")
