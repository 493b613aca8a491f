"""What can be said of a plan before any run."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import mlm_plugin.plan.library
from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.analysis.command import find_all, say_bound
from mlm_plugin.plan.analysis.legal import judge
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.profiles import PROFILES, load_profile
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, run, snapshot

START = HEAD + SPONSOR + VOLUMES


def found(text: str) -> set[tuple[str, str]]:
    """Code and place of everything found, without what every small plan has."""
    plain = {"no_customer_needed", "own_purchases_qualify"}
    return {
        (finding.code, finding.place)
        for finding in find_all(load_plan(START + text))
        if finding.code not in plain
    }


def ladder(*ranks: str, more: str = "") -> str:
    """A ladder of star, gold and ruby with these requirements."""
    named = zip(("star", "gold", "ruby"), ranks, strict=False)
    listed = ", ".join(f"{{name = '{name}', requires = [{asks}]}}" for name, asks in named)
    return f"[ladders.rank]\nranks = [{listed}]\n{more}"


RANKS = [
    # All can be reached.
    (ladder('"pv >= 10"', '"pv >= 20"', "'legs(rank >= \"gold\") >= 2'"), set()),
    # Nobody can be the first who has somebody of the same rank below.
    (
        ladder('"pv >= 10"', "'legs(rank >= \"gold\") >= 1'"),
        {("unreachable_rank", "ladders.rank.gold")},
    ),
    # What lies above an unreachable rank is unreachable where ranks build on each other, …
    (
        ladder('"pv >= 10"', "'count(rank >= \"ruby\", subtree) > 0'", '"pv >= 30"'),
        {("unreachable_rank", "ladders.rank.gold"), ("unreachable_rank", "ladders.rank.ruby")},
    ),
    # … and is not where they do not.
    (
        ladder('"pv >= 10"', "'count(rank >= \"ruby\", subtree) > 0'", '"pv >= 30"',
               more="cumulative = false\n"),
        {("unreachable_rank", "ladders.rank.gold")},
    ),
    (ladder('"pv >= 10"', '"pv < 5"'), {("unreachable_rank", "ladders.rank.gold")}),
    (ladder('"pv >= 10 and pv < 5"'), {("unreachable_rank", "ladders.rank.star")}),
    (ladder('"False"'), {("unreachable_rank", "ladders.rank.star")}),
    # The table gives 12 % at most.
    (
        ladder('"tab >= 20%"') + '[tables.tab]\non = "pv"\nsteps = [[100, "6%"], [200, "12%"]]\n',
        {("unreachable_rank", "ladders.rank.star")},
    ),
    # Whoever reaches star has what gold asks.
    (ladder('"pv >= 100"', '"pv >= 50"'), {("rank_nobody_holds", "ladders.rank.star")}),
    (
        ladder('"pv >= 100"', '"pv >= 50"', more="cumulative = false\n"),
        {("rank_nobody_holds", "ladders.rank.star")},
    ),
    (ladder('"pv >= 100"', '"pv >= 150", "cv >= 1"'), set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RANKS)
def test_ranks_that_nobody_reaches_or_holds(text: str, expected: set[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_variant_is_looked_at_by_itself() -> None:
    text = ladder('"pv >= 10"') + (
        "[[ladders.rank.variants]]\nwhen = 'member.scheme == \"x\"'\n"
        "[[ladders.rank.variants.ranks]]\nname = 'star'\nrequires = ['pv < 0']\n"
    )
    assert found(text) == {("unreachable_rank", "ladders.rank.variants.0.star")}


RATES = [
    ('[tables.tab]\nsteps = [[1, "5%"], [2, "4%"]]\n', {("rate_falls", "tables.tab.steps")}),
    ('[tables.tab]\nlevels = ["5%", "4%"]\n', set()),
    ('[tables.tab]\nlevels = ["2%", "3%"]\n', {("rate_rises_with_depth", "tables.tab.levels")}),
    (
        ladder('"pv >= 10"', '"pv >= 20"')
        + '[tables.tab]\nby = "rank"\nrows = {star = ["5%", "3%"], gold = ["6%", "2%"]}\n',
        {("rate_falls", "tables.tab.rows.gold")},
    ),
    (
        '[tables.tab]\nsteps = [[1, "5%"]]\nvariants = [{when = "pv > 1", '
        'steps = [[1, "9%"], [2, "1%"]]}]\n',
        {("rate_falls", "tables.tab.variants.0.steps")},
    ),
]


@pytest.mark.parametrize(("text", "expected"), RATES)
def test_rates_that_go_the_wrong_way(text: str, expected: set[tuple[str, str]]) -> None:
    assert found(text) == expected


TABLES = """
[tables.levels]
levels = ["10%", "5%", "2%"]
[tables.performance]
on = "total(pv, subtree)"
steps = [[100, "3%"], [500, "6%"], [1000, "21%"]]
[metrics.half]
value = "cv * 50%"
"""
BOUNDS = [
    ('kind = "unilevel"\nbase = "cv"\nlevels = 3\nrate = "levels(level)"', "17% of cv"),
    # Beyond its three levels the table has nothing.
    ('kind = "unilevel"\nbase = "cv"\nlevels = 9\nrate = "levels(level)"', "17% of cv"),
    ('kind = "unilevel"\nbase = "half"\npeg = "2"\nlevels = 1\nrate = "10%"', "10% of cv"),
    (
        'kind = "unilevel"\nbase = "cv"\nlevels = 2\nrate = "10% if payee.pv > 1 else 20%"',
        "40% of cv",
    ),
    ('kind = "unilevel"\nbase = "cv"\nlevels = 2\nrate = "payee.pv"', "no bound"),
    ('kind = "unilevel"\nbase = "pv + cv"\nlevels = 1\nrate = "10%"', "10% of cv and 10% of pv"),
    ('kind = "differential"\nbase = "cv"\nrate = "performance"', "21% of cv"),
    ('kind = "differential"\nbase = "cv"\nrate = "performance"\nmost = "15%"', "15% of cv"),
    (
        'kind = "differential"\nform = "legs"\nbase = "cv"\nrate = "performance"\n'
        'group = "total(cv, subtree)"',
        "21% of cv",
    ),
    (
        'kind = "generation"\nbase = "cv"\nboundary = "pv > 1"\ngenerations = 2\n'
        'rate = "levels(generation)"',
        "15% of cv",
    ),
    # Two ranks, each with generations of its own.
    (
        'kind = "generation"\nbase = "cv"\nboundary_rank = "member.title"\ngenerations = 2\n'
        'rate = "levels(generation)"\n[attributes.title]\nkind = "choice"\nwords = ["a", "b"]',
        "30% of cv",
    ),
    ('kind = "infinity"\nbase = "cv"\nrate = "performance"', "21% of cv"),
    (
        'kind = "infinity"\nbase = "cv"\nrate = "performance"\naccumulator = "full"\n'
        'blocked_by = "higher"',
        "no bound",
    ),
    ('kind = "infinity"\nbase = "cv"\nrate = "performance"\naccumulator = "full"', "30% of cv"),
    ('kind = "direct"\nbase = "cv"\nrate = "max(3%, min(pv, 7%))"', "7% of cv"),
    ('kind = "direct"\nbase = "cv - total(cv, frontline)"\nrate = "7%"', "7% of cv"),
    ('kind = "pool"\nfund = "company(cv) * 2%"\nshare = "1"', "2% of cv"),
    ('kind = "pool"\nfund = "company(cv) * 2%"\nshare = "1"\nnormalise = false', "no bound"),
    ('kind = "one_time"\nwhen = "pv > 1"\namount = "100"', "no bound"),
    (
        'kind = "matching"\nof = ["first"]\ngenerations = 2\nrate = "10%"\n'
        '[bonuses.first]\nkind = "direct"\nbase = "cv"\nrate = "10%"',
        "2% of cv",
    ),
]


@pytest.mark.parametrize(("bonus", "expected"), BOUNDS)
def test_the_most_a_bonus_can_pay(bonus: str, expected: str) -> None:
    bounds = bound_payout(load_plan(START + TABLES + f"[bonuses.team]\n{bonus}\n"))
    assert say_bound(bounds["team"]).partition(",")[0] == expected


def test_a_limit_of_the_company_bounds_all_together() -> None:
    team = (
        '[bonuses.team]\nkind = "direct"\nbase = "cv"\nrate = "pv"\n'
        '[bonuses.other]\nkind = "direct"\nbase = "cv"\nrate = "10%"\n'
    )
    assert say_bound(bound_payout(load_plan(START + team))[""]).startswith("no bound")
    limit = '[limits.all]\nscope = "company"\nmost = "company(cv) * 42%"\n'
    assert say_bound(bound_payout(load_plan(START + team + limit))[""]) == "42% of cv"
    some = limit + 'bonuses = ["team"]\n'
    assert say_bound(bound_payout(load_plan(START + team + some))[""]) == "52% of cv"


def test_no_run_pays_more_than_the_bound() -> None:
    """A line of four with 100 at the bottom comes close: 17.00 of 17 %."""
    text = VOLUMES + TABLES + '[bonuses.team]\nkind = "unilevel"\nbase = "cv"\nlevels = 3\n'
    text += 'rate = "levels(level)"\n'
    parents = {"ada": "", "ben": "ada", "cleo": "ben", "dora": "cleo"}
    result = run(text, snapshot(parents=parents, lines=[("dora", 100)]))
    bound = bound_payout(result.computation.plan)[""].shares
    assert bound is not None
    assert Decimal(int(result.awards["team"].amount.sum())) == bound["cv"] * 10_000


def customers(text: str) -> set[tuple[str, str]]:
    """What is said about customers and own purchases."""
    return {(finding.code, finding.place) for finding in find_all(load_plan(START + text))}


TEAM = '[bonuses.team]\nkind = "unilevel"\nlevels = 2\nrate = "5%"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEAM + 'base = "cv"\n', {("no_customer_needed", "bonuses.team")}),
        (TEAM + 'base = "cv.customers"\n', set()),
        (TEAM + 'base = "sold"\n[volumes.sold]\nof = "line.cv"\nwhere = \'line.buyer != "self"\'\n',
         set()),
        (TEAM + 'base = "cv"\npayee = "payee.pv.customers >= 50"\n', set()),
        (TEAM + 'base = "cv"\n[guards.most]\nkind = "customer_share"\nvolume = "cv"\n', set()),
        (
            TEAM + 'base = "cv"\npayee = "active"\n[statuses.active]\nwhen = "pv >= 50"\n',
            {("no_customer_needed", "bonuses.team"),
             ("own_purchases_qualify", "statuses.active.when")},
        ),
        (
            TEAM + 'base = "50"\n',
            {("no_customer_needed", "bonuses.team"), ("no_sale_needed", "bonuses.team")},
        ),
    ],
)  # fmt: skip
def test_awards_that_need_no_customer_and_eligibility_by_own_purchases(
    text: str, expected: set[tuple[str, str]]
) -> None:
    assert customers(text) == expected


BARE = TEAM + 'base = "cv"\n'
ACTIVE = BARE + 'payee = "active"\n[statuses.active]\nwhen = "pv >= 50"\n'
HEADS = TEAM + 'base = "50"\n'
MAJORITY = '[guards.most]\nkind = "customer_share"\nvolume = "cv"\n'
CHINA = (
    '[guards.one]\nkind = "levels"\nmost = 1\n'
    '[guards.third]\nkind = "pay_share"\nof = "cv.customers"\nmost = "30%"\n'
)


@pytest.mark.parametrize(
    ("profile", "text", "failed"),
    [
        ("us", BARE + MAJORITY, set()),
        ("us", BARE, {"us-vemma-majority"}),
        ("us", BARE + MAJORITY.replace('"cv"\n', '"cv"\nleast = "40%"\n'), {"us-vemma-majority"}),
        ("us", ACTIVE + MAJORITY, {"us-vemma-eligibility"}),
        ("us", HEADS + MAJORITY, {"us-koscot"}),
        ("eu", BARE, set()),
        ("eu", HEADS, {"eu-ucpd-14"}),
        ("ru", BARE, set()),
        ("ru", BARE.replace('"5%"', '"60%"'), {"ru-covered"}),
        ("ru", BARE.replace('"5%"', '"payee.pv"'), {"ru-covered"}),
        ("in", BARE, set()),
        ("in", ACTIVE, {"in-no-purchase"}),
        ("cn", BARE, {"cn-levels", "cn-30-percent"}),
        ("cn", BARE + CHINA, set()),
        ("cn", BARE + CHINA.replace("30%", "35%"), {"cn-30-percent"}),
    ],
)
def test_the_rules_of_a_market(profile: str, text: str, failed: set[str]) -> None:
    verdicts = judge(load_plan(START + text), load_profile(profile))
    assert {each.rule.id for each in verdicts if each.outcome == "failed"} == failed


def test_every_market_has_rules_with_sources_and_days() -> None:
    rules = [rule for name in PROFILES for rule in load_profile(name).rules]
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.source and rule.title for rule in rules)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A plan with something to say."""
    path = tmp_path / "plan.toml"
    path.write_text(START + BARE + ladder('"False"'), encoding="utf-8")
    return path


