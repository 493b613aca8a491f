"""When a parcel arrives: working days from the settings, told in the reader's language."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.translation import override

from storefront.shop.delivery import DeliveryEstimate, estimate_delivery

# A Friday: the shop's clock (Berlin) is one hour ahead.
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AFTERNOON = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plan(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    settings.DELIVERY_DAYS = {
        "handling": 1,
        "last_hour": 14,
        "days_off": (5, 6),
        "transit": {"standard": {"*": (4, 6), "DE": (1, 2)}, "express": {"*": (1, 1)}},
    }


def test_weekends_are_neither_worked_nor_travelled() -> None:
    """Ordered on Friday morning, sent on Monday, one or two days on the way."""
    estimate = estimate_delivery(method="standard", country_code="DE", at=MORNING)
    assert (estimate.earliest, estimate.latest) == (date(2026, 11, 24), date(2026, 11, 25))


def test_what_comes_after_the_last_hour_waits_for_the_next_working_day() -> None:
    late = estimate_delivery(method="standard", country_code="DE", at=AFTERNOON)
    sunday = estimate_delivery(method="standard", country_code="DE", at=SUNDAY)
    assert late == sunday == DeliveryEstimate(date(2026, 11, 25), date(2026, 11, 26))


def test_a_country_without_days_of_its_own_has_those_of_all_others() -> None:
    estimate = estimate_delivery(method="standard", country_code="PL", at=MORNING)
    assert (estimate.earliest, estimate.latest) == (date(2026, 11, 27), date(2026, 12, 1))


def test_it_reads_as_a_part_of_a_sentence() -> None:
    near = DeliveryEstimate(date(2026, 11, 24), date(2026, 11, 26))
    far = DeliveryEstimate(date(2026, 11, 27), date(2026, 12, 1))
    one = DeliveryEstimate(date(2026, 11, 24), date(2026, 11, 24))
    with override("en"):
        assert str(near) == "between Tue 24 and Thu 26 Nov"
        assert str(far) == "between Fri 27 Nov and Tue 1 Dec"
        assert str(one) == "Tue 24 Nov"
