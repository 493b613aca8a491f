"""Many entries at once: the same books as one by one, and the database's checks."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from mlm_plugin.ledger.bulk import Side, post_many
from mlm_plugin.ledger.models import COMPANY, Account, Entry
from mlm_plugin.ledger.selectors import find_problems, get_balance
from mlm_plugin.ledger.services import NotBalanced, close_books

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
OPENING = Account.Kind.OPENING.value
BEN, CLEO = 11, 12


def sides(key, owner, amount, company=None):
    return [
        Side(key, owner, OPENING, "EUR", amount),
        Side(key, COMPANY, OPENING, "EUR", -amount if company is None else company),
    ]


def post(keys, of, at=NOON):
    return post_many(keys=keys, sides=of, happened_at=at, reason="import 1")


def test_members_get_theirs_and_the_company_the_other_side():
    """500 for ben and 250 for cleo are -750 of the company."""
    day = post(["o:11", "o:12"], [*sides("o:11", BEN, 500), *sides("o:12", CLEO, 250)])
    assert day == date(2026, 3, 20)
    balances = [get_balance(owner=owner, kind=OPENING, unit="EUR") for owner in (BEN, CLEO, 0)]
    assert balances == [500, 250, -750]
    assert find_problems() == []
    entry = Entry.objects.get(key="o:12")
    assert (entry.booked_on, entry.happened_at, entry.reason) == (day, NOON, "import 1")
    post(["o:13"], sides("o:13", BEN, 1))
    assert get_balance(owner=BEN, kind=OPENING, unit="EUR") == 501


def test_a_key_that_is_there_already_is_refused_with_all_the_others():
    post(["o:11"], sides("o:11", BEN, 500))
    with pytest.raises(IntegrityError):
        post(["o:12", "o:11"], [*sides("o:12", CLEO, 1), *sides("o:11", BEN, 1)])


def test_what_does_not_balance_is_refused():
    with pytest.raises((IntegrityError, NotBalanced)):
        post(["o:11"], sides("o:11", BEN, 500, company=-499))


def test_a_closed_day_counts_for_the_first_open_one():
    close_books(through=date(2026, 3, 20), author=None, closed_at=NOON.replace(day=21))
    assert post(["o:11"], sides("o:11", BEN, 500)) == date(2026, 3, 21)


def test_nothing_is_no_day():
    assert post([], []) is None
