"""What of a plan needs customers, and what members can have by buying themselves."""

import ast
from collections.abc import Iterator

from mlm_plugin.plan.analysis.findings import Finding
from mlm_plugin.plan.analysis.ranges import without_role
from mlm_plugin.plan.document.guards import CustomerShareGuard, PayeePart, PayShareGuard
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.sold import BASES, FROM_LINES, Reading, needs_sales

OF_CUSTOMERS = ("customers", "preferred", "retail")
# What decides whether, and how much, a member is paid.
DECIDING = ("payee", "rate", "when", "compress", "boundary", "share", "amount", "until")


class CustomersReading(Reading):
    """Reads off formulas what they come to for somebody whose whole group has no customer."""

    def is_of_customers(self, name: str) -> bool:
        """Whether a volume or count holds customers' lines alone."""
        first, _dot, buyers = name.partition(".")
        if buyers in OF_CUSTOMERS:
            return True
        section = "volumes" if first in self.document.volumes else "counts"
        where = self.plan.optional(f"{section}.{first}.where")
        return where is not None and any(
            _excludes_self(node) for node in ast.walk(where.node or _TRUE)
        )

    def _name_vanishes(self, name: str) -> bool:
        plain = without_role(name)
        first, _dot, rest = plain.partition(".")
        if first == "paid":
            return False
        if first in self.document.volumes or first in self.document.counts:
            return self.is_of_customers(plain)
        if first in self.document.views and rest in self.document.volumes:
            return self.is_of_customers(rest)
        return super()._name_vanishes(name)


_TRUE = ast.Constant(value=True)


def _excludes_self(node: ast.AST) -> bool:
    """A condition on a line that own purchases fail."""
    if (
        not isinstance(node, ast.Compare)
        or len(node.ops) != 1
        or name_of(node.left) != "line.buyer"
    ):
        return False
    other = node.comparators[0]
    word = other.value if isinstance(other, ast.Constant) else None
    if isinstance(node.ops[0], ast.NotEq):
        return word == "self"
    if isinstance(node.ops[0], ast.Eq):
        return word in OF_CUSTOMERS
    if isinstance(node.ops[0], ast.In) and isinstance(other, (ast.List, ast.Tuple)):
        return all(isinstance(each, ast.Constant) and each.value != "self" for each in other.elts)
    return False


def needs_customers(plan: Plan, bonus: str) -> bool:
    """Whether a bonus pays nothing to somebody in whose whole group nobody is a customer."""
    part = plan.document.bonuses[bonus]
    if part.kind == "matching":
        return all(needs_customers(plan, each) for each in getattr(part, "of", ()))
    reading = CustomersReading(plan)
    place = f"bonuses.{bonus}"
    bases = [plan.optional(f"{place}.{name}") for name in BASES]
    if any(reading.vanishes(base.node) for base in bases if base is not None):
        return True
    conditions = [plan.optional(f"{place}.{name}") for name in ("payee", "when")]
    if any(reading.fails(each.node) for each in conditions if each is not None):
        return True
    return any(_guard_needs_customers(reading, name, bonus) for name in plan.document.guards)


def _guard_needs_customers(reading: CustomersReading, name: str, bonus: str) -> bool:
    guard = reading.document.guards[name]
    if not isinstance(guard, PayeePart) or guard.applies is not None:
        return False
    if guard.bonuses and bonus not in guard.bonuses:
        return False
    if isinstance(guard, CustomerShareGuard):
        return guard.least > 0 or guard.more_than
    if isinstance(guard, PayShareGuard):
        return reading.vanishes(reading.plan.formula(f"guards.{name}.of").node)
    condition = reading.plan.optional(f"guards.{name}.condition")
    return condition is not None and reading.fails(condition.node)


def check_customers(plan: Plan) -> Iterator[Finding]:
    """Awards that need no customer or no sale, and eligibility by own purchases."""
    for name, bonus in plan.document.bonuses.items():
        place = f"bonuses.{name}"
        if bonus.kind not in FROM_LINES and not needs_sales(plan, name):
            yield Finding(
                "warning", "no_sale_needed", place,
                "what it pays on does not come from sold lines; it is paid only where somebody in "
                "the source's branch has one",
            )  # fmt: skip
        if not needs_customers(plan, name):
            yield Finding(
                "warning", "no_customer_needed", place,
                "it is paid even if everything was bought by members for themselves",
            )  # fmt: skip
    for place, formula in own_purchase_places(plan).items():
        yield Finding(
            "warning", "own_purchases_qualify", place, f"“{formula}” is met by own purchases"
        )


def own_purchase_places(plan: Plan) -> dict[str, str]:
    """The places whose condition a member's own purchases can meet, with the condition."""
    reading = CustomersReading(plan)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for name in plan.document.bonuses:
        for field_name in DECIDING:
            formula = plan.optional(f"bonuses.{name}.{field_name}")
            if formula is not None:
                place = f"bonuses.{name}.{field_name}"
                _follow(plan, reading, place, formula.node, found, seen)
    return found


def _follow(  # noqa: PLR0917 - one walk through the document with what it has found
    plan: Plan, reading: CustomersReading, place: str, node: ast.expr | None,
    found: dict[str, str], seen: set[str],
) -> None:  # fmt: skip
    """Look through a formula and through everything it names."""
    for part in ast.walk(node or _TRUE):
        if isinstance(part, ast.Compare):
            texts = [
                each for each in (part.left, *part.comparators) if _is_own(plan, reading, each)
            ]
            if texts:
                found.setdefault(place, ast.unparse(part))
        name = name_of(part) if isinstance(part, (ast.Name, ast.Attribute)) else None
        first = without_role(name or "").partition(".")[0]
        for further in _places_of(plan, first):
            if further not in seen:
                seen.add(further)
                formula = plan.optional(further)
                if formula is not None:
                    _follow(plan, reading, further, formula.node, found, seen)


def _is_own(plan: Plan, reading: CustomersReading, node: ast.expr) -> bool:
    """Whether a side of a comparison is a member's own volume, own purchases included."""
    name = without_role(name_of(node) or "")
    first = name.partition(".")[0]
    if first in plan.document.volumes:
        return not reading.is_of_customers(name)
    if first in plan.document.metrics:
        inner = plan.formula(f"metrics.{first}.value").node
        return inner is not None and _is_own(plan, reading, inner)
    if isinstance(node, ast.BinOp):
        return _is_own(plan, reading, node.left) or _is_own(plan, reading, node.right)
    return False


def _places_of(plan: Plan, name: str) -> list[str]:
    """Where the conditions behind a name stand."""
    document = plan.document
    if name in document.statuses:
        return [f"statuses.{name}.when"]
    if name in document.predicates:
        return [f"predicates.{name}.when"]
    if name in document.ladders:
        start = f"ladders.{name}."
        return [place for place in plan.formulas if place.startswith(start)]
    return [f"metrics.{name}.value"] if name in document.metrics else []
