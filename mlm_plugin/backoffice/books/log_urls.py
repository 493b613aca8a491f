"""The log of the books: list, one action, and all of it as a file."""

from django.urls import path

from mlm_plugin.backoffice.books import log

urlpatterns = [
    path("books/log/", log.log_list, name="staff-log"),
    path("books/log.csv", log.log_file, name="staff-log-file"),
    path("books/log/<int:number>/", log.log_entry, name="staff-log-entry"),
]
