"""Pools, cars, full levels and single payments on goods that come back in a later period.

Ada sponsors Ben, Ben sponsors Cleo. Cleo buys for 300 in January (A1 for 100, A2 for 200), Ben for 100.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from mlm_plugin.plan.carrying_on import carry_on
from mlm_plugin.plan.differing import difference, read_paid_lines
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.reading import read_snapshot
from mlm_plugin.plan.running import run_plan
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, period
from tests.plan.test_time_returns import Shop

RETURNS = '[returns]\nlater_period = "reverse"\n'
OWN = "B1,1,ben,self,2026-01-05,100,100,"
POOL = """
[bonuses.pool]
kind = "pool"
fund = "company(cv) * 10%"
share = "pv"
"""
CAR = """
[bonuses.car]
kind = "allowance"
amount = "60"
volume = "total(cv, subtree)"
payee = "total(cv, subtree) >= 350"
"""
TITLE = """
[ladders.rank]
keeps = "ever"
ranks = [
  { name = "Partner", requires = ["total(cv, subtree) >= 100"] },
  { name = "Manager", requires = ["total(cv, subtree) >= 400"] },
]
[tables.pay]
by = "rank"
rows = { Partner = 30, Manager = 90 }
[bonuses.title]
kind = "one_time"
key = "rank"
amount = "pay(key)"
"""


def shop_with(path: Path, plan: str) -> Shop:
    """January is run, and Ben bought as well."""
    shop = Shop(path, VOLUMES + plan + RETURNS)
    shop.lines.append(OWN)
    assert shop.month("2026-01") == 0
    return shop


def months(shop: Shop, bonus: str, **returned: str) -> list[dict[str, str]]:
    """What each month from February on takes back; `february="-50"` comes back of A1 then."""
    numbers = {"february": "2026-02", "march": "2026-03", "april": "2026-04"}
    done, found = ["2026-01"], []
    for number, (month, cv) in enumerate(returned.items()):
        if cv:
            shop.give_back(f"R{number} 1 {numbers[month]}-20", "A1/1", cv)
        assert shop.month(numbers[month], *done) == 0
        done.append(numbers[month])
        totals = shop.totals(numbers[month])
        found.append({who: amount for (who, name), amount in totals.items() if name == bonus})
    return found


def test_a_pool_gives_back_the_part_of_its_fund(tmp_path: Path) -> None:
    """10 % of 400 by 300 : 100 is 30.00 for Cleo, 10.00 for Ben. 100 of 400 come back, a quarter of the
    fund: 7.50 and 2.50, whoever returned it."""
    shop = shop_with(tmp_path, POOL + 'rests_on = "company(cv)"\n')
    assert months(shop, "pool", february="-100") == [{"cleo": "-7.50", "ben": "-2.50"}]


def test_a_pool_gives_back_what_the_shares_were_worth(tmp_path: Path) -> None:
    """A third of Cleo's shares come from what she returns: 10.00 of her 30.00, in two steps."""
    shop = shop_with(tmp_path, POOL + 'rests_on = "pv"\n')
    assert months(shop, "pool", february="-50", march="-50") == [
        {"cleo": "-5.00"}, {"cleo": "-5.00"},
    ]  # fmt: skip


def test_nothing_is_taken_back_of_a_pool_that_rests_on_nothing(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, POOL)
    assert months(shop, "pool", february="-100") == [{}]


def test_a_car_comes_back_in_part_or_when_too_little_is_left(tmp_path: Path) -> None:
    """Ada's and Ben's groups have 400. Of 60.00 an eighth is 7.50 when 50 come back. Needed are 350:
    with 350 left everything stays, with 340 all of it comes back, and with 350 again it is paid."""
    (tmp_path / "part").mkdir()
    (tmp_path / "whole").mkdir()
    shop = shop_with(tmp_path / "part", CAR + 'rests_on = "total(cv, subtree)"\n')
    assert months(shop, "car", february="-50") == [{"ada": "-7.50", "ben": "-7.50"}]
    whole = CAR + 'rests_on = "group_cv"\nleast_left = "350"\n'
    whole += '[metrics.group_cv]\nvalue = "total(cv, subtree)"\n'
    shop = shop_with(tmp_path / "whole", whole)
    found = months(shop, "car", february="-50", march="-10", april="10")
    both = {"ada": "60.00", "ben": "60.00"}
    assert found == [{}, {who: f"-{amount}" for who, amount in both.items()}, both]


