"""Reads for the books at a glance; a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, PlanEditor, PlanVersion, Run
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.periods import NoPlan, find_version
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.models import Action
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.payouts.models import Payout, PayoutBatch

LAST_ACTIONS = 10


@dataclass(frozen=True)
class Waiting:
    """A kind of work: how many things wait, on which page, and the permission it takes."""

    label: str
    count: int
    url_name: str
    query: str
    permission: str
    note: str = ""

    @property
    def url(self) -> str:
        """The page where it is done."""
        address = reverse(self.url_name)
        return f"{address}?{self.query}" if self.query else address


def get_waiting(*, at: datetime, user_id: int) -> list[Waiting]:
    """What is to be done next, in the order in which a period goes through the books.

    Plans and runs that this person may not approve, having prepared them, are told apart in the note.
    """
    submitted = PlanVersion.objects.filter(state=PlanVersion.State.SUBMITTED)
    edited = PlanEditor.objects.filter(version=OuterRef("pk"), user_id=user_id)
    own_plans = list(submitted.annotate(own=Exists(edited)).values_list("own", flat=True))
    over = Period.objects.filter(state=Period.State.OPEN, last__lt=business_day(at))
    runs = Run.objects.filter(period=OuterRef("pk"))
    closed = Period.objects.filter(state=Period.State.CLOSED)
    chosen = runs.filter(state__in=[Run.State.LOCKED, Run.State.COMMITTED])
    return [
        Waiting(
            _("Drafts of plans to finish and submit"),
            PlanVersion.objects.filter(state=PlanVersion.State.DRAFT).count(),
            "mlm:staff-plans", "state=draft", "prepare_books",
        ),
        Waiting(
            _("Plans to approve"), len(own_plans),
            "mlm:staff-plans", "state=submitted", "approve_books", _own(sum(own_plans)),
        ),
        Waiting(_("Periods that are over and to be closed"), over.count(),
                "mlm:staff-periods", "", "prepare_books"),
        Waiting(
            _("Closed periods to run"), closed.filter(~Exists(runs)).count(),
            "mlm:staff-periods", "", "prepare_books",
        ),
        Waiting(
            _("Periods with a run to look through and lock"),
            closed.filter(Exists(runs), ~Exists(chosen)).count(),
            "mlm:staff-periods", "", "approve_books",
        ),
        Waiting(
            _("Locked runs to commit"), Run.objects.filter(state=Run.State.LOCKED).count(),
            "mlm:staff-periods", "", "prepare_books",
        ),
        *_decisions(user_id),
        *_payouts(user_id),
    ]  # fmt: skip


def _decisions(user_id: int) -> list[Waiting]:
    overrides = Override.objects.filter(state=Override.State.PROPOSED)
    by_whom = list(overrides.values_list("proposed_by_id", flat=True))
    adjustments = WalletAdjustment.objects.filter(state=WalletAdjustment.State.WAITING)
    authors = list(adjustments.values_list("author_id", flat=True))
    return [
        Waiting(
            _("Overrides to decide"), len(by_whom),
            "mlm:staff-periods", "", "approve_books", _own(by_whom.count(user_id)),
        ),
        Waiting(
            _("Adjustments of wallets to decide"), len(authors),
            "mlm:staff-wallet-adjustments", "", "approve_books", _own(authors.count(user_id)),
        ),
    ]  # fmt: skip


def _payouts(user_id: int) -> list[Waiting]:
    of = PayoutBatch.State
    asked = Payout.objects.filter(state=Payout.State.REQUESTED)
    batches = list(
        PayoutBatch.objects.filter(state__in=[of.PREPARED, of.APPROVED]).values_list(
            "state", "prepared_by_id"
        )
    )
    prepared = [preparer for state, preparer in batches if state == of.PREPARED]
    return [
        Waiting(_("Payouts to take into a batch"), asked.count(),
                "mlm:staff-payouts-waiting", "", "prepare_books"),
        Waiting(
            _("Batches of payouts to approve"), len(prepared),
            "mlm:staff-payout-batches", "", "approve_books", _own(prepared.count(user_id)),
        ),
        Waiting(
            _("Batches of payouts to hand over to the bank"), len(batches) - len(prepared),
            "mlm:staff-payout-batches", "", "pay_out",
        ),
    ]  # fmt: skip


def get_last_actions() -> Sequence[Action]:
    """The last things that were done with the books, the newest first."""
    return list(Action.objects.select_related("author").order_by("-pk")[:LAST_ACTIONS])


def get_plan_in_force(*, at: datetime) -> PlanVersion | None:
    """The plan that counts for a period which begins today, if any does."""
    try:
        return find_version(day=business_day(at))
    except NoPlan:
        return None


def _own(count: int) -> str:
    if not count:
        return ""
    return _("%(count)s of them with your hand in it: those take somebody else.") % {"count": count}
