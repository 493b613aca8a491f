from django.urls import URLPattern, path
from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig
from oscar.core.loading import get_class

MAY_LOOK = ["is_staff", "order.view_order"]
MAY_CHANGE = ["is_staff", "order.change_order"]
PARTNERS = ["partner.dashboard_access"]
MOVES_MONEY = ["is_staff", "order.change_order", "order.add_paymentevent"]


class OrdersDashboardConfig(OscarOrdersDashboardConfig):
    name = "storefront.shop.dashboard.orders"

    def configure_permissions(self) -> None:
        """Giving money back and marking as paid need more than looking at orders.

        Pages that show and change ask for the right to change themselves, when something is sent.
        """
        super().configure_permissions()
        pages = {
            "order-refund order-mark-paid order-cancel return-refund": MOVES_MONEY,
            "order-parcel order-pack parcel-delivered trouble-solve": MAY_CHANGE,
            "order-work order-pick-list order-packing-slips order-paper": MAY_LOOK,
            "return-list return-detail return-picture trouble-list": MAY_LOOK,
        }
        # Partners reach the addresses of their own orders; who may only look sends nothing elsewhere.
        self.permissions_map["order-shipping-address"] = (MAY_CHANGE, PARTNERS)
        for names, permissions in pages.items():
            self.permissions_map.update(dict.fromkeys(names.split(), permissions))

    def get_urls(self) -> list[URLPattern]:
        """Oscar's pages and, before its pattern that takes anything, those of work and money."""
        from storefront.shop.dashboard.orders import return_views, work_views

        views = {
            name: get_class("dashboard.orders.views", view).as_view()
            for name, view in (
                ("refund", "RefundView"),
                ("mark-paid", "MarkPaidView"),
                ("cancel", "CancelView"),
            )
        }
        ours = [
            path("work/", work_views.WorkListView.as_view(), name="order-work"),
            path("work/pick-list/", work_views.PickListView.as_view(), name="order-pick-list"),
            path(
                "work/packing-slips/",
                work_views.PackingSlipsView.as_view(),
                name="order-packing-slips",
            ),
            path("returns/", return_views.ReturnListView.as_view(), name="return-list"),
            path(
                "returns/<str:number>/",
                return_views.ReturnDetailView.as_view(),
                name="return-detail",
            ),
            path(
                "returns/<str:number>/refund/",
                return_views.ReturnRefundView.as_view(),
                name="return-refund",
            ),
            path(
                "returns/<str:number>/picture/",
                return_views.ReturnPictureView.as_view(),
                name="return-picture",
            ),
            path("money/", return_views.TroubleListView.as_view(), name="trouble-list"),
            path(
                "money/<int:pk>/solve/",
                return_views.TroubleSolveView.as_view(),
                name="trouble-solve",
            ),
            path("<str:number>/parcel/", work_views.ParcelView.as_view(), name="order-parcel"),
            path("<str:number>/pack/", work_views.PackView.as_view(), name="order-pack"),
            path(
                "<str:number>/parcels/<int:parcel>/delivered/",
                work_views.DeliveredView.as_view(),
                name="parcel-delivered",
            ),
            path(
                "<str:number>/papers/<str:paper>.pdf",
                work_views.PaperView.as_view(),
                name="order-paper",
            ),
            *(
                path(f"<str:number>/{name}/", view, name=f"order-{name}")
                for name, view in views.items()
            ),
        ]
        return [*self.post_process_urls(ours), *super().get_urls()]
