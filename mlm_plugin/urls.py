"""Addresses of the plugin: `/join/`, `/r/<code>/`, `/my/` and the staff's network pages."""

from django.urls import URLPattern, URLResolver

app_name = "mlm"
urlpatterns: list[URLPattern | URLResolver] = []
