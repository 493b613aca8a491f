"""Promotions in the middle of a period: what was bought before is paid by the rank held before."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.explaining.sentences import explain
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, find_skips
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.snapshot import Snapshot
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, decimals, listed, paid, run, snapshot

LADDER = """
[ladders.rank]
promotion = "immediate"
ranks = [{ name = "star", requires = ["pv >= 50"] }, { name = "gold", requires = ["pv >= 100"] }]
[tables.rates]
by = "rank"
rows = { star = "10%", gold = "20%" }
"""
TEAM = (
    VOLUMES
    + LADDER
    + """
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(rank)"
"""
)
PARENTS = {"ada": "", "ben": "ada", "cleo": "ben"}


def on_days(lines: Sequence[tuple[str, int, int]]) -> Snapshot:
    """Purchases of January: who, how much, on which day."""
    frozen = snapshot(parents=PARENTS, lines=[(who, points) for who, points, _day in lines])
    first = frozen.period.days[0]
    day = np.array([first + day - 1 for _who, _points, day in lines], dtype=np.int64)
    return replace(frozen, lines=replace(frozen.lines, day=day))


MONTH = [
    ("ada", 60, 5), ("cleo", 200, 4), ("cleo", 300, 5), ("ben", 70, 10), ("ada", 40, 20),
    ("cleo", 1000, 20), ("cleo", 5, 21),
]  # fmt: skip


def test_what_was_bought_before_a_promotion_is_paid_by_the_rank_before() -> None:
    """Ada is star on the 5th and gold on the 20th: of Cleo's 200 nothing, of 300 10 % = 30.00, of 1,000
    and 5 20 % = 201.00; of Ben's 70 10 % = 7.00. Ben is star on the 10th: 10 % of 1,005 = 100.50."""
    result = run(TEAM, on_days(MONTH), wants_skips=True)
    assert paid(result, "team") == decimals(ada="238.00", ben="100.50")
    assert [line[:4] for line in listed(result, result.awards["team"])] == [
        ("ada", "ben", 1, Decimal(7)), ("ada", "cleo", 2, Decimal(30)),
        ("ada", "cleo", 2, Decimal(201)), ("ben", "cleo", 1, Decimal("100.5")),
    ]  # fmt: skip
    skipped = listed(result, result.skips["team"])
    assert [line[:3] for line in skipped if line[4] == "rank_too_low"] == [
        ("ada", "cleo", 2), ("ben", "cleo", 1)
    ]  # fmt: skip
    ada = find_skips(result=run(TEAM, on_days(MONTH)), member=0)["team"]
    assert ada.size == sum(line[0] == "ada" for line in skipped)


def test_a_promotion_on_the_second_day_counts_on_that_day() -> None:
    """Ada is star on the 5th, and stays so: of Cleo's 200 of the 4th nothing, of 300 and 10 10 %."""
    lines = [("cleo", 200, 4), ("ada", 60, 5), ("cleo", 300, 5), ("cleo", 10, 6)]
    assert paid(run(TEAM, on_days(lines)), "team") == decimals(ada="31.00")


def test_with_volume_before_the_promotion_included_the_new_rank_counts_for_all() -> None:
    """Ada 20 % of 1,505 and 70 = 315.00; Ben 10 % of 1,505 = 150.50."""
    plan = TEAM.replace('"immediate"', '"period_end"')
    assert paid(run(plan, on_days(MONTH)), "team") == decimals(ada="315.00", ben="150.50")


def test_who_had_the_rank_before_is_not_promoted() -> None:
    """Ada was gold in December, so she has 20 % from the first; who falls to star has 10 % of all."""
    plan = TEAM + "[metrics.before]\nvalue = \"1 if rank.before >= 'gold' else 0\"\n"
    december = run(plan, replace_period(on_days([("ada", 100, 1)]), "2025-12"))
    for month, expected in ((MONTH, "315.00"), ([*MONTH[:3], *MONTH[5:]], "150.50")):
        frozen = on_days(month)
        frozen = replace(frozen, earlier=replace(frozen.earlier, state=december.state))
        assert paid(run(plan, frozen), "team")["ada"] == Decimal(expected)


def replace_period(frozen: Snapshot, name: str) -> Snapshot:
    """The same in another month."""
    other = snapshot(parents=PARENTS, lines=[("ada", 100)], name=name)
    return replace(other, positions=frozen.positions)


