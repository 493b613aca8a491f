"""The books at a glance, closing days by hand."""

from django.urls import path

from mlm_plugin.backoffice.books import days, overview

urlpatterns = [
    path("books/", overview.overview, name="staff-books"),
    path("books/days/", days.days, name="staff-books-days"),
]
