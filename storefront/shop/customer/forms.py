"""Oscar's account forms without passwords and addresses: those belong to allauth."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer import forms as oscar_forms
from oscar.apps.customer.forms import *  # noqa: F403
from oscar.core.loading import get_model

from storefront.shop.checkout.forms import AddressForm

WishList = get_model("wishlists", "WishList")


class PasswordResetForm(oscar_forms.PasswordResetForm):
    """What the dashboard uses to send someone a reset link: allauth's mail and page."""

    def save(
        self, *args: Any, domain_override: str | None = None, request: HttpRequest, **kwargs: Any
    ) -> None:
        """Send the link that `/accounts/password/reset/` would send."""
        form = ResetPasswordForm({"email": self.cleaned_data["email"]})
        if form.is_valid():
            form.save(request)


class ProfileForm(forms.ModelForm):
    """The customer's name; the address is changed, and confirmed, at `/accounts/email/`."""

    class Meta:
        model = oscar_forms.User
        fields = ["first_name", "last_name"]

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=user, **kwargs)


class UserAddressForm(AddressForm):
    """An address of the book, asked for as the checkout does, and what it is used for."""

    is_default_for_shipping = forms.BooleanField(label=_("Use for deliveries"), required=False)
    is_default_for_billing = forms.BooleanField(label=_("Use for invoices"), required=False)

    KEPT = (
        "first_name",
        "last_name",
        "line1",
        "line2",
        "line3",
        "line4",
        "state",
        "postcode",
        "phone_number",
        "notes",
        "is_default_for_shipping",
        "is_default_for_billing",
    )

    def __init__(self, *args: Any, address: Any, **kwargs: Any) -> None:
        super().__init__(*args, asks_email=False, needs_shipping=True, **kwargs)
        self.address = address
        self.countries = {country.pk: country for country in kwargs["countries"]}

    @classmethod
    def read(cls, address: Any) -> dict[str, Any]:
        """The initial values of an address that is there already."""
        return {name: getattr(address, name) or "" for name in cls.KEPT}

    def clean(self) -> dict[str, Any]:
        """Goods cannot be sent everywhere an invoice can."""
        cleaned = super().clean() or {}
        country = self.countries[self.country_code]
        if cleaned.get("is_default_for_shipping") and not country.is_shipping_country:
            self.add_error("is_default_for_shipping", _("We do not deliver to this country."))
        return cleaned

    def fill_address(self) -> Any:
        """The address with what was typed, unsaved; what its country does not have is emptied."""
        for name in self.KEPT:
            setattr(self.address, name, self.cleaned_data.get(name, ""))
        self.address.country_id = self.country_code
        return self.address


class WishListForm(forms.ModelForm):
    """Name of a wish list and who may see it."""

    CHOICES = (
        (WishList.PRIVATE, _("Only me")),
        (WishList.PUBLIC, _("Everybody who has the link")),
        (WishList.SHARED, _("Only people with these addresses, after signing in")),
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=CHOICES, widget=forms.RadioSelect
    )

    class Meta:
        model = WishList
        fields = ["name", "visibility"]

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = user
        self.fields["visibility"].initial = self.instance.visibility


class ChooseListForm(forms.Form):
    """Which of the person's lists a product goes to, or the name of a new one."""

    NEW = "new"
    wish_list = forms.ChoiceField(label=_("Wish list"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name of the new list"), max_length=100, required=False)

    def __init__(self, *args: Any, wish_lists: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.key, each.name) for each in wish_lists]
        self.fields["wish_list"].choices = [*known, (self.NEW, _("A new list"))]
        self.fields["wish_list"].initial = known[-1][0] if known else self.NEW

    def clean(self) -> dict[str, Any]:
        """A new list has a name."""
        cleaned = super().clean() or {}
        if cleaned.get("wish_list") == self.NEW and not cleaned.get("name", "").strip():
            self.add_error("name", _("Please give the list a name."))
        return cleaned


class ConfirmPasswordForm(forms.Form):
    """Closing the account: allauth has asked for the password just before."""

    confirm = forms.BooleanField(label=_("Yes, close my account"))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
