"""Volume that was used to qualify further down is not counted again. Sums by hand.

Ada sponsors Ben, Ben sponsors Cleo, Cleo sponsors Dora; Eve is sponsored by Ben as well.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result
from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, decimals, paid, run, snapshot
from tests.plan.test_time_priors import Company

PARENTS = {**FAMILY, "eve": "ben"}
FREE = (
    VOLUMES
    + """
[encumbrances.free]
volume = "pv"
when = "total(pv, subtree) >= 4000"
least = "1000"
uses = "4000"
"""
)
LINES = [("ada", 100), ("ben", 300), ("cleo", 2000), ("dora", 4500), ("eve", 900)]


def figures(result: Result, name: str) -> dict[str, int]:
    """A column by member, in whole points."""
    column = result.computation.numbers(name)
    ids = result.computation.snapshot.positions.ids
    values = column.to_places(0).values.tolist()
    return {str(ids[row]): value for row, value in enumerate(values)}


def test_volume_that_qualified_somebody_below_is_not_counted_again() -> None:
    """Dora has 4,500 and uses 4,000; 500 go up. Cleo has 2,500 of her own and that, and uses them, as
    all in all there are 6,500. Ben has 300 + 900 (Eve), of 7,700, and uses 1,200; Ada's own 100 are
    less than 1,000."""
    result = run(FREE, snapshot(parents=PARENTS, lines=LINES))
    assert figures(result, "free") == {
        "ada": 100, "ben": 1200, "cleo": 2500, "dora": 4500, "eve": 900,
    }  # fmt: skip
    assert figures(result, "free.used") == {
        "ada": 0, "ben": 1200, "cleo": 2500, "dora": 4000, "eve": 0,
    }  # fmt: skip


def test_who_uses_nothing_is_not_told_to_have_used_any() -> None:
    """With nothing to use up everybody has all that stands below, and no less than nothing is used."""
    for uses in ("0", "-5"):
        result = run(
            FREE.replace('"4000"\n', f'"{uses}"\n'), snapshot(parents=PARENTS, lines=LINES)
        )
        assert set(figures(result, "free.used").values()) == {0}
        assert figures(result, "free")["ada"] == 7800
        used = result.computation.numbers("free.used")
        assert not used.values.any()


def test_who_has_exactly_the_least_qualifies() -> None:
    """Ben has 100 and Eve's 900, which is 1,000; with a hundredth less he does not."""
    for own, used in ((100, 1000), ("99.99", 0)):
        lines = [line if line[0] != "ben" else ("ben", own) for line in LINES]
        result = run(FREE, snapshot(parents=PARENTS, lines=lines))
        assert figures(result, "free.used")["ben"] == used


def test_everything_is_used_where_nothing_else_is_said() -> None:
    """Dora uses all 4,500, so Cleo has her own 2,000 alone."""
    result = run(FREE.replace('uses = "4000"\n', ""), snapshot(parents=PARENTS, lines=LINES))
    assert figures(result, "free")["cleo"] == 2000
    assert figures(result, "free.used")["dora"] == 4500


def test_ranks_and_bonuses_can_ask_for_unused_volume() -> None:
    """A leader needs 2,400 unused: Cleo and Dora. 1 % of what is unused is theirs."""
    plan = (
        FREE
        + """
[ladders.rank]
ranks = [{ name = "Leader", requires = ["free >= 2400", "free.used > 0"] }]
[bonuses.leaders]
kind = "direct"
base = "free"
rate = "1% if rank >= 'Leader' else 0"
"""
    )
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    assert paid(result, "leaders") == decimals(cleo=25, dora=45)


def test_lines_that_may_not_be_paid_on_qualify_and_bring_nothing() -> None:
    """Cleo's 2,000 have no CV: she uses them and qualifies, and is paid on Dora's 500 alone."""
    plan = FREE + '[bonuses.own]\nkind = "direct"\nbase = "free"\nrate = "1%"\n'
    lines = [("cleo", 2000, 0), ("dora", 4500)]
    result = run(plan, snapshot(parents=PARENTS, lines=lines))
    assert figures(result, "free.used")["cleo"] == 2500
    assert paid(result, "own") == decimals(cleo=5, dora=45)


def test_without_sold_lines_nobody_is_paid_on_unused_volume() -> None:
    plan = FREE + '[bonuses.own]\nkind = "direct"\nbase = "free"\nrate = "1%"\n'
    lines = [("cleo", 2000, 0), ("dora", 4500, 0)]
    assert paid(run(plan, snapshot(parents=PARENTS, lines=lines)), "own") == {}


