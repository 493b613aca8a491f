"""Which columns of its own a plan reads, and what words a synthetic network writes into them.

A text takes the words that the shape gives it, else those that the plan itself names: rows of tables,
markets of pegs, and what it is compared with.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from mlm_plugin.plan.bonuses.party_items import Offer, offers_of
from mlm_plugin.plan.conditions import joined_parts
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.scopes import LINE_NUMBERS, STANDARD_ATTRIBUTES
from mlm_plugin.plan.simulation.hosting import Hosting
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.trees import Rows

ROLES = frozenset({"member", "payee", "source", "below"})
OF_LINES = frozenset({*LINE_NUMBERS, "date", "buyer", "first_order", "customer", "refund_of"})


class CannotGrow(ValueError):
    """The plan names something that a synthetic network does not have."""


@dataclass(frozen=True)
class WrittenLines:
    """What order lines say besides numbers: texts with the weights of their words, customers, parties."""

    texts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    customers: bool = False
    hosting: Hosting = field(default_factory=Hosting)


def words_of_members(plan: Plan, shape: Shape) -> dict[str, Mapping[str, int]]:
    """The texts that a plan reads of members, each with the weights of its words. Raises CannotGrow."""
    names = {name.removeprefix("member.") for name in _named(plan) if name.startswith("member.")}
    declared = plan.document.attributes
    wanted = {name for name, part in declared.items() if part.kind == "text" and "." not in name}
    wanted |= {name for name in names if name not in declared and name not in STANDARD_ATTRIBUTES}
    return {name: _weights(plan, shape, "member", name) for name in sorted(wanted)}


def written_lines(plan: Plan, shape: Shape) -> WrittenLines:
    """What the order lines of a plan have to say. Raises CannotGrow."""
    parties = [each for each in plan.document.bonuses.values() if isinstance(each, Party)]
    hosting = Hosting(
        parties=frozenset(each.party for each in parties),
        hosts=frozenset(each.host for each in parties if each.host),
        booked_by=frozenset(each.booked_by for each in parties if each.booked_by),
        items=tuple(_marks(plan, offer) for each in parties for offer in offers_of(each)),
    )
    given = hosting.columns
    names = {name.removeprefix("line.") for name in _named(plan) if name.startswith("line.")}
    texts = sorted(names - OF_LINES - given)
    counts = plan.document.counts.values()
    return WrittenLines(
        {name: _weights_of_guests(plan, shape, name, hosting) for name in texts},
        customers=bool(parties) or any(each.distinct == "customer" for each in counts),
        hosting=hosting,
    )


def _weights_of_guests(plan: Plan, shape: Shape, name: str, hosting: Hosting) -> Mapping[str, int]:
    """The words of a text of lines; those that mark items for hosts are no words of guests."""
    marks = {each[name] for each in hosting.items if name in each}
    if not marks or f"line.{name}" in shape.attributes:
        return _weights(plan, shape, "line", name)
    weights = _weights(plan, shape, "line", name)
    left = {word: 0 if word in marks else often for word, often in weights.items()}
    return left if any(left.values()) else {**left, "": 1}


def _marks(plan: Plan, offer: Offer) -> Mapping[str, str]:
    """The words by which a plan knows the lines of items for hosts. Raises CannotGrow."""
    where = plan.optional(f"volumes.{offer.volume}.where")
    marks: dict[str, str] = {}
    for node in joined_parts(where.node) if where is not None and where.node is not None else ():
        match node:
            case ast.Compare(
                left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=str(word))]
            ):
                marks[(name_of(left) or "").removeprefix("line.")] = word
    if marks.pop("buyer", "self") != "self" or not marks:
        raise CannotGrow(
            f"volumes.{offer.volume}.where: lines of items for hosts are made up where a word marks "
            "them, as in line.offer == 'host'; simulate on a real network with --network"
        )
    return marks


def draw(weights: Mapping[str, int], chance: np.random.Generator, count: int) -> Rows:
    """So many words by their weights, as numbers of words."""
    bounds = np.cumsum(list(weights.values()))
    return np.searchsorted(bounds, chance.integers(0, bounds[-1], size=count), side="right")


def _weights(plan: Plan, shape: Shape, role: str, name: str) -> Mapping[str, int]:
    place = name if role == "member" else f"line.{name}"
    given = shape.attributes.get(place)
    declared = plan.document.attributes.get(place)
    if declared is not None and declared.kind == "choice":
        # In their order, after the empty one: so are the words of files counted.
        often = given or dict.fromkeys(declared.words, 1)
        if strange := sorted(often.keys() - {*declared.words}):
            raise CannotGrow(f"attributes.{place}: “{strange[0]}” is none of its words")
        return {"": 0, **{word: often.get(word, 0) for word in declared.words}}
    if given:
        return given
    words = sorted(set(_named_words(plan, role, name)))
    if not words:
        raise CannotGrow(
            f"attributes.{place}: the plan names no words of it; give some in the shape "
            f'([attributes."{place}"]), or simulate on a real network with --network'
        )
    return dict.fromkeys(words, 1)


def _named(plan: Plan) -> set[str]:
    """All attributes a plan reads, as member.x or line.x."""
    names = set()
    for formula in plan.formulas.values():
        for node in ast.walk(formula.node) if formula.node is not None else ():
            first, _dot, rest = (name_of(node) or "").partition(".")
            if rest and first in ROLES and not plan.scope.kind_of(rest):
                names.add(f"member.{rest}")
            elif rest and first == "line":
                names.add(f"line.{rest}")
    document = plan.document
    for part in (*document.tables.values(), *document.pegs.values(), *document.bonuses.values()):
        for field_name in ("by", "key"):
            said = getattr(part, field_name, None)
            if isinstance(said, str) and said.startswith(("member.", "line.")):
                names.add(said)
    return names


def _named_words(plan: Plan, role: str, name: str) -> Iterator[str]:
    """The words of an attribute that a plan names."""
    document = plan.document
    for table in document.tables.values():
        if table.by == f"{role}.{name}":
            yield from table.rows or {}
    for peg in document.pegs.values():
        if peg.by == f"{role}.{name}":
            yield from (rate.market for rate in peg.rates if rate.market)
    for formula in plan.formulas.values():
        for node in ast.walk(formula.node) if formula.node is not None else ():
            if isinstance(node, ast.Compare):
                yield from _compared(node, role, name)


def _compared(node: ast.Compare, role: str, name: str) -> Iterator[str]:
    sides = [node.left, *node.comparators]
    spoken = [(name_of(side) or "").partition(".") for side in sides]
    roles = ROLES if role == "member" else {"line"}
    if not any(first in roles and rest == name for first, _dot, rest in spoken):
        return
    for side in sides:
        for each in side.elts if isinstance(side, (ast.List, ast.Tuple)) else [side]:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                yield each.value
