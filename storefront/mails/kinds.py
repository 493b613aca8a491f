"""Every kind of mail the site sends: what it is called, what it says, where its template is.

A new kind is one entry here, `shop/mail/<code>.html` and `.txt` in the theme (both extend
`mail/letter.html` or `.txt` and show the facts), and sample data in `storefront/mails/samples.py`.
What an entry says are the defaults; staff may change them per language, see `models.MailText`.
"""

from django.utils.translation import gettext_lazy as _

from storefront.mails.joining_kinds import JOINING_KINDS
from storefront.mails.kind import COMMON_VALUES, GREETING, IF_NOT_YOU, PARTS, MailKind, Text
from storefront.mails.payout_kinds import PAYOUT_KINDS

__all__ = ["COMMON_VALUES", "GREETING", "IF_NOT_YOU", "MAIL_KINDS", "PARTS", "MailKind", "Text"]

ORDER_NUMBER = {"number": _("number of the order")}

RETURN_NUMBER = {"number": _("number of the return")}

ORDER_KINDS = (
    MailKind(
        "order_placed",
        _("Order placed"),
        _("Your order %(number)s"),
        intro=_("Thank you for your order."),
        values=ORDER_NUMBER,
    ),
    MailKind(
        "payment_received",
        _("Payment received"),
        _("Your payment for order %(number)s has arrived"),
        intro=_("Your transfer has arrived. We pack your order now."),
        values=ORDER_NUMBER,
    ),
    MailKind(
        "not_placed",
        _("Order not placed"),
        _("Sold out: your money goes back"),
        intro=_(
            "While your bank checked the payment, somebody else bought the last piece."
            " Your %(amount)s are on their way back; it takes a few days."
        ),
        values={"amount": _("the money that goes back")},
    ),
    MailKind(
        "refunded",
        _("Refund"),
        _("Refund for your order %(number)s"),
        intro=_("%(amount)s of your order %(number)s go back to you."),
        values={**ORDER_NUMBER, "amount": _("the money that goes back")},
    ),
    MailKind(
        "parcel_sent",
        _("Parcel sent"),
        _("A parcel of your order %(number)s is on its way"),
        intro=_("We have sent you a parcel of your order %(number)s."),
        values=ORDER_NUMBER,
    ),
    MailKind(
        "return_requested",
        _("Return requested"),
        _("We have your return %(number)s"),
        intro=_("You want to send something back. We look at it and write to you soon."),
        values=RETURN_NUMBER,
    ),
    MailKind(
        "return_approved",
        _("Return approved"),
        _("Please send your return %(number)s"),
        intro=_("Please put the slip into the parcel and send it to us. You find it attached."),
        closing=_("The money goes back when the parcel has arrived."),
        values=RETURN_NUMBER,
    ),
    MailKind(
        "return_refused",
        _("Return refused"),
        _("About your return %(number)s"),
        intro=_("We are sorry: we cannot take these goods back."),
        values=RETURN_NUMBER,
    ),
    MailKind(
        "return_received",
        _("Return received"),
        _("Your return %(number)s has arrived"),
        intro=_("Your parcel has arrived. We check it and give your money back."),
        values=RETURN_NUMBER,
    ),
    MailKind(
        "return_closed",
        _("Return closed without a refund"),
        _("About your return %(number)s"),
        intro=_("We are sorry: no money can go back for this return."),
        values=RETURN_NUMBER,
    ),
)

SHOPPER_KINDS = (
    MailKind(
        "abandoned_basket",
        _("Basket left behind"),
        _("Your basket at %(shop_name)s is still here"),
        intro=_("You left something in your basket. We kept it for you; nothing is ordered yet."),
        closing=_("Prices and stock may change until you order."),
        note=_("You get this mail because you asked to be reminded of baskets."),
    ),
)

PRODUCT_NAME = {"product": _("name of the product")}

