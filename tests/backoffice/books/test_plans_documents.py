"""Documents of plans as the office edits and compares them: places and lines, grids, differences."""

import tomllib
from decimal import Decimal

import pytest

from mlm_plugin.commissions.plan_comparison import compare_documents, compare_lines
from mlm_plugin.commissions.plan_grids import (
    WrongValue,
    pointer_of,
    read_grids,
    steps_of,
    write_values,
)
from mlm_plugin.commissions.plan_places import find_line, read_problems
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.library import find_plan, list_plans
from mlm_plugin.plan.plans import load_plan

COMPLETE = find_plan("complete").read_text(encoding="utf-8")
NAMES = [name for name, _path in list_plans()]


def line_of(document, text):
    return next(n for n, line in enumerate(document.splitlines(), start=1) if text in line)


def problems_of(document):
    with pytest.raises(PlanError) as caught:
        load_plan(document)
    return read_problems(error=caught.value, document=document)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("bonuses.levels.rate", 'rate = "level_rate(payee.rank, level)"'),
        ("bonuses.levels", "[bonuses.levels]"),
        ("bonuses.levels.missing", "[bonuses.levels]"),
        ("tables.level_rate.rows.Director.3", "rows = {"),
        ("ladders.rank.ranks.1.requires.0", 'name = "Leader"'),
        ("ladders.rank.Leader.1", 'name = "Leader"'),
        ("plan.currency", "currency"),
        ("limits.company.most", 'most = "company(cv) * 50%"'),
    ],
    ids=lambda part: part[:30],
)
def test_a_place_is_found_on_its_line(place, text):
    assert find_line(document=COMPLETE, place=place) == line_of(COMPLETE, text)


@pytest.mark.parametrize("place", ["", "nothing", "nothing.at.all", "..."], ids=repr)
def test_a_place_that_is_not_there_has_no_line(place):
    assert find_line(document=COMPLETE, place=place) is None


def test_what_is_wrong_is_said_with_place_line_and_what_stands_there():
    wrong = COMPLETE.replace("level_rate(payee.rank, level)", "level_rat(payee.rank, level)")
    wrong = wrong.replace("group_pv >= 500", "group_pw >= 500")
    found = {problem.place: problem for problem in problems_of(wrong)}
    rate, requirement = found["bonuses.levels.rate"], found["ladders.rank.Leader.1"]
    assert rate.line == line_of(wrong, "level_rat(")
    assert rate.quoted == 'rate = "level_rat(payee.rank, level)"'
    assert requirement.line == line_of(wrong, "group_pw")


def test_a_field_of_the_wrong_kind_and_a_text_that_is_no_toml_have_lines_too():
    (problem,) = problems_of(COMPLETE.replace('currency = "EUR"', 'currency = "euro"'))
    assert (problem.place, problem.line) == ("plan.currency", line_of(COMPLETE, "currency"))
    broken = COMPLETE.replace("[statuses.active]", "[statuses.active")
    (problem,) = problems_of(broken)
    assert problem.place == ""
    assert problem.line == line_of(broken, "[statuses.active")


def cells_of(document):
    return {cell.pointer: cell for grid in read_grids(document=document) for cell in grid.cells}


def value_at(document, pointer):
    here = tomllib.loads(document, parse_float=Decimal)
    for step in steps_of(pointer):
        here = here[step]
    return here


