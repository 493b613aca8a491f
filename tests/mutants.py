"""Breaks the plan engine in small ways, one at a time, and says which breaks no test notices.

`python -m tests.mutants [--most 50] [--seed 1] [FILE ...]` works on a copy; by default on money,
trees, walks and leg matching. A survivor is either a test that is missing or code that is not needed.
"""

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = "mlm_plugin/plan"
FILES = [
    "money.py", "trees.py", "bonuses/unilevel.py", "bonuses/differential.py",
    "bonuses/generation.py", "bonuses/infinity.py", "bonuses/leg_match.py", "bonuses/lots.py",
]  # fmt: skip
TESTS = [
    "plan/test_money.py", "plan/test_trees.py", "plan/test_rounding.py", "plan/test_bonuses.py",
    "plan/test_depth.py", "plan/test_shares_and_credits.py", "plan/test_time_legs.py",
    "plan/test_skips.py", "acceptance/test_plan_examples.py", "plan/test_against_reference.py",
]  # fmt: skip
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
WORKED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SECONDS = 240


def main() -> int:
    """Return 1 where a break survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=FILES)
    parser.add_argument("--most", type=int, default=50, help="how many breaks are tried")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    breaks = [
        (file, number, line, what)
        for file in options.files
        for number, (line, what, _tree) in enumerate(mutate(ROOT / ENGINE / file))
    ]
    chosen = random.Random(options.seed).sample(breaks, min(options.most, len(breaks)))
    with tempfile.TemporaryDirectory() as folder:
        copy_of = Path(folder) / "project"
        # The published examples lie beside the project.
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        for part in (ENGINE, "tests/plan", "tests/acceptance"):
            shutil.copytree(ROOT / part, copy_of / part)
        for package in ("mlm_plugin", "tests"):
            shutil.copy(ROOT / package / "__init__.py", copy_of / package)
        if not passes(copy_of):
            sys.exit("The tests fail before anything is broken.")
        survivors = [each for each in sorted(chosen) if survives(copy_of, each)]
    print(f"{len(breaks)} possible, {len(chosen)} tried, {len(survivors)} not noticed")
    for file, _number, line, what in survivors:
        print(f"  {file}:{line}: {what}")
    return 1 if survivors else 0


def survives(folder: Path, broken: tuple[str, int, int, str]) -> bool:
    """Whether all tests pass with one break in the copy."""
    file, number, line, what = broken
    path = folder / ENGINE / file
    whole = path.read_text(encoding="utf-8")
    _line, _what, tree = list(mutate(ROOT / ENGINE / file))[number]
    path.write_text(ast.unparse(tree), encoding="utf-8")
    try:
        survived = passes(folder)
    finally:
        path.write_text(whole, encoding="utf-8")
    print(f"{'NOT NOTICED' if survived else 'noticed':11} {file}:{line}: {what}", flush=True)
    return survived


def passes(folder: Path) -> bool:
    """Run the fast tests of the engine in the copy, without the site's settings."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "--noconftest", "-p", "no:django",
        "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder),
        *(str(folder / "tests" / name) for name in TESTS),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=SECONDS, check=False,
            env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def mutate(path: Path) -> Iterator[tuple[int, str, ast.Module]]:
    """Every single break of a file: its line, what was changed, and the whole tree with it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, node in enumerate(ast.walk(tree)):
        for changed, what in _changes(node):
            broken = copy.deepcopy(tree)
            target = list(ast.walk(broken))[place]
            for name, value in changed.items():
                setattr(target, name, value)
            yield getattr(node, "lineno", 0), what, broken


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
