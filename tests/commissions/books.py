"""A month of the family's orders, an approved plan, and the steps from closing to commit."""

from datetime import date
from typing import Any, NamedTuple

from mlm_plugin.commissions.models import Period, PlanVersion, Run
from mlm_plugin.commissions.periods import close_period, open_periods
from mlm_plugin.commissions.plan_versions import approve_plan, draft_plan, submit_plan
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.services import lock_run
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.selectors import get_balance
from mlm_plugin.volumes.services import credit_orders
from tests.factories import make_user
from tests.volumes.orders import Family, at, family_of_four, order_of

# 10 % to the sponsor, 5 % to the sponsor's sponsor, of the CV of every order.
PLAN = """
[plan]
id = "two_levels"
currency = "EUR"

[trees.sponsor]
parent = "sponsor"

[volumes.pv]
of = "line.pv"
[volumes.cv]
of = "line.cv"

[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 2
rate = "10% if level == 1 else 5%"
"""
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


class Books(NamedTuple):
    """The family, who prepares and who approves, and March, which is open and has two orders."""

    family: Family
    finn: Any
    greta: Any
    version: PlanVersion
    march: Period


def approved_plan(document: str, *, finn: Any, greta: Any, begin: date = MARCH) -> PlanVersion:
    """Finn drafts and submits it, greta approves it."""
    draft = draft_plan(document=document, actor=Actor(finn), at=at(2, 1))
    given = {"version_id": draft.pk, "digest": draft.digest, "effective_from": begin}
    submit_plan(**given, actor=Actor(finn), at=at(2, 1))
    return approve_plan(**given, actor=Actor(greta), at=at(2, 2))


def march_of_the_family(document: str = PLAN, family: Family | None = None) -> Books:
    """Dora buys for 80.00 CV; a customer of cleo's buys for 33.33 CV."""
    family = family or family_of_four()
    finn, greta = make_user("finn"), make_user("greta")
    version = approved_plan(document, finn=finn, greta=greta)
    open_periods(through=APRIL, actor=SCHEDULE, at=at(2, 2))
    credit_orders(
        facts=[
            order_of(family.dora),
            order_of(family.cleo, pv=5_000, cv=3_333, buyer_kind="retail"),
        ]
    )
    return Books(family, finn, greta, version, Period.objects.get(name="2026-03"))


def closed_march(books: Books) -> Period:
    """March, closed on the second of April."""
    return close_period(period_id=books.march.pk, actor=Actor(books.finn), at=at(4, 2))


def locked_run(books: Books) -> Run:
    """A run of the closed March, by finn, locked by greta."""
    closed_march(books)
    run = run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))
    return lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 3))


def wallet(member: Any) -> int:
    """What is in a member's wallet, in cents."""
    return get_balance(owner=member.pk, kind=Account.Kind.WALLET, unit="EUR")
