"""Breaks the plan engine in small ways, one at a time, and says which breaks no test notices.

`python -m tests.mutants [--each 5 | --most 50] [--minutes 30] [--seed 1] [FILE ...]` works on a copy; by
default on everything that `TESTS` lists. `--each` draws as many breaks of every file. A survivor is either
a test that is missing or code that is not needed. What came of the last whole run: docs/plans/proof.md.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = "mlm_plugin/plan"
# What the tests of everybody are run with besides those below.
COMMON = [
    "plan/test_bonuses.py", "acceptance/test_plan_examples.py", "plan/test_against_reference.py",
]  # fmt: skip
WALKS = [
    "plan/test_trees.py", "plan/test_depth.py", "plan/test_grain.py", "plan/test_promoted.py",
    "plan/test_tracing.py", "plan/test_skips.py",
]  # fmt: skip
LEGS = [
    "plan/test_time_legs.py", "plan/test_sides.py", "plan/test_positions_pay.py",
    "plan/test_cycles_above.py", "plan/test_skips.py",
]  # fmt: skip
RETURNS = [
    "plan/test_time_returns.py", "plan/test_time_resting.py", "plan/test_time_replaced.py",
    "plan/test_time_matched_once.py", "plan/test_time_anew.py", "plan/test_parties.py",
    "plan/test_time_returned_networks.py", "plan/test_time_averages.py",
    "plan/test_time_matched_elsewhere.py",
]  # fmt: skip
TIME = [
    "plan/test_time_priors.py", "plan/test_time_chain.py", "plan/test_time_returns.py",
    "plan/test_hostile_input.py", "plan/test_hostile_rows.py",
]  # fmt: skip
RANKS = ["plan/test_time_ranks.py", "plan/test_promoted.py", "plan/test_results.py"]
GUARDS = ["plan/test_guards.py", "plan/test_promoted.py", "plan/test_skips_everywhere.py"]
POSITIONS = ["plan/test_positions_pay.py", "plan/test_positions_invariants.py"]
LINES = ["plan/test_tracing.py", "plan/test_grain.py", "plan/test_explaining.py"]
FORMULAS = ["plan/test_expressions.py", "plan/test_sides.py", "plan/test_time_priors.py"]
# The files that are broken where none is named, each with the tests that are for it.
TESTS = {
    "money.py": ["plan/test_money.py", "plan/test_rounding.py", "plan/test_shares_and_credits.py"],
    "trees.py": WALKS,
    "views.py": ["plan/test_views.py", *WALKS],
    "bonuses/unilevel.py": WALKS,
    "bonuses/differential.py": WALKS,
    "bonuses/generation.py": [*WALKS, "plan/test_shares_and_credits.py"],
    "bonuses/infinity.py": WALKS,
    "promoted.py": ["plan/test_promoted.py"],
    "tracing.py": ["plan/test_tracing.py", "plan/test_explaining.py"],
    "bonuses/leg_match.py": LEGS,
    "bonuses/lots.py": [*LEGS, "plan/test_points.py"],
    "bonuses/cycles.py": LEGS,
    "expressions/sides.py": ["plan/test_sides.py"],
    "bonuses/points.py": ["plan/test_points.py"],
    "bonuses/party.py": ["plan/test_parties.py", "plan/test_shares_and_credits.py"],
    "bonuses/party_items.py": ["plan/test_parties.py"],
    "bonuses/pool.py": ["plan/test_shares_and_credits.py", "plan/test_unpaid.py"],
    "bonuses/one_time.py": ["plan/test_time_once.py", "plan/test_time_matched_once.py"],
    "encumbering.py": ["plan/test_encumbering.py"],
    "limits.py": [
        "plan/test_limits_in_part.py",
        "plan/test_limits_within.py",
        "plan/test_shares_and_credits.py",
    ],
    "settlement.py": ["plan/test_time_once.py", "plan/test_time_ended.py"],
    "returns.py": RETURNS,
    "reversing.py": RETURNS,
    "resting.py": RETURNS,
    "resting_once.py": RETURNS,
    "replacing.py": RETURNS,
    "averaging.py": RETURNS,
    "matched_elsewhere.py": RETURNS,
    "returned_bases.py": RETURNS,
    "returned_parties.py": RETURNS,
    "changes.py": RETURNS,
    "reading_awards.py": RETURNS,
    "reading_earlier.py": TIME,
    "carrying_on.py": [*TIME, "plan/test_simulation.py"],
    "past.py": TIME,
    "state.py": TIME,
    "calendars.py": TIME,
    "windows.py": TIME,
    "guards.py": GUARDS,
    "payable.py": GUARDS,
    "sold.py": [*GUARDS, "plan/test_invariants.py"],
    "awards.py": [*GUARDS, "plan/test_limits_in_part.py"],
    "running.py": ["plan/test_rounding.py", "plan/test_unpaid.py", "plan/test_results.py"],
    "computing.py": [*RANKS, "plan/test_parties.py", "plan/test_positions_pay.py"],
    "ladders.py": RANKS,
    "standing.py": RANKS,
    "numbers.py": ["plan/test_expressions.py", "plan/test_money.py"],
    "tables.py": [*FORMULAS, "plan/test_bonuses.py"],
    "pegs.py": ["plan/test_shares_and_credits.py"],
    "codes.py": ["plan/test_time_codes.py", *POSITIONS],
    "passing_up.py": POSITIONS,
    "promoting.py": POSITIONS,
    "first_orders.py": ["plan/test_time_once.py", "plan/test_time_codes.py"],
    "drilldown.py": LINES,
    "shares.py": LINES,
    "explaining/legs.py": LINES,
    "variant_formulas.py": ["plan/test_bonus_variants.py", "plan/test_bonus_variants_told.py"],
    "bonuses/base.py": WALKS,
    "bonuses/skipping.py": [*WALKS, "plan/test_skips_everywhere.py"],
    "bonuses/forms.py": ["plan/test_bonus_variants.py"],
    "bonuses/matching.py": ["plan/test_limits_in_part.py", "plan/test_time_matched_elsewhere.py"],
    "bonuses/guarantee.py": ["plan/test_shares_and_credits.py"],
    "bonuses/allowance.py": ["plan/test_shares_and_credits.py"],
    "bonuses/pay_legs.py": ["plan/test_shares_and_credits.py", *POSITIONS],
    "bonuses/completion.py": POSITIONS,
    "bonuses/board.py": POSITIONS,
    "expressions/functions.py": FORMULAS,
    "expressions/past.py": FORMULAS,
    "expressions/comparing.py": FORMULAS,
    "expressions/compiling.py": FORMULAS,
    "simulation/hosting.py": ["plan/test_simulation.py"],
    "simulation/columns.py": ["plan/test_simulation.py"],
    "analysis/payout.py": ["plan/test_analysis.py", "plan/test_limits_within.py"],
    "analysis/ranges.py": ["plan/test_analysis.py"],
    "placing/rules.py": ["plan/test_placing.py"],
    "placing/slots.py": ["plan/test_placing.py"],
    "placing/filling.py": ["plan/test_placing.py"],
}
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
WORKED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SECONDS = 240
# A file, which of its breaks, the line, and what is broken there.
Break = tuple[str, int, int, str]


def main() -> int:
    """Return 1 where a break survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=list(TESTS))
    parser.add_argument("--most", type=int, default=50, help="how many breaks are tried")
    parser.add_argument("--each", type=int, help="how many breaks of each file are tried instead")
    parser.add_argument("--minutes", type=float, help="begin no further break after so long")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = {file: list_breaks(file) for file in options.files}
    chosen = choose(found, options)
    tried, survivors = [], []
    with tempfile.TemporaryDirectory() as folder:
        copy_of = Path(folder) / "project"
        # The published examples lie beside the project.
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        for part in (ENGINE, "tests/plan", "tests/acceptance", "docs/plans"):
            shutil.copytree(ROOT / part, copy_of / part)
        for package in ("mlm_plugin", "tests"):
            shutil.copy(ROOT / package / "__init__.py", copy_of / package)
        used = {test for each in chosen for test in tests_of(each[0])}
        if not passes(copy_of, sorted(used), seconds=20 * SECONDS):
            sys.exit("The tests fail before anything is broken.")
        end = time.monotonic() + 60 * (options.minutes or 1_000_000)
        for each in chosen:
            if time.monotonic() > end:
                break
            tried.append(each)
            if survives(copy_of, each):
                survivors.append(each)
    for file, of_file in found.items():
        count, left = (sum(each[0] == file for each in listed) for listed in (tried, survivors))
        if count:
            print(f"| `{file}` | {len(of_file)} | {count} | {count - left} | {left} |")
    possible = sum(len(of_file) for of_file in found.values())
    print(f"{possible} possible, {len(tried)} tried, {len(survivors)} not noticed")
    for file, _number, line, what in sorted(survivors):
        print(f"  {file}:{line}: {what}")
    return 1 if survivors else 0


