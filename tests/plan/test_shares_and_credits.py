"""Pools, overrides with a minimum, hosts, cars, pegs, bounds per position: the sum by hand each."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.pegs import NoPeg
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.snapshot import Snapshot
from tests.plan.networks import (
    FAMILY,
    HEAD,
    SPONSOR,
    VOLUMES,
    decimals,
    listed,
    paid,
    run,
    snapshot,
    texts,
)


def after(earlier: Result, frozen: Snapshot) -> Snapshot:
    """A snapshot that goes on from what an earlier result left."""
    return replace(frozen, earlier=replace(frozen.earlier, state=earlier.state))


def codes(result: Result, bonus: str) -> dict[str, str]:
    """Payee and reason of each award."""
    lines = listed(result, result.awards[bonus])
    return {payee: reason for payee, _source, _level, _amount, reason in lines}


POOL = (
    VOLUMES
    + """
[bonuses.pool]
kind = "pool"
fund = "company(cv) * 10%"
share = "pv"
payee = "pv >= 10"
"""
)
SALES = [("ada", 100, 0), ("ben", 200, 0), ("cleo", 700, 0), ("dora", 1, 1000)]


def test_what_is_above_a_members_bound_stays_with_the_company() -> None:
    """100.00 by 100 : 200 : 700. Cleo's 70.00 are bounded to 40.00."""
    result = run(POOL + 'most = "40"\n', snapshot(parents=FAMILY, lines=SALES))
    assert paid(result, "pool") == decimals(ada=10, ben=20, cleo=40)
    assert codes(result, "pool") == {"ada": "paid", "ben": "paid", "cleo": "cap"}


def test_what_is_above_a_members_bound_can_go_to_the_others() -> None:
    """Cleo keeps 35.00. Of the 65.00 Ada and Ben would have 21.67 and 43.33, so Ben is bounded too, and
    Ada has the last 30.00."""
    plan = POOL + 'most = "35"\nabove_most = "others"\n'
    result = run(plan, snapshot(parents=FAMILY, lines=SALES))
    assert paid(result, "pool") == decimals(ada=30, ben=35, cleo=35)


def test_a_fund_that_nobody_qualifies_for_waits() -> None:
    """1 % of 1,000 twice: in the second period Ada has both, 200.00."""
    plan = POOL.replace('payee = "pv >= 10"', 'payee = "pv >= 10"\nunclaimed = "carry"')
    first = run(plan, snapshot(parents=FAMILY, lines=[("dora", 1, 1000)]))
    assert paid(first, "pool") == {}
    frozen = after(first, snapshot(parents=FAMILY, lines=[("dora", 1, 1000), ("ada", 10, 0)]))
    assert paid(run(plan, frozen), "pool") == decimals(ada=200)
    assert paid(run(POOL, frozen), "pool") == decimals(ada=200)


def test_a_fund_for_each_market() -> None:
    """Austria sold 300, Germany 1,000: Ada has all 30.00; Cleo and Dora share 100.00 by 1 : 3."""
    plan = POOL.replace("company(cv)", "company(cv, by=member.market)")
    plan = plan.replace("pv >= 10", "pv >= 10 and member.market != ''") + 'by = "member.market"\n'
    lines = [("ada", 50, 300), ("cleo", 100, 0), ("dora", 300, 1000)]
    frozen = snapshot(parents=FAMILY, lines=lines, columns={"market": ["AT", "AT", "DE", "DE"]})
    assert paid(run(plan, frozen), "pool") == decimals(ada=30, cleo=25, dora=75)


@pytest.mark.parametrize("by", ["market", "member.joined", "pv", "member.age"])
def test_funds_go_by_words(by: str) -> None:
    plan = HEAD + SPONSOR + POOL + f'by = "{by}"\n[attributes.age]\nkind = "number"\n'
    with pytest.raises(PlanError, match="is no ladder and no attribute of words"):
        load_plan(plan)


def test_units_that_do_not_come_out_even() -> None:
    """10.00 by thirds: 3.34, 3.33, 3.33; kept, each has 3.33."""
    lines = [("ada", 10, 0), ("ben", 10, 0), ("cleo", 10, 0), ("dora", 1, 100)]
    frozen = snapshot(parents=FAMILY, lines=lines)
    assert paid(run(POOL, frozen), "pool") == decimals(ada="3.34", ben="3.33", cleo="3.33")
    kept = run(POOL + 'residue = "keep"\n', frozen)
    assert paid(kept, "pool") == decimals(ada="3.33", ben="3.33", cleo="3.33")


GUARANTEE = (
    VOLUMES
    + """
[bonuses.override]
kind = "guarantee"
base = "cv"
rate = "10%"
least = "30"
payee = "pv > 0"
"""
)


