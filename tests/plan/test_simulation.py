"""The simulator: the same seed gives the same people, and its report adds up."""

import csv
import json
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.simulation import CannotGrow, Shape, simulate
from mlm_plugin.plan.simulation.growing import Growth, fill_places
from mlm_plugin.plan.simulation.hosting import Hosting, with_items
from mlm_plugin.plan.simulation.measuring import gini, histogram, percentiles
from mlm_plugin.plan.simulation.page import make_page
from mlm_plugin.plan.simulation.simulating import periods_from
from mlm_plugin.plan.simulation.words import ENGLISH, RUSSIAN
from mlm_plugin.plan.trees import Tree
from tests.plan.networks import snapshot

PLAN = """
[plan]
id = "try"
currency = "EUR"
[trees.sponsor]
parent = "sponsor"
[trees.binary]
parent = "placement"
side = "side"
[volumes.cv]
of = "line.cv"
[ladders.rank]
ranks = [{ name = "member" }, { name = "leader", requires = ["total(cv, frontline) >= 100"] }]
[bonuses.team]
kind = "unilevel"
base = "cv"
rate = "RATE"
levels = 2
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "5%"
"""


def plan(rate: str = "10%") -> Any:
    """The plan with another rate."""
    return load_plan(PLAN.replace("RATE", rate))


def report(**more: Any) -> dict[str, Any]:
    """A small simulation."""
    given = {
        "plan": plan(), "first": "2026-01", "periods": 3, "members": 400, "seed": 7,
        "shape": Shape(), **more,
    }  # fmt: skip
    return simulate(**given)


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    assert report() == report()
    assert report(seed=8)["result"]["paid"] != report()["result"]["paid"]


def test_what_is_paid_adds_up_over_bonuses_periods_and_ranks() -> None:
    result = report()["result"]
    assert result["paid"] == sum(period["paid"] for period in result["periods"]) > 0
    assert result["paid"] == sum(row["income"] for row in result["ranks"]["rank"])
    assert sum(row["members"] for row in result["ranks"]["rank"]) == result["members"] == 400
    assert sum(bar[2] for bar in result["bars"]) == result["earners"]
    each = result["payout_ratio_by_bonus"].values()
    assert sum(each) == pytest.approx(result["payout_ratio"], abs=1e-5)


def test_a_network_grows_and_carries_its_legs_over() -> None:
    periods = report()["result"]["periods"]
    assert [period["members"] for period in periods] == [266, 333, 400]
    assert [period["period"] for period in periods] == ["2026-01", "2026-02", "2026-03"]
    assert all(period["bonuses"]["legs"] > 0 for period in periods)


def test_without_customers_nothing_is_earned_on_them() -> None:
    nobody = report(shape=Shape(customers=Decimal(0)))["result"]
    assert nobody["customer_share_of_sales"] == nobody["share_earned_on_customers"] == 0
    only = report(shape=Shape(active=Decimal(0)))["result"]
    assert only["customer_share_of_sales"] == only["share_earned_on_customers"] == 1


def test_everybody_who_earns_loses_by_a_lower_rate_and_nobody_by_the_same() -> None:
    same = report(against=plan())["against"]["change"]
    assert (same["losers"], same["winners"], same["same"]) == (0, 0, 400)
    lower = report(against=plan("5%"))["against"]
    assert lower["change"]["losers"] > 0 == lower["change"]["winners"]
    lost = report()["result"]["paid"] - lower["result"]["paid"]
    assert lower["change"]["lost"] == lost


def test_a_list_of_incomes_in_figures() -> None:
    """0, 0, 0, 100: all with one. Gini of n people of whom one has everything is (n - 1) / n."""
    income = np.array([0, 0, 100, 0])
    assert gini(income) == 0.75
    assert gini(np.array([5, 5])) == 0 == gini(np.zeros(3, dtype=np.int64))
    assert percentiles(income)["75"] == 0
    assert percentiles(income)["90"] == 100
    assert sum(count for _low, _high, count in histogram(income, bars=4)) == 1


