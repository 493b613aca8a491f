"""The demo company comes only where nobody else is, and never to production."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from storefront.demo.company import NotEmpty, fill
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def test_somebody_elses_shop_is_left_alone() -> None:
    make_product()

    with pytest.raises(NotEmpty):
        fill(at=datetime(2026, 3, 20, 12, 0, tzinfo=UTC), say=print)


def test_public_passwords_stay_out_of_production() -> None:
    with pytest.raises(CommandError, match="development only"):
        call_command("demo_fill")
