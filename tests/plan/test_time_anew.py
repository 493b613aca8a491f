"""A period computed anew on what is known by now, and the difference that is posted.

Ada sponsors Ben, Ben sponsors Cleo. Cleo's volume pays Ben 10 % and Ada 5 %; Ada is matched half of
what Ben earns by it.
"""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.differing import PaidLines, difference, paid_lines
from tests.plan.networks import FAMILY, VOLUMES, run, snapshot
from tests.plan.test_time_returns import PLAN, Shop

ANEW = PLAN.replace('"reverse"', '"recompute"')
HEADINGS = "payee,bonus,source,order,line,level,before,after,amount"


def again(shop: Shop, against: str, *, to: str = "anew", period: str = "2026-01") -> int:
    """January again, against what was paid."""
    shop.write(
        "volumes.csv", "order,line,member,buyer,date,pv,cv,refund_of\n" + "\n".join(shop.lines)
    )
    return main(
        [
            "run", str(shop.path / "plan.toml"), "--members", str(shop.path / "members.csv"),
            "--volumes", str(shop.path / "volumes.csv"), "--period", period,
            "--against", str(shop.path / against), "--out", str(shop.path / to),
        ]
    )  # fmt: skip


def changes(shop: Shop, folder: str = "anew") -> list[str]:
    """differences.csv, without its headings."""
    lines = (shop.path / folder / "differences.csv").read_text().splitlines()
    assert lines[0] == HEADINGS
    return lines[1:]


def test_a_period_is_computed_anew_without_what_came_back_and_the_difference_said(
    tmp_path: Path,
) -> None:
    """50 of 300 come back in February: Ben had 30.00 and is due 25.00, Ada 15.00 and 12.50, and of
    the match 15.00 and 12.50. February itself knows nothing of it."""
    shop = Shop(tmp_path, ANEW)
    assert shop.month("2026-01") == 0
    shop.lines.append("A3,1,cleo,self,2026-02-05,60,60,")
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    assert shop.metric("2026-02", "pv") == {"cleo": "60"}
    assert shop.totals("2026-02")["ben", "team"] == "6.00"
    assert again(shop, "2026-01") == 0
    assert changes(shop) == [
        "ada,match,ben,,,1,15.00,12.50,-2.50",
        "ada,team,cleo,,,2,15.00,12.50,-2.50",
        "ben,team,cleo,,,1,30.00,25.00,-5.00",
    ]
    assert shop.metric("anew", "pv") == {"cleo": "250"}
    # The next difference is against the latest result, so nothing is posted twice.
    assert again(shop, "anew", to="once_more") == 0
    assert changes(shop, "once_more") == []


def test_a_rank_that_falls_with_the_returned_volume_changes_more_than_that_volume(
    tmp_path: Path,
) -> None:
    """With 300 Ben is a leader and has 20 % of all of it, 60.00; with 250 he has 10 %, 25.00."""
    ladder = """
[ladders.rank]
ranks = [{ name = "Leader", requires = ["total(cv, subtree) >= 300"] }]
"""
    plan = ANEW.replace(
        'rate = "rates(level)"', "rate = \"20% if payee.rank >= 'Leader' else 10%\""
    )
    shop = Shop(tmp_path, plan.replace("levels = 2", "levels = 1") + ladder)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert again(shop, "2026-01") == 0
    assert changes(shop)[-1] == "ben,team,cleo,,,1,60.00,25.00,-35.00"


def test_what_is_paid_for_the_first_time_or_no_longer_is_said_with_nothing_beside_it(
    tmp_path: Path,
) -> None:
    shop = Shop(tmp_path, ANEW.replace('kind = "unilevel"', 'kind = "unilevel"\ngrain = "line"'))
    assert shop.month("2026-01") == 0
    # A1 was never paid for, and an order that was found later belongs to January.
    del shop.lines[0]
    shop.lines.append("L1,1,ben,self,2026-01-30,10,10,")
    assert again(shop, "2026-01") == 0
    by_line = [line for line in changes(shop) if ",team," in line]
    assert by_line == [
        "ada,team,ben,L1,1,1,0.00,1.00,1.00",
        "ada,team,cleo,A1,1,2,5.00,0.00,-5.00",
        "ben,team,cleo,A1,1,1,10.00,0.00,-10.00",
    ]