@pytest.mark.parametrize("width", [2, 3, 5])
def test_no_place_of_a_filled_tree_is_taken_twice(width: int) -> None:
    grown = Growth(plan=plan(), shape=Shape(), members=500, periods=1, seed=3)
    parent, side = fill_places(width=width, sponsor=grown.sponsor)
    places = list(zip(parent[1:].tolist(), side[1:].tolist(), strict=True))
    assert len(set(places)) == 499
    assert side.max() < width
    assert Tree(parent).deepest > 0
    assert (parent < np.arange(500)).all()


def test_who_left_buys_nothing_any_more() -> None:
    grown = Growth(plan=plan(), shape=Shape(churn=Decimal(1)), members=100, periods=2, seed=1)
    months = list(periods_from(plan=plan(), first="2026-01", count=2))
    first = grown.snapshot(number=0, period=months[0], earlier=Earlier())
    second = grown.snapshot(number=1, period=months[1], earlier=Earlier())
    assert first.lines.size > 0
    assert second.lines.member.min() >= first.positions.size


def test_the_guide_names_every_part_of_a_shape() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "plans" / "simulating.md").read_text()
    written = tomllib.loads(guide.split("```toml")[1].split("```")[0], parse_float=Decimal)
    assert set(written) == set(Shape.model_fields)
    named = Shape.model_validate(written)
    assert named.model_copy(update={"orders": Shape().orders, "attributes": {}}) == Shape()


def test_a_shape_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="churn"):
        Shape(churn=Decimal(2))


class TestCommand:
    """`python -m mlm_plugin.plan simulate`."""

    def run(self, folder: Path, *more: str) -> int:
        """Simulate into a folder."""
        (folder / "plan.toml").write_text(PLAN.replace("RATE", "10%"))
        return main(
            ["simulate", str(folder / "plan.toml"), "--members", "200", "--periods", "2",
             "--out", str(folder / "out"), *more]
        )  # fmt: skip

    def test_it_writes_figures_tables_and_a_page(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "--against", str(tmp_path / "plan.toml")) == 0
        figures = json.loads((tmp_path / "out" / "report.json").read_text())
        assert figures["against"]["change"]["same"] == 200
        with (tmp_path / "out" / "periods.csv").open() as file:
            assert [row["period"] for row in csv.DictReader(file)] == ["2026-01", "2026-02"] * 2
        page = (tmp_path / "out" / "page.html").read_text()
        assert "<svg" in page
        assert "Gini coefficient" in page
        assert "<script" not in page

    def test_a_real_network_with_and_without_its_purchases(self, tmp_path: Path) -> None:
        """Ben's 100 CV: Ada 10 % = 10.00, every month the file has lines for."""
        members, volumes = tmp_path / "members.csv", tmp_path / "volumes.csv"
        members.write_text("member,sponsor,placement,side\nada,,,\nben,ada,ada,left\n")
        volumes.write_text("order,line,member,buyer,date,pv,cv\nB,1,ben,self,2026-02-03,100,100\n")
        given = ("--network", str(members), "--volumes", str(volumes))
        assert self.run(tmp_path, *given) == 0
        result = json.loads((tmp_path / "out" / "report.json").read_text())["result"]
        assert [period["paid"] for period in result["periods"]] == [0, 1000]
        assert self.run(tmp_path, *given[:2]) == 0

    @pytest.mark.parametrize(
        ("shape", "said"),
        [
            ("churn = 2", "shape.toml, churn: Input should be less than or equal to 1"),
            ("chrun = 0.1", "shape.toml, chrun: Extra inputs are not permitted"),
            ("churn =", "shape.toml cannot be read"),
        ],
    )
    def test_a_wrong_shape_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: str, said: str
    ) -> None:
        (tmp_path / "shape.toml").write_text(shape)
        assert self.run(tmp_path, "--shape", str(tmp_path / "shape.toml")) == 2
        assert said in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


PARTIES = """
[plan]
id = "parties"
currency = "EUR"
[trees.sponsor]
parent = "sponsor"
[attributes."line.shop"]
kind = "text"
[volumes.cv]
of = "line.cv"
[volumes.web]
of = "line.cv"
where = "line.shop == 'web'"
[counts.customers]
distinct = "customer"
where = "line.buyer == 'retail'"
[tables.by_market]
by = "member.market"
rows = { DE = "10%", AT = "5%" }
[bonuses.hosts]
kind = "party"
base = "cv"
host = "host"
rate = "10%"
buyers = 2
[bonuses.team]
kind = "unilevel"
base = "web"
levels = 1
rate = "by_market(payee.market)"
payee = "payee.customers >= 1"
"""


