"""After the order: thanks, what happens next, an account for guests, a way into the network."""

from typing import Any

from allauth.account.utils import complete_signup
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View
from oscar.core.loading import get_model

from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.shop.selectors import get_member_for
from storefront.accounts.forms import SignupForm
from storefront.shop.checkout.state import THANKED_KEY, THANKS_KEY
from storefront.shop.payments.selectors import get_status_url, get_transfer_details
from storefront.shop.payments.services import give_order_to

Order = get_model("order", "Order")


class ThankYouView(View):
    """Shown once after the order; afterwards the same address leads to the order's status page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        order_id = request.session.pop(THANKS_KEY, None)
        if order_id is None:
            thanked = Order.objects.filter(pk=request.session.get(THANKED_KEY)).first()
            return redirect(get_status_url(order=thanked) if thanked else "/")
        request.session[THANKED_KEY] = order_id
        order = get_object_or_404(Order, pk=order_id)
        return show_thanks(request, order=order, form=SignupForm())


class AccountView(View):
    """One password makes an account of a guest's order, which then belongs to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        thanked = request.session.get(THANKED_KEY)
        order = Order.objects.filter(pk=thanked, user=None).first() if thanked else None
        if order is None or request.user.is_authenticated:
            raise Http404
        said = {"email": order.guest_email, "password1": request.POST.get("password1", "")}
        form = SignupForm(said)
        if not form.is_valid():
            return show_thanks(request, order=order, form=form)
        if not ratelimit.consume(request, action="signup"):
            return HttpResponse(render(request, "429.html").content, status=429)
        user, answer = form.try_save(request)
        if user is None:
            # The address has an account: its owner is told by mail, the browser learns nothing.
            return answer
        give_order_to(order_id=order.pk, user=user)
        try:
            return complete_signup(
                request,
                user,
                settings.ACCOUNT_EMAIL_VERIFICATION,
                get_status_url(order=Order.objects.get(pk=order.pk)),
            )
        except ImmediateHttpResponse as error:
            return error.response


def show_thanks(request: HttpRequest, *, order: Any, form: SignupForm) -> HttpResponse:
    """The page, with the account form for guests as it stands."""
    context = {
        "order": order,
        "status_url": get_status_url(order=order),
        "transfer": get_transfer_details(order=order),
        "account_form": form if order.user_id is None else None,
        "join_url": get_join_url(order=order, user=request.user),
    }
    return render(request, "oscar/checkout/thank_you.html", context)


def get_join_url(*, order: Any, user: Any) -> str:
    """Where the buyer becomes a member below whom the order was credited to; empty where not offered."""
    address = order.shipping_address
    country = address.country_id if address else settings.SHOP_COUNTRY
    offered = settings.OFFER_MEMBERSHIP_IN
    if not ("*" in offered or country in offered) or get_member_for(user=user) is not None:
        return ""
    join = reverse("mlm:join")
    attribution = getattr(order, "attribution", None)
    # A link that was followed or a binding is known there; a code typed in the checkout is not.
    if attribution is None or attribution.source != OrderAttribution.Source.CHOSEN:
        return join
    link = reverse("mlm:referral", args=[attribution.member.code])
    return f"{link}?to={join}"
