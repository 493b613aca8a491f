"""Dates that people type into searches."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

# Sums with days and time zones stay inside the calendar between these.
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


class SensibleDates:
    """For a form with `date_from` and `date_to`: refuses dates that nobody can mean."""

    def _check_date(self: Any, name: str) -> Any:
        value = self.cleaned_data[name]
        day = value.date() if hasattr(value, "date") else value
        if day is not None and not FIRST <= day <= LAST:
            raise forms.ValidationError(_("This date is too far away."))
        return value

    def clean_date_from(self) -> Any:
        """Not before computers counted."""
        return self._check_date("date_from")

    def clean_date_to(self) -> Any:
        """Not after anybody alive today."""
        return self._check_date("date_to")
