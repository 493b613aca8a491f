"""The staff's network pages, mounted at `/dashboard/network/`."""

from django.urls import path

from mlm_plugin.backoffice import views

urlpatterns = [
    path("members/", views.member_list, name="staff-members"),
    path("members/<slug:code>/", views.member_page, name="staff-member"),
    path("members/<slug:code>/adjust/", views.adjust, name="staff-adjust"),
    path("customers/", views.customer_list, name="staff-customers"),
    path("books/", views.books, name="staff-books"),
]
