"""Whether a plan passes the rules of a market, and why (plan/LEGAL)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from mlm_plugin.plan.analysis.customers import needs_customers, own_purchase_places
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.analysis.rates import percent
from mlm_plugin.plan.document.bonuses import OneTime
from mlm_plugin.plan.document.guards import (
    AnyGuard,
    CustomersGuard,
    CustomerShareGuard,
    GuardPart,
    LevelsGuard,
    OwnUseLimitGuard,
    OwnUseShareGuard,
    PayShareGuard,
    SoldShareGuard,
)
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.profiles import Profile, Rule
from mlm_plugin.plan.sold import FROM_LINES, needs_sales

# Per rule that is broken: the place in the document and why.
Broken = Iterator[tuple[str, str]]
Outcome = Literal["passed", "failed", "warned"]
# Pay on what only the payee itself or its own customers bought is not pay on other members.
ALONE = ("direct", "party", "points")


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a plan: where it is broken and why."""

    rule: Rule
    broken: tuple[tuple[str, str], ...]

    @property
    def outcome(self) -> Outcome:
        """Passed, failed, or warned where the rule is not required."""
        if not self.broken:
            return "passed"
        return "failed" if self.rule.required else "warned"


def judge(plan: Plan, profile: Profile, *, on: date | None = None) -> list[Verdict]:
    """Every rule of a profile that holds on a day; all of them without one."""
    return [
        Verdict(rule, tuple(TESTS[rule.test](plan, rule)))
        for rule in profile.rules
        if on is None or (rule.first <= on and (rule.until is None or on <= rule.until))
    ]


def _sales_only(plan: Plan, _rule: Rule) -> Broken:
    for name, bonus in plan.document.bonuses.items():
        if bonus.kind not in FROM_LINES and not needs_sales(plan, name):
            yield f"bonuses.{name}", "what it pays on does not come from sold lines"


def _no_own_purchases(plan: Plan, _rule: Rule) -> Broken:
    for place, formula in own_purchase_places(plan).items():
        yield place, f"“{formula}” is met by own purchases"


def _customer_share(plan: Plan, rule: Rule) -> Broken:
    least = rule.least or Decimal(0)

    def enough(guard: AnyGuard) -> bool:
        return isinstance(guard, CustomerShareGuard) and guard.least >= least

    for name, bonus in plan.document.bonuses.items():
        if bonus.kind in ALONE or _is_guarded(plan, name, enough):
            continue
        hint = "" if needs_customers(plan, name) else ", nor any customer"
        yield (
            f"bonuses.{name}",
            f"no guard of kind “customer_share” asks for {percent(least)} of customers{hint}",
        )


def _company_share(plan: Plan, rule: Rule) -> Broken:
    least = rule.least or Decimal(0)

    def enough(guard: AnyGuard) -> bool:
        return (
            isinstance(guard, CustomerShareGuard)
            and guard.scope == "company"
            and guard.least >= least
        )

    is_bounded = any(
        limit.scope == "company" and limit.mode != "report" and not limit.bonuses
        for limit in plan.document.limits.values()
    )
    if not is_bounded and not any(enough(guard) for guard in plan.document.guards.values()):
        yield "limits", f"neither a guard asks for {percent(least)} nor a limit bounds the company"


def _own_use_share(plan: Plan, rule: Rule) -> Broken:
    most = rule.most or Decimal(0)
    yield from _unguarded(
        plan, lambda guard: isinstance(guard, OwnUseShareGuard) and guard.most <= most,
        f"no guard of kind “own_use_share” keeps own use to {percent(most)} of customers' volume",
    )  # fmt: skip


def _own_use_limit(plan: Plan, rule: Rule) -> Broken:
    most = rule.most or Decimal(0)
    if not any(
        isinstance(guard, OwnUseLimitGuard) and guard.most <= most
        for guard in plan.document.guards.values()
    ):
        yield "guards", f"no guard of kind “own_use_limit” of at most {most}"


def _customers(plan: Plan, rule: Rule) -> Broken:
    least = rule.least or Decimal(0)
    yield from _unguarded(
        plan, lambda guard: isinstance(guard, CustomersGuard) and guard.least >= least,
        f"no guard of kind “customers” asks for {least}",
    )  # fmt: skip


