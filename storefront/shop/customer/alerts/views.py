"""Being told that a product is back: asked for on its page, confirmed and ended by links in mails.

A link opens a page with a button: programs that follow every link of a mail change nothing.
"""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.customer.alerts import views as oscar_views
from oscar.apps.customer.alerts.views import *  # noqa: F403
from oscar.core.loading import get_model

from storefront.shop.questions import alerts
from storefront.shop.questions.forms import AlertForm
from storefront.targets import own_address

ProductAlert = get_model("customer", "ProductAlert")


class ProductAlertListView(oscar_views.ProductAlertListView):
    """What a customer still waits for."""

    def get_queryset(self) -> Any:
        waiting = ProductAlert.objects.filter(user=self.request.user, status=ProductAlert.ACTIVE)
        return waiting.select_related("product__parent").order_by("-date_created")


class ProductAlertCreateView(View):
    """Asks for an alert on a product or one of its variants."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(_get_product(pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = _get_product(pk)
        family = get_model("catalogue", "Product").objects.filter(
            Q(pk=product.pk) | Q(parent=product), is_public=True
        )
        form = AlertForm(
            request.POST,
            user=request.user,
            choices=[(each.pk, each.title) for each in family],
        )
        if not form.is_valid():
            context = {"product": product, "alert_form": form}
            return render(request, "oscar/customer/alerts/form.html", context, status=422)
        email = form.cleaned_data.get("email", "")
        if form.is_trap:
            return self._answer(product, email)
        if not ratelimit.consume(
            request, action="stock_alert", key=email.lower() or str(request.user.pk)
        ):
            messages.error(request, _("Those were many at once. Please try again in an hour."))
            return redirect(product.get_absolute_url())
        alerts.ask_for_alert(
            product_id=form.cleaned_data["variant"],
            user=request.user,
            email=email,
            language=get_language() or "",
        )
        return self._answer(product, email)

    def _answer(self, product: Any, email: str) -> HttpResponse:
        if email:
            text = _("Please confirm your address: we have written to %(email)s.")
            messages.success(self.request, text % {"email": email})
        else:
            messages.success(self.request, _("We will write to you when it is back."))
        return redirect(product.get_absolute_url())


class _AlertStep(View):
    """A link of a mail, and the button on the page it opens."""

    template_name = "oscar/customer/alerts/step.html"
    question = ""
    button = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        alert = self.get_alert(**kwargs)
        context = {
            "alert": alert,
            "product": alert.product,
            "question": self.question,
            "button": self.button,
        }
        return render(request, self.template_name, context)

    def get_alert(self, *, key: str = "", pk: int | None = None) -> Any:
        """By the key of the link, or one's own by its number."""
        found = ProductAlert.objects.select_related("product__parent")
        if pk is not None:
            return get_object_or_404(found, pk=pk, user=self.request.user)
        if not key or "\0" in key:
            raise Http404
        return get_object_or_404(found, key=key)


class ProductAlertConfirmView(_AlertStep):
    """The address belongs to who asked."""

    @property
    def question(self) -> str:  # type: ignore[override]
        return _("Shall we write to you when it is back?")

    @property
    def button(self) -> str:  # type: ignore[override]
        return _("Yes, write to me")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        alert = self.get_alert(**kwargs)
        if alerts.confirm_alert(alert_id=alert.pk, at=timezone.now()):
            messages.success(request, _("Thank you. We will write to you when it is back."))
        else:
            messages.info(request, _("This was done already."))
        return redirect(_address_of(alert.product))


class ProductAlertCancelView(_AlertStep):
    """No mail after all: from the link of a mail, or from the list in the account."""

    @property
    def question(self) -> str:  # type: ignore[override]
        return _("Shall we forget that you wait for it?")

    @property
    def button(self) -> str:  # type: ignore[override]
        return _("Yes, do not write to me")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        alert = self.get_alert(**kwargs)
        if alerts.cancel_alert(alert_id=alert.pk, at=timezone.now()):
            messages.success(request, _("Done: we will not write to you about it."))
        else:
            messages.info(request, _("This was done already."))
        wanted = own_address(request=request, address=request.POST.get("next", ""))
        return redirect(_address_of(alert.product) if wanted == "/" else wanted)


def _get_product(number: int) -> Any:
    """The product whose page it is: of a variant its parent."""
    products = get_model("catalogue", "Product").objects.select_related("parent")
    product = get_object_or_404(products, pk=number, is_public=True)
    return product.parent or product


def _address_of(product: Any) -> str:
    return (product.parent or product).get_absolute_url()
