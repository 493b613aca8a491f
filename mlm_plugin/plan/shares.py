"""The order lines of awards that were not paid line by line, and each line's share of the amount.

The shares of all lines of an award add up to it exactly (largest remainder).
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlm_plugin.plan.awards import Awards, join
from mlm_plugin.plan.bonuses import BONUSES
from mlm_plugin.plan.bonuses.base import Bench
from mlm_plugin.plan.bonuses.forms import work_forms
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.document.further import PayLegs
from mlm_plugin.plan.drilldown import LineBases, expand, has_lines, line_bases, unwrap
from mlm_plugin.plan.expressions import Compiled
from mlm_plugin.plan.expressions.syntax import parse
from mlm_plugin.plan.money import share_signed
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.promoted import parts_of_period
from mlm_plugin.plan.tracing import trace
from mlm_plugin.plan.trees import Rows


@dataclass(frozen=True)
class Shares:
    """Lines of some awards: `award` is the place of the award among them, `amount` in money."""

    award: Rows
    line: Rows
    base: Numbers
    amount: np.ndarray


def shares_of(computation: Computation, awards: Awards) -> Shares | None:
    """The order lines of some awards; None where a bonus is not paid on lines of its sources.

    Shares of one award add up to its amount exactly.
    """
    plan = computation.plan
    bonus = plan.document.bonuses[awards.bonus]
    if isinstance(bonus, PayLegs):
        return _traced_shares(computation, awards, _paid_legs(plan, awards.bonus, bonus))
    grouped = getattr(bonus, "form", "source") != "source"
    formula = plan.optional(f"bonuses.{awards.bonus}.{'group' if grouped else 'base'}")
    if formula is None or not awards.size:
        return None
    parts = parts_of_period(computation, awards.bonus)
    if parts and has_lines(plan, formula.node):
        return _shares_in_parts(awards, parts, formula)
    if not has_lines(plan, unwrap(plan, formula.node)[0]):
        return _traced_shares(computation, awards, formula.node)
    bases = line_bases(computation, formula, awards.source)
    if bases.tree is None:
        award, entry = expand(awards.source, bases)
    else:
        award, entry = _expand_groups(computation, awards, bases, grouped=grouped)
    value = bases.value.at(entry)
    amount = share_signed(awards.amount, weights=value.values, groups=award)
    return Shares(award, bases.line[entry], value, amount)


def _shares_in_parts(awards: Awards, parts: Sequence[Computation], formula: Compiled) -> Shares:
    """As `shares_of`, where ranks rose within the period: an award has the lines of its own days."""
    wanted = {key: place for place, key in enumerate(_keys(awards))}
    found: list[tuple[Rows, Rows, Numbers]] = []
    for part in parts:
        bonus = part.plan.document.bonuses[awards.bonus]
        worked = work_forms(Bench(awards.bonus, bonus, part), BONUSES[bonus.kind]).awards
        places = [wanted[key] for key in _keys(worked) if key in wanted]
        bases = line_bases(part, formula, awards.source)
        award, entry = expand(awards.source[np.array(places, dtype=np.int64)], bases)
        found.append(
            (np.array(places, dtype=np.int64)[award], bases.line[entry], bases.value.at(entry))
        )
    award, line = (np.concatenate([each[place] for each in found]) for place in (0, 1))
    value = join([each[2] for each in found])
    amount = share_signed(awards.amount, weights=value.values, groups=award)
    return Shares(award, line, value, amount)


def _keys(awards: Awards) -> list[tuple[int, int, int, str]]:
    """What tells the awards of one bonus apart: payee, source, level and rate."""
    rate = [plain_number(int(each), awards.rate.places) for each in awards.rate.spread(awards.size)]
    columns = (awards.payee.tolist(), awards.source.tolist(), awards.level.tolist(), rate)
    return list(zip(*columns, strict=True))


def _paid_legs(plan: Plan, name: str, bonus: PayLegs) -> ast.expr:
    """The volume of the legs that a bonus pays on, as a formula."""
    volume = plan.formula(f"bonuses.{name}.volume").text
    tree = bonus.tree or plan.scope.default_tree
    legs = f"legs_beyond(total({volume}, subtree, tree={tree}), {bonus.excluded}, tree={tree})"
    if bonus.smallest_of is not None:
        legs = f"leg(total({volume}, subtree, tree={tree}), {bonus.smallest_of}, tree={tree})"
    return parse(legs)


def _traced_shares(
    computation: Computation, awards: Awards, node: ast.expr | None
) -> Shares | None:
    """The lines of awards on figures that are made of other sums than those of whole branches."""
    found = [
        (place, trace(computation, node, [source]))
        for place, source in enumerate(awards.source.tolist())
    ]
    traced = [(place, each) for place, each in found if each is not None]
    if not traced:
        return None
    award = np.concatenate([np.full(len(each.line), place) for place, each in traced])
    value = join([each.value for _place, each in traced])
    amount = share_signed(awards.amount, weights=value.values, groups=award)
    return Shares(award, np.concatenate([each.line for _place, each in traced]), value, amount)


def _expand_groups(
    computation: Computation, awards: Awards, bases: LineBases, *, grouped: bool
) -> tuple[Rows, Rows]:
    """As `_expand`, for bases that are sums over subtrees; for a few awards at a time.

    A differential by legs pays level 0 on the member's own lines alone.
    """
    assert bases.tree is not None
    tree = computation.tree(bases.tree)
    parts: list[tuple[Rows, Rows]] = []
    for place, (source, level) in enumerate(zip(awards.source, awards.level, strict=True)):
        own = grouped and level == 0
        members = np.array([source]) if own else np.sort(tree.subtree(int(source)))
        if tree.counted is not None:
            members = members[tree.counted[members]]
        _member, entry = expand(members, bases)
        parts.append((np.full(len(entry), place), entry))
    award, entry = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return award, entry
