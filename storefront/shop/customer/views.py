"""Oscar's account pages where ours differ."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from oscar.apps.customer import views as oscar_views
from oscar.apps.customer.views import *  # noqa: F403
from oscar.core.loading import get_model

from storefront.accounts.services import MemberStays
from storefront.privacy.closing import OrdersUnderWay, close_account, get_closing_facts
from storefront.shop.customer import services
from storefront.shop.customer.forms import ConfirmPasswordForm, ProfileForm, UserAddressForm
from storefront.shop.customer.selectors import get_overview, list_countries
from storefront.shop.order.account_views import (  # noqa: F401 (Oscar finds them here)
    AnonymousOrderDetailView,
    OrderDetailView,
    OrderHistoryView,
)

UserAddress = get_model("address", "UserAddress")


class AccountSummaryView(TemplateView):
    """The account's first page."""

    template_name = "account/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        overview = get_overview(user=self.request.user)
        return super().get_context_data(overview=overview, **kwargs)


class ProfileUpdateView(oscar_views.ProfileUpdateView):
    """The name only: a changed address would have to be confirmed."""

    form_class = ProfileForm

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        """Save the name."""
        form.save()
        messages.success(self.request, _("Your profile has been saved."))
        return redirect(self.get_success_url())


class AddressListView(oscar_views.AddressListView):
    """The address book, in one query per page however many countries."""

    page_title = gettext_lazy("Addresses")

    def get_queryset(self) -> Any:
        addresses = super().get_queryset().select_related("country")
        return addresses.order_by("-is_default_for_shipping", "-is_default_for_billing", "-pk")


class AddressFormView(oscar_views.PageTitleMixin, FormView):
    """An address with the fields of its country; another country brings other fields."""

    form_class = UserAddressForm
    template_name = "oscar/customer/address/address_form.html"
    active_tab = "addresses"

    def get_address(self) -> Any:
        """The address to change, or an empty one of the person."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only the person's own."""
        self.address = self.get_address()
        self.countries = list_countries()
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        """The fields alone, where a script asks for those of another country."""
        if self.request.headers.get("X-Part") == "address":
            return ["oscar/checkout/address_fields.html"]
        return super().get_template_names()

    def get_form_kwargs(self) -> dict[str, Any]:
        codes = [country.pk for country in self.countries]
        wanted = (
            self.request.POST.get("country"),
            self.address.country_id,
            self.request.strategy.country_code,
        )
        code = next((code for code in wanted if code in codes), codes[0] if codes else "")
        return {
            **super().get_form_kwargs(),
            "countries": self.countries,
            "country_code": code,
            "address": self.address,
        }

    def get_initial(self) -> dict[str, Any]:
        return self.form_class.read(self.address)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the address, or show the fields of the country that was chosen."""
        if not self.countries:
            raise Http404
        if "refresh" not in request.POST:
            return super().post(request, *args, **kwargs)
        given = {**self.get_form_kwargs(), "data": None, "files": None}
        fields = self.form_class(**given).fields
        typed = {name: request.POST.get(name, "")[:255] for name in fields}
        form = self.form_class(**{**given, "initial": {**typed, "country": given["country_code"]}})
        return self.render_to_response(self.get_context_data(form=form))

    def form_valid(self, form: UserAddressForm) -> HttpResponse:
        """Keep it, or say in the form that it is there already."""
        try:
            services.save_address(address=form.fill_address(), user=self.request.user)
        except services.AddressKnown:
            form.add_error(None, _("This address is in your book already."))
            return self.form_invalid(form)
        messages.success(self.request, _("The address has been saved."))
        return redirect("customer:address-list")


class AddressCreateView(AddressFormView):
    """A new address."""

    page_title = gettext_lazy("Add an address")

    def get_address(self) -> Any:
        return UserAddress(user=self.request.user)


class AddressUpdateView(AddressFormView):
    """An address that is there already."""

    page_title = gettext_lazy("Change an address")

    def get_address(self) -> Any:
        return get_object_or_404(UserAddress, user=self.request.user, pk=self.kwargs["pk"])


class AddressDeleteView(oscar_views.AddressDeleteView):
    """Takes an address out of the book."""

    page_title = gettext_lazy("Delete this address?")

    def get_success_url(self) -> str:
        """Said without the address, which is nobody's business any more."""
        messages.success(self.request, _("The address has been deleted."))
        return str(self.success_url)


class AddressChangeStatusView(View):
    """Use an address for deliveries or invoices; only a press of the button changes that."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str, action: str, **kwargs: Any) -> HttpResponse:
        """Change it, or say why not."""
        try:
            services.set_default_address(user=request.user, address_id=int(pk), use=action)
        except (UserAddress.DoesNotExist, OverflowError) as error:
            raise Http404 from error
        except services.NotDelivered:
            messages.error(request, _("We do not deliver to this country."))
        else:
            messages.success(request, _("The address has been saved."))
        return redirect("customer:address-list")


@method_decorator(reauthentication_required, name="dispatch")
class ProfileDeleteView(oscar_views.ProfileDeleteView):
    """Closes the account; what is erased and what stays is said before."""

    form_class = ConfirmPasswordForm
    page_title = gettext_lazy("Close my account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = get_closing_facts(user=self.request.user)
        return super().get_context_data(facts=facts, **kwargs)

    def form_valid(self, form: ConfirmPasswordForm) -> HttpResponseBase:
        """Close it, or say why not."""
        try:
            close_account(
                user=self.request.user, language=get_language() or "en", at=timezone.now()
            )
        except (MemberStays, OrdersUnderWay):
            # The page itself says what stands in the way.
            return redirect("customer:profile-delete")
        logout(self.request)
        messages.success(self.request, _("Your account has been closed."))
        return redirect(self.get_success_url())