def test_what_lacks_to_the_minimum_comes_from_what_a_leader_is_paid() -> None:
    """Dora brings Cleo 40. Cleo's own 10 lack 20 of 30: Cleo keeps 20, Ben has 10 + 20. Ben's own 25
    lack 5: Ben keeps 25, by parts of his two lines, and Ada has 25 + 5."""
    lines = [("ada", 1), ("ben", 250), ("cleo", 100), ("dora", 400)]
    result = run(GUARANTEE, snapshot(parents=FAMILY, lines=lines))
    assert paid(result, "override") == decimals(ada=30, ben=25, cleo=20)
    assert listed(result, result.awards["override"]) == [
        ("ada", "ben", 1, Decimal("25.000"), "paid"),
        ("ada", "ben", 1, Decimal("5.000"), "passed_up"),
        ("ben", "cleo", 1, Decimal("8.3333"), "guarantee_given"),
        ("ben", "cleo", 1, Decimal("16.6667"), "guarantee_given"),
        ("cleo", "dora", 1, Decimal("20.000"), "guarantee_given"),
    ]


def test_who_may_not_be_paid_an_override_is_passed_by() -> None:
    """Cleo bought nothing: Dora's 40 go to Ben, two levels up."""
    result = run(GUARANTEE, snapshot(parents=FAMILY, lines=[("ben", 500), ("dora", 400)]))
    assert paid(result, "override") == decimals(ben=40)
    assert listed(result, result.awards["override"])[0][2] == 2


def test_nobody_pays_a_guarantee_out_of_nothing() -> None:
    """Cleo is paid 5 and lacks 20: all 5 go up, no more."""
    lines = [("ben", 1), ("cleo", 100), ("dora", 50)]
    result = run(GUARANTEE, snapshot(parents=FAMILY, lines=lines))
    assert paid(result, "override") == decimals(ben=15)
    assert {line[0] for line in listed(result, result.awards["override"])} == {"ben"}


CAR = (
    VOLUMES
    + """
[tables.cars]
steps = [[100, 50], [500, 200]]
[bonuses.car]
kind = "allowance"
amount = "cars(total(cv, subtree))"
volume = "total(cv, subtree)"
grace_periods = 2
"""
)


def test_a_car_is_paid_for_the_highest_tier_and_two_periods_longer() -> None:
    """Dora's 600 are 200 for everybody. Then 10 a month: 200 twice, and nothing in the fourth."""
    seen = run(CAR, snapshot(parents=FAMILY, lines=[("dora", 600)]))
    assert paid(seen, "car") == dict.fromkeys(FAMILY, Decimal(200))
    totals = []
    for month in ("2026-02", "2026-03", "2026-04"):
        frozen = snapshot(parents={"ada": ""}, lines=[("ada", 10)], name=month)
        whole = snapshot(parents=FAMILY, lines=[("dora", 10)], name=month)
        seen = run(CAR, after(seen, whole))
        totals.append(sum(paid(seen, "car").values()))
        assert frozen.positions.size == 1
    assert totals == [800, 800, 0]


def test_no_car_without_a_sale_not_even_in_grace() -> None:
    first = run(CAR, snapshot(parents=FAMILY, lines=[("dora", 600)]))
    nothing = after(first, snapshot(parents=FAMILY, lines=[], name="2026-02"))
    result = run(CAR, nothing, wants_skips=True)
    assert paid(result, "car") == {}
    assert {line[4] for line in listed(result, result.skips["car"])} == {"no_volume"}


def test_who_may_not_have_a_car_learns_what_it_would_have_been() -> None:
    plan = CAR + 'payee = "pv >= 600"\n'
    result = run(plan, snapshot(parents=FAMILY, lines=[("dora", 600)]), wants_skips=True)
    assert paid(result, "car") == decimals(dora=200)
    assert listed(result, result.skips["car"]) == [
        (who, who, 0, Decimal(200), "below_threshold") for who in ("ada", "ben", "cleo")
    ]


def test_who_misses_the_goal_pays_a_part_of_the_car() -> None:
    """Ada has a car and a team of 10: 40 are taken off, sale or no sale."""
    plan = CAR.replace("cars(total(cv, subtree))", "-40")
    plan += "payee = \"member.car == 'yes' and total(cv, subtree) < 100\"\n"
    columns = {"car": ["yes", "yes", "", ""]}
    seen = run(plan, snapshot(parents=FAMILY, lines=[("ben", 500)], columns=columns))
    assert paid(seen, "car") == {}
    seen = run(plan, snapshot(parents=FAMILY, lines=[("ada", 10)], columns=columns))
    assert paid(seen, "car") == decimals(ada=-40, ben=-40)
    left = seen.state.find("allowance", "car")
    assert left is None or not left.size


PARTY = (
    VOLUMES
    + """
[tables.tiers]
steps = [[100, "10%"], [300, "20%"]]
[bonuses.host]
kind = "party"
base = "cv"
host = "host"
buyers = 2
rate = "tiers(base)"
"""
)


