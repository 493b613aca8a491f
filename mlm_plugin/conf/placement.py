"""`MLM["PLACEMENT"]`: whether there is a placement tree, how wide it is, and by which rule it fills."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.conf import get_setting

NO_TREE, BINARY, MATRIX, LINE = TREES = ("none", "binary", "matrix", "line")
# Rules that find a place at once, and those that let somebody wait.
FINDING = (
    "chosen",
    "preference",
    "weaker",
    "stronger",
    "balanced",
    "breadth_first",
    "outside",
    "alternate",
)
HOLDING, QUALIFIED = WAITING = ("holding", "qualified")
MEASURES = ("members", "pv", "cv")
WIDEST = 100
LONGEST_DAYS = 3_650


@dataclass(frozen=True)
class PlacementSettings:
    """The checked setting.

    `tree`: none, binary (two slots), matrix (`width` slots) or line (one). `rule`: how a new member is
    placed below the enroller; what `fallback` is for when that cannot say (no side chosen, no
    preference stored) and for who waited in vain. `hold_days`: how long the holding tank holds.
    `measure`: what makes a leg weaker or stronger. `qualifying_pv`: own and customers' PV of the open
    period, in 1/100 point, that ends the wait of the rule "qualified".
    """

    tree: str = NO_TREE
    width: int = 0
    rule: str = "outside"
    fallback: str = "outside"
    hold_days: int = 14
    measure: str = "members"
    qualifying_pv: int = 10_000

    @property
    def is_used(self) -> bool:
        """Whether there is a placement tree at all."""
        return self.tree != NO_TREE


def get_placement_settings() -> PlacementSettings:
    """The setting, checked. Raises ImproperlyConfigured, naming the key and what would be right."""
    chosen = get_setting("PLACEMENT")
    if not isinstance(chosen, dict):
        raise ImproperlyConfigured(f"MLM['PLACEMENT'] is a dict, not {chosen!r}.")
    known = set(PlacementSettings.__dataclass_fields__)
    if unknown := sorted(map(str, chosen.keys() - known)):
        raise ImproperlyConfigured(
            f"Nobody reads {unknown} of MLM['PLACEMENT']; it knows {sorted(known)}."
        )
    for key, (is_right, words) in CHECKS.items():
        if key in chosen and not is_right(chosen[key]):
            raise ImproperlyConfigured(
                f"MLM['PLACEMENT'][{key!r}] is {chosen[key]!r}; it must be {words}."
            )
    return PlacementSettings(**{**chosen, "width": _width(chosen)})


def _width(chosen: dict[str, Any]) -> int:
    tree = chosen.get("tree", NO_TREE)
    fixed = {NO_TREE: 0, BINARY: 2, LINE: 1}.get(tree)
    width = chosen.get("width", fixed)
    if width is None:
        raise ImproperlyConfigured("MLM['PLACEMENT'] of a matrix needs a 'width', such as 3.")
    if fixed is not None and width != fixed:
        raise ImproperlyConfigured(
            f"MLM['PLACEMENT']: tree {tree!r} has width {fixed}, not {width}; leave 'width' out,"
            " or say 'matrix'."
        )
    return int(width)


def _is_whole(lowest: int, highest: int) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return type(value) is int and lowest <= value <= highest

    return check


def _is_one_of(words: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: value in words


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "tree": (_is_one_of(TREES), f"one of {TREES}"),
    "width": (_is_whole(1, WIDEST), f"a whole number from 1 to {WIDEST}"),
    "rule": (_is_one_of((*FINDING, *WAITING)), f"one of {(*FINDING, *WAITING)}"),
    # A fallback must find a place by itself, or somebody would wait for ever.
    "fallback": (
        _is_one_of(tuple(rule for rule in FINDING if rule != "chosen")),
        "a rule that needs no wish, such as 'outside' or 'weaker'",
    ),
    "hold_days": (_is_whole(1, LONGEST_DAYS), f"a whole number from 1 to {LONGEST_DAYS}"),
    "measure": (_is_one_of(MEASURES), f"one of {MEASURES}"),
    "qualifying_pv": (_is_whole(1, 10**12), "a whole number of 1/100 points above zero"),
}