PRODUCT_KINDS = (
    MailKind(
        "question_confirm",
        _("Confirm the address of a question"),
        _("Please confirm your question about “%(product)s”"),
        intro=_("You asked something about “%(product)s”. Please confirm that it was you."),
        note=_("If it was not you, do nothing: without confirmation nobody sees the question."),
        values=PRODUCT_NAME,
    ),
    MailKind(
        "question_answered",
        _("Question answered"),
        _("Your question about “%(product)s” is answered"),
        intro=_("You asked something about “%(product)s”. Here is our answer."),
        values=PRODUCT_NAME,
    ),
    MailKind(
        "alert_confirm",
        _("Confirm the address for “back in stock”"),
        _("Shall we tell you when “%(product)s” is back?"),
        intro=_(
            "You want to know when “%(product)s” can be bought again. Please confirm that this is"
            " your address."
        ),
        note=_("If it was not you, do nothing: without confirmation we write no further mail."),
        values=PRODUCT_NAME,
    ),
    MailKind(
        "back_in_stock",
        _("Back in stock"),
        _("“%(product)s” is back"),
        intro=_("“%(product)s” can be bought again."),
        closing=_("We tell everybody who asked; we cannot keep a piece aside."),
        note=_("You get this one mail because you asked for it on the product's page."),
        values=PRODUCT_NAME,
    ),
)

PRIVACY_KINDS = (
    MailKind(
        "export_ready",
        _("Copy of personal data ready"),
        _("The copy of your data is ready"),
        intro=_(
            "The copy of what we keep about you is ready. Please sign in to download it;"
            " for your safety we ask for your password again."
        ),
        note=_("You asked for this copy in your account."),
        values={"until": _("last day of the download")},
    ),
    MailKind(
        "account_closed",
        _("Account closed"),
        _("Your account at %(shop_name)s is closed"),
        intro=_("We have closed your account and erased what we may erase."),
        closing=_("Thank you for the time with us. You are welcome back whenever you like."),
        note=_("If it was not you who closed the account, please write to us at once."),
    ),
)

# Mails that allauth sends, by the prefix of its templates; see `get_kind_of_template`.
ACCOUNT_KINDS = (
    MailKind(
        "email_confirmation_signup",
        _("Confirm the address of a new account"),
        _("Please confirm your e-mail address"),
        intro=_(
            "Someone, probably you, gave %(email)s as the address of an account. Please confirm it."
        ),
        note=_("If it was not you, do nothing: without confirmation the address is not used."),
        values={"email": _("the address")},
        template="account/email/email_confirmation_signup_message",
    ),
    MailKind(
        "email_confirmation",
        _("Confirm a changed address"),
        _("Please confirm your e-mail address"),
        intro=_(
            "Someone, probably you, gave %(email)s as the address of an account. Please confirm it."
        ),
        note=_("If it was not you, do nothing: without confirmation the address is not used."),
        values={"email": _("the address")},
        template="account/email/email_confirmation_message",
    ),
    MailKind(
        "account_already_exists",
        _("Registration with an address that has an account"),
        _("You have an account already"),
        intro=_(
            "Someone, probably you, tried to create an account with %(email)s, which has one."
            " If the password is lost, choose a new one:"
        ),
        values={"email": _("the address")},
        template="account/email/account_already_exists_message",
    ),
    MailKind(
        "unknown_account",
        _("Password asked for an address without account"),
        _("No account with this address"),
        intro=_(
            "Someone, probably you, asked for access to an account of %(email)s."
            " There is none here. Perhaps you used another address?"
        ),
        values={"email": _("the address")},
        template="account/email/unknown_account_message",
    ),
    MailKind(
        "password_reset_key",
        _("Choose a new password"),
        _("Choose a new password"),
        intro=_(
            "Someone, probably you, asked for a new password for your account. Choose one here:"
        ),
        note=_("If it was not you, do nothing: the old password stays."),
        template="account/email/password_reset_key_message",
    ),
    MailKind(
        "password_reset",
        _("Password was chosen anew"),
        _("The password of your account was changed"),
        intro=_("The password of your account was changed."),
        closing=IF_NOT_YOU,
        template="account/email/password_reset_message",
    ),
    MailKind(
        "password_changed",
        _("Password was changed"),
        _("The password of your account was changed"),
        intro=_("The password of your account was changed."),
        closing=IF_NOT_YOU,
        template="account/email/password_changed_message",
    ),
    MailKind(
        "password_set",
        _("Password was set"),
        _("Your account has a password now"),
        intro=_("Your account has a password now."),
        closing=IF_NOT_YOU,
        template="account/email/password_set_message",
    ),
    MailKind(
        "email_changed",
        _("Address was changed"),
        _("The address of your account was changed"),
        intro=_("The address of your account was changed from %(from_email)s to %(to_email)s."),
        closing=IF_NOT_YOU,
        values={"from_email": _("the old address"), "to_email": _("the new address")},
        template="account/email/email_changed_message",
    ),
    MailKind(
        "email_deleted",
        _("Address was removed"),
        _("An address was removed from your account"),
        intro=_("The address %(deleted_email)s was removed from your account."),
        closing=IF_NOT_YOU,
        values={"deleted_email": _("the address")},
        template="account/email/email_deleted_message",
    ),
    MailKind(
        "totp_activated",
        _("Two-factor sign-in was switched on"),
        _("Two-factor sign-in is on"),
        intro=_("Signing in to your account needs a code from your authenticator app now."),
        closing=IF_NOT_YOU,
        template="mfa/email/totp_activated_message",
    ),
    MailKind(
        "totp_deactivated",
        _("Two-factor sign-in was switched off"),
        _("Two-factor sign-in is off"),
        intro=_("Signing in to your account needs no code from an authenticator app any more."),
        closing=IF_NOT_YOU,
        template="mfa/email/totp_deactivated_message",
    ),
    MailKind(
        "recovery_codes_generated",
        _("New recovery codes"),
        _("Your account has new recovery codes"),
        intro=_(
            "New recovery codes were made for your account; the old ones are worth nothing now."
        ),
        closing=IF_NOT_YOU,
        template="mfa/email/recovery_codes_generated_message",
    ),
)

