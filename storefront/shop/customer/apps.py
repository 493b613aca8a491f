from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path
from django.views.generic.base import RedirectView
from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig

# Oscar's own sign-in pages by URL name, and allauth's page that each leads to.
LEADS_TO = {
    "login": "account_login",
    "logout": "account_logout",
    "register": "account_signup",
    "change-password": "account_change_password",
}


class CustomerConfig(OscarCustomerConfig):
    name = "storefront.shop.customer"

    def get_urls(self) -> list[URLPattern]:
        """Oscar's account pages; everything about signing in is a way to allauth."""
        from storefront.accounts.views import LeadsTo

        def replaced(pattern: URLPattern) -> URLPattern:
            if pattern.name in LEADS_TO:
                view = LeadsTo.named(LEADS_TO[pattern.name])
                return path(str(pattern.pattern), view, name=pattern.name)
            if str(pattern.pattern) == "notifications/":
                # Oscar's own redirect has its address written out, without our `/shop/`.
                view = RedirectView.as_view(pattern_name="customer:notifications-inbox")
                return path("notifications/", view)
            return pattern

        from storefront.shop.customer.wishlists.views import WishListLineToBasket

        to_basket = path(
            "wishlists/<str:key>/lines/<int:line_pk>/to-basket/",
            login_required(WishListLineToBasket.as_view()),
            name="wishlists-line-to-basket",
        )
        return [*(replaced(pattern) for pattern in super().get_urls()), to_basket]
