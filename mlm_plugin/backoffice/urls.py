"""The staff's network pages, mounted at `/dashboard/network/`."""

from django.urls import path

from mlm_plugin.backoffice import team, views

urlpatterns = [
    path("members/", views.member_list, name="staff-members"),
    path("members/<slug:code>/", views.member_page, name="staff-member"),
    path("members/<slug:code>/adjust/", views.adjust, name="staff-adjust"),
    path("members/<slug:code>/tree/", team.tree, name="staff-tree"),
    path("members/<slug:code>/tree/branch/", team.branch, name="staff-tree-branch"),
    path("members/<slug:code>/tree/find/", team.find, name="staff-tree-find"),
    path("members/<slug:code>/tree/path/", team.path, name="staff-tree-path"),
    path("customers/", views.customer_list, name="staff-customers"),
    path("books/", views.books, name="staff-books"),
]
