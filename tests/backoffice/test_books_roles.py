"""Who may enter which page of the books, one line per page and one column per role; and that an auditor
changes nothing anywhere in the dashboard.

    ok  the page opens            no  refused (403)
    go  sent somewhere else       up  method not allowed (405)
    --  let in, and what is asked for is not there (404)

A new page of the books needs a line here, or `test_every_page_of_the_books_is_in_the_table` fails.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.commissions.models import Period
from mlm_plugin.commissions.overrides import CannotOverride, decide_override, propose_override
from mlm_plugin.commissions.plan_versions import (
    CannotApprove,
    approve_plan,
    draft_plan,
    submit_plan,
)
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.services import CannotLock, lock_run
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.ledger.wallet_adjustments import CannotAdjust, approve_adjustment, ask_adjustment
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.network.models import Member, Move
from mlm_plugin.payouts.steps import PayoutError
from mlm_plugin.volumes.moving import OwnMove, approve_move, propose_move
from storefront.accounts.models import User
from storefront.accounts.roles import AUDITORS, CONTROLLERS, FINANCE, OPERATORS, PAYERS
from tests.commissions.books import APRIL, PLAN, closed_march, march_of_the_family
from tests.factories import make_account, make_family
from tests.payouts.people import Staff, ask, make_payee, prepare, with_terms
from tests.payouts.people import approve as approve_batch
from tests.urls_walk import fill, walk
from tests.volumes.orders import Family, at

pytestmark = pytest.mark.django_db
ROLES = {
    "finance": FINANCE,
    "controller": CONTROLLERS,
    "payer": PAYERS,
    "auditor": AUDITORS,
    "operator": OPERATORS,
}

# name, then: finance controller payer auditor operator
TABLE = """
staff-books                              ok ok ok ok no
staff-books-days                         ok ok ok ok no

staff-plans                              ok ok ok ok no
staff-plan-new                           ok no no no no
staff-plan                               ok ok ok ok no
staff-plan-text                          ok no no no no
staff-plan-values                        ok no no no no
staff-plan-file                          ok ok ok ok no
staff-plan-compare                       ok ok ok ok no

staff-periods                            ok ok ok ok no
staff-periods-open                       up no no no no
staff-period                             ok ok ok ok no
staff-period-close                       ok no no no no
staff-period-estimate                    up up no no no
staff-period-inputs                      ok ok ok ok no
staff-override-new                       ok no no no no
staff-override                           ok ok ok ok no
staff-run-new                            up no no no no
staff-run                                ok ok ok ok no
staff-run-commit                         ok ok no no no
staff-run-result                         ok ok ok ok no
staff-run-inputs                         ok ok ok ok no
staff-run-differences                    ok ok ok ok no

staff-payouts                            ok ok ok ok no
staff-payouts-waiting                    ok ok ok ok no
staff-payout                             -- -- -- -- no
staff-payout-batches                     ok ok ok ok no
staff-payout-batch-new                   ok no no no no
staff-payout-batch                       -- -- -- -- no
staff-payout-file                        no no -- no no
staff-payout-results                     ok ok ok ok no
staff-payout-result                      -- -- -- -- no

staff-log                                ok ok ok ok no
staff-log-entry                          ok ok ok ok no
staff-log-file                           ok ok ok ok no

staff-statements                         ok ok ok ok no
staff-statement                          -- -- -- -- no
staff-statement-paper                    -- -- -- -- no
staff-statement-file                     -- -- -- -- no
staff-reports                            ok ok ok ok no
staff-report-period                      -- -- -- -- no
staff-report-liabilities                 ok ok ok ok no
staff-report-year                        ok ok ok ok no
staff-report-check                       ok ok ok ok no
staff-what-ifs                           ok ok ok ok no
staff-what-if-new                        ok no no no no
staff-what-if                            -- -- -- -- no
staff-what-if-file                       -- -- -- -- no

staff-wallets                            ok ok ok ok no
staff-wallet                             ok ok ok ok no
staff-wallet-adjust                      ok no no no no
staff-wallet-adjustments                 ok ok ok ok no
staff-wallet-adjustment                  ok ok ok ok no