def list_breaks(file: str) -> list[Break]:
    """Every break there is of a file."""
    return [
        (file, number, line, what)
        for number, (line, what, _place, _changed) in enumerate(
            find_breaks(_read(ROOT / ENGINE / file))
        )
    ]


def choose(found: dict[str, list[Break]], options: argparse.Namespace) -> list[Break]:
    """The breaks that are tried, by chance."""
    chance = random.Random(options.seed)
    if not options.each:
        breaks = [each for of_file in found.values() for each in of_file]
        return chance.sample(breaks, min(options.most, len(breaks)))
    drawn = [chance.sample(each, min(options.each, len(each))) for each in found.values()]
    # One of each file after the other, so that a run that ends early has seen all of them.
    return [each for turn in zip_longest(*drawn) for each in turn if each is not None]


def survives(folder: Path, broken: Break) -> bool:
    """Whether all tests pass with one break in the copy."""
    file, number, line, what = broken
    path = folder / ENGINE / file
    whole = path.read_text(encoding="utf-8")
    tree = _read(path)
    *_said, place, changed = list(find_breaks(tree))[number]
    target = list(ast.walk(tree))[place]
    for name, value in changed.items():
        setattr(target, name, value)
    path.write_text(ast.unparse(tree), encoding="utf-8")
    try:
        survived = passes(folder, tests_of(file))
    finally:
        path.write_text(whole, encoding="utf-8")
    print(f"{'NOT NOTICED' if survived else 'noticed':11} {file}:{line}: {what}", flush=True)
    return survived


