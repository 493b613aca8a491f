"""Below `/accounts/`: allauth's pages and the few of ours."""

from django.urls import include, path

from storefront.accounts import views

urlpatterns = [
    path("second-factor/", views.second_factor_required, name="accounts_second_factor_required"),
    path("", include("allauth.urls")),
]
