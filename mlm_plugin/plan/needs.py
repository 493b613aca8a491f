"""Which parts of a plan need which others, and whether that leads in a circle."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlm_plugin.plan.plans import Plan


def find_loop(plan: "Plan") -> list[str]:
    """What a part needs must be there before it: a circle of needs is said, else nothing."""
    needs = {name: _needs(plan, name) for name in _columns_and_trees(plan)}
    state: dict[str, int] = {}
    for start in needs:
        trail = _walk(start, needs.__getitem__, state, [])
        if trail:
            return [f"{trail[0]}: {' needs '.join(trail)}, which is a loop"]
    return []


def _walk(
    name: str, needs: Callable[[str], list[str]], state: dict[str, int], trail: list[str]
) -> list[str]:
    if state.get(name) == 2:
        return []
    if state.get(name) == 1:
        return [*trail[trail.index(name) :], name]
    state[name] = 1
    for needed in needs(name):
        found = _walk(needed, needs, state, [*trail, name])
        if found:
            return found
    state[name] = 2
    return []


def _columns_and_trees(plan: "Plan") -> list[str]:
    document = plan.document
    return [
        name
        for parts in (
            document.volumes, document.counts, document.metrics, document.predicates,
            document.statuses, document.tables, document.ladders, document.trees, document.views,
            document.pegs, document.codes, document.functions,
        )
        for name in parts
    ]  # fmt: skip


def _needs(plan: "Plan", name: str) -> list[str]:
    known = set(_columns_and_trees(plan))
    needed: set[str] = set()
    for place, compiled in plan.formulas.items():
        section, part, *_rest = place.split(".")
        is_line = section in ("volumes", "counts")
        if part == name and section not in ("bonuses", "limits", "guards") and not is_line:
            needed |= compiled.names
    if name in plan.tables:
        needed |= plan.tables[name].names
    view = plan.document.views.get(name)
    if view is not None:
        needed |= {view.of, *([view.volume] if view.volume else [])}
    code = plan.document.codes.get(name)
    if code is not None:
        needed.add(code.tree or plan.scope.default_tree)
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
    return sorted(found & known)
