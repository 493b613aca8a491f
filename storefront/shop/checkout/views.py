"""The steps of the checkout: address with e-mail, delivery, payment; and how a payment goes on."""

from typing import Any

from babel.numbers import get_currency_precision
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from oscar.core.loading import get_model

from mlm_plugin.network.selectors import get_binding
from mlm_plugin.shop.attribution import resolve_attribution
from mlm_plugin.shop.models import OrderAttribution
from storefront.shop.checkout.forms import (
    AddressForm,
    PaymentForm,
    ShippingMethodForm,
    WalletForm,
)
from storefront.shop.checkout.state import Checkout
from storefront.shop.payments import gateway, services
from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.snapshot import freeze_address

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
        has_address = checkout.address or not checkout.needs_shipping
        if "address" in self.needs and not (checkout.email and has_address):
            return "checkout:shipping-address"
        if "shipping" in self.needs and not checkout.shipping_method:
            return "checkout:shipping-method"
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = [_("Address"), _("Delivery"), _("Payment")]
        step = self.step
        if not self.checkout.needs_shipping:
            steps, step = [_("E-mail"), _("Payment")], min(step, 2)
        return super().get_context_data(
            checkout=self.checkout, basket=self.checkout.basket, steps=steps, step=step, **kwargs
        )


class StartView(Step):
    """The way in: to the first step that is not done yet."""

    needs = ("address", "shipping")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("checkout:payment-details")

    post = get


class AddressView(Step):
    """Who buys and where the goods go: an address of the account, or a new one."""

    template_name = "oscar/checkout/shipping_address.html"
    form_class = AddressForm
    step = 1

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.checkout.needs_shipping and self.checkout.user:
            return redirect("checkout:payment-details")
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        if self.request.headers.get("X-Part") == "address":
            return ["oscar/checkout/address_fields.html"]
        return super().get_template_names()

    def get_initial(self) -> dict[str, Any]:
        known = freeze_address(self.checkout.address) if self.checkout.address else {}
        return {**known, "email": self.checkout.email}

    def _country_code(self) -> str:
        """The country whose fields are shown: as sent, as said before, as prices are shown for."""
        codes = [country.pk for country in self.checkout.countries]
        address = self.checkout.address
        for code in (
            self.request.POST.get("country"),
            address.country_id if address else None,
            self.checkout.basket.strategy.country_code,
        ):
            if code in codes:
                return str(code)
        return str(codes[0]) if codes else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "countries": self.checkout.countries,
            "country_code": self._country_code(),
            "asks_email": self.checkout.user is None,
            "needs_shipping": self.checkout.needs_shipping,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        saved = self.checkout.saved_addresses if self.checkout.needs_shipping else []
        here = self.checkout.address
        same = [each.pk for each in saved if here and _are_same(each, here)]
        is_new = context["form"].is_bound or (here and not same)
        chosen = None if is_new or not saved else (same or [saved[0].pk])[0]
        return {**context, "addresses": saved, "chosen_address": chosen}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "refresh" in request.POST:
            return self._show_fields_of_country()
        chosen = request.POST.get("address_id", "")
        if not chosen:
            return super().post(request, *args, **kwargs)
        ids = {str(each.pk): each for each in self.checkout.saved_addresses}
        if chosen not in ids:
            raise Http404
        shipping_address = get_model("order", "ShippingAddress")()
        ids[chosen].populate_alternative_model(shipping_address)
        self.checkout.ship_to(shipping_address)
        return redirect("checkout:shipping-method")

    def _show_fields_of_country(self) -> HttpResponse:
        """The form for another country, with what was typed so far and no complaints yet."""
        kwargs = {**self.get_form_kwargs(), "data": None, "files": None}
        fields = AddressForm(**kwargs).fields
        typed = {name: self.request.POST.get(name, "")[:255] for name in fields}
        kwargs["initial"] = {**typed, "country": kwargs["country_code"]}
        form = AddressForm(**kwargs)
        context = self.get_context_data(form=form)
        return self.render_to_response({**context, "chosen_address": None})

    def form_valid(self, form: AddressForm) -> HttpResponse:
        if "email" in form.cleaned_data:
            self.checkout.said.set_guest_email(form.cleaned_data["email"])
        if self.checkout.needs_shipping:
            self.checkout.ship_to(form.make_address())
        return redirect("checkout:shipping-method")


def _are_same(saved: Any, address: Any) -> bool:
    """Whether an address of the account is the one that was said."""
    names = ("first_name", "last_name", "line1", "line2", "line4", "postcode", "country_id")
    return all((getattr(saved, name) or "") == (getattr(address, name) or "") for name in names)


class ShippingView(Step):
    """How the goods travel; left out where there is nothing to choose."""

    template_name = "oscar/checkout/shipping_methods.html"
    form_class = ShippingMethodForm
    step = 2
    needs = ("address",)

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
    step = 3
    needs = ("address", "shipping")

    def get_initial(self) -> dict[str, Any]:
        return {"seen_total": self.checkout.total_minor}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "needs_payment": self.checkout.charged_minor > 0,
            "cards": self.checkout.saved_cards,
            "may_keep": self.checkout.user is not None,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            total_minor=self.checkout.total_minor,
            charged_minor=self.checkout.charged_minor,
            wallet_share=self.checkout.wallet_share,
            wallet_form=self._wallet_form(),
            legal_texts=self.checkout.legal_texts,
            seen_legal=services.name_versions(self.checkout.legal_texts),
            recommended_by=self._recommended_by(),
            stripe=get_stripe_settings(),
            **kwargs,
        )

    def _wallet_form(self) -> WalletForm | None:
        """Filled with as much as can be paid; nothing for whoever has no money in a wallet."""
        checkout = self.checkout
        if not checkout.spendable or not checkout.total_minor:
            return None
        most = min(checkout.spendable, checkout.total_minor)
        currency = checkout.basket.currency
        written = str(price(most, currency=currency)).replace(".", get_format("DECIMAL_SEPARATOR"))
        return WalletForm(initial={"amount": written})

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
        if (said["seen_wallet"] or 0) != self.checkout.wallet_share:
            messages.warning(
                self.request, _("Your wallet has changed. Please check what is taken from it.")
            )
            return redirect("checkout:payment-details")
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
                keeps_card=said.get("keeps_card", False),
                from_wallet=self.checkout.wallet_share,
                gift_note=self.checkout.gift_note,
                legal_texts=self.checkout.legal_texts,
                seen_legal=said["seen_legal"],
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


class WalletView(Step):
    """How much of the order is paid from the wallet; changes what the payment page says."""

    http_method_names = ["post"]
    needs = ("address", "shipping")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        currency = self.checkout.basket.currency
        if "remove" in request.POST:
            self.checkout.use_wallet(0)
            return redirect("checkout:payment-details")
        form = WalletForm(request.POST, places=get_currency_precision(currency))
        if form.is_valid():
            self.checkout.use_wallet(minor_units(form.cleaned_data["amount"], currency=currency))
        else:
            messages.warning(request, _("Please enter an amount, such as 12.50."))
        return redirect("checkout:payment-details")


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