def test_parties_customers_and_texts_of_a_plan_are_made_up() -> None:
    """Where nobody comes to a party the host has nothing; what is bought stays the same."""
    some = report(plan=load_plan(PARTIES))["result"]
    assert some["payout_ratio_by_bonus"]["hosts"] > 0 < some["payout_ratio_by_bonus"]["team"]
    none = report(plan=load_plan(PARTIES), shape=Shape(parties=Decimal(0)))["result"]
    assert none["payout_ratio_by_bonus"]["hosts"] == 0
    assert none["sales"] == some["sales"]
    assert none["payout_ratio_by_bonus"]["team"] == some["payout_ratio_by_bonus"]["team"]


def test_a_shape_may_give_the_words_of_a_text() -> None:
    """All in Austria: half the rate of Germany. Without a word nobody knows what to write."""
    market = {name: {"market": {name: 1}} for name in ("DE", "AT")}
    paid = {
        name: report(plan=load_plan(PARTIES), shape=Shape(attributes=words))["result"]
        for name, words in market.items()
    }
    shares = [paid[name]["payout_ratio_by_bonus"]["team"] for name in ("DE", "AT")]
    assert shares[0] == pytest.approx(2 * shares[1], rel=0.01)
    plan_of_nobody = PLAN.replace("RATE", "10%") + "[attributes.town]\nkind = 'text'\n"
    with pytest.raises(CannotGrow, match=r"attributes\.town: the plan names no words of it"):
        report(plan=load_plan(plan_of_nobody))
    shape = Shape(attributes={"town": {"Jena": 1}})
    assert report(plan=load_plan(plan_of_nobody), shape=shape)["result"]["paid"] > 0


def test_a_choice_is_drawn_in_its_order() -> None:
    """Everybody has one of two packs, so everybody has the lower one at least."""
    packs = PLAN.replace('"RATE"', "\"10% if payee.pack >= 'Basic' else 0\"") + (
        "[attributes.pack]\nkind = 'choice'\nwords = ['Basic', 'Plus']\n"
    )
    assert report(plan=load_plan(packs))["result"]["paid"] == report()["result"]["paid"]


def test_the_page_speaks_russian() -> None:
    told = report(against=plan("5%"))
    english, russian = (make_page(told, language=language) for language in ("en", "ru"))
    assert "a synthetic network of 400 members, seed 7; number of periods: 3" in english
    assert "вымышленная сеть, участников: 400, зерно 7; периодов: 3, начиная с 2026-01" in russian
    assert '<html lang="ru">' in russian
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", russian, flags=re.DOTALL)
    allowed = {"try", "rank", "member", "leader", "team", "legs", "EUR"}
    assert set(re.findall(r"[A-Za-z]+", words)) <= allowed
    assert ENGLISH.keys() == RUSSIAN.keys()


def test_a_choice_of_order_lines_is_drawn_in_its_order() -> None:
    """Every line has the lower word at least, and none the word that the shape leaves out."""
    sizes = PLAN.replace("RATE", "10%").replace('of = "line.cv"', 'of = "line.cv"\nwhere = "SIZE"')
    sizes += "[attributes.'line.size']\nkind = 'choice'\nwords = ['S', 'M']\n"
    paid = report()["result"]["paid"]
    small, large = (load_plan(sizes.replace("SIZE", f"line.size >= '{each}'")) for each in "SM")
    assert report(plan=small)["result"]["paid"] == paid
    assert 0 < report(plan=large)["result"]["paid"] < paid
    only_small = Shape(attributes={"line.size": {"S": 1}})
    assert report(plan=large, shape=only_small)["result"]["paid"] == 0
    with pytest.raises(CannotGrow, match=r"attributes\.line\.size: “XL” is none of its words"):
        report(plan=large, shape=Shape(attributes={"line.size": {"XL": 1}}))


