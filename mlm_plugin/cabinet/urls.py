"""The member's pages, mounted at `/my/`."""

from django.urls import path

from mlm_plugin.cabinet import (
    agreements,
    details,
    joining_invitations,
    payouts,
    places,
    statements,
    team,
    views,
    wallet,
)

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
    path("earnings/", statements.earnings, name="my-earnings"),
    path("earnings/<int:number>/", statements.statement, name="my-statement"),
    path("earnings/<int:number>.pdf", statements.statement_paper, name="my-statement-paper"),
    path("earnings/<int:number>.csv", statements.statement_file, name="my-statement-file"),
    path("wallet/", wallet.wallet, name="my-wallet"),
    path("wallet.csv", wallet.wallet_file, name="my-wallet-file"),
    path("payouts/", payouts.payouts, name="my-payouts"),
    path("payouts/new/", payouts.payout_new, name="my-payout-new"),
    path("payouts/<int:number>/", payouts.payout, name="my-payout"),
    path("payouts/<int:number>/cancel/", payouts.payout_cancel, name="my-payout-cancel"),
    path("share/", views.share, name="my-share"),
    path("more/", views.more, name="my-more"),
    path("invite/", joining_invitations.invitations, name="my-invitations"),
    path("details/", details.details, name="my-details"),
    path("details/payment/", details.payment, name="my-details-payment"),
    path("membership/", agreements.membership, name="my-membership"),
    path("membership/end/", agreements.end_membership, name="my-membership-end"),
    path("membership/<int:number>.pdf", agreements.agreement_paper, name="my-agreement"),
    path("qr.svg", views.qr, {"kind": "svg"}, name="my-qr-svg"),
    path("qr.png", views.qr, {"kind": "png"}, name="my-qr-png"),
]
