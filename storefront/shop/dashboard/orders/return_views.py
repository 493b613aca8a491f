"""Returns to decide, receive and refund, and questions of money."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from storefront.shop.accounting import troubles
from storefront.shop.accounting.models import PaymentTrouble
from storefront.shop.dashboard.orders.work_forms import (
    CloseForm,
    ReceiveForm,
    RefuseForm,
    ReturnRefundForm,
    SolveForm,
)
from storefront.shop.payments import refunds
from storefront.shop.payments.models import RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.returns import services
from storefront.shop.returns.models import ReturnRequest
from storefront.shop.returns.selectors import count_returns, get_returns

State = ReturnRequest.State


class ReturnListView(ListView):
    """All returns, by state."""

    template_name = "oscar/dashboard/returns/return_list.html"
    context_object_name = "returns"
    paginate_by = 25

    def get_queryset(self) -> Any:
        asked = self.request.GET.get("state", "")
        self.state = asked if asked in State.values else ""
        return get_returns(state=self.state)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = count_returns()
        filters = [(state, State(state).label, counts[state]) for state in State.values]
        return super().get_context_data(state=self.state, filters=filters, **kwargs)


class ReturnDetailView(TemplateView):
    """One return: what the buyer says, what is to do next, and who did what."""

    template_name = "oscar/dashboard/returns/return_detail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.item = get_object_or_404(
            ReturnRequest.objects.select_related("order__shipping_address", "refund"),
            number=kwargs["number"],
        )
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.item
        pieces, shipping = services.get_refund_of(request=item, with_shipping=True)
        goods = None
        if item.state == State.RECEIVED and pieces and item.refund is None:
            try:
                goods = price(
                    refunds.price_refund(order=item.order, pieces=pieces, shipping=0)[1],
                    currency=item.order.currency,
                )
            except refunds.CannotRefund:
                goods = None
        may_refund = item.state == State.RECEIVED and (
            item.refund is None or item.refund.state == RefundRequest.State.FAILED
        )
        forms = {
            "refuse_form": RefuseForm(),
            "close_form": CloseForm(),
            "receive_form": ReceiveForm(request=item),
            "refund_form": ReturnRefundForm(request=item),
        }
        return super().get_context_data(
            **{**forms, **kwargs},
            item=item,
            order=item.order,
            lines=item.lines.select_related("line"),
            steps=item.steps.select_related("by"),
            goods=goods,
            shipping=price(shipping, currency=item.order.currency),
            may_close=item.state == State.APPROVED or may_refund,
            may_refund=may_refund,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve or refuse, receive, close."""
        from storefront.shop.dashboard.orders.views import check_may_change

        check_may_change(request.user)
        actions = {
            "approve": self._approve,
            "refuse": self._refuse,
            "receive": self._receive,
            "close": self._close,
        }
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            raise Http404
        try:
            wrong = action()
        except services.CannotReturn as error:
            messages.error(request, str(error))
            wrong = None
        if wrong:
            return self.render_to_response(self.get_context_data(**wrong))
        return redirect("dashboard:return-detail", number=self.item.number)

    def _approve(self) -> dict[str, Any]:
        services.approve_return(return_id=self.item.pk, by=self.request.user, at=timezone.now())
        messages.success(self.request, _("Approved. The buyer gets the slip by mail."))
        return {}

    def _refuse(self) -> dict[str, Any]:
        form = RefuseForm(self.request.POST)
        if not form.is_valid():
            return {"refuse_form": form}
        services.refuse_return(
            return_id=self.item.pk,
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("Refused. The buyer gets your words by mail."))
        return {}

    def _close(self) -> dict[str, Any]:
        form = CloseForm(self.request.POST)
        if not form.is_valid():
            return {"close_form": form}
        services.close_return(
            return_id=self.item.pk,
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("Closed. The buyer gets your words by mail."))
        return {}

    def _receive(self) -> dict[str, Any]:
        form = ReceiveForm(self.request.POST, request=self.item)
        if not form.is_valid():
            return {"receive_form": form}
        services.receive_return(
            return_id=self.item.pk,
            arrived=form.arrived,
            note=form.cleaned_data["note"],
            by=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("Written down. Now give the money back."))
        return {}


class ReturnRefundView(ReturnDetailView):
    """Money for what arrived goes back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirmed by typing the number."""
        form = ReturnRefundForm(request.POST, request=self.item)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(refund_form=form))
        try:
            refund = services.refund_return(
                return_id=self.item.pk,
                with_shipping=form.cleaned_data["with_shipping"],
                by=request.user,
                at=timezone.now(),
            )
        except (services.CannotReturn, refunds.CannotRefund) as error:
            messages.error(request, str(error))
        else:
            self._tell(refund)
        return redirect("dashboard:return-detail", number=self.item.number)

    def _tell(self, refund: RefundRequest) -> None:
        if refund.state == RefundRequest.State.DONE:
            messages.success(self.request, _("The money is on its way back."))
        elif refund.state == RefundRequest.State.FAILED:
            messages.error(self.request, _("The refund was refused: %s") % refund.error)
        else:
            messages.warning(
                self.request,
                _("The payment provider gave no answer. The refund is tried again by itself."),
            )


class ReturnPictureView(View):
    """The picture a buyer sent along; it lies among the private files."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse | FileResponse:
        item = get_object_or_404(ReturnRequest, number=number)
        if not item.picture or not storages["private"].exists(item.picture):
            raise Http404
        file = storages["private"].open(item.picture)
        return FileResponse(
            file, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
        )


class TroubleListView(ListView):
    """Refunds that came back and payments in dispute, open ones first."""

    template_name = "oscar/dashboard/orders/trouble_list.html"
    context_object_name = "troubles"
    paginate_by = 25

    def get_queryset(self) -> Any:
        return troubles.get_troubles()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [
            (each, price(each.amount, currency=each.order.currency) if each.order else None)
            for each in context["troubles"]
        ]
        return context


class TroubleSolveView(View):
    """Staff say how it ended."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        trouble = get_object_or_404(PaymentTrouble, pk=pk)
        form = SolveForm(request.POST)
        if form.is_valid():
            troubles.solve_trouble(
                trouble_id=trouble.pk,
                solution=form.cleaned_data["solution"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("Written down."))
        else:
            messages.error(request, _("Please say how it was solved."))
        return redirect("dashboard:trouble-list")
