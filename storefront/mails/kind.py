"""What one kind of mail is: its texts, and the values that they may name."""

import re
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# The parts of a mail that staff may change, in the order of the page that changes them.
PARTS = ("subject", "greeting", "intro", "closing", "note")

# Values that every mail has: the shop, and the reader's first name where it is known.
COMMON_VALUES: dict[str, Text] = {
    "shop_name": _("name of the shop"),
    "name": _("first name of the reader, if known"),
}

GREETING = _("Hello %(name)s,")
IF_NOT_YOU = _("If it was you, there is nothing to do. If not, change your password at once.")


@dataclass(frozen=True)
class MailKind:
    """One kind; its texts may name values of the mail's context as `%(number)s`.

    `values` says what each of them means; staff see them as `{number}`.
    """

    code: str
    name: Text
    subject: Text
    intro: Text = ""
    closing: Text = ""
    note: Text = ""
    greeting: Text = GREETING
    values: dict[str, Text] = field(default_factory=dict)
    # Without ending; the default is `shop/mail/<code>`.
    template: str = ""

    @property
    def template_base(self) -> str:
        """Path of the two templates, without `.html` and `.txt`."""
        return self.template or f"shop/mail/{self.code}"

    @property
    def all_values(self) -> dict[str, Text]:
        """Every value that the texts of this kind may name, with its meaning."""
        named = re.findall(r"%\((\w+)\)s", " ".join(str(getattr(self, part)) for part in PARTS))
        return {**dict.fromkeys(named, ""), **COMMON_VALUES, **self.values}