def test_less_than_is_needed_from_the_first_is_lost_with_the_first_return(tmp_path: Path) -> None:
    """The groups had 400, and 500 are needed for what they were given all the same: 10 are enough to lose
    it, and none of it is lost before."""
    needs = CAR + 'rests_on = "total(cv, subtree)"\nleast_left = "500"\n'
    shop = shop_with(tmp_path, needs)
    assert months(shop, "car", february="", march="-10", april="10") == [
        {}, {"ada": "-60.00", "ben": "-60.00"}, {"ada": "60.00", "ben": "60.00"},
    ]  # fmt: skip


def test_a_full_level_comes_back_with_what_was_bought(tmp_path: Path) -> None:
    """Ada's first level is full with Ben, who bought for 100; half of it comes back, and half of 20."""
    plan = """
[trees.matrix]
parent = "sponsor"
width = 1
[bonuses.level]
kind = "completion"
tree = "matrix"
levels = 1
volume = "cv"
pay = "20"
rests_on = "total(cv, frontline, tree=matrix)"
"""
    shop = shop_with(tmp_path, plan)
    shop.lines.append("R9,1,ben,self,2026-02-10,-50,-50,B1/1")
    assert months(shop, "level", february="") == [{"ada": "-10.00"}]


def test_a_rank_bonus_comes_back_in_part_while_the_rank_stays(tmp_path: Path) -> None:
    """All of 400 stand behind Ada's Partner (30) and Manager (90): 120.00, of which a quarter returns.
    Cleo's 30.00 rest on 300, of which a third returns. The key stays used, so it is not paid again."""
    shop = shop_with(tmp_path, TITLE + 'rests_on = "total(cv, subtree)"\n')
    assert shop.totals("2026-01")["ada", "title"] == "120.00"
    assert months(shop, "title", february="-100", march="") == [
        {"ada": "-30.00", "ben": "-30.00", "cleo": "-10.00"}, {},
    ]  # fmt: skip
    assert {row["rank"] for row in shop.rows("2026-02", "ranks.csv") if row["member"] == "ada"
            and row["kind"] == "paid_as"} == {"Manager"}  # fmt: skip


def test_a_rank_bonus_comes_back_whole_below_what_the_rank_needed(tmp_path: Path) -> None:
    """With 390 left Manager (90) is lost and Partner (30) is not."""
    needed = '[tables.needed]\nby = "rank"\nrows = { Partner = 100, Manager = 400 }\n'
    rest = 'rests_on = "total(cv, subtree)"\nleast_left = "needed(key)"\n'
    shop = shop_with(tmp_path, TITLE + rest + needed)
    assert months(shop, "title", february="-10", march="10") == [
        {"ada": "-90.00", "ben": "-90.00"}, {"ada": "90.00", "ben": "90.00"},
    ]  # fmt: skip


THREE = TITLE + 'rests_on = "total(cv, subtree)"\ninstalments = 3\n'


def test_returned_goods_come_off_instalments_that_are_still_to_be_paid(tmp_path: Path) -> None:
    """Cleo's 30.00 come in three parts. In February the second is paid and a third of the goods come
    back: 10.00, which are the last instalment. There is nothing more in March, and nothing back."""
    shop = shop_with(tmp_path, THREE)
    assert shop.totals("2026-01")["cleo", "title"] == "10.00"
    found = months(shop, "title", february="-100", march="")
    assert [month.get("cleo") for month in found] == ["10.00", None]
    for month in ("2026-02", "2026-03"):
        left = [row for row in shop.rows(month, "carry.csv")
                if row["kind"].startswith("instalment") and row["member"] == "cleo"]  # fmt: skip
        assert left == []


