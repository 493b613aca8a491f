"""Reports of the books."""

from django.urls import path

from mlm_plugin.backoffice.books import reports

urlpatterns = [
    path("books/reports/", reports.payout_ratio, name="staff-reports"),
    path("books/reports/<int:number>/", reports.period, name="staff-report-period"),
    path("books/reports/liabilities/", reports.liabilities, name="staff-report-liabilities"),
    path("books/reports/year/", reports.year, name="staff-report-year"),
    path("books/reports/check/", reports.check, name="staff-report-check"),
]
