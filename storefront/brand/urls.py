"""Addresses of the look."""

from django.urls import path, re_path

from storefront.brand import views

urlpatterns = [
    re_path(r"^brand/(?P<digest>[0-9a-f]{16})\.css$", views.stylesheet, name="brand-stylesheet"),
    path("brand/draft.css", views.draft_stylesheet, name="brand-draft"),
    re_path(
        r"^brand/(?P<digest>[0-9a-f]{16})/icon-(?P<size>[0-9]{2,3})\.png$",
        views.icon,
        name="brand-icon",
    ),
    re_path(
        r"^brand/(?P<digest>[0-9a-f]{16})/icon-(?P<size>[0-9]{2,3})-filled\.png$",
        views.icon,
        {"filled": "filled"},
        name="brand-icon-filled",
    ),
    re_path(
        r"^brand/(?P<digest>[0-9a-f]{16})/(?P<name>logo|logo-dark)\.png$",
        views.logo,
        name="brand-logo",
    ),
    path("theme/", views.style_page, name="style-page"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.apple_icon, name="apple-icon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
