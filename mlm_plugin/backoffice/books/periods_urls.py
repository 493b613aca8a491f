"""Periods of the books, and what is overridden in them."""

from django.urls import path

from mlm_plugin.backoffice.books import periods, periods_overrides

urlpatterns = [
    path("books/periods/", periods.period_list, name="staff-periods"),
    path("books/periods/open/", periods.open_ahead, name="staff-periods-open"),
    path("books/periods/<int:number>/", periods.period_page, name="staff-period"),
    path("books/periods/<int:number>/close/", periods.close, name="staff-period-close"),
    path("books/periods/<int:number>/estimate/", periods.estimate, name="staff-period-estimate"),
    path("books/periods/<int:number>/inputs.zip", periods.inputs_file, name="staff-period-inputs"),
    path(
        "books/periods/<int:number>/override/", periods_overrides.propose, name="staff-override-new"
    ),
    path("books/overrides/<int:number>/", periods_overrides.override_page, name="staff-override"),
]