@pytest.mark.parametrize("policy", ["reverse", "volume_only", "ignore"])
def test_under_other_rules_a_refund_stays_in_its_own_period(tmp_path: Path, policy: str) -> None:
    shop = Shop(tmp_path, PLAN.replace('"reverse"', f'"{policy}"'))
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert again(shop, "2026-01") == 0
    assert changes(shop) == []


def test_frozen_inputs_of_a_second_run_hold_what_is_known_by_then(tmp_path: Path) -> None:
    shop = Shop(tmp_path, ANEW)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert again(shop, "2026-01") == 0
    out = tmp_path / "thawed"
    arguments = ["run", str(tmp_path / "plan.toml"), "--snapshot", str(tmp_path / "anew/inputs.zip"),
                 "--against", str(tmp_path / "2026-01"), "--out", str(out)]  # fmt: skip
    assert main(arguments) == 0
    for name in ("awards.csv", "differences.csv", "carry.csv"):
        assert (out / name).read_bytes() == (tmp_path / "anew" / name).read_bytes()
    # A folder that is used again for a run without a comparison holds none.
    assert main([*arguments[:4], *arguments[6:]]) == 0
    assert not (out / "differences.csv").exists()


@pytest.mark.parametrize(
    ("against", "to", "said"),
    [
        ("2026-02", "anew", "is the result of 2026-02; what is computed anew is 2026-01"),
        ("nowhere", "anew", "is no folder of an earlier result"),
        ("2026-01", "2026-01", "the earlier result must stay"),
    ],
)
def test_a_comparison_with_something_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], against: str, to: str, said: str
) -> None:
    shop = Shop(tmp_path, ANEW)
    assert shop.month("2026-01") == 0
    assert shop.month("2026-02", "2026-01") == 0
    assert again(shop, against, to=to) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / to / "differences.csv").exists()


def test_money_of_an_earlier_result_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(tmp_path, ANEW)
    assert shop.month("2026-01") == 0
    awards = tmp_path / "2026-01" / "awards.csv"
    awards.write_text(awards.read_text().replace(",30.00,", ",30.001,"))
    assert again(shop, "2026-01") == 2
    assert "awards.csv, line 3: 30.001 has more than 2 decimal places" in capsys.readouterr().err


LEVELS = """
[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 3
rate = "7%"
[bonuses.own]
kind = "direct"
base = "cv"
rate = "3%"
"""


@settings(max_examples=25, deadline=None)
@given(
    first=st.lists(st.tuples(st.sampled_from(list(FAMILY)), st.integers(1, 999)), max_size=6),
    second=st.lists(st.tuples(st.sampled_from(list(FAMILY)), st.integers(1, 999)), max_size=6),
    seed=st.integers(0, 99),
)
def test_differences_add_up_to_what_the_totals_differ_by(
    first: list[tuple[str, int]], second: list[tuple[str, int]], seed: int
) -> None:
    before, after = (
        run(VOLUMES + LEVELS, snapshot(parents=FAMILY, lines=lines)) for lines in (first, second)
    )
    found = difference(before=before, after=after)
    for bonus in ("levels", "own"):
        totals = after.totals()[bonus] - before.totals()[bonus]
        of_payee = dict.fromkeys(FAMILY, 0)
        for each in found:
            if each.bonus == bonus:
                of_payee[each.payee] += each.amount
        assert of_payee == dict(zip(sorted(FAMILY), totals.tolist(), strict=True))
    assert difference(before=after, after=after) == []
    back = difference(before=after, after=before)
    assert [-each.amount for each in back] == [each.amount for each in found]
    # The order that awards come in says nothing.
    lines = paid_lines(after)
    rows = list(range(len(lines.amount)))
    random.Random(seed).shuffle(rows)
    mixed = PaidLines(*(getattr(lines, name)[rows] for name in PaidLines.__dataclass_fields__))
    assert difference(before=before, after=mixed) == found


def test_a_result_that_pays_nothing_can_be_compared_too() -> None:
    nothing = PaidLines.nothing()
    result = run(VOLUMES + LEVELS, snapshot(parents=FAMILY, lines=[("ben", 100)]))
    assert difference(before=nothing, after=nothing) == []
    (ada, own) = difference(before=nothing, after=result)
    assert (ada.payee, ada.before, ada.after) == ("ada", 0, 700)
    assert (own.payee, own.amount) == ("ben", 300)
