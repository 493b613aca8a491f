"""The plan's language: what it computes, and what it says when it does not understand."""

import numpy as np
import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.expressions import ExpressionError
from mlm_plugin.plan.expressions.syntax import parse
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, run, snapshot

LINES = [("ada", "10.50"), ("ben", 20), ("cleo", 30), ("dora", 40)]


def value_of(expression: str) -> list[str]:
    """A metric for Ada, Ben, Cleo and Dora, who have 10.50, 20, 30 and 40 points."""
    plan = VOLUMES + f"[metrics.it]\nvalue = '''{expression}'''\n"
    result = run(plan, snapshot(parents=FAMILY, lines=LINES))
    numbers = result.computation.numbers("it")
    read = [from_minor(int(each), places=numbers.places) for each in numbers.spread(4)]
    return [f"{each.normalize():f}" for each in read]


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("pv * 10%", ["1.05", "2", "3", "4"]),
        ("pv / 3", ["3.5", "6.666666667", "10", "13.333333333"]),
        ("pv / 0", ["0", "0", "0", "0"]),
        ("-pv + 0.001", ["-10.499", "-19.999", "-29.999", "-39.999"]),
        ("min(pv, 25)", ["10.5", "20", "25", "25"]),
        ("max(pv, 25, 35)", ["35", "35", "35", "40"]),
        ("1 if 15 <= pv < 40 else 0", ["0", "1", "1", "0"]),
        ("1 if not pv > 20 or pv == 40 else 0", ["1", "1", "0", "1"]),
        ("round(pv / 4, 1)", ["2.6", "5", "7.5", "10"]),
        ("total(pv, subtree)", ["100.5", "90", "70", "40"]),
        ("total(pv, downline)", ["90", "70", "40", "0"]),
        ("total(pv, levels(1, 2))", ["50", "70", "40", "0"]),
        ("total(pv, group(pv >= 30))", ["30.5", "20", "30", "40"]),
        ("count(pv > 15, subtree)", ["3", "3", "2", "1"]),
        ("legs(pv > 25)", ["0", "1", "1", "0"]),
        ("legs_with(pv > 35)", ["1", "1", "1", "0"]),
        ("company(pv)", ["100.5", "100.5", "100.5", "100.5"]),
        ("pv.self + pv.customers", ["10.5", "20", "30", "40"]),
        ("period.end - period.start", ["30", "30", "30", "30"]),
        ("period.end + 1 - period.start", ["31", "31", "31", "31"]),
        ("1 if period.start + 30 == period.end else 0", ["1", "1", "1", "1"]),
    ],
)
def test_expressions_are_worked_for_every_member(expression: str, values: list[str]) -> None:
    assert value_of(expression) == values


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("pw + 1", "there is no such name; did you mean “pv”?"),
        ("pv +", "cannot be read"),
        ("pv > 1", "is yes or no, not a number"),
        ("pv + member.country", "only numbers can be reckoned with, not a text"),
        ("totl(pv, subtree)", "did you mean “total”?"),
        ("total(pv, everybody)", "a set of members is needed"),
        ("total(pv, subtree, tree=binary)", "there is no tree or view of this name"),
        ("__import__('os').system('ls')", "this cannot be called"),
        ("[pv for pv in (1, 2)]", "not part of the language"),
        ("pv ** 2", "pow is not part of the language"),
        ("1 if pv == member.country else 0", "a number cannot be compared with a text"),
        ("1 if member.joined > 5 else 0", "a date cannot be compared with a number"),
        ("1 if member.country < 'DE' else 0", "only texts with a declared order have a smaller"),
        ("member.joined + member.joined", "only numbers can be reckoned with, not a date"),
        ("5 - member.joined", "only numbers can be reckoned with, not a date"),
        ("(lambda: 1)()", "not part of the language"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(expression: str, said: str) -> None:
    plan = HEAD + SPONSOR + VOLUMES + f'[metrics.it]\nvalue = """{expression}"""\n'
    with pytest.raises(PlanError) as refused:
        load_plan(plan)
    assert str(refused.value).startswith("metrics.it.value: ")
    assert said in str(refused.value)


def test_a_circle_of_needs_is_shown() -> None:
    plan = HEAD + SPONSOR + VOLUMES + '[metrics.a]\nvalue = "b"\n[metrics.b]\nvalue = "a + pv"\n'
    with pytest.raises(PlanError, match="a needs b needs a, which is a loop"):
        load_plan(plan)


def test_an_endless_expression_is_refused() -> None:
    for text in ("(" * 3000, "-" * 1500 + "1", "1+" * 900 + "1"):
        with pytest.raises(ExpressionError):
            parse(text)


def test_a_number_too_large_for_its_column_is_an_error_and_no_wrong_number() -> None:
    plan = VOLUMES + '[metrics.it]\nvalue = "pv * 1000000000 * 1000000000 * 1000000000"\n'
    result = run(plan, snapshot(parents=FAMILY, lines=LINES))
    with pytest.raises(ArithmeticError, match="too large for 64 bits"):
        result.computation.column("it")


def test_whole_columns_of_nothing_are_fine() -> None:
    result = run(VOLUMES, snapshot(parents=FAMILY, lines=[]))
    assert np.all(result.computation.numbers("pv").values == 0)
