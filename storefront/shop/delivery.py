"""When goods that are ordered now arrive, from `settings.DELIVERY_DAYS`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@dataclass(frozen=True)
class DeliveryEstimate:
    """The days between which a parcel arrives, both included."""

    earliest: date
    latest: date

    def __str__(self) -> str:
        """The span as a part of a sentence, in the active language."""
        # Translators: a date in Django's letters, such as "Thu 26 Nov".
        with_month = pgettext("date format", "D j M")
        if self.earliest == self.latest:
            return date_format(self.latest, with_month)
        same_month = (self.earliest.year, self.earliest.month) == (
            self.latest.year,
            self.latest.month,
        )
        # Translators: a date in Django's letters whose month follows, such as "Tue 24".
        first = pgettext("date format", "D j") if same_month else with_month
        return _("between %(first)s and %(last)s") % {
            "first": date_format(self.earliest, first),
            "last": date_format(self.latest, with_month),
        }


def estimate_delivery(*, method: str, country_code: str, at: datetime) -> DeliveryEstimate:
    """The days on which an order placed `at` arrives by this method in this country.

    Handling begins on the day of the order if it comes before the last hour, and counts working
    days, as transit does. A country without days of its own has those of "*".
    """
    plan = settings.DELIVERY_DAYS
    free = frozenset(plan["days_off"])
    here = timezone.localtime(at)
    start = here.date()
    if here.hour >= plan["last_hour"] or start.weekday() in free:
        start = _later(start, 1, free)
    sent = _later(start, plan["handling"], free)
    days = plan["transit"][method]
    fewest, most = days.get(country_code, days["*"])
    return DeliveryEstimate(_later(sent, fewest, free), _later(sent, most, free))


def _later(day: date, working_days: int, free: frozenset[int]) -> date:
    """That many working days after `day`; for none the same day."""
    while working_days:
        day += timedelta(days=1)
        if day.weekday() not in free:
            working_days -= 1
    return day
