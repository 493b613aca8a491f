"""The most a plan can pay, as a share of what is sold, by walking its blocks (catalogue, 1.17).

A share is told per column of the order lines it is a share of (`cv`, `pv`, `amount`), since what a
point is worth is another number. Where no bound follows from the document, the reason is said.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlm_plugin.plan.analysis.ranges import Ranges, values_of, without_role
from mlm_plugin.plan.document.bonuses import (
    Bonus,
    Differential,
    Direct,
    Generation,
    Infinity,
    LegMatch,
    Matching,
    OneTime,
    Pool,
    Unilevel,
)
from mlm_plugin.plan.document.further import Guarantee, Party, PayLegs, Points
from mlm_plugin.plan.document.parts import Table, TableVariant
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.variant_formulas import settings_of

Shares = Mapping[str, Decimal]


@dataclass(frozen=True)
class Bound:
    """The most of each column that is paid out; without `shares` there is no bound, and `why`."""

    shares: Shares | None
    why: str = ""

    def __add__(self, other: "Bound") -> "Bound":
        if self.shares is None or other.shares is None:
            return Bound(None, self.why or other.why)
        columns = {*self.shares, *other.shares}
        return Bound(
            {
                name: self.shares.get(name, NONE) + other.shares.get(name, NONE)
                for name in sorted(columns)
            }
        )

    def times(self, factor: Decimal | None, why: str = "") -> "Bound":
        """So many times as much; None for no bound."""
        if self.shares is None or factor is None:
            return Bound(None, self.why or why)
        return Bound({name: share * factor for name, share in self.shares.items()})


NONE = Decimal(0)
NOTHING = Bound({})
DEPTH = "the same volume counts for every upline in the tree, however deep it is"
FIXED = "it pays fixed amounts, which are no share of volume"


def bound_payout(plan: Plan) -> dict[str, Bound]:
    """The bound of every bonus by its name, and of all together under the empty name."""
    found: dict[str, Bound] = {}
    for name in plan.document.bonuses:
        _find(plan, name, found)
    found[""] = _whole(plan, {name: found[name] for name in plan.document.bonuses})
    return found


def _find(plan: Plan, name: str, found: dict[str, Bound]) -> Bound:
    if name not in found:
        # Whatever matches this one, in a circle, finds that there is no bound.
        found[name] = Bound(None, "it is matched by what it matches")
        found[name] = _bound(plan, name, found)
    return found[name]


def _bound(plan: Plan, name: str, found: dict[str, Bound]) -> Bound:
    """Of all forms together; those that differ in depth alone pay each level once."""
    forms = plan.forms.get(name, [plan.document.bonuses[name]])
    alike: dict[str, list[Bonus]] = {}
    for form in forms:
        settings = settings_of(plan, name, form)
        kept = {key: value for key, value in settings.items() if key not in (*LAST, *FIRST)}
        alike.setdefault(repr(kept), []).append(form)
    bounds = [_bound_of(plan, name, _deepest(each), found) for each in alike.values()]
    return sum(bounds[1:], bounds[0])


LAST = ("levels", "generations")
FIRST = ("first_level", "first_generation")


def _deepest(forms: Sequence[Bonus]) -> Bonus:
    """A form that pays on every level that one of some forms pays on."""
    first, *others = forms
    reach = {
        name: choose(getattr(form, name) for form in forms)
        for names, choose in ((LAST, max), (FIRST, min))
        for name in names
        if others and hasattr(first, name)
    }
    return first.model_copy(update=reach)


def _bound_of(plan: Plan, name: str, bonus: Bonus, found: dict[str, Bound]) -> Bound:  # noqa: C901, PLR0911, PLR0912 - one case per kind
    peg = Ranges(plan).of(f"bonuses.{name}.peg").high
    rate = Ranges(plan).of(f"bonuses.{name}.rate").high
    no_rate = f"bonuses.{name}.rate has no highest value that follows from the document"
    if bonus.reported:
        return NOTHING
    match bonus:
        case Unilevel():
            base = _base(plan, name).times(peg, "the peg has no bound")
            return base.times(_over_levels(plan, name, bonus.first_level, bonus.levels), no_rate)
        case Generation():
            base = _base(plan, name).times(peg, "the peg has no bound")
            over = _over_levels(plan, name, 1, bonus.generations)
            if bonus.boundary_rank is not None:
                # Each rank has generations of its own, so a source can be paid on once for each.
                base = base.times(Decimal(_count_ranks(plan, bonus.boundary_rank)))
            return base.times(over, no_rate)
        case Matching():
            matched = sum((_find(plan, each, found) for each in bonus.of), NOTHING)
            return matched.times(_over_levels(plan, name, 1, bonus.generations), no_rate)
        case Differential():
            start = Ranges(plan).of(f"bonuses.{name}.start").high if bonus.start else rate
            most = None if rate is None or start is None else max(rate, start) + bonus.reserve
            if bonus.most is not None:
                most = bonus.most if most is None else min(most, bonus.most)
            field_name = "base" if bonus.form == "source" else "group"
            return _base(plan, name, field_name).times(peg).times(most, no_rate)
        case Infinity():
            most = rate if bonus.accumulator == "difference" else _sum_of_values(plan, name)
            if bonus.inside_blocker is not None and most is not None:
                # The last one is paid although somebody below had as much.
                most = None if rate is None else most + rate
            why = no_rate
            if bonus.accumulator == "full" and bonus.blocked_by == "higher":
                most, why = None, "equal rates are paid again and again up the tree"
            if bonus.most is not None:
                most = bonus.most if most is None else min(most, bonus.most)
            return _base(plan, name).times(peg).times(most, why)
        case Direct() | Guarantee():
            return _base(plan, name).times(peg).times(rate, no_rate)
        case Party() if bonus.items is bonus.booking is bonus.exclusive is None:
            return Reading(plan).volume(bonus.base).times(peg).times(rate, no_rate)
        case Points():
            return _base(plan, name, "volume").times(peg).times(rate, no_rate)
        case OneTime() if bonus.base is not None:
            return _base(plan, name).times(peg).times(rate, no_rate)
        case Pool():
            if not bonus.normalise:
                return Bound(None, "shares of the fund are not parts of their sum")
            fund = plan.formula(f"bonuses.{name}.fund").node
            return Reading(plan, whole_company=True).read(fund).times(peg)
        case LegMatch() if bonus.unit in ("percent", "steps"):
            return Bound(None, DEPTH)
    return Bound(None, DEPTH if isinstance(bonus, (LegMatch, PayLegs)) else FIXED)


def _count_ranks(plan: Plan, name: str) -> int:
    if name in plan.document.ladders:
        return len(plan.document.ladders[name].ranks)
    return len(plan.document.attributes[name.removeprefix("member.")].words)


def _base(plan: Plan, name: str, field_name: str = "base") -> Bound:
    formula = plan.optional(f"bonuses.{name}.{field_name}")
    if formula is None:
        return Bound(None, FIXED)
    return Reading(plan, grouped=field_name == "group").read(formula.node)


def _over_levels(plan: Plan, name: str, first: int, last: int) -> Decimal | None:
    """The sum over levels of the highest rate at each; a rate below nothing takes none away."""
    total = NONE
    for level in range(first, last + 1):
        given = {"level": Decimal(level), "generation": Decimal(level)}
        high = Ranges(plan, given).of(f"bonuses.{name}.rate").high
        if high is None:
            return None
        total += max(high, NONE)
    return total


def _sum_of_values(plan: Plan, name: str) -> Decimal | None:
    """The sum of all rates there are: each is paid once at most on the way up."""
    node = plan.formula(f"bonuses.{name}.rate").node
    called = name_of(node.func) if isinstance(node, ast.Call) else name_of(node) if node else None
    table = plan.document.tables.get(without_role(called or ""))
    if table is None:
        return None
    values = {table.default}
    forms: list[Table | TableVariant] = [table, *table.variants]
    for form in forms:
        values |= set(values_of(form, None, beyond=table.default))
    return sum((value for value in values if value > 0), NONE)


class Reading:
    """Reads a base as shares of the columns of order lines.

    With `grouped` or `whole_company`, sums over subtrees or the company stand for what is inside
    them: such bonuses pay on each line once. A volume since a longer calendar began has each line in
    several periods; where all of them are bound together it is that of `within`.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        grouped: bool = False,
        whole_company: bool = False,
        within: str | None = None,
    ) -> None:
        self.plan = plan
        self.grouped = grouped
        self.whole_company = whole_company
        self.within = within

    def read(self, node: ast.expr | None) -> Bound:  # noqa: PLR0911 - one line per kind of node
        """The most of each column that an expression comes to."""
        match node:
            case ast.Constant():
                return NOTHING if node.value == 0 else Bound(None, FIXED)
            case ast.Name() | ast.Attribute():
                return self._name(without_role(name_of(node) or ""))
            case ast.BinOp(op=ast.Add()):
                return self.read(node.left) + self.read(node.right)
            case ast.BinOp(op=ast.Sub()) if (
                Ranges(self.plan).of_node(node.right).is_no_less_than_nothing
            ):
                return self.read(node.left)
            case ast.BinOp(op=ast.Mult()):
                left, right = self.read(node.left), self.read(node.right)
                ranges = Ranges(self.plan)
                if left.shares is None:
                    return right.times(ranges.of_node(node.left).high, "a factor has no bound")
                return left.times(ranges.of_node(node.right).high, "a factor has no bound")
            case ast.BinOp(op=ast.Div()):
                by = Ranges(self.plan).of_node(node.right).low
                return self.read(node.left).times(
                    1 / by if by else None, "a divisor may be nothing"
                )
            case ast.IfExp():
                return _larger(self.read(node.body), self.read(node.orelse))
            case ast.Call():
                return self._call(node)
        return Bound(None, "it cannot be read as a share of volume")

    def volume(self, name: str) -> Bound:
        """A volume: what it takes from each line."""
        node = self.plan.formula(f"volumes.{name}.of").node
        return LineReading(self.plan).read(node)

    def _name(self, name: str) -> Bound:
        first, _dot, rest = name.partition(".")
        document = self.plan.document
        if first in document.volumes:
            volume = document.volumes[first]
            is_longer = volume.since not in (None, self.within, document.plan.calendar)
            if volume.lifetime or volume.window > 1 or is_longer:
                return Bound(None, f"the volume {first} counts lines of several periods")
            return self.volume(first)
        if first in document.metrics:
            return self.read(self.plan.formula(f"metrics.{first}.value").node)
        if first in document.views and rest in document.volumes:
            return self.volume(rest)
        return Bound(None, "it cannot be read as a share of volume")

    def _call(self, node: ast.Call) -> Bound:
        name = name_of(node.func) or ""
        if name == "round":
            return self.read(node.args[0])
        if name == "company" and self.whole_company:
            return self.read(node.args[0])
        if name == "total":
            return self.read(node.args[0]) if self.grouped else Bound(None, DEPTH)
        if name == "max":
            found = [self.read(each) for each in node.args]
            bound = found[0]
            for each in found[1:]:
                bound = _larger(bound, each)
            return bound
        if name == "min":
            bounded = [bound for each in node.args if (bound := self.read(each)).shares is not None]
            return bounded[0] if bounded else Bound(None, FIXED)
        return Bound(None, "it cannot be read as a share of volume")


