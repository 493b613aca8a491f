from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListingConfig(AppConfig):
    name = "storefront.shop.listing"
    label = "shop_listing"
    verbose_name = _("Listing")

    def ready(self) -> None:
        """Keep the cards current, and stop Oscar from writing on every look at a product."""
        from storefront.shop.listing import receivers

        receivers.connect()
        receivers.stop_counting_views()