def party(*rows: tuple[int, str, str, str]) -> Snapshot:
    """Sales of Ada's: CV, party, host, customer."""
    frozen = snapshot(parents=FAMILY, lines=[("ada", cv) for cv, *_names in rows])
    columns = {
        name: texts([row[place] for row in rows])
        for place, name in ((1, "party"), (2, "host"), (3, "customer"))
    }
    return replace(frozen, lines=replace(frozen.lines, texts=columns))


def test_each_party_is_a_subtotal_of_its_own() -> None:
    """P1: 150 + 150 is 20 % = 60 for Ben. P2 with one buyer: nothing. What belongs to no party counts
    for none."""
    frozen = party((150, "P1", "ben", "x"), (150, "P1", "ben", "y"),
                   (500, "P2", "cleo", "x"), (500, "", "", "z"))  # fmt: skip
    result = run(PARTY, frozen, wants_skips=True)
    assert paid(result, "host") == decimals(ben=60)
    assert listed(result, result.skips["host"]) == [
        ("cleo", "ada", 0, Decimal("100.0"), "too_few_buyers")
    ]


def test_a_party_has_a_bound_and_the_seller_may_be_the_host() -> None:
    frozen = party((150, "P1", "ben", "x"), (150, "P1", "ben", "y"))
    assert paid(run(PARTY + 'most = "50"\n', frozen), "host") == decimals(ben=50)
    alone = run(PARTY.replace('host = "host"\n', ""), frozen)
    assert paid(alone, "host") == decimals(ada=60)


def test_bounds_in_money_are_of_what_a_unit_is_worth() -> None:
    """A unit is worth 2.00. Of a party's 60 units, 120.00, 50.00 are paid; of 30 units for pay legs 50.00
    of 60.00. A fund of 60 units is worth 60.00, 40.00 and 20.00, and at most 30.00 each: 30 of the units
    are left over, and go to the third where they are for others, whose bound is the same."""
    peg = 'peg = "2"\nmost = "50"\n'
    frozen = party((150, "P1", "ben", "x"), (150, "P1", "ben", "y"))
    capped = run(PARTY + peg, frozen)
    assert paid(capped, "host") == decimals(ben=50)
    # What stands in the files is the bound itself, once.
    awards = capped.awards["host"]
    assert [int(each.to_places(0).spread(1)[0]) for each in (awards.base, awards.rate)] == [50, 1]
    assert paid(run(PARTY + peg.replace("50", "121"), frozen), "host") == decimals(ben=120)
    legs = VOLUMES + '[bonuses.legs]\nkind = "pay_legs"\nrate = "10%"\n' + peg
    fronts = snapshot(
        parents={"ada": "", "ben": "ada", "cleo": "ada", "dora": "ada"},
        lines=[("ben", 300), ("cleo", 200), ("dora", 100)],
    )
    capped = run(legs, fronts)
    assert paid(capped, "legs") == decimals(ada=50)
    awards = capped.awards["legs"]
    assert [int(each.to_places(0).spread(1)[0]) for each in (awards.base, awards.rate)] == [50, 1]
    assert paid(run(legs.replace("50", "61"), fronts), "legs") == decimals(ada=60)
    pool = VOLUMES + '[bonuses.fund]\nkind = "pool"\nfund = "60"\nshare = "pv"\n'
    pool += peg.replace("50", "30")
    assert paid(run(pool, fronts), "fund") == decimals(ben=30, cleo=30, dora=20)
    others = pool + 'above_most = "others"\n'
    assert paid(run(others, fronts), "fund") == decimals(ben=30, cleo=30, dora=30)


def test_the_smallest_unit_of_a_fund_is_paid() -> None:
    """0.03 for three is a hundredth each, whoever is bound to that."""
    plan = VOLUMES + '[bonuses.fund]\nkind = "pool"\nfund = "0.03"\nshare = "1 if pv > 0 else 0"\n'
    frozen = snapshot(parents=FAMILY, lines=[("ben", 300), ("cleo", 200), ("dora", 100)])
    cents = decimals(ben="0.01", cleo="0.01", dora="0.01")
    assert paid(run(plan, frozen), "fund") == cents
    assert paid(run(plan.replace("0.03", "3") + 'most = "0.01"\n', frozen), "fund") == cents


def test_a_host_must_be_a_member() -> None:
    with pytest.raises(ValueError, match="names the host “zoe”, who is no member"):
        run(PARTY, party((150, "P1", "zoe", "x"), (150, "P1", "zoe", "y")))


