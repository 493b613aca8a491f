"""What an award may rest on, where returns take it back: volume that is known of earlier periods."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlm_plugin.plan.plans import Plan


def wrong_rests(plan: "Plan") -> Iterator[str]:
    """Bonuses that rest on what is not known of an earlier period."""
    for name in plan.document.bonuses:
        formula = plan.optional(f"bonuses.{name}.rests_on")
        if formula is None:
            continue
        place = f"bonuses.{name}.rests_on"
        needed = names_behind(plan, formula.names)
        volumes = sorted(each for each in needed if each.partition(".")[0] in plan.document.volumes)
        if not volumes:
            yield f"{place}: it names no volume, so no return could lower it"
        for each in volumes:
            if "." in each:
                yield (
                    f"{place}: “{each}” is not kept of earlier periods; declare a volume of its own "
                    "with a “where”"
                )


def matches_instalments(plan: "Plan") -> bool:
    """Whether something is matched that is paid in instalments and that returns take back."""
    bonuses = plan.document.bonuses
    matched = {each for bonus in bonuses.values() for each in getattr(bonus, "of", ())}
    return any(
        getattr(bonuses[each], "instalments", 1) > 1
        and plan.optional(f"bonuses.{each}.rests_on") is not None
        for each in matched
    )


def names_behind(plan: "Plan", names: frozenset[str]) -> set[str]:
    """Some names, with everything that metrics and views among them are made of."""
    needed, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        first, _dot, _rest = name.partition(".")
        view = plan.document.views.get(first)
        if view is not None and view.volume is not None:
            waiting.append(view.volume)
        metric = plan.optional(f"metrics.{first}.value")
        waiting += [] if metric is None else metric.names
    return needed
