"""The steps of the checkout: e-mail, address, delivery, payment, thanks."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from oscar.core.loading import get_model

from mlm_plugin.network.selectors import get_binding
from mlm_plugin.shop.attribution import resolve_attribution
from mlm_plugin.shop.models import OrderAttribution
from storefront.shop.checkout.forms import (
    GuestForm,
    PaymentForm,
    ShippingAddressForm,
    ShippingMethodForm,
)
from storefront.shop.checkout.state import THANKED_KEY, THANKS_KEY, Checkout
from storefront.shop.payments import gateway, services
from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.selectors import get_status_url, get_transfer_details

STEPS = [
    gettext_lazy("E-mail"),
    gettext_lazy("Address"),
    gettext_lazy("Delivery"),
    gettext_lazy("Payment"),
]
State, Method = CheckoutAttempt.State, CheckoutAttempt.Method


class Step(FormView):
    """A page of the checkout; sends back to the first thing that is still missing."""

    step = 1
    needs: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.checkout = Checkout(request)
        missing = self._missing(request)
        return missing or super().dispatch(request, *args, **kwargs)

    def _missing(self, request: HttpRequest) -> HttpResponse | None:
        if not self.checkout.may_buy:
            messages.info(request, _("Only members can buy here. Please sign in or join."))
            # Who is signed in already would be sent right back here.
            if request.user.is_authenticated:
                return redirect("basket:summary")
            return redirect(f"{reverse('account_login')}?next={reverse('checkout:index')}")
        if request.basket.is_empty:  # type: ignore[attr-defined]
            messages.info(request, _("Your basket is empty."))
            return redirect("basket:summary")
        page = self._page_of_what_is_missing()
        return redirect(page) if page else None

    def _page_of_what_is_missing(self) -> str:
        checkout = self.checkout
        if "email" in self.needs and not checkout.email:
            return "checkout:index"
        if "address" in self.needs and checkout.needs_shipping and not checkout.address:
            return "checkout:shipping-address"
        if "shipping" in self.needs and not checkout.shipping_method:
            return "checkout:shipping-method"
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            checkout=self.checkout,
            basket=self.checkout.basket,
            steps=STEPS,
            step=self.step,
            **kwargs,
        )


class EmailView(Step):
    """Buy as a guest or sign in; who is signed in already goes on."""

    template_name = "oscar/checkout/gateway.html"
    form_class = GuestForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("checkout:shipping-address")
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.checkout.email}

    def form_valid(self, form: GuestForm) -> HttpResponse:
        self.checkout.said.set_guest_email(form.cleaned_data["email"])
        return redirect("checkout:shipping-address")


class AddressView(Step):
    """A new address, or one of the account's."""

    template_name = "oscar/checkout/shipping_address.html"
    form_class = ShippingAddressForm
    step = 2
    needs = ("email",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.checkout.needs_shipping:
            return redirect("checkout:shipping-method")
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        if self.checkout.address:
            return {}
        return {"country": self.checkout.basket.strategy.country_code}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.checkout.address}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(addresses=self._addresses(), **kwargs)

    def _addresses(self) -> Any:
        addresses = get_model("address", "UserAddress").objects.filter(
            user=self.checkout.user, country__is_shipping_country=True
        )
        return addresses.order_by("-is_default_for_shipping", "-pk") if self.checkout.user else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.POST.get("address_id", "")
        if not chosen:
            return super().post(request, *args, **kwargs)
        if not chosen.isdecimal() or not self.checkout.user:
            raise Http404
        address = get_object_or_404(self._addresses(), pk=int(chosen[:15]))
        shipping_address = get_model("order", "ShippingAddress")()
        address.populate_alternative_model(shipping_address)
        self.checkout.ship_to(shipping_address)
        return redirect("checkout:shipping-method")

    def form_valid(self, form: ShippingAddressForm) -> HttpResponse:
        address = form.save(commit=False)
        address.notes = form.cleaned_data["notes"]
        self.checkout.ship_to(address)
        return redirect("checkout:shipping-method")


class ShippingView(Step):
    """How the goods travel; left out where there is nothing to choose."""

    template_name = "oscar/checkout/shipping_methods.html"
    form_class = ShippingMethodForm
    step = 3
    needs = ("email", "address")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        methods = self.checkout.shipping_methods
        if not methods:
            messages.warning(request, _("We cannot deliver to this address."))
            return redirect("checkout:shipping-address")
        if len(methods) == 1:
            self.checkout.said.use_shipping_method(methods[0].code)
            return redirect("checkout:payment-details")
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "methods": self.checkout.shipping_methods}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        basket = self.checkout.basket
        chosen = self.checkout.shipping_method or self.checkout.shipping_methods[0]
        return super().get_context_data(
            methods=[
                (each, each.calculate(basket), each.code == chosen.code)
                for each in self.checkout.shipping_methods
            ],
            **kwargs,
        )

    def form_valid(self, form: ShippingMethodForm) -> HttpResponse:
        self.checkout.said.use_shipping_method(form.cleaned_data["method_code"])
        return redirect("checkout:payment-details")


