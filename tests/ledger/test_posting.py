"""Entries are written once, balanced, on an open day, and never change."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from mlm_plugin.ledger import selectors
from mlm_plugin.ledger.models import Account, BooksClosing, Entry, Posting
from mlm_plugin.ledger.services import (
    CannotClose,
    NewEntry,
    NewPosting,
    NotBalanced,
    close_books,
    issue,
    post_entries,
)

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.both]

PERSONAL = Account.Kind.PERSONAL


def entry(key: str = "order:1:paid", *, amount: int = 1000, at: datetime = NOON) -> NewEntry:
    return NewEntry(
        key=key, happened_at=at, postings=issue(owner=7, kind=PERSONAL, unit="PV", amount=amount)
    )


def balance(owner: int = 7) -> int:
    return selectors.get_balance(owner=owner, kind=PERSONAL, unit="PV")


def test_an_entry_moves_points_from_the_company_to_the_owner() -> None:
    post_entries(entries=[entry()])
    assert balance() == 1000
    assert selectors.get_balance(owner=0, kind=Account.Kind.ISSUED, unit="PV") == -1000
    assert selectors.find_problems() == []


def test_the_same_key_again_changes_nothing() -> None:
    first = post_entries(entries=[entry()])
    second = post_entries(entries=[entry(amount=5), entry("order:2:paid", amount=1)])
    assert list(first) == ["order:1:paid"]
    assert list(second) == ["order:2:paid"]
    assert balance() == 1001


def test_an_entry_that_does_not_balance_is_refused_before_anything_is_written() -> None:
    lopsided = NewEntry(
        key="lopsided",
        happened_at=NOON,
        postings=(NewPosting(owner=7, kind=PERSONAL, unit="PV", amount=1),),
    )
    with pytest.raises(NotBalanced, match="lopsided does not balance"):
        post_entries(entries=[entry(), lopsided])
    assert not Entry.objects.exists()


def test_the_database_itself_refuses_an_entry_that_does_not_balance() -> None:
    account = Account.objects.create(owner=7, kind=PERSONAL, unit="PV")
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        Posting.objects.create(entry_id=1, account=account, amount=5)
        Entry.objects.create(id=1, key="x", booked_on=NOON, counts_for=NOON, happened_at=NOON)


def test_the_database_itself_refuses_units_that_only_balance_together() -> None:
    pv = Account.objects.create(owner=7, kind=PERSONAL, unit="PV")
    cv = Account.objects.create(owner=7, kind=PERSONAL, unit="CV")
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        Posting.objects.create(entry_id=1, account=pv, amount=5)
        Posting.objects.create(entry_id=1, account=cv, amount=-5)
        Entry.objects.create(id=1, key="x", booked_on=NOON, counts_for=NOON, happened_at=NOON)


def test_the_database_itself_refuses_an_entry_without_postings() -> None:
    with pytest.raises(DatabaseError, match="no postings"), transaction.atomic():
        Entry.objects.create(id=1, key="x", booked_on=NOON, counts_for=NOON, happened_at=NOON)


def test_no_posting_can_join_an_entry_that_is_written() -> None:
    written = post_entries(entries=[entry()])["order:1:paid"]
    account = Account.objects.first()
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Posting.objects.create(entry_id=written.entry_id, account=account, amount=5)


@pytest.mark.parametrize("model", [Entry, Posting, BooksClosing])
def test_the_database_itself_refuses_to_change_or_delete_facts(model: type) -> None:
    post_entries(entries=[entry()])
    BooksClosing.objects.create(through=date(2026, 1, 31), closed_at=NOON)
    column = {"Entry": "reason", "Posting": "amount", "BooksClosing": "closed_at"}[model.__name__]
    value = {"Entry": "edited", "Posting": 5, "BooksClosing": NOON}[model.__name__]
    for change in (
        lambda: model.objects.update(**{column: value}),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_an_entry_is_booked_on_its_day_in_the_plans_time_zone(settings) -> None:
    settings.MLM = {"TIME_ZONE": "Asia/Tokyo"}
    late = datetime(2026, 3, 31, 20, tzinfo=UTC)
    posted = post_entries(entries=[entry(at=late)])["order:1:paid"]
    assert posted.booked_on == posted.counts_for == date(2026, 4, 1)


def test_a_late_event_is_booked_on_the_first_open_day() -> None:
    close_books(through=date(2026, 3, 31), author=None, closed_at=datetime(2026, 4, 2, tzinfo=UTC))
    posted = post_entries(entries=[entry()])["order:1:paid"]
    assert posted.booked_on == posted.counts_for == date(2026, 4, 1)


def test_the_database_itself_refuses_an_entry_on_a_closed_day() -> None:
    close_books(through=date(2026, 3, 31), author=None, closed_at=datetime(2026, 4, 2, tzinfo=UTC))
    account = Account.objects.create(owner=7, kind=PERSONAL, unit="PV")
    with pytest.raises(DatabaseError, match="closed day"), transaction.atomic():
        Posting.objects.create(entry_id=1, account=account, amount=5)
        Posting.objects.create(entry_id=1, account=account, amount=-5)
        Entry.objects.create(
            id=1, key="x", booked_on=date(2026, 3, 31), counts_for=NOON, happened_at=NOON
        )


def test_a_day_that_is_not_over_cannot_be_closed() -> None:
    with pytest.raises(CannotClose, match="not over"):
        close_books(through=date(2026, 3, 15), author=None, closed_at=NOON)


def test_the_books_close_forwards_only() -> None:
    close_books(through=date(2026, 2, 28), author=None, closed_at=NOON)
    with pytest.raises(CannotClose, match="already closed"):
        close_books(through=date(2026, 2, 28), author=None, closed_at=NOON)


class AnySequenceOfEntries(HypothesisTestCase):
    """Whatever is posted, in whatever portions, repeated or not: sums stay zero and exact."""

    @settings(max_examples=30, deadline=None)
    @given(
        batches=st.lists(
            st.lists(
                st.tuples(
                    st.integers(0, 6),
                    st.integers(1, 3),
                    st.integers(-1000, 1000).filter(bool),
                ),
                max_size=5,
            ),
            max_size=5,
        )
    )
    def test_balances_are_the_sums_of_the_first_entry_of_each_key(self, batches: list) -> None:
        expected: dict[str, tuple[int, int]] = {}
        for batch in batches:
            entries = {}
            for number, owner, amount in batch:
                key = f"key:{number}"
                if key in entries:
                    continue
                expected.setdefault(key, (owner, amount))
                entries[key] = NewEntry(
                    key=key,
                    happened_at=NOON,
                    postings=issue(owner=owner, kind=PERSONAL, unit="PV", amount=amount),
                )
            post_entries(entries=list(entries.values()))
        for owner in (1, 2, 3):
            assert balance(owner) == sum(
                amount for holder, amount in expected.values() if holder == owner
            )
        assert selectors.find_problems() == []
        assert Entry.objects.count() == len(expected)


def test_a_broken_constraint_is_raised_and_not_mistaken_for_a_repeated_key() -> None:
    broken = NewEntry(
        key="order:1:paid", happened_at=NOON, postings=entry().postings, author_id=987_654_321
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        post_entries(entries=[broken])
        from django.db import connection

        connection.check_constraints()
