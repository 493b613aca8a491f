"""Which parts of a plan need which others, and whether that leads in a circle."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlm_plugin.plan.plans import Plan

# A run works what is needed first, one inside the other; so far Python follows.
DEEPEST = 60


def find_loop(plan: "Plan") -> list[str]:
    """What a part needs must be there before it: a circle of needs is said, else nothing.

    So is a chain of needs that is too long for a run.
    """
    named = _named_by_formulas(plan)
    needs = {name: _needs(plan, name, named) for name in named}
    height: dict[str, int] = {}
    for start in needs:
        trail = _walk(start, needs, height, {})
        if trail:
            return [f"{trail[0]}: {' needs '.join(trail)}, which is a loop"]
        if height[start] > DEEPEST:
            return [f"{start}: names build on each other at most {DEEPEST} deep; use fewer steps"]
    return []


def _walk(
    name: str, needs: Mapping[str, list[str]], height: dict[str, int], trail: dict[str, None]
) -> list[str]:
    """A circle that begins here, else nothing; notes how high each part stands above what it needs."""
    if name in height:
        return []
    if name in trail:
        names = list(trail)
        return [*names[names.index(name) :], name]
    if len(trail) > DEEPEST:
        height[name] = 0
        return []
    trail[name] = None
    for needed in needs[name]:
        found = _walk(needed, needs, height, trail)
        if found:
            return found
    del trail[name]
    height[name] = 1 + max((height[needed] for needed in needs[name]), default=0)
    return []


def _named_by_formulas(plan: "Plan") -> dict[str, set[str]]:
    """For every column and tree what its formulas name."""
    named: dict[str, set[str]] = {name: set() for name in _columns_and_trees(plan)}
    for place, compiled in plan.formulas.items():
        section, part, *_rest = place.split(".")
        if section not in ("bonuses", "limits", "guards", "volumes", "counts") and part in named:
            named[part] |= compiled.names
    return named


def _columns_and_trees(plan: "Plan") -> list[str]:
    document = plan.document
    return [
        name
        for parts in (
            document.volumes, document.counts, document.metrics, document.predicates,
            document.statuses, document.tables, document.ladders, document.trees, document.views,
            document.pegs, document.codes, document.functions, document.encumbrances,
        )
        for name in parts
    ]  # fmt: skip


def _needs(plan: "Plan", name: str, named: Mapping[str, set[str]]) -> list[str]:
    needed = set(named[name])
    if name in plan.tables:
        needed |= plan.tables[name].names
    view = plan.document.views.get(name)
    if view is not None:
        needed |= {view.of, *([view.volume] if view.volume else [])}
    code = plan.document.codes.get(name)
    if code is not None:
        needed.add(code.tree or plan.scope.default_tree)
    encumbrance = plan.document.encumbrances.get(name)
    if encumbrance is not None:
        needed.add(encumbrance.tree or plan.scope.default_tree)
    function = plan.document.functions.get(name)
    if function is not None and function.tree is not None:
        needed.add(function.tree)
    is_ladder = name in plan.document.ladders
    found = set()
    for each in needed:
        first, _dot, rest = each.partition(".")
        # What a ladder was before comes from elsewhere. A ladder may ask for ranks further down; the
        # run works it from the lowest rank up.
        if rest in ("before", "career_before") or (is_ladder and first == name):
            continue
        found.add(first)
    return sorted(found & named.keys())


def all_needed(plan: "Plan", place: str) -> set[str]:
    """Every column and tree that the formulas of a part need, and what those need in turn."""
    named = _named_by_formulas(plan)
    waiting = [
        name.partition(".")[0]
        for formula, compiled in plan.formulas.items()
        if formula.startswith(f"{place}.")
        for name in compiled.names
    ]
    bonus = plan.document.bonuses[place.removeprefix("bonuses.")]
    waiting += [
        each
        for each in (getattr(bonus, "tree", None), getattr(bonus, "boundary_rank", None))
        if each
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found and name in named:
            found.add(name)
            waiting += _needs(plan, name, named)
    return found