class PaymentView(Step):
    """The whole order once more, and paying it."""

    template_name = "oscar/checkout/payment_details.html"
    form_class = PaymentForm
    step = 4
    needs = ("email", "address", "shipping")

    def get_initial(self) -> dict[str, Any]:
        return {"method": Method.CARD, "seen_total": self.checkout.total_minor}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "needs_payment": self.checkout.total_minor > 0}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            total_minor=self.checkout.total_minor,
            recommended_by=self._recommended_by(),
            stripe=get_stripe_settings(),
            shows_transfer=bool(settings.BANK_TRANSFER_IBAN),
            **kwargs,
        )

    def _recommended_by(self) -> str:
        """First name of the member this order would be credited to, unless it is the buyer."""
        source = self._attribute("").source
        if source == OrderAttribution.Source.BOUND:
            binding = get_binding(user_id=self.request.user.pk)
            return binding.member.first_name if binding else ""
        if source == OrderAttribution.Source.COOKIE:
            return self.request.referral.first_name  # type: ignore[attr-defined]
        return ""

    def _attribute(self, chosen_code: str) -> Any:
        return resolve_attribution(
            user=self.request.user,
            chosen_code=chosen_code,
            referral=self.request.referral,  # type: ignore[attr-defined]
            at=timezone.now(),
        )

    def form_valid(self, form: PaymentForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            attempt = services.start_attempt(
                basket=self.checkout.basket,
                user=self.checkout.user,
                email=self.checkout.email,
                shipping_address=self.checkout.address,
                shipping_method=self.checkout.shipping_method,
                method=said["method"] or Method.CARD,
                attribution=self._attribute(said["member_code"]),
                language=translation.get_language() or settings.LANGUAGE_CODE,
                at=timezone.now(),
                seen_total=said["seen_total"],
            )
        except services.Changed as error:
            messages.warning(self.request, str(error))
            return redirect("checkout:payment-details")
        except services.Busy as busy:
            return redirect("checkout:attempt", busy.attempt.public_id)
        self.checkout.remember_attempt(attempt)
        if attempt.method != Method.CARD:
            services.place_order_from_attempt(attempt_id=attempt.pk, at=timezone.now())
            attempt.refresh_from_db()
            return _go_on(self.request, self.checkout, attempt)
        return self._pay_by_card(attempt, said["payment_method"])

    def _pay_by_card(self, attempt: CheckoutAttempt, payment_method: str) -> HttpResponse:
        back = reverse("checkout:attempt-return", args=[attempt.public_id])
        try:
            attempt = services.confirm_attempt(
                attempt_id=attempt.pk,
                payment_method=payment_method,
                at=timezone.now(),
                return_url=self.request.build_absolute_uri(back),
            )
        except services.CannotPay as error:
            messages.error(self.request, str(error))
            return redirect("checkout:payment-details")
        except (services.Unclear, gateway.Unreachable):
            return redirect("checkout:attempt", attempt.public_id)
        return _go_on(self.request, self.checkout, attempt)


def get_stripe_settings() -> dict[str, Any]:
    """What payment.js needs to know; nothing of it is secret."""
    return {
        "key": settings.STRIPE_PUBLISHABLE_KEY,
        "script": settings.STRIPE_JS_URL,
        "kind": "localstripe" if settings.STRIPE_API_BASE else "stripe",
    }


def _go_on(request: HttpRequest, checkout: Checkout, attempt: CheckoutAttempt) -> HttpResponse:
    """Where the shopper goes from an attempt in this state."""
    if attempt.state == State.PLACED:
        checkout.finish(attempt.order)
        return redirect("checkout:thank-you")
    if attempt.state in (State.FAILED, State.EXPIRED):
        messages.error(
            request, attempt.failure or _("The payment was not completed. You were not charged.")
        )
        return redirect("checkout:payment-details")
    return redirect("checkout:attempt", attempt.public_id)


class AttemptView(TemplateView):
    """A payment that is not settled yet: the bank asks the buyer, or we wait for an answer."""

    template_name = "oscar/checkout/attempt.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.checkout = Checkout(request)
        self.attempt = get_own_attempt(self.checkout, kwargs["public_id"])
        if self.attempt.state in (State.PLACED, State.FAILED, State.EXPIRED):
            return _go_on(request, self.checkout, self.attempt)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        client_secret = ""
        if self.attempt.state == State.REQUIRES_ACTION and self.attempt.payment_id:
            try:
                payment = gateway.retrieve_payment(payment_id=self.attempt.payment_id)
                client_secret = payment.client_secret
            except (gateway.Refused, gateway.Unreachable):
                # Without it the page waits and asks again.
                client_secret = ""
        return super().get_context_data(
            attempt=self.attempt,
            client_secret=client_secret,
            stripe=get_stripe_settings(),
            is_refunded=self.attempt.state == State.REFUNDED,
            is_paid=self.attempt.state == State.PAID,
            **kwargs,
        )


class ReturnView(View):
    """Where the browser comes back from the bank; asks the provider and goes on from there."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        checkout = Checkout(request)
        attempt = get_own_attempt(checkout, public_id)
        try:
            attempt = services.settle_attempt(attempt_id=attempt.pk, at=timezone.now())
        except gateway.Unreachable:
            return redirect("checkout:attempt", public_id)
        return _go_on(request, checkout, attempt)


def get_own_attempt(checkout: Checkout, public_id: str) -> CheckoutAttempt:
    """The attempt if it is this visitor's; everything else does not exist."""
    attempt = CheckoutAttempt.objects.filter(public_id=public_id[:64]).first()
    if attempt is None or not checkout.owns(attempt):
        raise Http404
    return attempt


class ThankYouView(TemplateView):
    """Shown once after the order; afterwards the same address leads to the order's status page."""

    template_name = "oscar/checkout/thank_you.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        orders = get_model("order", "Order").objects
        order_id = request.session.pop(THANKS_KEY, None)
        if order_id is None:
            thanked = orders.filter(pk=request.session.get(THANKED_KEY)).first()
            return redirect(get_status_url(order=thanked) if thanked else "/")
        request.session[THANKED_KEY] = order_id
        self.order = get_object_or_404(orders, pk=order_id)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            order=self.order,
            status_url=get_status_url(order=self.order),
            transfer=get_transfer_details(order=self.order),
            **kwargs,
        )
