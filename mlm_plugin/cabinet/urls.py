"""The member's pages, mounted at `/my/`."""

from django.urls import path

from mlm_plugin.cabinet import team, views

urlpatterns = [
    path("", views.home, name="my-home"),
    path("points/", views.points, name="my-points"),
    path("team/", team.team, name="my-team"),
    # Codes are written in capitals, so none is hidden by these.
    path("team/branch/", team.branch, name="my-team-branch"),
    path("team/find/", team.find, name="my-team-find"),
    path("team/path/", team.path, name="my-team-path"),
    path("team/<slug:code>/", views.team_member, name="my-team-member"),
    path("share/", views.share, name="my-share"),
    path("more/", views.more, name="my-more"),
    path("qr.svg", views.qr, {"kind": "svg"}, name="my-qr-svg"),
    path("qr.png", views.qr, {"kind": "png"}, name="my-qr-png"),
]