def test_the_command_says_it_in_words(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(plan_file), "--profile", "cn"]) == 0
    assert capsys.readouterr().out == (
        "test: the document can be run\n"
        "\n"
        "The most that can be paid\n"
        "  team: 10% of cv\n"
        "  all together: 10% of cv\n"
        "\n"
        "Errors\n"
        "  ladders.rank.star: it requires False\n"
        "\n"
        "Warnings\n"
        "  bonuses.team: it is paid even if everything was bought by members for themselves\n"
        "\n"
        "Rules of China: not passed\n"
        "  passed: No pay by the head, no fee: every award comes from sold goods (Regulation no. 444"
        " on prohibition of chuanxiao (2005))\n"
        "  failed: Pay on the first level at most (Regulation no. 443 on direct selling, article 24;"
        " Regulation no. 444)\n"
        "    bonuses.team: it pays on level 2 of a unilevel, allowed is 1\n"
        "  failed: All pay is at most 30 % of the seller's own sales to consumers (Regulation no. 443"
        " on direct selling, article 24)\n"
        "    guards: no guard of kind “pay_share” keeps all pay to 30% of own sales\n"
        "  warned: Pay on goods that are returned within 30 days is taken back (Regulation no. 443"
        " on direct selling, article 25)\n"
        "    returns.later_period: pay on returned goods is not taken back: “reverse” does so\n"
    )


def test_the_command_says_it_for_programs(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(plan_file), "--profile", "us", "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["payout"]["total"] == {"share": {"cv": "0.1"}}
    assert report["findings"][0] == {
        "severity": "error",
        "code": "unreachable_rank",
        "place": "ladders.rank.star",
        "text": "it requires False",
    }
    assert report["profile"]["passed"] is False
    broken = {rule["id"]: rule["broken"] for rule in report["profile"]["rules"]}
    assert broken["us-vemma-majority"][0]["place"] == "bonuses.team"


@pytest.mark.parametrize("profile", PROFILES)
def test_every_plan_of_the_library_can_be_judged(profile: str) -> None:
    folder = Path(mlm_plugin.plan.library.__file__).parent
    plans = sorted(folder.glob("*.toml"))
    assert len(plans) >= 8
    for path in plans:
        plan = load_plan(path)
        assert not [finding for finding in find_all(plan) if finding.severity == "error"], path
        verdicts = judge(plan, load_profile(profile))
        # None of the shipped plans pays without a sale.
        assert {each.rule.test for each in verdicts if each.outcome == "failed"}.isdisjoint(
            {"sales_only"}
        ), path
