"""The choice of a report, for dates that a calendar has."""

from oscar.apps.dashboard.reports import forms as oscar_forms

from storefront.shop.dates import SensibleDates


class ReportForm(SensibleDates, oscar_forms.ReportForm):
    """Oscar's."""
