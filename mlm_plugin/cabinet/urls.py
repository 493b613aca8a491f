"""The member's pages, mounted at `/my/`."""

from django.urls import path

from mlm_plugin.cabinet import views

urlpatterns = [
    path("", views.home, name="my-home"),
    path("points/", views.points, name="my-points"),
    path("team/", views.team, name="my-team"),
    path("team/<slug:code>/", views.team_member, name="my-team-member"),
    path("share/", views.share, name="my-share"),
    path("more/", views.more, name="my-more"),
    path("qr.svg", views.qr, {"kind": "svg"}, name="my-qr-svg"),
    path("qr.png", views.qr, {"kind": "png"}, name="my-qr-png"),
]
