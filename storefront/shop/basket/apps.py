from django.contrib.auth.signals import user_logged_in
from oscar.apps.basket.apps import BasketConfig as OscarBasketConfig


class BasketConfig(OscarBasketConfig):
    name = "storefront.shop.basket"

    def ready(self) -> None:
        """Oscar's views, and one bell."""
        super().ready()
        from storefront.shop.basket.middleware import merge_baskets_at_sign_in

        user_logged_in.connect(merge_baskets_at_sign_in, dispatch_uid="basket.merged_at_sign_in")
