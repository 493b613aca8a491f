"""Commission that nobody earned, kept as a fund; and money that is only told of. Sums by hand.

Ada sponsors Ben, Ben sponsors Cleo, Cleo sponsors Dora.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
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
)
from tests.plan.test_time_priors import Company

BREAKAGE = (
    VOLUMES
    + """
[bonuses.breakage]
kind = "pool"
fund = "company(cv) * 15%"
unpaid_of = ["levels"]
share = "pv"
payee = "pv >= 50"
[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 2
rate = "10% if level == 1 else 5%"
payee = "payee.pv >= 50"
"""
)
LINES = [("ada", 100), ("ben", 40), ("cleo", 60), ("dora", 200)]


def test_commission_that_nobody_earned_is_shared_by_a_pool() -> None:
    """15 % of 400 is 60.00. Cleo has 20.00 of Dora, Ada 3.00 of Cleo and 4.00 of Ben; Ben, with 40,
    is paid nothing of Cleo's 60 and Dora's 200, and Ada has nobody above. The 33.00 that are left go to
    Ada, Cleo and Dora by 100 : 60 : 200."""
    result = run(BREAKAGE, snapshot(parents=FAMILY, lines=LINES))
    assert paid(result, "levels") == decimals(ada=7, cleo=20)
    assert paid(result, "breakage") == decimals(ada="9.17", cleo="5.50", dora="18.33")


def test_each_market_has_what_was_not_earned_on_its_own_volume() -> None:
    """Dora's 200 in B leave 30.00 - 20.00 for Dora, the others' 200 in A 30.00 - 7.00 for Ada and Cleo."""
    plan = BREAKAGE.replace('"company(cv) * 15%"', '"company(cv, by=member.market) * 15%"')
    plan = plan.replace('share = "pv"', 'share = "pv"\nby = "member.market"')
    frozen = snapshot(parents=FAMILY, lines=LINES, columns={"market": ["A", "A", "A", "B"]})
    assert paid(run(plan, frozen), "breakage") == decimals(ada="14.38", cleo="8.62", dora="10.00")


def test_where_more_is_paid_than_the_fund_nothing_is_left() -> None:
    plan = BREAKAGE.replace("* 15%", "* 5%")
    assert paid(run(plan, snapshot(parents=FAMILY, lines=LINES)), "breakage") == {}


def test_what_was_left_over_waits_where_nobody_qualifies() -> None:
    """33.00, and nobody has 500."""
    plan = BREAKAGE.replace('payee = "pv >= 50"', 'payee = "pv >= 500"\nunclaimed = "carry"')
    result = run(plan, snapshot(parents=FAMILY, lines=LINES))
    kept = result.state.find("pool", "breakage")
    assert kept is not None
    assert [Decimal(int(each)).scaleb(-kept.value.places) for each in kept.value.values] == [33]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["levels"]', '["moon"]', "bonuses.breakage.unpaid_of: there is no bonus “moon”"),
        ('["levels"]', '["breakage"]', "bonuses.breakage.unpaid_of: it would match itself"),
        (
            '["levels"]',
            '["levels"]\ncalendar = "week"',
            "unpaid_of: “levels” is paid by another calendar",
        ),
    ],
)
def test_wrong_bonuses_of_a_fund_are_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + BREAKAGE.replace(old, new))


PROFIT = (
    VOLUMES
    + """
[volumes.profit]
of = "line.amount - line.cv"
where = "line.buyer == 'self'"
[bonuses.retail]
kind = "direct"
base = "profit"
rate = "100%"
reported = true
title = "Retail profit"
[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
[bonuses.match]
kind = "matching"
of = ["retail"]
generations = 1
rate = "50%"
[limits.each]
scope = "payee"
most = "12"
"""
)


class Resale(Company):
    """Members who sell on what they buy."""

    headings = "order,line,member,buyer,date,pv,cv,amount\n"


def test_retail_profit_is_told_and_not_paid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ben buys for 100 what sells at 140: 40.00 are his from his customers. Ada is paid 10.00 on the
    100, within her 12.00, and nothing is matched."""
    company = Resale(tmp_path, PROFIT)
    assert company.run("2026-01", ["A1,1,ben,self,2026-01-10,100,100,140"]) == 0
    assert company.totals("2026-01") == {("ada", "levels"): "10.00"}
    summary = json.loads((tmp_path / "2026-01" / "summary.json").read_text())
    assert (summary["reported"], summary["total"]) == ({"retail": "40.00"}, "10.00")
    for language, said in (("en", "it comes from customers and is only reported here"),
                           ("ru", "это доход от покупателей, здесь он только показан")):  # fmt: skip
        arguments = ["explain", str(tmp_path / "2026-01"), "--member", "ben", "--lang", language]
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert said in text
        assert "40" in text


def test_what_is_only_told_stands_among_the_skips_and_in_no_bound() -> None:
    plan = PROFIT.replace("line.amount - line.cv", "line.cv * 0.4")
    result = run(plan, snapshot(parents=FAMILY, lines=[("ben", 100)]), wants_skips=True)
    told = ("ben", "ben", 0, Decimal(40), "reported")
    assert [told] == [(*row[:3], row[3], row[4]) for row in listed(result, result.skips["retail"])]
    assert paid(result, "retail") == {}
    assert bound_payout(load_plan(HEAD + SPONSOR + plan))["retail"].shares == {}
