"""Oscar's two pages of orders in the account, and the guest's, with what ours show."""

from typing import Any

from django.utils import timezone
from oscar.apps.customer import views as oscar_views

from storefront.shop.dates import SensibleDates
from storefront.shop.order.page import get_order_page


class OrderSearchForm(SensibleDates, oscar_views.OrderSearchForm):
    """Oscar's, for dates that a calendar has."""


class OrderHistoryView(oscar_views.OrderHistoryView):
    """The buyer's orders, newest first."""

    form_class = OrderSearchForm

    def get_queryset(self) -> Any:
        orders = super().get_queryset().prefetch_related("lines")
        return orders.order_by("-date_placed", "-pk")


class OrderDetailView(oscar_views.OrderDetailView):
    """One order with its timeline; what the buyer can do has pages of its own."""

    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = get_order_page(order=self.object, at=timezone.now())
        return super().get_context_data(page=page, **kwargs)


class AnonymousOrderDetailView(oscar_views.AnonymousOrderDetailView):
    """The same for a guest."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = get_order_page(order=self.object, at=timezone.now())
        return super().get_context_data(page=page, **kwargs)
