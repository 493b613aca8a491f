from django.urls import URLPattern, path
from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig
from oscar.core.loading import get_class

MOVES_MONEY = ["is_staff", "order.change_order", "order.add_paymentevent"]


class OrdersDashboardConfig(OscarOrdersDashboardConfig):
    name = "storefront.shop.dashboard.orders"

    def configure_permissions(self) -> None:
        """Giving money back and marking as paid need more than looking at orders."""
        super().configure_permissions()
        for name in ("order-refund", "order-mark-paid", "order-cancel"):
            self.permissions_map[name] = MOVES_MONEY

    def get_urls(self) -> list[URLPattern]:
        """Oscar's pages and, before its pattern that takes anything, those that move money."""
        views = {
            name: get_class("dashboard.orders.views", view).as_view()
            for name, view in (
                ("refund", "RefundView"),
                ("mark-paid", "MarkPaidView"),
                ("cancel", "CancelView"),
            )
        }
        ours = [
            path(f"<str:number>/{name}/", view, name=f"order-{name}")
            for name, view in views.items()
        ]
        return [*self.post_process_urls(ours), *super().get_urls()]
