"""What staff fill in to send parcels and to take returns back."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from storefront.shop.fulfilment.selectors import LineToSend
from storefront.shop.order.forms import OnceForm
from storefront.shop.returns.models import ReturnLine, ReturnRequest
from storefront.shop.returns.services import Arrived


def get_carriers() -> list[tuple[str, Any]]:
    """Carriers to choose from."""
    named = [(code, carrier["name"]) for code, carrier in settings.SHOP_CARRIERS.items()]
    return [("", _("No carrier")), *named]


class ParcelForm(OnceForm):
    """What goes into the parcel and who carries it."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), required=False, max_length=64)

    def __init__(self, *args: Any, lines: list[LineToSend], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = get_carriers()
        self.lines = [each for each in lines if each.left]
        for each in self.lines:
            self.fields[f"line_{each.line.pk}"] = forms.IntegerField(
                label=each.line.title_here,
                required=False,
                min_value=0,
                max_value=each.left,
                initial=each.left,
                help_text=_("of %(count)s") % {"count": each.left},
            )
        self.order_fields([f"line_{each.line.pk}" for each in self.lines])

    @property
    def pieces(self) -> dict[int, int]:
        """Order line id: pieces."""
        chosen = {
            each.line.pk: self.cleaned_data.get(f"line_{each.line.pk}") for each in self.lines
        }
        return {line_id: pieces for line_id, pieces in chosen.items() if pieces}


class RefuseForm(forms.Form):
    """Why a return is not taken."""

    answer = forms.CharField(
        label=_("Why not?"),
        max_length=500,
        help_text=_("The buyer reads it in the mail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CloseForm(RefuseForm):
    """Why a return ends and no money goes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("Why does no money go back?")


class ReceiveForm(forms.Form):
    """What came out of the parcel, line by line."""

    note = forms.CharField(label=_("Note for colleagues"), required=False, max_length=500)

    def __init__(self, *args: Any, request: ReturnRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(request.lines.select_related("line"))
        for each in self.lines:
            self.fields[f"quantity_{each.line_id}"] = forms.IntegerField(
                label=_("Arrived"), min_value=0, max_value=each.quantity, initial=each.quantity
            )
            self.fields[f"condition_{each.line_id}"] = forms.ChoiceField(
                label=_("Condition"), choices=ReturnLine.Condition.choices
            )
            self.fields[f"stock_{each.line_id}"] = forms.BooleanField(
                label=_("Back in stock"), required=False
            )

    @property
    def rows(self) -> list[tuple[ReturnLine, Any, Any, Any]]:
        """Per line its three fields, for the table."""
        return [
            (
                each,
                self[f"quantity_{each.line_id}"],
                self[f"condition_{each.line_id}"],
                self[f"stock_{each.line_id}"],
            )
            for each in self.lines
        ]

    @property
    def arrived(self) -> list[Arrived]:
        """What the services want to know."""
        said = self.cleaned_data
        return [
            Arrived(
                line_id=each.line_id,
                quantity=said[f"quantity_{each.line_id}"],
                condition=said[f"condition_{each.line_id}"],
                is_back_in_stock=said[f"stock_{each.line_id}"],
            )
            for each in self.lines
        ]


class ReturnRefundForm(forms.Form):
    """Money goes back: confirmed by typing the return's number."""

    with_shipping = forms.BooleanField(label=_("Give back the delivery, too"), required=False)
    confirm = forms.CharField(label=_("Type the return's number to confirm"), max_length=64)

    def __init__(self, *args: Any, request: ReturnRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_confirm(self) -> str:
        """Exactly the number."""
        if self.cleaned_data["confirm"].strip() != self.request.number:
            raise forms.ValidationError(_("This is not the number of the return."))
        return self.request.number


class SolveForm(forms.Form):
    """How a question of money ended."""

    solution = forms.CharField(label=_("How was it solved?"), max_length=500)
