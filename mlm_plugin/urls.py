"""Addresses of the plugin: `/join/`, `/r/<code>/`, `/my/` and the staff's network pages."""

from django.urls import URLPattern, URLResolver, include, path

from mlm_plugin.cabinet import joining
from mlm_plugin.shop.views import follow_link

app_name = "mlm"
urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<str:code>/", follow_link, name="referral"),
    path("join/", joining.join, name="join"),
    path("join/welcome/", joining.welcome, name="join-welcome"),
    path("my/", include("mlm_plugin.cabinet.urls")),
    path("dashboard/network/", include("mlm_plugin.backoffice.urls")),
]
