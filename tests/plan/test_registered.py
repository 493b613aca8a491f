"""A registered function: given columns and a tree, it gives a column that the plan names."""

from pathlib import Path

import numpy as np
import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.registered import Given, register
from mlm_plugin.plan.sheets import BadInput
from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, decimals, paid, run, snapshot


@register("most_below")
def most_below(given: Given) -> Column:
    """The largest own volume anywhere below or at a member."""
    assert given.tree is not None
    return given.tree.gather_with(given.columns[0], np.maximum)


@register("half")
def half(given: Given) -> Column:
    """Not whole numbers, which no plan can use."""
    return given.columns[0] / 2  # type: ignore[return-value]


@register("spoils")
def spoils(given: Given) -> Column:
    """Writes to what it is given."""
    given.columns[0][0] = 1
    return given.columns[0]


PLAN = (
    VOLUMES
    + """
[functions.best_volume]
function = "most_below"
inputs = ["cv"]
tree = "sponsor"
[bonuses.best]
kind = "direct"
base = "best_volume"
rate = "10%"
"""
)


def test_a_plan_names_what_a_function_gives() -> None:
    """Cleo's 300 is the most at and below Ada, Ben and Cleo; Dora has her own 20."""
    frozen = snapshot(parents=FAMILY, lines=[("ben", 100), ("cleo", 300), ("dora", 20)])
    assert paid(run(PLAN, frozen), "best") == decimals(ada=30, ben=30, cleo=30, dora=2)


def test_a_function_is_given_what_may_be_paid_on() -> None:
    """Cleo's line has points and no CV: she qualifies, and nothing is paid on it."""
    plan = PLAN.replace('inputs = ["cv"]', 'inputs = ["pv"]')
    frozen = snapshot(parents=FAMILY, lines=[("cleo", 300, 0), ("dora", 20)])
    assert paid(run(plan, frozen), "best") == decimals(ada=2, ben=2, cleo=2, dora=2)


@pytest.mark.parametrize(("function", "error"), [("half", BadInput), ("spoils", ValueError)])
def test_a_function_that_does_something_else_is_stopped(
    function: str, error: type[Exception]
) -> None:
    plan = PLAN.replace("most_below", function)
    with pytest.raises(error):
        run(plan, snapshot(parents=FAMILY, lines=[("cleo", 300)]))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("most_below", "smallest_below", "no function “smallest_below” is registered; there is"),
        ('tree = "sponsor"\n[bon', 'tree = "binary"\n[bon', "there is no tree or view “binary”"),
        ('["cv"]', '["best_volume"]', "best_volume needs best_volume, which is a loop"),
        ('["cv"]', '["cw"]', "functions.best_volume.0: “cw”: there is no such name"),
    ],
)
def test_what_a_function_names_must_be_there(old: str, new: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + PLAN.replace(old, new))


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="there is another function “half”"):
        register("half")(lambda given: given.columns[0])


def test_the_command_line_reads_a_file_of_functions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(
        "from mlm_plugin.plan.registered import register\n"
        '@register("as_it_is")\ndef as_it_is(given):\n    return given.columns[0]\n'
    )
    (tmp_path / "plan.toml").write_text(
        HEAD + SPONSOR + PLAN.replace("most_below", "as_it_is"), encoding="utf-8"
    )
    arguments = ["check", str(tmp_path / "plan.toml")]
    assert main(arguments) == 2
    assert "no function “as_it_is” is registered" in capsys.readouterr().err
    assert main(["--functions", str(tmp_path / "mine.py"), *arguments]) == 0
    assert main(["--functions", str(tmp_path / "none.py"), *arguments]) == 2


def test_a_metric_that_needs_itself_is_a_loop() -> None:
    with pytest.raises(PlanError, match="gv needs gv, which is a loop"):
        load_plan(HEAD + SPONSOR + VOLUMES + '[metrics.gv]\nvalue = "gv + pv"\n')