def comments_of(document):
    return [line for line in document.splitlines() if line.startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_every_shipped_plan_can_be_changed_alone(name):
    """Each filled cell in turn is given another value: nothing else changes, comments included."""
    document = find_plan(name).read_text(encoding="utf-8")
    for pointer, cell in cells_of(document).items():
        if not cell.text:
            continue
        new = "7%" if isinstance(value_at(document, pointer), str) else "7"
        written = write_values(document=document, values={pointer: new})
        assert str(value_at(written, pointer)) == new
        changed = compare_documents(before=document, after=written)
        assert len(changed) == 1, pointer
        assert comments_of(written) == comments_of(document)
        assert len(written.splitlines()) == len(document.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_values_that_are_sent_back_unchanged_leave_the_text_as_it_was(name):
    document = find_plan(name).read_text(encoding="utf-8")
    values = {pointer: cell.text for pointer, cell in cells_of(document).items()}
    assert write_values(document=document, values=values) == document


def test_rows_grow_and_shrink_at_their_end():
    rows = "/tables/level_rate/rows/Partner"
    longer = write_values(document=COMPLETE, values={f"{rows}/#2": "2%"})
    assert value_at(longer, rows) == ["5%", "5%", "2%"]
    shorter = write_values(document=longer, values={f"{rows}/#2": "", f"{rows}/#1": ""})
    assert value_at(shorter, rows) == ["5%"]
    with pytest.raises(WrongValue, match="end of a row"):
        write_values(document=COMPLETE, values={f"{rows}/#0": ""})
    with pytest.raises(WrongValue, match="one value"):
        write_values(document=shorter, values={f"{rows}/#0": ""})


STEPS = """
[tables.step_rate]
# the first step
steps = [
  [100, "5%"],  # beginners
  [500, "10%"],
]
"""


def test_steps_are_added_and_taken_away_whole():
    at = "/tables/step_rate/steps"
    more = write_values(document=STEPS, values={f"{at}/#2/#0": "900", f"{at}/#2/#1": "12,5%"})
    assert value_at(more, at) == [[100, "5%"], [500, "10%"], [900, "12.5%"]]
    assert "# beginners" in more
    fewer = write_values(document=more, values={f"{at}/#1/#0": "", f"{at}/#1/#1": ""})
    assert value_at(fewer, at) == [[100, "5%"], [900, "12.5%"]]
    with pytest.raises(WrongValue, match="both"):
        write_values(document=more, values={f"{at}/#1/#0": ""})


def test_requirements_of_ranks_are_changed_added_and_taken_away():
    at = "/ladders/rank/ranks/#1/requires"
    written = write_values(
        document=COMPLETE,
        values={f"{at}/#0": "", f"{at}/#1": "group_pv >= 600", f"{at}/#2": "legs(active) >= 3"},
    )
    assert value_at(written, at) == ["group_pv >= 600", "legs(active) >= 3"]
    load_plan(written)


@pytest.mark.parametrize("text", ["many", "5 percent", "1e9", "NaN", "--1", "5%%", '5"'], ids=repr)
def test_what_is_no_number_is_refused_beside_its_field(text):
    pointer = "/tables/level_rate/rows/Partner/#0"
    with pytest.raises(WrongValue) as caught:
        write_values(document=COMPLETE, values={pointer: text})
    assert list(caught.value.problems) == [pointer]


def test_a_value_that_no_grid_has_cannot_be_written():
    with pytest.raises(WrongValue, match="no such value"):
        write_values(document=COMPLETE, values={"/plan/currency": "USD"})


@pytest.mark.parametrize("word", ["Senior/Leader", "a~b", "#1", "1", "1.5 Star"], ids=repr)
def test_rows_may_be_called_anything(word):
    assert steps_of(pointer_of(["rows", word, 0])) == ("rows", word, 0)
    document = f'[tables.t]\nrows = {{ "{word}" = [1, 2] }}\n'
    pointer = pointer_of(["tables", "t", "rows", word, 1])
    assert value_at(write_values(document=document, values={pointer: "3"}), pointer) == 3


def test_versions_are_compared_by_value_and_not_by_spelling():
    after = COMPLETE.replace('levels = ["20%", "10%", "5%"]', "levels = [0.20, '12%', 0.05, 0.01]")
    after = after.replace("# The first 60 days", "# The first days")
    after = after.replace('{ name = "Partner", requires = ["active"] },', "")
    changes = {each.place: each for each in compare_documents(before=COMPLETE, after=after)}
    assert {place: change.kind for place, change in changes.items()} == {
        "tables.fast_rate.levels.2": "changed",
        "tables.fast_rate.levels.4": "added",
        "ladders.rank.ranks.Partner.name": "removed",
        "ladders.rank.ranks.Partner.requires.1": "removed",
    }
    second = changes["tables.fast_rate.levels.2"]
    assert (second.before, second.after) == ("10%", "12%")


def test_texts_are_compared_line_by_line():
    after = COMPLETE.replace('most = "1000"', 'most = "900"')
    (part,) = compare_lines(before=COMPLETE, after=after)
    number = line_of(COMPLETE, 'most = "1000"')
    different = [line for line in part if line.kind != "same"]
    assert [(line.kind, line.before, line.after, line.text) for line in different] == [
        ("removed", number, None, 'most = "1000"'),
        ("added", None, number, 'most = "900"'),
    ]
    assert compare_lines(before=COMPLETE, after=COMPLETE) == []


ODD = '''
plan = { id = "odd", currency = "EUR" }
volumes.cv.of = "line.cv"
trees.sponsor.parent = "sponsor"

[tables]
"by rank".levels = [ # shallow
    "1%", # first
    2e-2,
]
[[tables.by_market.variants]]
when = "member.market == 'EU'"
steps = [ [ 0, "3%" ],
          [ 1_000, 0.04 ] ]
[[tables.by_market.variants]]
when = "member.market == 'US'"
levels = [0.05]
[bonuses.deep]
rate = """
5%"""
[limits."of all"]
most = 1000
'''


def test_documents_written_in_unusual_ways_are_changed_or_refused_and_never_spoiled():
    """Whatever the spelling, one value changes, or the answer is to edit the text."""
    changed = 0
    for pointer, cell in cells_of(ODD).items():
        if not cell.text:
            continue
        try:
            written = write_values(document=ODD, values={pointer: "7%"})
        except WrongValue as error:
            assert list(error.problems) == [""]
            continue
        changed += 1
        assert value_at(written, pointer) == "7%"
        assert len(compare_documents(before=ODD, after=written)) == 1
    assert changed >= 8


@pytest.mark.parametrize(
    "place",
    [
        "plan.id",
        "volumes.cv.of",
        "tables.by rank.levels.1",
        "tables.by_market.variants.1.levels.0",
        "tables.by_market.variants.1",
        "bonuses.deep.rate",
        "limits.of all.most",
        "tables",
    ],
    ids=repr,
)
def test_lines_are_found_in_unusual_documents(place):
    assert find_line(document=ODD, place=place) is not None


def test_what_is_no_document_has_no_lines_and_breaks_nothing():
    for document in ("[" * 5_000, "a.b = 1\na = 2\n", ""):
        assert find_line(document=document, place="a.b") is None
