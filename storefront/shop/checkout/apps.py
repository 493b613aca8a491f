from django.urls import URLPattern, path
from django.views.generic.base import RedirectView
from oscar.apps.checkout.apps import CheckoutConfig as OscarCheckoutConfig


class CheckoutConfig(OscarCheckoutConfig):
    name = "storefront.shop.checkout"

    def ready(self) -> None:
        """Oscar collects its own views here; none of them is used."""

    def get_urls(self) -> list[URLPattern]:
        """Our steps under Oscar's names; no other view can place an order."""
        from storefront.shop.checkout import thanks, views

        pay = RedirectView.as_view(pattern_name="checkout:payment-details")
        return [
            path("", views.StartView.as_view(), name="index"),
            path("shipping-address/", views.AddressView.as_view(), name="shipping-address"),
            path("shipping-method/", views.ShippingView.as_view(), name="shipping-method"),
            path("payment-method/", pay, name="payment-method"),
            path("payment/", views.PaymentView.as_view(), name="payment-details"),
            path("wallet/", views.WalletView.as_view(), name="wallet"),
            path("preview/", pay, name="preview"),
            path("payment/<str:public_id>/", views.AttemptView.as_view(), name="attempt"),
            path(
                "payment/<str:public_id>/return/",
                views.ReturnView.as_view(),
                name="attempt-return",
            ),
            path("thank-you/", thanks.ThankYouView.as_view(), name="thank-you"),
            path("thank-you/account/", thanks.AccountView.as_view(), name="account"),
        ]
