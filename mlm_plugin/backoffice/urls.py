"""The staff's network pages, mounted at `/dashboard/network/`."""

from django.urls import path

from mlm_plugin.backoffice import applications, changes, imports, moves, places, team, views

urlpatterns = [
    path("members/", views.member_list, name="staff-members"),
    path("members/<slug:code>/", views.member_page, name="staff-member"),
    path("members/<slug:code>/adjust/", views.adjust, name="staff-adjust"),
    path("members/<slug:code>/team/", team.team_list, name="staff-team"),
    path("members/<slug:code>/team.csv", team.team_file, name="staff-team-file"),
    path("members/<slug:code>/tree/", team.tree, name="staff-tree"),
    path("members/<slug:code>/tree/branch/", team.branch, name="staff-tree-branch"),
    path("members/<slug:code>/tree/find/", team.find, name="staff-tree-find"),
    path("members/<slug:code>/tree/path/", team.path, name="staff-tree-path"),
    path("members/<slug:code>/move/", moves.propose, name="staff-move-new"),
    path("members/<slug:code>/status/", changes.status, name="staff-status"),
    path("moves/", moves.move_list, name="staff-moves"),
    path("moves/<int:number>/", moves.move_page, name="staff-move"),
    path("applications/", applications.application_list, name="staff-applications"),
    path("applications/<int:number>/", applications.application_page, name="staff-application"),
    path(
        "applications/<int:number>/<int:agreement>.pdf",
        applications.application_paper,
        name="staff-agreement",
    ),
    path("imports/", imports.import_list, name="staff-imports"),
    path("imports/new/", imports.import_new, name="staff-import-new"),
    path("imports/<int:number>/", imports.import_detail, name="staff-import"),
    path("imports/<int:number>/confirm/", imports.import_confirm, name="staff-import-confirm"),
    path("imports/<int:number>/cancel/", imports.import_cancel, name="staff-import-cancel"),
    path("imports/<int:number>/errors.csv", imports.import_problems, name="staff-import-errors"),
    path("export/", imports.export, name="staff-export"),
    path("places/", places.held_list, name="staff-places"),
    path("places/<slug:code>/", places.place_by_hand, name="staff-place"),
    path("customers/", views.customer_list, name="staff-customers"),
    path("customers/<int:number>/", changes.rebind, name="staff-rebind"),
    path("books/", views.books, name="staff-books"),
]
