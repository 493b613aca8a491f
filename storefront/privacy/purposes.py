"""What people may agree to, in which words, and which edition of those words is valid.

Whoever changes the words of a purpose gives it a new version: earlier consents stay as they were
given, with the words of their time.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Purpose:
    """One thing that needs consent; `words` is what the person agrees to."""

    code: str
    name: str | Promise
    words: str | Promise
    version: str


PURPOSES = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            "newsletter",
            _("Newsletter"),
            _("You may write to me about new products, recipes and offers, by e-mail."),
            "2026-01",
        ),
        Purpose(
            "abandoned_basket",
            _("Reminder of my basket"),
            _("You may remind me by e-mail, once, when I leave something in my basket."),
            "2026-01",
        ),
        Purpose(
            "cookies",
            _("Cookie of the referral link"),
            _(
                "You may remember for a while which distributor's link brought me here,"
                " in a cookie that the shop itself does not need."
            ),
            "2026-01",
        ),
    )
}
