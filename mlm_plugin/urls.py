"""Addresses of the plugin: `/join/`, `/r/<code>/`, `/my/` and the staff's network pages."""

from django.urls import URLPattern, URLResolver, include, path

from mlm_plugin.cabinet import joining
from mlm_plugin.network.application_steps import Step
from mlm_plugin.shop.views import follow_link

app_name = "mlm"
urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<str:code>/", follow_link, name="referral"),
    path("join/", joining.join, name="join"),
    path("join/welcome/", joining.welcome, name="join-welcome"),
    path("join/erase/", joining.erase, name="join-erase"),
    path("join/continue/<str:token>/", joining.follow_link, name="join-link"),
    *(path(f"join/{step}/", joining.step, {"name": step}, name=f"join-{step}") for step in Step),
    path("my/", include("mlm_plugin.cabinet.urls")),
    path("dashboard/network/", include("mlm_plugin.backoffice.urls")),
]
