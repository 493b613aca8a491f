"""Runs of the books."""

from django.urls import path

from mlm_plugin.backoffice.books import runs

urlpatterns = [
    path("books/periods/<int:number>/run/", runs.start, name="staff-run-new"),
    path("books/runs/<int:number>/", runs.run_page, name="staff-run"),
    path("books/runs/<int:number>/commit/", runs.commit, name="staff-run-commit"),
    path("books/runs/<int:number>/result.zip", runs.result_file, name="staff-run-result"),
    path("books/runs/<int:number>/inputs.zip", runs.inputs_file, name="staff-run-inputs"),
    path(
        "books/runs/<int:number>/differences.csv",
        runs.differences_file,
        name="staff-run-differences",
    ),
]
