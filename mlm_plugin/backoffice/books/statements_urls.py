"""Statements of any member, for those who read the books."""

from django.urls import path

from mlm_plugin.backoffice.books import statements

urlpatterns = [
    path("books/statements/", statements.statement_list, name="staff-statements"),
    path(
        "books/statements/<slug:code>/<int:number>/", statements.statement, name="staff-statement"
    ),
    path(
        "books/statements/<slug:code>/<int:number>.pdf",
        statements.statement_paper,
        name="staff-statement-paper",
    ),
    path(
        "books/statements/<slug:code>/<int:number>.csv",
        statements.statement_file,
        name="staff-statement-file",
    ),
]