def tests_of(file: str) -> list[str]:
    """The tests that should notice a break of a file; those for everything come last."""
    return list(dict.fromkeys([*TESTS.get(file, []), *COMMON]))


def passes(folder: Path, tests: list[str], *, seconds: int = SECONDS) -> bool:
    """Run some tests of the engine in the copy, without the site's settings."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "--noconftest", "-p", "no:django",
        "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder),
        *(str(folder / "tests" / name) for name in tests),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=seconds, check=False,
            env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def find_breaks(tree: ast.Module) -> Iterator[tuple[int, str, int, dict[str, object]]]:
    """Every single break of a file: its line, what is changed, at which node, and its new fields."""
    for place, node in enumerate(ast.walk(tree)):
        for changed, what in _changes(node):
            yield getattr(node, "lineno", 0), what, place, changed


def _changes(node: ast.AST) -> Iterator[tuple[dict[str, object], str]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        other = COMPARED[type(node.ops[0])]
        yield {"ops": [other(), *node.ops[1:]]}, f"{ast.unparse(node)} compared by {other.__name__}"
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in WORKED:
        other = WORKED[type(node.op)]
        yield {"op": other()}, f"{ast.unparse(node)} worked by {other.__name__}"
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield {"value": node.value + 1}, f"{node.value} became {node.value + 1}"
    elif isinstance(node, ast.If):
        yield {"test": ast.Constant(value=False)}, f"never: if {ast.unparse(node.test)}"


if __name__ == "__main__":
    sys.exit(main())