staff-adjust                             ok no no no ok
staff-members                            ok ok ok ok ok
staff-member                             ok ok ok ok ok
"""
ANSWERS = {"ok": {200}, "no": {403}, "go": {301, 302}, "up": {405}, "--": {404}}


def read_table() -> dict[str, dict[str, dict[str, str]]]:
    """The blocks of the table by their first page: what each page answers to whom."""
    blocks = {}
    for block in TABLE.strip().split("\n\n"):
        rows = [line.split() for line in block.splitlines()]
        blocks[rows[0][0]] = {
            name: dict(zip(ROLES, answers, strict=True)) for name, *answers in rows
        }
    return blocks


class Office:
    """One person per role, and one of everything that a page is about."""

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        people = {}
        for name, role in ROLES.items():
            people[name] = make_account(name, role)
            self.clients[name] = Client()
            self.clients[name].force_login(people[name])
        make_family()
        finn = Actor(people["finance"], "192.0.2.7")
        plan = draft_plan(document=PLAN, actor=finn, at=timezone.now())
        action = Action.objects.get()
        # What the pages with arguments are asked for.
        self.arguments: dict[str, list[Any]] = {
            "staff-plan": [plan.number],
            "staff-plan-text": [plan.number],
            "staff-plan-values": [plan.number],
            "staff-plan-file": [plan.number],
            "staff-log-entry": [action.pk],
            # Asked for what is not there; what is there is tested with the pages.
            "staff-statement": ["ADA", 999_999],
            "staff-statement-paper": ["ADA", 999_999],
            "staff-statement-file": ["ADA", 999_999],
            "staff-report-period": [999_999],
            "staff-payout": [999_999],
            "staff-payout-batch": [999_999],
            "staff-payout-file": [999_999, "sepa"],
            "staff-payout-result": [999_999],
            "staff-what-if": [999_999],
            "staff-what-if-file": [999_999],
            "staff-wallet": ["ADA"],
            "staff-wallet-adjust": ["ADA"],
            "staff-wallet-adjustment": [waiting_adjustment(finn).pk],
            "staff-adjust": ["ADA"],
            "staff-status": ["ADA"],
            "staff-move-new": ["ADA"],
            "staff-place": ["ADA"],
            "staff-move": [waiting_move(people["operator"]).pk],
            "staff-member": ["ADA"],
        }

    def address(self, name: str) -> str:
        """The address of a page by its name."""
        of_march = name.startswith(("staff-period", "staff-run", "staff-override"))
        if of_march and "staff-period" not in self.arguments:
            self.arguments |= numbers_of_march()
        return reverse(f"mlm:{name}", args=self.arguments.get(name, []))


def numbers_of_march() -> dict[str, list[Any]]:
    """March, run twice with the second run locked, an override that waits, and April, which is open."""
    books = march_of_the_family(family=Family(*Member.objects.order_by("depth")))
    proposed = propose_override(
        key=uuid4(), period_id=books.march.pk, member_id=books.family.ben.pk, kind="amount",
        amount=100, reason="Agreed", actor=Actor(books.finn), at=at(4, 1),
    )  # fmt: skip
    closed_march(books)
    for _each in range(2):
        run = run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 3))
    april = Period.objects.get(name="2026-04").pk
    of_march = ("staff-period", "staff-period-inputs", "staff-override-new", "staff-run-new")
    of_run = ("", "-commit", "-result", "-inputs", "-differences")
    return {
        "staff-period-close": [april],
        "staff-period-estimate": [april],
        "staff-override": [proposed.pk],
        **{name: [books.march.pk] for name in of_march},
        **{f"staff-run{name}": [run.pk] for name in of_run},
    }


def waiting_adjustment(finn: Actor) -> WalletAdjustment:
    """Finn wants to give ada 500.00, which is above the limit."""
    ada = Member.objects.get(code="ADA")
    return ask_adjustment(
        key="form-1", owner=ada.pk, unit="EUR", amount=50_000, reason="Prize", holder_id=None,
        actor=finn, at=timezone.now(),
    )  # fmt: skip


def waiting_move(operator: Any) -> Move:
    """The operator proposes to move dora below ada."""
    codes = {member.code: member.pk for member in Member.objects.all()}
    return propose_move(
        key="form-4", member_id=codes["DORA"], tree_name="sponsor", parent_id=codes["ADA"],
        reason="signed up with the wrong link", effective_on=timezone.now().date(),
        proposed_by_id=operator.pk, proposed_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize("block", read_table())
def test_the_pages_open_for_whom_they_should(office, block):
    wrong = {}
    for name, expected in read_table()[block].items():
        address = office.address(name)
        for role, word in expected.items():
            status = office.clients[role].get(address).status_code
            if status not in ANSWERS[word]:
                wrong[name, role] = status
    assert wrong == {}


def test_every_page_of_the_books_is_in_the_table():
    known = {f"mlm:{name}" for block in read_table().values() for name in block}
    missing = {
        address.name
        for address in walk()
        if address.path.startswith("/dashboard/network/books/") and address.name not in known
    }
    assert missing == set()


def staff_addresses() -> list[str]:
    return sorted(
        fill(address.path) for address in walk() if address.path.startswith("/dashboard/network/")
    )


@pytest.mark.parametrize(
    "data", [{}, {"action": "approve", "confirmed": "1"}], ids=["empty", "full"]
)
def test_an_auditor_sends_nothing_to_any_page_of_the_network(office, data):
    """What is there to be read and not to be changed is asked for below."""
    answers = {
        address: office.clients["auditor"].post(address, data).status_code
        for address in staff_addresses()
    }
    refused = (403, 404, 405)
    assert {address: code for address, code in answers.items() if code not in refused} == {}


def test_an_auditor_sends_nothing_to_the_rest_of_the_dashboard(office):
    """What answers changes nothing: work without an order chosen, and the days of the statistics."""
    before = list(User.objects.order_by("pk").values_list("pk", "is_active"))
    data = {
        "action": "make_inactive",
        "selected_user": [pk for pk, _is_active in before],
    }
    answers = {
        address.name: office.clients["auditor"].post(fill(address.path), data).status_code
        for address in walk()
        if address.path.startswith("/dashboard/")
        and not address.path.startswith("/dashboard/network/")
        and "/log" not in address.path
    }
    refused = (403, 404, 405)
    others = {name: code for name, code in answers.items() if code not in refused}
    assert others == {"dashboard:order-stats": 200, "dashboard:order-work": 302}
    assert list(User.objects.order_by("pk").values_list("pk", "is_active")) == before


OF_THINGS = (
    "staff-books-days",
    "staff-plan",
    "staff-adjust",
    "staff-plan-new",
    "staff-status",
    "staff-move",
    "staff-move-new",
    "staff-place",
    "staff-wallet-adjust",
    "staff-wallet-adjustment",
    "staff-period-close",
    "staff-run",
    "staff-run-commit",
    "staff-override",
    "staff-override-new",
)


def test_an_auditor_sends_nothing_to_what_is_there(office):
    addresses = [office.address(name) for name in OF_THINGS]
    before = Action.objects.count()
    auditor = office.clients["auditor"]
    answers = {each: auditor.post(each, {"action": "submit"}).status_code for each in addresses}
    assert answers == dict.fromkeys(addresses, 403)
    assert Action.objects.count() == before


def own_plan(books):
    """Finn's draft, submitted by him."""
    version = draft_plan(document=PLAN, actor=Actor(books.finn), at=at(4, 2))
    given = {"version_id": version.pk, "digest": version.digest, "effective_from": APRIL}
    submit_plan(**given, actor=Actor(books.finn), at=at(4, 2))
    return lambda who: approve_plan(**given, actor=Actor(who), at=at(4, 2))


