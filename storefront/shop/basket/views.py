"""Oscar's basket pages where ours differ.

A script asks for parts with the header `X-Part: basket`: then the same views answer with the piece
of the page that changes instead of the whole.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.basket import views as oscar_views
from oscar.apps.basket.views import *  # noqa: F403
from oscar.core.utils import redirect_to_referrer

from storefront.shop.basket import services
from storefront.shop.basket.forms import DestinationForm, GiftNoteForm
from storefront.shop.basket.selectors import (
    dress_lines,
    get_countries,
    get_delivery,
    get_gift_note,
    get_removed_titles,
)
from storefront.shop.listing.naming import name_lines
from storefront.shop.prices.services import remember_destination

BasketVoucherForm = oscar_views.BasketVoucherForm


def wants_part(request: HttpRequest) -> bool:
    """Whether a script asks for the changed piece only."""
    return request.headers.get("X-Part") == "basket"


class BasketView(oscar_views.BasketView):
    """The basket; outsiders of a closed shop are told whom it is for."""

    voucher_form: Any = None
    gift_form: Any = None
    has_removed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.strategy.shows_prices:  # type: ignore[attr-defined]
            return render(request, "oscar/basket/members_only.html")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Oscar's; what is removed can be put back."""
        gone = {
            request.POST.get(f"{name.removesuffix('-DELETE')}-id")
            for name in request.POST
            if name.endswith("-DELETE")
        }
        lines = [line for line in request.basket.all_lines() if str(line.pk) in gone]  # type: ignore[attr-defined]
        if lines:
            services.remember_removed(session=request.session, lines=name_lines(lines=lines))
            self.has_removed = True
        return super().post(request, *args, **kwargs)

    def remove_deleted_forms(self, formset: Any) -> None:
        """Oscar reads counts that a browser always sends; without them there is nothing to remove."""
        counts = map(formset.management_form.add_prefix, formset.management_form.fields)
        if all(name in formset.data for name in counts):
            super().remove_deleted_forms(formset)

    def get_success_url(self) -> str:
        return reverse("basket:summary") + ("?removed=1" if self.has_removed else "")

    def get_template_names(self) -> list[str]:
        if wants_part(self.request):
            return ["oscar/basket/partials/basket_part.html"]
        return super().get_template_names()

    def get_default_shipping_address(self) -> None:
        """The goods' prices are for the destination of the session, so the charge is too."""
        return

    def get_shipping_methods(self, basket: Any) -> list[Any]:
        """Nobody asks: `delivery` says what the first one costs."""
        return []

    def get_default_shipping_method(self, basket: Any) -> Any:
        """The first method offered; where nothing is delivered, one that costs nothing."""
        self.delivery = get_delivery(basket=basket, user=self.request.user, request=self.request)
        return (
            self.delivery.method
            or oscar_views.get_class("shipping.methods", "NoShippingRequired")()
        )

    def get_basket_voucher_form(self) -> Any:
        return self.voucher_form or super().get_basket_voucher_form()

    def get_basket_warnings(self, basket: Any) -> list[str]:
        """Oscar's warnings, except of a price that only follows the quantity."""
        found = []
        for line in basket.all_lines():
            alone = basket.strategy.price_for(line.stockrecord, quantity=1)
            if alone.exists and alone.incl_tax == line.price_incl_tax:
                continue
            warning = line.get_warning()
            if warning:
                found.append(warning)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every line gets its `picture` and `description_here`."""
        context = super().get_context_data(**kwargs)
        dress_lines(lines=[form.instance for form in context["formset"]])
        name_lines(lines=[form.instance for form in context.get("saved_formset") or ()])
        session, basket = self.request.session, self.request.basket
        note = get_gift_note(session=session, basket_id=basket.pk)
        countries = get_countries()
        return {
            **context,
            "delivery": self.delivery,
            "gift_note": note,
            "gift_form": self.gift_form or GiftNoteForm(initial={"note": note}),
            "destination_form": DestinationForm(
                countries=countries, initial={"country": basket.strategy.country_code}
            )
            if len(countries) > 1
            else None,
            "removed": get_removed_titles(session=session) if "removed" in self.request.GET else "",
        }


def show_basket(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The basket page with forms that were filled in wrongly, errors beside their fields."""
    view = BasketView(**forms)
    view.setup(request)
    if not request.strategy.shows_prices:  # type: ignore[attr-defined]
        return render(request, "oscar/basket/members_only.html")
    view.object_list = view.get_queryset()
    shown = view.get_formset()(
        queryset=view.object_list,
        **{
            name: value
            for name, value in view.get_formset_kwargs().items()
            if name not in {"data", "files", "queryset"}
        },
    )
    return view.render_to_response(view.get_context_data(formset=shown))


