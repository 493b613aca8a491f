"""Orders in the dashboard: Oscar's pages, with money moved by services only."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from oscar.apps.dashboard.orders import views as oscar_views
from oscar.apps.dashboard.orders.views import get_order_for_user_or_404

from storefront.shop.dashboard.orders.forms import CancelForm, ConfirmedForm, RefundForm
from storefront.shop.fulfilment.selectors import (
    get_carrier_name,
    get_lines_to_send,
    get_parcels,
    get_tracking_url,
    has_open_cancellation,
)
from storefront.shop.fulfilment.services import SENDS
from storefront.shop.order.history import get_history
from storefront.shop.payments import refunds, services
from storefront.shop.payments.models import RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.payments.selectors import get_attempt, get_gift_note
from storefront.shop.prices.price_list import harmless_cell


def check_may_change(user: Any) -> None:
    """Looking at orders is not changing them; Oscar's pages ask for the first only."""
    if not user.has_perm("order.change_order") and not user.has_perm("partner.dashboard_access"):
        raise PermissionDenied


class OrderListView(oscar_views.OrderListView):
    """Oscar's list; its bulk actions need the right to change."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "download_selected_orders":
            check_may_change(request.user)
        return super().post(request, *args, **kwargs)

    def get_row_values(self, order: Any) -> dict[str, str]:
        """The row of the CSV file; names and addresses were typed by buyers."""
        values = super().get_row_values(order)
        return {name: harmless_cell(str(value)) for name, value in values.items()}


class OrderDetailView(oscar_views.OrderDetailView):
    """Oscar's page without its hand-written payment events, with the money as it is."""

    order_actions = ("save_note", "delete_note", "change_order_status")
    # Pieces are sent in parcels and given back by refunds, never by a word on a line.
    line_actions = ()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change(request.user)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        is_paid = order.payment_events.filter(event_type__name="Paid").exists()
        left = refunds.get_refundable(order=order) if is_paid else None
        lines = get_lines_to_send(orders=[order])[order.pk]
        is_cancelling = has_open_cancellation(order_id=order.pk)
        return super().get_context_data(
            attempt=get_attempt(order=order),
            is_paid=is_paid,
            may_refund=bool(left and left.total > 0),
            may_cancel=order.status in ("Pending", *refunds.OPEN_STATUSES) and not is_cancelling,
            may_mark_paid=not is_paid and order.status == "Pending",
            may_pack=order.status == "Paid" and not is_cancelling,
            may_send=order.status in SENDS
            and not is_cancelling
            and any(each.left for each in lines),
            is_cancelling=is_cancelling,
            lines_to_send=lines,
            parcels=[
                (parcel, get_carrier_name(parcel=parcel), get_tracking_url(parcel=parcel))
                for parcel in get_parcels(order=order)
            ],
            returns=order.returns.all(),
            papers=order.invoices.all(),
            troubles=order.payment_troubles.filter(solved_at=None),
            history=get_history(order=order),
            gift_note=get_gift_note(order=order),
            refund_requests=[
                (refund, price(refund.amount, currency=order.currency))
                for refund in order.refunds.select_related("requested_by").order_by("created_at")
            ],
            **kwargs,
        )


class OrderAction(FormView):
    """A page that moves money: filled in, shown once more, confirmed by typing the number."""

    template_name = "oscar/dashboard/orders/order_action.html"
    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.order = get_order_for_user_or_404(request.user, kwargs["number"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "order": self.order}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(order=self.order, title=self.title, **kwargs)

    def form_valid(self, form: ConfirmedForm) -> HttpResponse:
        try:
            amount = self.get_amount(form)
            if not form.is_confirmed:
                if form.cleaned_data["confirm"]:
                    form.add_error("confirm", _("This is not the number of the order."))
                shown = price(amount, currency=self.order.currency)
                return self.render_to_response(self.get_context_data(form=form, amount=shown))
            self.act(form)
        except refunds.CannotRefund as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return redirect("dashboard:order-detail", number=self.order.number)

    def tell(self, refund: RefundRequest) -> None:
        """Say how the refund ended."""
        if refund.state == RefundRequest.State.DONE:
            messages.success(self.request, _("The money is on its way back."))
        elif refund.state == RefundRequest.State.FAILED:
            messages.error(self.request, _("The refund was refused: %s") % refund.error)
        else:
            messages.warning(
                self.request,
                _("The payment provider gave no answer. The refund is tried again by itself."),
            )


class RefundView(OrderAction):
    """Pieces and shipping go back."""

    form_class = RefundForm
    title = gettext_lazy("Refund")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "left": refunds.get_refundable(order=self.order)}

    def get_amount(self, form: RefundForm) -> int:
        known = RefundRequest.objects.filter(order=self.order, key=form.cleaned_data["key"]).first()
        if known is not None:
            return known.amount
        return refunds.price_refund(order=self.order, pieces=form.pieces, shipping=form.shipping)[1]

    def act(self, form: RefundForm) -> None:
        now = timezone.now()
        refund = refunds.request_refund(
            order_id=self.order.pk,
            pieces=form.pieces,
            shipping=form.shipping,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            by=self.request.user,
            at=now,
        )
        self.tell(refunds.complete_refund(refund_id=refund.pk, at=now))


class CancelView(OrderAction):
    """The order is cancelled; what was paid and not refunded yet goes back."""

    form_class = CancelForm
    title = gettext_lazy("Cancel the order")

    def get_amount(self, form: CancelForm) -> int:
        return max(refunds.get_refundable(order=self.order).total, 0)

    def act(self, form: CancelForm) -> None:
        now = timezone.now()
        if self.order.status == "Pending":
            refunds.cancel_unpaid(order_id=self.order.pk, by=self.request.user, at=now)
            messages.success(self.request, _("The order is cancelled."))
            return
        refund = refunds.request_cancel(
            order_id=self.order.pk,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            by=self.request.user,
            at=now,
        )
        self.tell(refunds.complete_refund(refund_id=refund.pk, at=now))


class MarkPaidView(View):
    """Staff saw the transfer on the bank account."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = get_order_for_user_or_404(request.user, number)
        try:
            services.mark_transfer_paid(order_id=order.pk, by=request.user, at=timezone.now())
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The order is paid."))
        return redirect("dashboard:order-detail", number=order.number)
