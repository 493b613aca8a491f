"""Each bonus on one family, with the sum worked by hand. Ada sponsors Ben, Ben Cleo, Cleo Dora."""

from decimal import Decimal

from tests.plan.networks import (
    FAMILY,
    VOLUMES,
    Line,
    carried,
    decimals,
    listed,
    paid,
    run,
    snapshot,
)

UNILEVEL = (
    VOLUMES
    + """
[statuses.active]
when = "pv >= 100"
[tables.levels]
levels = ["10%", "5%", "2%"]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 3
rate = "levels(level)"
"""
)


def test_unilevel_pays_each_level_its_rate() -> None:
    """Dora buys 200: Cleo 10 % = 20.00, Ben 5 % = 10.00, Ada 2 % = 4.00."""
    result = run(UNILEVEL, snapshot(parents=FAMILY, lines=[("dora", 200)]))
    assert paid(result, "team") == decimals(cleo="20.00", ben="10.00", ada="4.00")


def test_an_upline_that_may_not_be_paid_uses_up_the_level() -> None:
    """Cleo is not active: her 10 % is lost. Ben (100) has 5 % = 10.00, Ada (100) 2 % of 200 and 10 %
    of Ben's 100: 4.00 + 10.00."""
    plan = UNILEVEL + 'payee = "active"\n'
    frozen = snapshot(parents=FAMILY, lines=[("dora", 200), ("ben", 100), ("ada", 100)])
    result = run(plan, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(ben="10.00", ada="14.00")
    assert listed(result, result.skips["team"]) == [
        ("cleo", "dora", 1, Decimal("20.0000"), "inactive")
    ]


def test_with_compression_an_inactive_upline_uses_up_no_level() -> None:
    """Ben stands at level 1 of Dora: 10 % = 20.00; Ada at level 2: 5 % = 10.00, and 10 % of Ben's
    100 = 10.00."""
    plan = UNILEVEL + 'payee = "active"\ncompress = "active"\n'
    frozen = snapshot(parents=FAMILY, lines=[("dora", 200), ("ben", 100), ("ada", 100)])
    result = run(plan, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(ben="20.00", ada="20.00")
    assert listed(result, result.skips["team"]) == [
        ("cleo", "dora", 1, Decimal("20.0000"), "compressed")
    ]


def test_dynamic_compression_gives_each_level_to_the_first_who_may_have_it() -> None:
    """Level 1 is anybody's, level 2 needs 300 points. Dora's 100: Cleo 10 % = 10.00; Ben (50) may
    not have level 2, Ada (300) does: 5 % = 5.00. Ben's 50 pays Ada level 1: 5.00."""
    plan = UNILEVEL + 'dynamic = true\npayee = "level < 2 or payee.pv >= 300"\n'
    frozen = snapshot(parents=FAMILY, lines=[("dora", 100), ("ben", 50), ("ada", 300)])
    assert paid(run(plan, frozen), "team") == decimals(cleo="10.00", ada="10.00")


DIFFERENTIAL = (
    VOLUMES
    + """
[metrics.gv]
value = "total(pv, subtree)"
[metrics.gcv]
value = "total(cv, subtree)"
[tables.performance]
on = "gv"
steps = [[100, "3%"], [500, "6%"], [1000, "9%"]]
[bonuses.performance]
kind = "differential"
base = "cv"
rate = "performance"
group = "gcv"
"""
)


def test_the_differential_pays_everybody_the_rise_of_the_rate() -> None:
    """Dora 200 (3 %): 6.00. Cleo 200 + 400 = 600 (6 %): 24.00 on her 400 and 3 % of 200 = 6.00. Ben
    600 (6 %) brings nothing new. Ada 1,100 (9 %): 45.00 on her 500, 3 % of 600 = 18.00."""
    lines = [("dora", 200), ("cleo", 400), ("ada", 500)]
    for form in ("source", "legs", "group"):
        plan = DIFFERENTIAL + f'form = "{form}"\n'
        result = run(plan, snapshot(parents=FAMILY, lines=lines))
        assert paid(result, "performance") == decimals(dora="6.00", cleo="30.00", ada="63.00")


def test_who_is_level_with_the_leg_is_told_so() -> None:
    """Ben's 6 % is no more than what Cleo had on her own and Dora's volume."""
    lines = [("dora", 200), ("cleo", 400), ("ada", 500)]
    result = run(DIFFERENTIAL, snapshot(parents=FAMILY, lines=lines), wants_skips=True)
    reasons = {(payee, source): why for payee, source, *_rest, why in listed(
        result, result.skips["performance"])}  # fmt: skip
    assert reasons == {("ben", "cleo"): "blocked", ("ben", "dora"): "blocked"}


def test_personal_volume_is_paid_at_the_groups_rate() -> None:
    """Ada's group has 1,100 points: 9 % of her own 500 is 45.00."""
    plan = DIFFERENTIAL.replace('kind = "differential"', 'kind = "direct"').replace(
        'group = "gcv"', 'payee = "pv >= 500"'
    )
    lines = [("dora", 200), ("cleo", 400), ("ada", 500)]
    assert paid(run(plan, snapshot(parents=FAMILY, lines=lines)), "performance") == decimals(
        ada="45.00"
    )


def test_matching_pays_a_share_of_what_others_earned() -> None:
    """Dora's 1,000 brings Cleo 100.00, Ben 50.00, Ada 20.00. Ben matches Cleo at 10 %: 10.00. Ada
    matches Ben at 10 % and Cleo at 7 %: 5.00 + 7.00."""
    plan = (
        UNILEVEL
        + """
[tables.generations]
levels = ["10%", "7%"]
[bonuses.match]
kind = "matching"
of = ["team"]
generations = 2
rate = "generations(generation)"
"""
    )
    result = run(plan, snapshot(parents=FAMILY, lines=[("dora", 1000)]))
    assert paid(result, "match") == decimals(ben="10.00", ada="12.00")


def test_a_pool_is_shared_out_to_the_cent() -> None:
    """1 % of 1,000 is 10.00 for three equal shares: 3.34, 3.33, 3.33, the first by id has the cent."""
    plan = (
        VOLUMES
        + """
[bonuses.leaders]
kind = "pool"
fund = "company(cv) * 1%"
share = "1"
payee = "pv > 0"
"""
    )
    lines = [("ada", 400), ("ben", 300), ("cleo", 300)]
    result = run(plan, snapshot(parents=FAMILY, lines=lines))
    assert paid(result, "leaders") == decimals(ada="3.34", ben="3.33", cleo="3.33")


BINARY = (
    '[plan]\nid = "test"\ncurrency = "EUR"\n[trees.sponsor]\nparent = "sponsor"\n'
    '[trees.binary]\nparent = "placement"\nside = "side"\n'
    + VOLUMES
    + '[bonuses.binary]\nkind = "binary"\ntree = "binary"\nvolume = "cv"\n'
)
SIDES = {"ben": ("ada", 1), "cleo": ("ada", 2)}
THREE = {"ada": "", "ben": "ada", "cleo": "ada"}


def test_a_binary_pays_the_weaker_leg_and_carries_the_rest() -> None:
    """Left 200, right 500: 10 % of 200 is 20.00, and 300 stay on the right."""
    frozen = snapshot(parents=THREE, placement=SIDES, lines=[("ben", 200), ("cleo", 500)])
    result = run(BINARY + 'rate = "10%"\n', frozen)
    assert paid(result, "binary") == decimals(ada="20.00")
    assert carried(result) == [("ada", "2", "2026-01-31", Decimal(300))]


def test_what_was_carried_is_matched_in_the_next_period() -> None:
    """400 new on the left, 100 new and 300 carried on the right: 10 % of 400, nothing stays."""
    carry = [("ada", "binary", 2, 300)]
    lines = [("ben", 400), ("cleo", 100)]
    frozen = snapshot(parents=THREE, placement=SIDES, lines=lines, carry=carry)
    result = run(BINARY + 'rate = "10%"\n', frozen)
    assert paid(result, "binary") == decimals(ada="40.00")
    assert carried(result) == []


def test_cycles_take_their_volume_from_both_legs() -> None:
    """1,000 and 400 in cycles of 200 and 200: two cycles of 20.00; 600 stay on the left."""
    frozen = snapshot(parents=THREE, placement=SIDES, lines=[("ben", 1000), ("cleo", 400)])
    plan = BINARY + 'unit = "cycles"\ncycle = [200, 200]\npay = "20"\n'
    result = run(plan, frozen)
    assert paid(result, "binary") == decimals(ada="40.00")
    assert carried(result) == [("ada", "1", "2026-01-31", Decimal(600))]


def test_generations_roll_up_past_a_leader_who_may_not_be_paid() -> None:
    """Ada, Ben and Cleo lead, Ben may not be paid. Cleo's group has 300 + 100 (Dora): 5 % = 20.00 for
    Ada as generation 1."""
    plan = (
        VOLUMES
        + """
[tables.generations]
levels = ["5%", "3%"]
[bonuses.leaders]
kind = "generation"
base = "cv"
boundary = "member.leader == 'yes'"
payee = "payee.paid == 'yes'"
generations = 2
rate = "generations(generation)"
"""
    )
    columns = {"leader": ["yes", "yes", "yes", "no"], "paid": ["yes", "no", "yes", "yes"]}
    lines = [("cleo", 300), ("dora", 100)]
    frozen = snapshot(parents=FAMILY, lines=lines, columns=columns)
    assert paid(run(plan, frozen), "leaders") == decimals(ada="20.00")
    kept = run(plan + "rolls_up = false\n", frozen)
    # Ben keeps his generation and loses it; Ada has the second: 3 % of 400.
    assert paid(kept, "leaders") == decimals(ada="12.00")


def test_a_company_cap_takes_from_all_in_proportion_to_the_cent() -> None:
    """34.00 are due (20, 10, 4), 17 % of 100 may go out: 10.00, 5.00, 2.00."""
    plan = UNILEVEL + '[limits.all]\nscope = "company"\nmost = "17"\n'
    result = run(plan, snapshot(parents=FAMILY, lines=[("dora", 200)]))
    assert paid(result, "team") == decimals(cleo="10.00", ben="5.00", ada="2.00")


DIFFERENCE = (
    VOLUMES
    + """
[tables.share]
steps = [[1, "5%"], [100, "8%"], [300, "12%"]]
[bonuses.rise]
kind = "differential"
base = "cv"
rate = "share(pv)"
reserve = "2%"
"""
)


def test_what_is_reserved_stays_with_a_first_upline_that_earns_no_difference() -> None:
    """Dora's 100: own 8 % = 8.00. Cleo (50: 5 %) earns no difference, 2 % stay with her: 10 % are
    gone. Ben (100: 8 %) has no more either; Ada (300: 12 %) has 12 − 10 = 2 %: 2.00. Cleo's own 50
    pay 2.50; Ben (8 %) has 3 % = 1.50, so nothing is reserved, and Ada 4 % = 2.00. Ben's own 100
    pay 8.00 and Ada 4 % = 4.00; Ada's own 300 pay 36.00."""
    lines: list[Line] = [("dora", 100), ("cleo", 50), ("ben", 100), ("ada", 300)]
    result = run(DIFFERENCE, snapshot(parents=FAMILY, lines=lines), wants_skips=True)
    assert paid(result, "rise") == decimals(dora="8.00", cleo="2.50", ben="9.50", ada="44.00")


def test_what_is_reserved_for_some_comes_off_their_own_difference_and_of_all_above() -> None:
    """Cleo's 50: own 2.50. Kept back for Ben whatever he earns: 5 + 2 = 7 % are gone, he has the
    3 % of his difference = 1.50 and Ada 12 − 10 = 2 %: 1.00. Ben's 100: 8.00, Ada 4.00 of them;
    Ada's 300: 36.00."""
    plan = DIFFERENCE + "reserve_when = \"member.first == 'yes'\"\n"
    frozen = snapshot(
        parents=FAMILY,
        lines=[("cleo", 50), ("ben", 100), ("ada", 300)],
        columns={"first": ["no", "yes", "no", "no"]},
    )
    assert paid(run(plan, frozen), "rise") == decimals(cleo="2.50", ben="9.50", ada="41.00")


BINARY_OF_QUALIFIED = """
[trees.binary]
parent = "placement"
side = "side"
[volumes.cv]
of = "line.cv"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
payee = "member.qualified == 'yes'"
"""
UNQUALIFIED = snapshot(
    parents={"ada": "", "ben": "ada", "cleo": "ada"},
    lines=[("ben", 100), ("cleo", 60)],
    columns={"qualified": ["no", "no", "no"]},
    placement={"ben": ("ada", 1), "cleo": ("ada", 2)},
)


def test_the_legs_of_who_may_not_be_paid_can_be_lost() -> None:
    """Ada may not be paid: 100 and 60 in her legs are carried, or lost where the plan says so."""
    kept = [row[:2] + row[3:] for row in carried(run(BINARY_OF_QUALIFIED, UNQUALIFIED))]
    assert kept == [("ada", "1", Decimal(100)), ("ada", "2", Decimal(60))]
    assert carried(run(BINARY_OF_QUALIFIED + 'unqualified = "flush"\n', UNQUALIFIED)) == []


def test_what_is_matched_can_be_netted_off_for_the_unqualified_too() -> None:
    """60 of each leg would have been matched: Ada is paid nothing, and 40 stay on the left."""
    plan = BINARY_OF_QUALIFIED + 'unqualified = "net"\n'
    result = run(plan, UNQUALIFIED)
    assert paid(result, "legs") == {}
    kept = [row[:2] + row[3:] for row in carried(result)]
    assert kept == [("ada", "1", Decimal(40))]