class BasketAddView(oscar_views.BasketAddView):
    """Puts a product into the basket and comes back to the page it was on, or shows the sheet."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return show_sheet(self.request) if wants_part(self.request) else response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; Oscar would also keep everything that was sent in the session."""
        said = [str(error) for errors in form.errors.values() for error in errors]
        if wants_part(self.request):
            return JsonResponse({"errors": said}, status=422)
        for error in said:
            messages.error(self.request, error)
        return redirect_to_referrer(self.request, "basket:summary")


def show_sheet(request: HttpRequest) -> HttpResponse:
    """The side sheet: what lies in the basket, what it costs, and where to go from here."""
    basket = request.basket  # type: ignore[attr-defined]
    delivery = get_delivery(basket=basket, user=request.user, request=request)
    context = {
        "basket": basket,
        "lines": dress_lines(lines=basket.all_lines()),
        "delivery": delivery,
        "to_pay": delivery.total_of(basket),
    }
    return render(request, "oscar/basket/partials/sheet.html", context)


class VoucherAddView(oscar_views.VoucherAddView):
    """Adds a voucher code; a wrong one is named beside the field."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            voucher = services.use_voucher(
                basket=self.request.basket,
                code=form.cleaned_data["code"],
                user=self.request.user,
                request=self.request,
                at=timezone.now(),
            )
        except services.VoucherRefused as error:
            if self.request.basket.is_empty:
                # Without goods the page shows no field to say it beside.
                messages.error(self.request, str(error))
                return redirect("basket:summary")
            form.add_error("code", str(error))
            return show_basket(self.request, voucher_form=form)
        messages.success(self.request, _("The voucher %(code)s is used.") % {"code": voucher.code})
        return redirect("basket:summary")

    def form_invalid(self, form: Any) -> HttpResponse:
        # What was sent is not repeated: it may be of any length.
        empty = BasketVoucherForm({"code": ""})
        empty.errors.clear()
        empty.add_error("code", _("Please enter a voucher code as it is printed."))
        return show_basket(self.request, voucher_form=empty)


class UndoView(View):
    """Puts back what was removed last."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        basket = request.basket  # type: ignore[attr-defined]
        try:
            titles = services.restore_removed(session=request.session, basket=basket)
        except services.CannotRestore as error:
            messages.warning(request, str(error))
        else:
            for title in titles:
                messages.success(
                    request, _("“%(title)s” is back in your basket.") % {"title": title}
                )
        return redirect("basket:summary")


class DestinationView(View):
    """Shows prices and delivery for another country."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DestinationForm(request.POST, countries=get_countries())
        if form.is_valid():
            remember_destination(session=request.session, country_code=form.cleaned_data["country"])
        else:
            messages.error(request, _("We do not deliver to this country."))
        return redirect("basket:summary")


class GiftNoteView(View):
    """Keeps the note for the parcel; its form is also the way to the checkout."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GiftNoteForm(request.POST)
        if not form.is_valid():
            return show_basket(request, gift_form=form)
        basket = request.basket  # type: ignore[attr-defined]
        if basket.pk:
            services.write_gift_note(
                session=request.session, basket_id=basket.pk, text=form.cleaned_data["note"]
            )
        leads_on = request.POST.get("next") == "checkout"
        return redirect("checkout:index" if leads_on else "basket:summary")