def own_run(books):
    """Finn's run of March."""
    closed_march(books)
    run = run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))
    return lambda who: lock_run(run_id=run.pk, actor=Actor(who), at=at(4, 3))


def own_override(books):
    """Finn's proposal for ben in March."""
    override = propose_override(
        key=uuid4(), period_id=books.march.pk, member_id=books.family.ben.pk, kind="amount",
        amount=100, reason="Agreed", actor=Actor(books.finn), at=at(4, 1),
    )  # fmt: skip
    return lambda who: decide_override(
        override_id=override.pk, is_approved=True, actor=Actor(who), at=at(4, 2)
    )


def own_adjustment(books):
    """Finn gives cleo more than one person may give alone."""
    adjustment = ask_adjustment(
        key="form-2", owner=books.family.cleo.pk, unit="EUR", amount=50_000, reason="Prize",
        holder_id=None, actor=Actor(books.finn), at=at(4, 2),
    )  # fmt: skip
    return lambda who: approve_adjustment(
        adjustment_id=adjustment.pk, holder_id=None, actor=Actor(who), at=at(4, 2)
    )


def own_move(books):
    """Finn proposes to move dora below ada."""
    family = books.family
    move = propose_move(
        key="form-3", member_id=family.dora.pk, tree_name="sponsor", parent_id=family.ada.pk,
        reason="signed up with the wrong link", effective_on=at(4, 2).date(),
        proposed_by_id=books.finn.pk, proposed_at=at(4, 2),
    )  # fmt: skip
    return lambda who: approve_move(move_id=move.pk, decided_by_id=who.pk, decided_at=at(4, 2))


def own_batch(books):
    """Finn prepares a batch with a payout of eva's."""
    ask(make_payee("eva"))
    batch = prepare(Staff(Actor(books.finn), Actor(books.greta), Actor()))
    return lambda who: approve_batch(batch, Actor(who))


# Every service that approves, with something that finn prepared for it, and what it raises.
APPROVING = {
    "plan": (own_plan, CannotApprove),
    "run": (own_run, CannotLock),
    "override": (own_override, CannotOverride),
    "adjustment": (own_adjustment, CannotAdjust),
    "payouts": (own_batch, PayoutError),
    "move": (own_move, OwnMove),
}


@pytest.mark.parametrize("what", APPROVING)
def test_nobody_approves_the_own_action_and_a_second_person_does(settings, what):
    prepare_it, refusal = APPROVING[what]
    with_terms(settings)
    books = march_of_the_family()
    approve = prepare_it(books)
    with pytest.raises(refusal):
        approve(books.finn)
    approve(books.greta)
