"""Oscar's top application with our addresses: no own sign-in, no dashboard below `/shop/`."""

from django.conf import settings
from django.urls import path
from django.views.generic.base import RedirectView
from oscar.config import Shop


class ShopConfig(Shop):
    name = "oscar"

    def get_urls(self) -> list:
        """The public shop; the dashboard is mounted by the site and passwords belong to allauth."""
        from storefront.accounts.views import LeadsTo

        return [
            path("password-reset/", LeadsTo.named("account_reset_password"), name="password-reset"),
            path("", RedirectView.as_view(url=settings.OSCAR_HOMEPAGE), name="home"),
            path("catalogue/", self.catalogue_app.urls),
            path("basket/", self.basket_app.urls),
            path("checkout/", self.checkout_app.urls),
            path("accounts/", self.customer_app.urls),
            path("search/", self.search_app.urls),
            path("offers/", self.offer_app.urls),
            path("wishlists/", self.wishlists_app.urls),
        ]