PAGE_TITLE = {"title": _("title of the page"), "by": _("who did it")}

# Mails of the CMS to editors and approvers.
PAGE_KINDS = (
    MailKind(
        "page_submitted",
        _("Page waits for approval"),
        _("Please look at the page “%(title)s”"),
        intro=_("%(by)s asks you to approve the page “%(title)s”."),
        note=_("You get this mail because you approve pages."),
        values=PAGE_TITLE,
        template="shop/mail/page_review",
    ),
    MailKind(
        "page_approved",
        _("Page approved"),
        _("The page “%(title)s” is approved"),
        intro=_("%(by)s has approved the page “%(title)s”. It is published."),
        values=PAGE_TITLE,
        template="shop/mail/page_review",
    ),
    MailKind(
        "page_rejected",
        _("Page sent back"),
        _("Please change the page “%(title)s”"),
        intro=_("%(by)s has sent the page “%(title)s” back to you."),
        values=PAGE_TITLE,
        template="shop/mail/page_review",
    ),
    MailKind(
        "contact_message",
        _("Message from a form"),
        _("New message: %(title)s"),
        intro=_("Somebody wrote to you with the form of the page “%(title)s”."),
        note=_("You get this mail because your address stands at that page in the CMS."),
        values=PAGE_TITLE,
    ),
)

MAIL_KINDS = {
    kind.code: kind
    for kind in (
        *ORDER_KINDS,
        *SHOPPER_KINDS,
        *PRODUCT_KINDS,
        *PRIVACY_KINDS,
        *JOINING_KINDS,
        *PAYOUT_KINDS,
        *ACCOUNT_KINDS,
        *PAGE_KINDS,
    )
}


def get_kind_of_template(prefix: str) -> MailKind | None:
    """The kind that allauth means by `account/email/password_reset_key`; None for a stranger."""
    wanted = f"{prefix}_message"
    return next((kind for kind in ACCOUNT_KINDS if kind.template == wanted), None)
