"""Mails to people who apply to become members, and to those who did."""

from django.utils.translation import gettext_lazy as _

from storefront.mails.kind import MailKind

TEMPLATE = "shop/mail/application"

JOINING_KINDS = (
    MailKind(
        "application_invited",
        _("Invitation to become a member"),
        _("%(by)s invites you to %(shop_name)s"),
        intro=_(
            "%(by)s thinks that you might like to become a member of %(shop_name)s. With the button"
            " you see what that means and, if you like, fill in your application; your sponsor is"
            " named there already."
        ),
        note=_(
            "If you do nothing, we erase this invitation after %(days)s days and write once more at"
            " most."
        ),
        values={"by": _("who invites"), "days": _("days until it is erased")},
        template=TEMPLATE,
    ),
    MailKind(
        "application_received",
        _("Application received"),
        _("We have your application"),
        intro=_("Thank you for your application. We look at it and write to you soon."),
        template=TEMPLATE,
    ),
    MailKind(
        "application_approved",
        _("Application accepted"),
        _("Welcome to %(shop_name)s"),
        intro=_(
            "You are a member now. Your code is %(code)s; it stands in your personal link too."
        ),
        closing=_("Your agreement comes in a mail of its own, as a file to keep."),
        values={"code": _("code of the new member")},
        template=TEMPLATE,
    ),
    MailKind(
        "application_declined",
        _("Application declined"),
        _("About your application"),
        intro=_("We are sorry: we cannot accept your application."),
        closing=_("Your account stays as it is, and you can go on buying."),
        template=TEMPLATE,
    ),
    MailKind(
        "application_reminder",
        _("Application left behind"),
        _("Your application is not finished yet"),
        intro=_(
            "You began to become a member of %(shop_name)s. Everything you filled in is kept; with"
            " the button you go on where you stopped."
        ),
        note=_(
            "If you do nothing, we erase all of it after %(days)s days. We remind you only once."
        ),
        values={"days": _("days until it is erased")},
        template=TEMPLATE,
    ),
    MailKind(
        "member_agreement",
        _("Agreement of a new member"),
        _("Your agreement with %(shop_name)s"),
        intro=_("Attached you find “%(title)s” as you agreed to it. Please keep it."),
        closing=_("You can download it in your cabinet at any time."),
        values={"title": _("title of the agreement")},
        template=TEMPLATE,
    ),
    MailKind(
        "membership_ended",
        _("Membership ended by the member"),
        _("Your membership has ended"),
        intro=_(
            "You have ended your membership within the time for that. If you bought the starter kit,"
            " its price goes back the way you paid."
        ),
        closing=_("Your account stays as it is, and you can go on buying."),
        note=_("If it was not you, please write to us at once."),
        template=TEMPLATE,
    ),
    MailKind(
        "bank_account_changed",
        _("Another bank account for payouts"),
        _("Your bank account was changed"),
        intro=_(
            "Another bank account was entered for your payouts at %(shop_name)s. With the button you"
            " see how it ends and when it was changed."
        ),
        note=_(
            "If it was not you, please write to us at once: payouts wait for a while after a change."
        ),
        template=TEMPLATE,
    ),
    MailKind(
        "wallet_adjusted",
        _("Wallet adjusted"),
        _("Your wallet was adjusted"),
        intro=_("Our service has adjusted your wallet at %(shop_name)s by %(amount)s. The reason:"),
        values={"amount": _("the amount, with its sign")},
        template=TEMPLATE,
    ),
)