def test_what_instalments_do_not_cover_is_taken_back(tmp_path: Path) -> None:
    """Half of the goods, 15.00, come back in February of what Cleo has bought: of 10.00 that wait
    nothing is left, and of the second instalment 5.00 are taken back. All of it comes back in March:
    the other 15.00."""
    shop = Shop(tmp_path, VOLUMES + THREE + RETURNS)
    shop.lines = ["A1,1,cleo,self,2026-01-10,300,300,"]
    assert shop.month("2026-01") == 0
    found = months(shop, "title", february="-150", march="-150", april="300")
    assert [month.get("cleo") for month in found] == ["5.00", "-15.00", "30.00"]
    february = [(row["amount"], row["reason"]) for row in shop.rows("2026-02", "awards.csv")
                if row["payee"] == "cleo"]  # fmt: skip
    assert february == [("10.00", "instalment:2/3"), ("-5.00", "returned:2026-01")]


def test_what_a_bound_took_is_not_taken_back_as_well(tmp_path: Path) -> None:
    """Cleo's 30.00 were bounded to 24.00; a third of the goods returns, and a third of 24.00."""
    bound = '[limits.most]\nscope = "bonus"\nmost = "24"\n'
    shop = shop_with(tmp_path, TITLE + 'rests_on = "total(cv, subtree)"\n' + bound)
    (february,) = months(shop, "title", february="-100")
    assert february["cleo"] == "-8.00"


def test_a_match_of_a_pool_comes_back_with_it(tmp_path: Path) -> None:
    """Ben matches half of Cleo's 30.00; she gives back 10.00, he 5.00."""
    match = """
[bonuses.match]
kind = "matching"
of = ["pool"]
generations = 1
rate = "50%"
"""
    shop = shop_with(tmp_path, POOL + 'rests_on = "pv"\n' + match)
    assert months(shop, "match", february="-100") == [{"ben": "-5.00"}]


@pytest.mark.parametrize("plan", [THREE, POOL + 'rests_on = "company(cv)"\n'])
def test_months_without_files_leave_the_same(tmp_path: Path, plan: str) -> None:
    shop = shop_with(tmp_path, plan)
    shop.give_back("R1 1 2026-02-20", "A1/1", "-33.33")
    shop.give_back("R2 1 2026-03-20", "A2/1", "-177.77")
    loaded, earlier, names = load_plan(tmp_path / "plan.toml"), Earlier(), list[str]()
    for month in ("2026-01", "2026-02", "2026-03"):
        assert shop.month(month, *names) == 0
        names.append(month)
        snapshot = read_snapshot(
            plan=loaded, period=period(month), members=tmp_path / "members.csv",
            volumes=tmp_path / "volumes.csv",
        )  # fmt: skip
        result = run_plan(plan=loaded, snapshot=replace(snapshot, earlier=earlier))
        earlier = carry_on(result)
        ids = result.computation.snapshot.positions.ids
        rows = [tuple(row.values()) for row in shop.rows(month, "carry.csv")]
        assert list(result.state.lines(ids)) == rows
        of_files = read_paid_lines(plan=loaded, period=period(month), folder=tmp_path / month)
        assert difference(before=of_files, after=result) == []


@pytest.mark.parametrize(
    ("rests_on", "said"),
    [
        ('rests_on = "cv.retail"', "“cv.retail” is not kept of earlier periods"),
        ('rests_on = "1"', "bonuses.pool.rests_on: it names no volume"),
        ('least_left = "5"', "“rests_on” must say of which volume"),
    ],
)
def test_an_award_rests_on_volume_that_is_known_later(rests_on: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + VOLUMES + POOL + rests_on + "\n")
