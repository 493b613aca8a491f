"""The member's pages, mounted at `/my/`."""

from django.urls import path

from mlm_plugin.cabinet import agreements, joining_invitations, places, team, views

urlpatterns = [
    path("", views.home, name="my-home"),
    path("points/", views.points, name="my-points"),
    path("team/", team.team, name="my-team"),
    # Codes are written in capitals, so none is hidden by these.
    path("team/list/", team.team_list, name="my-team-list"),
    path("team/list.csv", team.team_file, name="my-team-file"),
    path("team/branch/", team.branch, name="my-team-branch"),
    path("team/find/", team.find, name="my-team-find"),
    path("team/path/", team.path, name="my-team-path"),
    path("team/<slug:code>/", views.team_member, name="my-team-member"),
    path("places/", places.places, name="my-places"),
    path("places/<slug:code>/", places.place, name="my-place"),
    path("share/", views.share, name="my-share"),
    path("more/", views.more, name="my-more"),
    path("invite/", joining_invitations.invitations, name="my-invitations"),
    path("membership/", agreements.membership, name="my-membership"),
    path("membership/end/", agreements.end_membership, name="my-membership-end"),
    path("membership/<int:number>.pdf", agreements.agreement_paper, name="my-agreement"),
    path("qr.svg", views.qr, {"kind": "svg"}, name="my-qr-svg"),
    path("qr.png", views.qr, {"kind": "png"}, name="my-qr-png"),
]