def test_what_is_owed_is_not_used_up_where_less_than_nothing_is_enough() -> None:
    """Eve returned 5 more than she has, which is above -10: there is nothing to use up."""
    plan = FREE.replace('"total(pv, subtree) >= 4000"', '"True"').replace('"1000"', '"-10"')
    result = run(plan, snapshot(parents=PARENTS, lines=[("eve", -5), ("dora", 20)]))
    assert figures(result, "free.used")["eve"] == 0
    assert figures(result, "free")["ben"] == -5


WINDOWED = """
[volumes.pv]
of = "line.pv"
window = 2
[encumbrances.free]
volume = "pv"
when = "pv >= 100"
least = "500"
stays_used = 2
"""


def used(company: Company, period: str, *lines: str, prior: tuple[str, ...] = ()) -> dict[str, str]:
    """What members use up in a period."""
    assert company.run(period, lines, prior=prior) == 0
    return dict(company.metric(period, "free.used"))


def test_volume_of_a_window_stays_used_in_the_next_period(tmp_path: Path) -> None:
    """Volume runs over two months. Ben uses his 600 in January. In February they still count as PV, but
    he has 450 new alone, too few; Ada has those and her own 200, and uses 650. In March Ben's January
    is gone, and it is not known that Ada's 650 were in part his; with 550 new he has 1,000, and uses
    them, so that nothing is left of Ada's 200."""
    lines = ["A1,1,ben,self,2026-01-10,600,600", "A2,1,ben,self,2026-02-10,450,450",
             "A3,1,ada,self,2026-02-10,200,200", "A4,1,ben,self,2026-03-10,550,550"]  # fmt: skip
    company = Company(tmp_path, WINDOWED)
    assert used(company, "2026-01", lines[0]) == {"ben": "600"}
    assert used(company, "2026-02", *lines[:3], prior=("2026-01",)) == {"ada": "650"}
    assert used(company, "2026-03", *lines, prior=("2026-01", "2026-02")) == {"ben": "1000"}
    assert company.metric("2026-03", "free") == {"ben": "1000"}
    forgetful = Company(tmp_path, WINDOWED.replace("stays_used = 2\n", ""))
    used(forgetful, "2026-02", *lines[:3], prior=("2026-01",))
    assert forgetful.metric("2026-02", "free") == {"ada": "200", "ben": "1050"}


@settings(max_examples=25, deadline=None)
@given(
    above=st.lists(st.integers(0, 100), min_size=1, max_size=12),
    volumes=st.lists(st.integers(-50, 900), min_size=13, max_size=13),
    uses=st.sampled_from([None, 100, 400]),
    least=st.integers(0, 300),
)
def test_no_point_is_used_twice_and_none_is_lost(
    above: list[int], volumes: list[int], uses: int | None, least: int
) -> None:
    """Against a walk from below upwards, member by member."""
    names = [f"m{number:02d}" for number in range(len(above) + 1)]
    parent = {names[row]: names[each % row] for row, each in enumerate(above, start=1)}
    lines = list(zip(names, volumes, strict=False))
    plan = (
        VOLUMES
        + f"""
[encumbrances.free]
volume = "pv"
when = "pv >= 200"
least = "{least}"
"""
    )
    plan += "" if uses is None else f'uses = "{uses}"\n'
    result = run(plan, snapshot(parents={names[0]: "", **parent}, lines=lines))
    own = dict(lines)
    free, used = dict(own), dict.fromkeys(names, 0)
    for name in reversed(names):
        if own[name] >= 200 and free[name] >= least:
            used[name] = max(free[name] if uses is None else min(free[name], uses), 0)
        if name in parent:
            free[parent[name]] += free[name] - used[name]
    assert figures(result, "free") == free
    assert figures(result, "free.used") == used
    assert sum(used.values()) + free[names[0]] - used[names[0]] == sum(own.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"total(pv, subtree) >= 4000"', '"free > 0"'), "encumbrances|free needs free"),
        (('"1000"', '"1000"\ntree = "moon"'), "there is no tree “moon”"),
        (('"pv"', '"pw"'), "encumbrances.free.volume"),
    ],
)
def test_a_wrong_encumbrance_is_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + FREE.replace(*change))
