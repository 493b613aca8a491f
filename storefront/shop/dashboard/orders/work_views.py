"""Orders to pick, pack and ship: the work list, its papers, and parcels."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, ListView, TemplateView, View
from oscar.apps.dashboard.orders.views import get_order_for_user_or_404, queryset_orders_for_user

from storefront.shop.accounting import services as accounting
from storefront.shop.dashboard.orders.work_forms import ParcelForm, get_carriers
from storefront.shop.fulfilment import selectors, services
from storefront.shop.fulfilment.models import Parcel
from storefront.shop.order.views import answer_with_pdf
from storefront.shop.payments.models import new_public_id
from storefront.shop.payments.selectors import get_gift_note, get_gift_notes

MOST_AT_ONCE = 100


def read_ids(texts: list[str]) -> list[int]:
    """Ids as a form or an address names them; whatever is none is left out."""
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16]
    return ids[:MOST_AT_ONCE]


class WorkListView(ListView):
    """What is to pick, packed, sent and late; several orders at once."""

    template_name = "oscar/dashboard/orders/work_list.html"
    context_object_name = "orders"
    paginate_by = 25

    def get_queryset(self) -> Any:
        self.now = timezone.now()
        asked = self.request.GET.get("show", "")
        self.show = asked if asked in selectors.FILTERS else selectors.FILTERS[0]
        allowed = queryset_orders_for_user(self.request.user).order_by().values("pk")
        return selectors.get_work(which=self.show, at=self.now).filter(pk__in=allowed)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        orders = list(context["orders"])
        lines = selectors.get_lines_to_send(orders=orders)
        counts = selectors.count_work(at=self.now)
        names = {
            "to-pick": _("To pick"),
            "packed": _("Packed"),
            "sent": _("Sent"),
            "late": _("Late"),
        }
        return {
            **context,
            "rows": [(order, lines[order.pk]) for order in orders],
            "filters": [(which, names[which], counts[which]) for which in selectors.FILTERS],
            "show": self.show,
            "latest": selectors.latest(at=self.now),
            "carriers": get_carriers(),
            "key": new_public_id(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of the buttons below the list."""
        from storefront.shop.dashboard.orders.views import check_may_change

        chosen = read_ids(request.POST.getlist("order"))
        back = f"{reverse('dashboard:order-work')}?show={self._show_after(request)}"
        action = request.POST.get("action", "")
        if not chosen:
            messages.error(request, _("Choose orders first."))
            return redirect(back)
        if action in ("pick-list", "packing-slips"):
            ids = "&".join(f"order={each}" for each in chosen)
            return redirect(f"{reverse(f'dashboard:order-{action}')}?{ids}")
        check_may_change(request.user)
        orders = queryset_orders_for_user(request.user).filter(pk__in=chosen).order_by("pk")
        self._do(action, list(orders))
        return redirect(back)

    def _show_after(self, request: HttpRequest) -> str:
        show = request.POST.get("show", "")
        return show if show in selectors.FILTERS else selectors.FILTERS[0]

    def _do(self, action: str, orders: list[Any]) -> None:
        actions = {"pack": self._pack, "send": self._send, "delivered": self._deliver}
        done = 0
        for order in orders:
            try:
                if action in actions:
                    actions[action](order)
                    done += 1
            except services.CannotSend as error:
                messages.error(self.request, f"{order.number}: {error}")
        if done:
            text = ngettext("%(count)s order done.", "%(count)s orders done.", done)
            messages.success(self.request, text % {"count": done})

    def _pack(self, order: Any) -> None:
        services.pack_order(order_id=order.pk, by=self.request.user, at=timezone.now())

    def _send(self, order: Any) -> None:
        said = self.request.POST
        key = said.get("key", "")[:40]
        services.send_the_rest(
            order_id=order.pk,
            carrier=said.get("carrier", ""),
            tracking_number=said.get(f"tracking_{order.pk}", "").strip(),
            key=f"{key}:{order.pk}" if key else "",
            by=self.request.user,
            at=timezone.now(),
        )

    def _deliver(self, order: Any) -> None:
        services.note_all_delivered(order_id=order.pk, by=self.request.user, at=timezone.now())


class PrintView(TemplateView):
    """Sheets of the orders named in the address."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = read_ids(self.request.GET.getlist("order"))
        found = queryset_orders_for_user(self.request.user).filter(pk__in=ids).order_by("pk")
        orders = list(found.select_related("shipping_address__country"))
        lines = selectors.get_lines_to_send(orders=orders)
        notes = get_gift_notes(orders=orders)
        return super().get_context_data(
            sheets=[(order, lines[order.pk], notes.get(order.pk, "")) for order in orders],
            status_url=reverse("dashboard:order-work"),
            now=timezone.now(),
            **kwargs,
        )


class PickListView(PrintView):
    """All pieces of the chosen orders by article, to be fetched in one go."""

    template_name = "oscar/dashboard/orders/pick_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        needed: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for order, lines, _note in context["sheets"]:
            for each in lines:
                if each.left:
                    article = (each.line.partner_sku, each.line.title_here)
                    needed.setdefault(article, []).append((each.left, order.number))
        context["articles"] = [
            (sku, title, sum(pieces for pieces, _number in orders), orders)
            for (sku, title), orders in sorted(needed.items())
        ]
        return context


class PackingSlipsView(PrintView):
    """One sheet per order to lie in its parcel."""

    template_name = "oscar/dashboard/orders/packing_slips.html"


class ParcelView(FormView):
    """Send one parcel of an order, with all or some of its pieces."""

    form_class = ParcelForm
    template_name = "oscar/dashboard/orders/parcel.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.order = get_order_for_user_or_404(request.user, kwargs["number"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        lines = selectors.get_lines_to_send(orders=[self.order])[self.order.pk]
        return {**super().get_form_kwargs(), "lines": lines}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            order=self.order, gift_note=get_gift_note(order=self.order), **kwargs
        )

    def form_valid(self, form: ParcelForm) -> HttpResponse:
        try:
            services.send_parcel(
                order_id=self.order.pk,
                pieces=form.pieces,
                carrier=form.cleaned_data["carrier"],
                tracking_number=form.cleaned_data["tracking_number"],
                key=form.cleaned_data["key"],
                by=self.request.user,
                at=timezone.now(),
            )
        except services.CannotSend as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("The parcel is on its way, and the buyer knows."))
        return redirect("dashboard:order-detail", number=self.order.number)


class PackView(View):
    """The order is packed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = get_order_for_user_or_404(request.user, number)
        try:
            services.pack_order(order_id=order.pk, by=request.user, at=timezone.now())
        except services.CannotSend as error:
            messages.error(request, str(error))
        return redirect("dashboard:order-detail", number=order.number)


class DeliveredView(View):
    """A parcel arrived."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str, parcel: int) -> HttpResponse:
        order = get_order_for_user_or_404(request.user, number)
        found = get_object_or_404(Parcel, order=order, number=parcel)
        services.note_delivered(parcel_id=found.pk, by=request.user, at=timezone.now())
        return redirect("dashboard:order-detail", number=order.number)


class PaperView(View):
    """An invoice or a credit note, for staff."""

    def get(self, request: HttpRequest, number: str, paper: str) -> HttpResponse:
        order = get_order_for_user_or_404(request.user, number)
        invoice = get_object_or_404(order.invoices, number=paper)
        return answer_with_pdf(content=accounting.get_pdf(invoice=invoice), name=invoice.number)