PEG = (
    VOLUMES
    + """
[pegs.value]
by = "member.market"
rates = [
  { rate = 1 },
  { market = "GB", first = 2025-01-01, until = 2025-12-31, rate = 0.80 },
  { market = "GB", first = 2026-01-01, rate = "85%" },
  { first = 2026-02-01, rate = 2 },
]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 3
rate = "10%"
peg = "value"
"""
)


@pytest.mark.parametrize(
    ("month", "ada", "ben"),
    [("2025-12", "10.00", "8.00"), ("2026-01", "10.00", "8.50"), ("2026-02", "20.00", "8.50")],
)
def test_a_peg_goes_by_the_payees_market_and_the_last_day(month: str, ada: str, ben: str) -> None:
    """10 % of 100 for Ada (no rate of her own) and Ben (GB)."""
    columns = {"market": ["AT", "GB", "AT", "AT"]}
    frozen = snapshot(parents=FAMILY, lines=[("cleo", 100)], columns=columns, name=month)
    assert paid(run(PEG, frozen), "team") == decimals(ada=ada, ben=ben)


def test_a_market_without_a_rate_is_an_error() -> None:
    plan = PEG.replace("  { rate = 1 },\n", "").replace("2026-02-01", "2027-01-01")
    frozen = snapshot(
        parents=FAMILY, lines=[("cleo", 100)], columns={"market": ["AT", "GB", "GB", "GB"]}
    )
    with pytest.raises(NoPeg, match="there is no rate for “AT” on 2026-01-31"):
        run(plan, frozen)


EQUAL_RANKS = (
    VOLUMES
    + """
[attributes.title]
kind = "choice"
words = ["Silver", "Gold"]
[bonuses.generations]
kind = "generation"
base = "cv"
boundary_rank = "member.title"
generations = 2
rate = "10% if generation == 1 else 1%"
"""
)


def test_each_payee_counts_generations_of_equal_or_higher_rank() -> None:
    """Eve's 100 are in the Silver group of Dora. To Ben (Silver) Cleo (Gold) is a leader and Dora too:
    Cleo is Dora's generation 1. To Cleo (Gold) no Silver is a leader: no group below. Ada (Gold) counts
    Gold alone: Cleo's group is her first generation, 10.00. Ben (Silver): Dora's group is generation 1 of
    Cleo, whom Silver counts but who counts Gold; so Ben has generation 2, 1.00."""
    parents = {**FAMILY, "eve": "dora"}
    titles = {"ada": "Gold", "ben": "Silver", "cleo": "Gold", "dora": "Silver", "eve": ""}
    plan = load_plan(HEAD + SPONSOR + EQUAL_RANKS)
    words = ("", *plan.document.attributes["title"].words)
    frozen = snapshot(parents=parents, lines=[("eve", 100)])
    title = np.array([words.index(titles[who]) for who in sorted(parents)])
    positions = replace(frozen.positions, columns={"title": Words(title, words)})
    result = run(EQUAL_RANKS, replace(frozen, positions=positions))
    assert paid(result, "generations") == decimals(ada=10, ben=1)


def test_a_generation_needs_one_way_to_tell_leaders() -> None:
    for wrong, said in (
        (EQUAL_RANKS.replace('boundary_rank = "member.title"\n', ""), "says who is a leader"),
        (EQUAL_RANKS.replace("member.title", "cv"), "is no ladder and no attribute"),
    ):
        with pytest.raises(PlanError, match=said):
            load_plan(HEAD + SPONSOR + wrong)


@pytest.mark.parametrize(("per", "amount"), [("owner", 30), ("position", 50)])
def test_positions_of_one_owner_share_a_bound_or_have_their_own(per: str, amount: int) -> None:
    """Ada owns Ben's position as well. 40 by hers and 20 by his: 30 together, or 30 and 20."""
    plan = VOLUMES + (
        '[bonuses.own]\nkind = "direct"\nbase = "cv"\nrate = "10%"\n'
        f'[limits.most]\nscope = "payee"\nmost = "30"\nper = "{per}"\n'
    )
    frozen = snapshot(parents=FAMILY, lines=[("ada", 400), ("ben", 200)])
    owner = np.array([0, 0, 1, 2])
    owners = np.array(["ada", "cleo", "dora"])
    positions = replace(frozen.positions, owner=owner, owners=owners)
    result = run(plan, replace(frozen, positions=positions))
    assert paid(result, "own") == decimals(ada=amount)


def test_who_is_passed_by_learns_why() -> None:
    """Cleo bought nothing, so Dora's 40 went past her."""
    frozen = snapshot(parents=FAMILY, lines=[("ben", 500), ("dora", 400)])
    result = run(GUARANTEE, frozen, wants_skips=True)
    assert listed(result, result.skips["override"])[0] == (
        "ada", "ben", 1, Decimal(50), "below_threshold",
    )  # fmt: skip
    assert ("cleo", "dora", 1, Decimal(40), "below_threshold") in listed(
        result, result.skips["override"]
    )