def _sold_share(plan: Plan, rule: Rule) -> Broken:
    least = rule.least or Decimal(0)
    yield from _unguarded(
        plan, lambda guard: isinstance(guard, SoldShareGuard) and guard.least >= least,
        f"no guard of kind “sold_share” asks for {percent(least)}",
    )  # fmt: skip


def _levels(plan: Plan, rule: Rule) -> Broken:
    most = int(rule.most or 0)
    for name, bonus in plan.document.bonuses.items():
        deep = _depth(plan, name)
        if deep is not None and deep <= most:
            continue
        if not _is_guarded(
            plan, name, lambda guard: isinstance(guard, LevelsGuard) and guard.most <= most
        ):
            how = "any depth" if deep is None else f"level {deep}"
            yield f"bonuses.{name}", f"it pays on {how} of a {bonus.kind}, allowed is {most}"


def _depth(plan: Plan, name: str) -> int | None:
    """The deepest level a bonus pays on; None for any depth."""
    bonus = plan.document.bonuses[name]
    if bonus.kind in (*ALONE, "one_time"):
        return 0
    levels = [getattr(form, "levels", None) for form in plan.forms.get(name, [bonus])]
    return max((int(each) for each in levels if each is not None), default=None)


def _pay_share(plan: Plan, rule: Rule) -> Broken:
    most = rule.most or Decimal(0)
    whole = [
        guard for guard in plan.document.guards.values()
        if isinstance(guard, PayShareGuard) and not guard.bonuses and guard.most <= most
    ]  # fmt: skip
    if not whole:
        yield (
            "guards",
            f"no guard of kind “pay_share” keeps all pay to {percent(most)} of own sales",
        )


def _payout_bound(plan: Plan, rule: Rule) -> Broken:
    most = rule.most or Decimal(1)
    bound = bound_payout(plan)[""]
    if bound.shares is None:
        yield "bonuses", f"there is no bound on what is paid: {bound.why}; a limit would set one"
    elif sum(bound.shares.values()) >= most:
        yield "bonuses", f"up to {percent(sum(bound.shares.values(), Decimal(0)))} can be paid"


def _returns(plan: Plan, _rule: Rule) -> Broken:
    if plan.document.returns.later_period not in ("reverse", "average", "recompute"):
        yield "returns.later_period", "pay on returned goods is not taken back: “reverse” does so"


def _hold(plan: Plan, rule: Rule) -> Broken:
    if not plan.document.money.hold_periods:
        days = f" for {rule.most} days" if rule.most else ""
        yield "money.hold_periods", f"pay is not held back{days}; a period would do"


def _first_orders(plan: Plan, _rule: Rule) -> Broken:
    for name, bonus in plan.document.bonuses.items():
        if isinstance(bonus, OneTime):
            yield (
                f"bonuses.{name}",
                "paid once: see that new participants' orders are not its source",
            )


def _unguarded(plan: Plan, enough: Callable[[AnyGuard], bool], why: str) -> Broken:
    for name, bonus in plan.document.bonuses.items():
        if bonus.kind not in ALONE and not _is_guarded(plan, name, enough):
            yield f"bonuses.{name}", why


def _is_guarded(plan: Plan, bonus: str, enough: Callable[[AnyGuard], bool]) -> bool:
    for guard in plan.document.guards.values():
        assert isinstance(guard, GuardPart)
        bonuses = getattr(guard, "bonuses", ())
        if enough(guard) and (not bonuses or bonus in bonuses):
            return True
    return False


TESTS: dict[str, Callable[[Plan, Rule], Broken]] = {
    "sales_only": _sales_only,
    "no_own_purchases": _no_own_purchases,
    "customer_share": _customer_share,
    "company_share": _company_share,
    "own_use_share": _own_use_share,
    "own_use_limit": _own_use_limit,
    "customers": _customers,
    "sold_share": _sold_share,
    "levels": _levels,
    "pay_share": _pay_share,
    "payout_bound": _payout_bound,
    "returns": _returns,
    "hold": _hold,
    "first_orders": _first_orders,
}
