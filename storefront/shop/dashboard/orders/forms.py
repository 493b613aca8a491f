"""What staff type to give money back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.orders import forms as oscar_forms
from oscar.apps.dashboard.orders.forms import OrderNoteForm, OrderStatusForm, ShippingAddressForm

from storefront.shop.dates import SensibleDates
from storefront.shop.payments.models import new_public_id
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.refunds import Refundable

__all__ = [
    "CancelForm",
    "OrderNoteForm",
    "OrderSearchForm",
    "OrderStatsForm",
    "OrderStatusForm",
    "RefundForm",
    "ShippingAddressForm",
]


class OrderSearchForm(SensibleDates, oscar_forms.OrderSearchForm):
    """Oscar's, for dates that a calendar has."""


class OrderStatsForm(SensibleDates, oscar_forms.OrderStatsForm):
    """Oscar's, for dates that a calendar has."""


class ConfirmedForm(forms.Form):
    """A form that does something dangerous: it is confirmed by typing the order's number."""

    # Made with the form: the same form sent twice is one refund.
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("The buyer reads it in the mail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    confirm = forms.CharField(
        label=_("Type the order number to confirm"), required=False, max_length=128
    )

    def __init__(self, *args: Any, order: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["key"].initial = new_public_id()

    @property
    def is_confirmed(self) -> bool:
        """Whether the order's number was typed as it is."""
        return bool(self.cleaned_data["confirm"].strip() == self.order.number)


class RefundForm(ConfirmedForm):
    """Pieces per line, and shipping as an amount."""

    def __init__(self, *args: Any, order: Any, left: Refundable, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.lines = list(order.lines.all())
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=line.title,
                required=False,
                min_value=0,
                max_value=max(left.pieces[line.pk], 0),
                initial=0,
                help_text=_("of %(count)s") % {"count": left.pieces[line.pk]},
            )
        most = price(max(left.shipping, 0), currency=order.currency)
        self.fields["shipping"] = forms.DecimalField(
            label=_("Shipping"),
            required=False,
            min_value=Decimal(0),
            max_value=most,
            max_digits=12,
            decimal_places=2,
            initial=Decimal(0),
            help_text=_("of %(amount)s") % {"amount": most},
        )
        self.order_fields(
            [*(f"line_{line.pk}" for line in self.lines), "shipping", "reason", "confirm", "key"]
        )

    @property
    def pieces(self) -> dict[int, int]:
        """Order line id: pieces, of the lines where something goes back."""
        chosen = {line.pk: self.cleaned_data.get(f"line_{line.pk}") for line in self.lines}
        return {line_id: pieces for line_id, pieces in chosen.items() if pieces}

    @property
    def shipping(self) -> int:
        """Shipping that goes back, in the smallest unit."""
        amount = self.cleaned_data.get("shipping") or Decimal(0)
        return minor_units(amount, currency=self.order.currency)


class CancelForm(ConfirmedForm):
    """Cancels an order and gives back all that is left of its money."""
