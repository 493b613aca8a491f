"""Mails to members about payouts."""

from django.utils.translation import gettext_lazy as _

from storefront.mails.kind import MailKind

TEMPLATE = "shop/mail/payout"
VALUES = {"number": _("number of the payout"), "amount": _("amount with its currency")}

PAYOUT_KINDS = (
    MailKind(
        "payout_requested",
        _("Payout requested"),
        _("We have your request for a payout"),
        intro=_(
            "%(amount)s from your wallet are set aside for payout %(number)s. We write again when the"
            " money is on its way to your bank."
        ),
        note=_("If it was not you, cancel the payout at once and change your password."),
        values=VALUES,
        template=TEMPLATE,
    ),
    MailKind(
        "payout_handed_over",
        _("Payout with the bank"),
        _("Your money is on its way"),
        intro=_(
            "We have asked our bank to send %(amount)s to your account %(account)s (payout %(number)s)."
            " It takes a few working days."
        ),
        values={**VALUES, "account": _("the end of the account’s number")},
        template=TEMPLATE,
    ),
    MailKind(
        "payout_paid",
        _("Payout paid"),
        _("Your payout is paid"),
        intro=_("The bank has sent %(amount)s to your account %(account)s (payout %(number)s)."),
        values={**VALUES, "account": _("the end of the account’s number")},
        template=TEMPLATE,
    ),
    MailKind(
        "payout_bounced",
        _("Payout sent back by the bank"),
        _("The bank sent your payout back"),
        intro=_(
            "Payout %(number)s did not arrive: the bank sent it back. The %(amount)s are in your wallet"
            " again, less what the bank’s trouble costs, if anything. This is what the bank says:"
        ),
        closing=_("Please compare the bank account in your data before you ask again."),
        values=VALUES,
        template=TEMPLATE,
    ),
    MailKind(
        "payout_cancelled",
        _("Payout cancelled"),
        _("Your payout is cancelled"),
        intro=_("Payout %(number)s is cancelled. The %(amount)s are in your wallet again."),
        values=VALUES,
        template=TEMPLATE,
    ),
)