class LineReading(Reading):
    """Reads what a volume takes from one order line."""

    def _name(self, name: str) -> Bound:
        first, _dot, column = name.partition(".")
        if first == "line":
            return Bound({column: Decimal(1)})
        return Bound(None, "it cannot be read as a share of a line")


def _larger(one: Bound, other: Bound) -> Bound:
    if one.shares is None or other.shares is None:
        return Bound(None, one.why or other.why)
    columns = {*one.shares, *other.shares}
    return Bound(
        {
            name: max(one.shares.get(name, NONE), other.shares.get(name, NONE))
            for name in sorted(columns)
        }
    )


def _whole(plan: Plan, found: Mapping[str, Bound]) -> Bound:
    """All bonuses together, after the bounds on the company."""
    left = dict(found)
    total = NOTHING
    for name, limit in plan.document.limits.items():
        if limit.scope != "company" or limit.mode == "report":
            continue
        if limit.exempt is not None or limit.exempt_part is not None:
            continue
        reading = Reading(plan, whole_company=True, within=limit.within)
        bound = reading.read(plan.formula(f"limits.{name}.most").node)
        bonuses = [each for each in (limit.bonuses or left) if each in left]
        if bound.shares is None or not bonuses:
            continue
        # The runs of each calendar are bound by themselves, unless the bound is of a longer one.
        for calendar in {None if limit.within else plan.calendar_of(each) for each in bonuses}:
            own = [each for each in bonuses if calendar in (None, plan.calendar_of(each))]
            together = sum((left.pop(each) for each in own), NOTHING)
            total += bound if together.shares is None else _smaller(bound, together)
    return sum(left.values(), total)


def _smaller(bound: Bound, other: Bound) -> Bound:
    """One of two bounds, where they are of the same columns; otherwise the one that was declared."""
    assert bound.shares is not None
    assert other.shares is not None
    if bound.shares.keys() != other.shares.keys():
        return bound
    return Bound({name: min(share, other.shares[name]) for name, share in bound.shares.items()})
