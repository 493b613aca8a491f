"""A buyer's pages of one order: in the account, and for guests by the signed link of their mails."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from oscar.apps.customer.mixins import AnonymousOrderMixin
from oscar.core.loading import get_model

from storefront.shop.accounting import services as accounting
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.order.forms import OnceForm, ReturnForm
from storefront.shop.order.page import CANCELLABLE
from storefront.shop.order.selectors import get_page_url
from storefront.shop.order.services import reorder
from storefront.shop.payments import refunds
from storefront.shop.payments.selectors import get_status_url
from storefront.shop.returns import services as returns
from storefront.shop.returns.selectors import get_returnable
from storefront.shop.returns.slip import draw_slip, get_company_lines, get_qr_address


class BuyersOrderMixin(AnonymousOrderMixin):
    """Finds the order for its buyer only; guests name their address once before."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        number = kwargs["order_number"]
        if "hash" in kwargs:
            self.order = self.get_object()
            if self.order is None:
                return redirect(
                    "customer:anon-order-form", order_number=number, hash=kwargs["hash"]
                )
        elif not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        else:
            orders = get_model("order", "Order").objects.filter(user=request.user)
            self.order = get_object_or_404(orders, number=number)
        return super().dispatch(request, *args, **kwargs)

    @property
    def buyer(self) -> Any:
        """Who does it: nobody known, for guests."""
        return self.request.user if self.request.user.is_authenticated else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status_url = get_status_url(order=self.order)
        return super().get_context_data(order=self.order, status_url=status_url, **kwargs)


def answer_with_pdf(*, content: bytes, name: str) -> HttpResponse:
    """A private file: shown in the browser, kept by no cache."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


class InvoiceView(BuyersOrderMixin, View):
    """The invoice; a paid order that waits for the worker gets it now."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            invoice = accounting.issue_invoice(order_id=self.order.pk, at=timezone.now())
        except accounting.NothingToIssue:
            raise Http404 from None
        return answer_with_pdf(content=accounting.get_pdf(invoice=invoice), name=invoice.number)


class CreditNoteView(BuyersOrderMixin, View):
    """The credit note of a refund."""

    def get(self, request: HttpRequest, *, number: str, **kwargs: Any) -> HttpResponse:
        notes = self.order.invoices.filter(kind="credit_note")
        note = get_object_or_404(notes, number=number)
        return answer_with_pdf(content=accounting.get_pdf(invoice=note), name=note.number)


class ReorderView(BuyersOrderMixin, View):
    """What is still sold goes into the basket, the rest is named."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        done = reorder(order=self.order, basket=request.basket)
        for reason in done.left_out:
            messages.warning(request, reason)
        if not done.added:
            messages.warning(request, _("Nothing of this order can be bought today."))
            return redirect(get_status_url(order=self.order))
        messages.success(request, _("We put it into your basket."))
        return redirect("basket:summary")


class CancelView(BuyersOrderMixin, FormView):
    """Asks once more, then cancels and gives the money back."""

    form_class = OnceForm
    template_name = "shop/orders/cancel.html"

    def form_valid(self, form: OnceForm) -> HttpResponse:
        now = timezone.now()
        try:
            refund = refunds.cancel_by_buyer(
                order_id=self.order.pk, key=form.cleaned_data["key"], by=self.buyer, at=now
            )
            if refund is not None:
                refunds.complete_refund(refund_id=refund.pk, at=now)
        except refunds.CannotRefund as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("Your order is cancelled."))
        return redirect(get_status_url(order=self.order))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_cancel = self.order.status in CANCELLABLE
        return super().get_context_data(may_cancel=may_cancel, **kwargs)


class ReturnNewView(BuyersOrderMixin, FormView):
    """The buyer says what comes back and why."""

    form_class = ReturnForm
    template_name = "shop/orders/return_new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        returnable = get_returnable(order=self.order, at=timezone.now())
        return {**super().get_form_kwargs(), "returnable": returnable}

    def form_valid(self, form: ReturnForm) -> HttpResponse:
        try:
            request = returns.request_return(
                order_id=self.order.pk,
                pieces=form.pieces,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                key=form.cleaned_data["key"],
                by=self.buyer,
                at=timezone.now(),
                picture=form.cleaned_data["picture"],
            )
        except returns.CannotReturn as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("We have your return and write to you soon."))
        return redirect(get_page_url(order=self.order, name="return", number=request.number))


class ReturnMixin(BuyersOrderMixin):
    """One return of the order."""

    def get_return(self) -> Any:
        return get_object_or_404(self.order.returns, number=self.kwargs["number"])

    def name_lines(self, request: Any) -> list[Any]:
        """What comes back, in the reader's language."""
        lines = list(request.lines.select_related("line"))
        name_order_lines(lines=[each.line for each in lines])
        return lines

    def get_slip_return(self) -> Any:
        """There is a slip once staff have said yes."""
        request = self.get_return()
        if request.state in (request.State.REQUESTED, request.State.REFUSED):
            raise Http404
        return request


class ReturnView(ReturnMixin, TemplateView):
    """How far the return has come."""

    template_name = "shop/orders/return.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.get_return()
        return super().get_context_data(
            return_request=request,
            steps=list(request.steps.all()),
            lines=self.name_lines(request),
            slip_url=get_page_url(order=self.order, name="slip", number=request.number),
            slip_pdf_url=get_page_url(order=self.order, name="slip-pdf", number=request.number),
            **kwargs,
        )


class SlipView(ReturnMixin, TemplateView):
    """The slip to print from the browser."""

    template_name = "shop/orders/slip.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.get_slip_return()
        return super().get_context_data(
            return_request=request,
            lines=self.name_lines(request),
            company=get_company_lines(),
            code=get_qr_address(number=request.number),
            **kwargs,
        )


class SlipPdfView(ReturnMixin, View):
    """The slip as a file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        slip = self.get_slip_return()
        return answer_with_pdf(content=draw_slip(request=slip), name=slip.number)
