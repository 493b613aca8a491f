"""Bonuses with variants around a run: what is refused, what is said before, what is told after."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.analysis.legal import judge
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.profiles import load_profile
from tests.plan.networks import HEAD, SPONSOR
from tests.plan.test_bonus_variants import BINARY, UNILEVEL
from tests.plan.test_command_line import Folder


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('rate = "nobody"', "bonuses.team.variants.0.rate: "),
        (
            "levels = 0",
            "bonuses.team.variants.0.levels: Input should be greater than or equal to 1",
        ),
        ("depth = 2", "bonuses.team.variants.0.depth: Extra inputs are not permitted"),
        ('base = "pv"', "bonuses.team.variants.0.base: this is the same for every payee"),
        ('payee = "pv"', "bonuses.team.variants.0.payee: "),
    ],
)
def test_errors_name_the_place_in_the_variant(written: str, problem: str) -> None:
    plan = UNILEVEL.split("variants = [")[0]
    plan += f"variants = [{{ when = \"member.market == 'EU'\", {written} }}]\n"
    with pytest.raises(PlanError, match="^" + problem):
        load_plan(HEAD + SPONSOR + plan)


def test_a_condition_on_the_source_is_no_condition_of_a_variant() -> None:
    plan = UNILEVEL.replace("member.market == 'EU'", "source.market == 'EU'")
    with pytest.raises(PlanError, match=r"^bonuses\.team\.variants\.0\.when: "):
        load_plan(HEAD + SPONSOR + plan)


def test_what_a_bound_is_for_everybody_else_must_be_said() -> None:
    plan = BINARY.replace('after = "flush"', 'most = "100"')
    with pytest.raises(
        PlanError, match=r"^bonuses.legs.variants.0.most: the bonus itself must say"
    ):
        load_plan(HEAD + SPONSOR + plan)


def test_the_bound_of_the_payout_holds_for_every_mixture_of_forms() -> None:
    """At each of three levels somebody of any form may stand: 10 % (or 8 % or 1 %), 8 %, 8 %. A rate
    of a shorter form counts on all levels, so the bound is 26 %."""
    bound = bound_payout(load_plan(HEAD + SPONSOR + UNILEVEL))["team"]
    assert bound.shares == {"cv": Decimal("0.26")}


def test_the_bound_of_the_payout_counts_levels_of_any_form_and_walks_of_their_own() -> None:
    """One form pays 10 % on levels 2 and 3, another on level 1: three levels, 30 %. Where one of them
    walks in another way, both may pay the same level: 20 % and 30 %, together 50 %."""
    plan = UNILEVEL.split("levels = 3")[0] + 'levels = 3\nfirst_level = 2\nrate = "10%"\n'
    one = "variants = [{ when = \"member.market == 'EU'\", first_level = 1, levels = 1 }]\n"
    bound = bound_payout(load_plan(HEAD + SPONSOR + plan + one))["team"]
    assert bound.shares == {"cv": Decimal("0.30")}
    other = one.replace("levels = 1 }", "dynamic = true }")
    bound = bound_payout(load_plan(HEAD + SPONSOR + plan + other))["team"]
    assert bound.shares == {"cv": Decimal("0.50")}


def test_a_member_is_told_its_own_terms_also_from_frozen_inputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ben (EU) has 8 % of Cleo's 100. Ada (Asia) has 1 % of it at level 2, if she buys for 50."""
    folder = Folder(tmp_path)
    plan = UNILEVEL.replace('rate = "1%"', """rate = "1%", payee = "payee.pv >= 50" """)
    folder.write("plan.toml", HEAD + SPONSOR + plan)
    folder.write("members.csv", "member,sponsor,market\nada,,AS\nben,ada,EU\ncleo,ben,US\n")
    folder.write(
        "volumes.csv", "order,line,member,buyer,date,pv,cv\nA1,1,cleo,self,2026-01-05,100,100\n"
    )
    frozen = str(tmp_path / "frozen.zip")
    assert main(folder.arguments("--skips", "--freeze", frozen)) == 0
    again = ["run", str(tmp_path / "plan.toml"), "--snapshot", frozen, "--skips"]
    assert main([*again, "--out", str(tmp_path / "again")]) == 0
    for name in ("awards.csv", "skips.csv", "totals.csv", "carry.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    capsys.readouterr()
    assert main(["explain", str(tmp_path / "out"), "--member", "ben"]) == 0
    assert "8.00 EUR: 8% of 100 from cleo, level 1" in capsys.readouterr().out
    assert main(["explain", str(tmp_path / "out"), "--member", "ada"]) == 0
    why = "payee.pv >= 50 was not reached (pv is 0, needed is 50)"
    assert f"1.00 EUR on 100 from cleo, level 2: {why}" in capsys.readouterr().out


def test_cycles_of_one_scheme_are_told_as_cycles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """100 on each side: 10 % under the plain scheme, and two cycles of 50 at 7.00 under the other."""
    folder = Folder(tmp_path)
    terms = """after = "flush", unit = "cycles", cycle = [50, 50], pay = "7\""""
    plan = BINARY.replace("""rate = "20%", after = "flush\"""", terms)
    folder.write("plan.toml", HEAD + SPONSOR + plan)
    folder.write(
        "members.csv",
        "member,sponsor,parent,side,scheme\nada,,,,fast\nben,ada,ada,left,\ncleo,ada,ada,right,\n",
    )
    folder.write(
        "volumes.csv",
        "order,line,member,buyer,date,pv,cv\n"
        "B1,1,ben,self,2026-01-05,100,100\nC1,1,cleo,self,2026-01-05,100,100\n",
    )
    assert main(folder.arguments()) == 0
    capsys.readouterr()
    assert main(["explain", str(tmp_path / "out"), "--member", "ada"]) == 0
    assert "14.00 EUR: 2 cycles of 7" in capsys.readouterr().out


def test_a_market_that_allows_one_level_counts_those_of_variants() -> None:
    """The bonus pays one level, a variant three: a rule about levels asks for all of them."""
    plan = UNILEVEL.replace("levels = 3", "levels = 1").replace("levels = 1 }", "levels = 3 }")
    [levels] = [
        verdict
        for verdict in judge(load_plan(HEAD + SPONSOR + plan), load_profile("cn"))
        if verdict.rule.test == "levels"
    ]
    assert levels.broken == (("bonuses.team", "it pays on level 3 of a unilevel, allowed is 1"),)
