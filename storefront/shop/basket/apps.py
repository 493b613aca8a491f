from django.contrib.auth.signals import user_logged_in
from django.urls import URLPattern, path
from oscar.apps.basket.apps import BasketConfig as OscarBasketConfig


class BasketConfig(OscarBasketConfig):
    name = "storefront.shop.basket"

    def get_urls(self) -> list[URLPattern]:
        """Oscar's addresses and ours."""
        from storefront.shop.basket import views

        return [
            path("undo/", views.UndoView.as_view(), name="undo"),
            path("destination/", views.DestinationView.as_view(), name="destination"),
            path("note/", views.GiftNoteView.as_view(), name="gift-note"),
            *super().get_urls(),
        ]

    def ready(self) -> None:
        """Oscar's views, and one bell."""
        super().ready()
        from storefront.shop.basket.middleware import merge_baskets_at_sign_in

        user_logged_in.connect(merge_baskets_at_sign_in, dispatch_uid="basket.merged_at_sign_in")
