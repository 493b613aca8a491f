"""What the names of actions say in people's language; one that is not here stands for itself."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "plan.draft": _("plan drafted"),
    "plan.change": _("draft of a plan changed"),
    "plan.submit": _("plan submitted"),
    "plan.return": _("plan sent back"),
    "plan.withdraw": _("plan withdrawn"),
    "plan.approve": _("plan approved"),
    "period.open": _("period opened"),
    "period.close": _("period closed"),
    "run.compute": _("period computed"),
    "run.lock": _("run locked"),
    "run.release": _("run released"),
    "run.commit": _("run committed"),
    "override.propose": _("override proposed"),
    "override.approve": _("override approved"),
    "override.decline": _("override declined"),
    "override.withdraw": _("override withdrawn"),
    "what_if.ask": _("another plan tried out"),
    "books.close": _("days closed by hand"),
    "points.adjust": _("points adjusted"),
    "wallet_adjustment.ask": _("adjustment of a wallet asked for"),
    "wallet_adjustment.approve": _("adjustment of a wallet approved"),
    "wallet_adjustment.decline": _("adjustment of a wallet declined"),
    "payout.request": _("payout asked for"),
    "payouts.schedule": _("payouts asked for by the schedule"),
    "payout.cancel": _("payout cancelled"),
    "payout.paid": _("payout paid"),
    "payout.bounced": _("payout sent back by the bank"),
    "payout_batch.prepare": _("batch of payouts prepared"),
    "payout_batch.take_out": _("payout taken out of its batch"),
    "payout_batch.cancel": _("batch of payouts dissolved"),
    "payout_batch.approve": _("batch of payouts approved"),
    "payout_batch.download": _("file for the bank downloaded"),
    "payout_batch.hand_over": _("batch of payouts handed over"),
    "payout_result.upload": _("answer of the bank uploaded"),
    "payout_result.apply": _("answer of the bank applied"),
    "payee.tax_status": _("tax status of a member changed"),
}


def say_action(name: str) -> str:
    """What an action is called, such as “plan approved”."""
    return str(WORDS.get(name, name))
