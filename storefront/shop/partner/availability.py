"""Whether a product can be bought, in the words a shopper reads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from oscar.apps.partner.availability import Available, Unavailable
from oscar.apps.partner.availability import StockRequired as OscarStockRequired

__all__ = ["Available", "MembersOnly", "StockRequired", "Unavailable"]

FEW = 5


class StockRequired(OscarStockRequired):
    """Counts pieces only when there are few left."""

    @property
    def message(self) -> str:
        if self.num_available <= 0:
            return str(_("Sold out"))
        if self.num_available <= FEW:
            return ngettext("Only %(count)d left", "Only %(count)d left", self.num_available) % {
                "count": self.num_available
            }
        return str(_("In stock"))

    @property
    def short_message(self) -> str:
        return self.message


class MembersOnly(Unavailable):
    """A closed shop sells to members only."""

    code = "membersonly"
    message = _("For members only")

    def is_purchase_permitted(self, quantity: int) -> tuple[bool, str]:
        return False, str(_("Only members can buy here. Please sign in or join."))