HOSTS = (
    PARTIES.replace(
        "buyers = 2\n",
        """buyers = 1
items = "1"
item_price = "half_price"
exclusive = "1"
exclusive_price = "for_hosts"
booked_by = "booked_by"
booking = "3"
""",
    )
    + """
[volumes.half_price]
of = "line.amount"
where = "line.offer == 'half'"
[volumes.for_hosts]
of = "line.amount"
where = "line.offer == 'host' and line.buyer == 'self'"
"""
)


def test_hosts_buy_items_of_their_own_and_parties_are_booked_at_others() -> None:
    """Each party has an item at half its price and one that is for hosts alone, credited whole; who
    booked one is the seller of another. Guests' lines are what they are without all that."""
    shape = Shape(host_items=Decimal(1), bookings=Decimal(1))
    found = grown(HOSTS, shape)
    lines = found.computation.snapshot.lines
    offers, parties = lines.texts["offer"], lines.texts["party"]
    marks = np.array(offers.words)[offers.codes]
    held = len(np.unique(parties.codes[parties.codes > 0]))
    items = {mark: marks == mark for mark in ("half", "host")}
    amount = lines.numbers["amount"].values
    awards = found.awards["hosts"]
    for level, mark, share in ((1, "half", 2), (3, "host", 1)):
        assert items[mark].sum() == held
        assert awards.amount[awards.level == level].sum() * share == amount[items[mark]].sum()
    bought = items["half"] | items["host"]
    assert not lines.numbers["cv"].values[bought].any()
    booked = awards.level == 2
    assert booked.sum() == held - 1
    assert (awards.payee[booked] != awards.source[booked]).all()
    guests = grown(HOSTS, Shape(host_items=Decimal(0), bookings=Decimal(0))).computation.snapshot
    for name in ("member", "day", "buyer"):
        assert (getattr(lines, name)[~bought] == getattr(guests.lines, name)).all()


def grown(text: str, shape: Shape) -> Result:
    """The first month of a network of 200."""
    loaded = load_plan(text)
    growth = Growth(plan=loaded, shape=shape, members=200, periods=1, seed=7)
    (january,) = periods_from(plan=loaded, first="2026-01", count=1)
    return run_plan(
        plan=loaded, snapshot=growth.snapshot(number=0, period=january, earlier=Earlier())
    )


def test_each_party_that_is_held_has_its_items() -> None:
    """Three lines at two parties and one at none; each host has an item, with a price that there is."""
    party = Words(np.array([1, 0, 2, 1]), ("", "ada-1", "ben-1"))
    frozen = snapshot(
        parents={"ada": "", "ben": "ada"}, lines=[("ada", 5), ("ben", 6), ("ben", 7), ("ada", 8)]
    )
    amount = {"amount": Numbers(np.array([100, 100, 100, 100]), 2)}
    lines = replace(frozen.lines, texts={"party": party}, numbers=amount)
    hosting = Hosting(parties=frozenset({"party"}), items=({"offer": "host"}, {"offer": "half"}))
    chance = np.random.Generator(np.random.PCG64(1))
    prices = Numbers(np.array([700]), 2)
    found = with_items(hosting, lines, prices=prices, share=1, number=3, chance=chance)
    assert found.size == 8
    assert found.texts["party"].codes[4:].tolist() == [1, 2, 1, 2]
    assert found.member[4:].tolist() == [0, 1, 0, 1]
    assert found.numbers["amount"].values[4:].tolist() == [700] * 4
    assert sorted(found.orders.tolist()) == found.orders.tolist()


def test_items_that_no_word_marks_are_not_made_up() -> None:
    for where in ("line.cv == 0", "line.buyer == 'retail' and line.offer == 'host'", None):
        condition = f'\nwhere = "{where}"' if where else ""
        unmarked = HOSTS[: HOSTS.index("[volumes.for_hosts]")]
        unmarked += f'[volumes.for_hosts]\nof = "line.amount"{condition}\n'
        with pytest.raises(
            CannotGrow, match=r"volumes\.for_hosts\.where: lines of items for hosts"
        ):
            report(plan=load_plan(unmarked))
