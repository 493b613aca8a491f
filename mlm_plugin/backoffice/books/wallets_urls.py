"""Wallets and their adjustments."""

from django.urls import path

from mlm_plugin.backoffice.books import wallets

urlpatterns = [
    path("books/wallets/", wallets.wallet_list, name="staff-wallets"),
    path("books/wallets/adjustments/", wallets.adjustment_list, name="staff-wallet-adjustments"),
    path(
        "books/wallets/adjustments/<int:number>/",
        wallets.adjustment_page,
        name="staff-wallet-adjustment",
    ),
    path("books/wallets/of/<slug:code>/", wallets.wallet_page, name="staff-wallet"),
    path("books/wallets/of/<slug:code>/adjust/", wallets.adjust, name="staff-wallet-adjust"),
]