def test_a_promotion_that_a_refund_undoes_is_none() -> None:
    """Ada's 40 of the 20th come back on the 21st, so nobody is gold: 10 % of 1,305 and 70."""
    frozen = on_days([*MONTH, ("ada", -40, 21)])
    refund = np.array([-1, -1, -1, -1, -1, -1, -1, 4])
    frozen = replace(frozen, lines=replace(frozen.lines, refund_of=refund))
    assert paid(run(TEAM, frozen), "team")["ada"] == Decimal("137.50")


def test_a_differential_goes_by_the_ranks_of_the_day() -> None:
    """Cleo's 300 of the 5th: Ada star 10 %. From the 10th Ben is star, and Ada gold from the 20th on:
    Ben 10 % and Ada 10 % of 1,005. Of Ben's 70 Ada has 10 %."""
    plan = TEAM.replace('kind = "unilevel"', 'kind = "differential"\nown = false\nstart = "0"')
    plan = plan.replace("levels = 2\n", "")
    result = run(plan, on_days(MONTH))
    got = paid(result, "team")
    assert got["ben"] == Decimal("100.50")
    assert got["ada"] == Decimal("30.00") + Decimal("100.50") + Decimal("7.00")


def test_lines_of_an_award_are_those_of_its_days() -> None:
    """Ada's 10 % of 300 is of the 5th, her 20 % of 1,005 of the 20th and 21st; the 200 are in none."""
    result = run(TEAM, on_days(MONTH))
    said = explain(result=result, member="ada", language="en")
    assert "30.00 EUR: 10% of 300 from cleo, level 2\n      order 000002, line 1" in said
    assert "order 000001" not in said
    whole = "201.00 EUR: 20% of 1,005 from cleo, level 2\n      order 000005, line 1 of 20 January 2026: "
    assert (
        whole + "1,000 brings 200.00 EUR\n      order 000006, line 1 of 21 January 2026: 5 " in said
    )


def bought(*lines: tuple[str, int, int, str]) -> Snapshot:
    """The same with who bought: member, points, day, buyer."""
    frozen = on_days([line[:3] for line in lines])
    buyer = np.array([BUYERS.index(line[3]) for line in lines])
    return replace(frozen, lines=replace(frozen.lines, buyer=buyer))


RISES = [("ada", 60, 5, "self"), ("ada", 40, 20, "self")]


@pytest.mark.parametrize(
    ("guard", "lines", "ada"),
    [
        # At most 100 of Cleo's own 160: 80 of the 6th at 10 %, 20 of the 21st at 20 %.
        ('kind = "own_use_limit"\nmost = 100', [(80, 6, "self"), (80, 21, "self")], "12.00"),
        # Customers' 100 of the 6th let 50 of the own 80 of the 21st count: 10.00 and 10.00.
        ('kind = "own_use_share"', [(100, 6, "retail"), (80, 21, "self")], "20.00"),
        # The other way round: 100 at 20 %, and 50 of 80 at 10 %.
        ('kind = "own_use_share"', [(80, 6, "self"), (100, 21, "retail")], "25.00"),
        # 50 of the own 60 and 80: 21.43 at 10 % beside the customers' 100, 28.57 at 20 %.
        (
            'kind = "own_use_share"',
            [(100, 6, "retail"), (60, 6, "self"), (80, 21, "self")],
            "17.85",
        ),
    ],
)  # fmt: skip
def test_limits_of_own_use_hold_over_the_whole_period(
    guard: str, lines: list[tuple[int, int, str]], ada: str
) -> None:
    """Ada is star on the 5th and gold on the 20th; what Cleo buys is paid on at 10 % and at 20 %."""
    plan = TEAM + f"[guards.own]\n{guard}\n"
    frozen = bought(*RISES, *(("cleo", *line) for line in lines))
    result = run(plan, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(ada=ada)
    ada_skips = find_skips(result=run(plan, frozen), member=0)["team"]
    assert ada_skips.size == int((result.skips["team"].payee == 0).sum())


def test_a_month_without_a_promotion_is_worked_as_one() -> None:
    result: Result = run(
        TEAM, on_days([("ada", 60, 1), ("ben", 70, 1), ("cleo", 5, 20), ("cleo", 7, 21)])
    )
    plain = run(
        TEAM.replace('"immediate"', '"period_end"'),
        on_days([("ada", 60, 1), ("ben", 70, 1), ("cleo", 5, 20), ("cleo", 7, 21)]),
    )
    assert result.digest() == plain.digest()


def test_another_word_is_refused() -> None:
    with pytest.raises(PlanError, match="promotion"):
        load_plan(HEAD + SPONSOR + TEAM.replace('"immediate"', '"at_once"'))
