"""Several writers at once on PostgreSQL: each order once, no totals lost, no day closed too early."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from mlm_plugin.ledger import locks as books
from mlm_plugin.ledger import services as ledger
from mlm_plugin.ledger.models import Entry
from mlm_plugin.ledger.selectors import find_problems
from mlm_plugin.ledger.services import close_books
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences, move_branch
from mlm_plugin.volumes.services import credit_orders
from tests.factories import make_member
from tests.racing import run_together
from tests.volumes.orders import NOON, family_of_four, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def group_pv(member) -> int:
    return sum(PeriodTotal.objects.filter(member=member).values_list("group_pv", flat=True))


def test_eight_threads_credit_one_order_once() -> None:
    family = family_of_four()
    order = order_of(family.dora)
    results = run_together([partial(credit_orders, facts=[order])] * 8)
    assert sorted(results) == [0, 0, 0, 0, 0, 0, 0, 1]
    assert group_pv(family.ada) == 10_000


def test_batches_that_share_their_chains_in_opposite_order_lose_nothing() -> None:
    family = family_of_four()
    orders = [order_of(member) for _round in range(10) for member in family]
    jobs = [partial(credit_orders, facts=orders[start::4]) for start in range(4)]
    jobs += [partial(credit_orders, facts=orders[::-1][start::4]) for start in range(4)]
    results = run_together(jobs)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert group_pv(family.ada) == 40 * 10_000
    assert find_differences() == find_problems() == []


def test_the_same_key_posted_by_eight_at_once_is_written_once() -> None:
    family = family_of_four()
    entry = ledger.NewEntry(
        key="adjustment:1",
        happened_at=NOON,
        postings=ledger.issue(owner=family.ada.pk, kind="personal", unit="PV", amount=5),
    )
    results = run_together([partial(ledger.post_entries, entries=[entry])] * 8)
    assert sorted(len(result) for result in results) == [0] * 7 + [1]
    assert Entry.objects.count() == 1


def close_march() -> None:
    close_books(through=date(2026, 3, 31), author=None, closed_at=datetime(2026, 4, 2, tzinfo=UTC))


def post_slowly(order, *, posting: Event, go_on: Event) -> None:
    """Credit inside a transaction that stays open until it is told to go on."""
    try:
        with transaction.atomic():
            credit_orders(facts=[order])
            posting.set()
            go_on.wait(timeout=30)
    finally:
        connection.close()


def is_waiting_for_a_lock(database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE NOT l.granted AND l.locktype = 'advisory' AND d.datname = %s",
            [database],
        )
        return cursor.fetchone()[0] > 0


def close_while_posting(order) -> list[str]:
    """Post, try to close meanwhile, then let the posting commit; returns the order of events."""
    posting, go_on, events = Event(), Event(), []

    def close() -> None:
        try:
            close_march()
            events.append("closed")
        finally:
            connection.close()

    poster = Thread(target=post_slowly, args=[order], kwargs={"posting": posting, "go_on": go_on})
    poster.start()
    assert posting.wait(timeout=30)
    closer = Thread(target=close)
    closer.start()
    database = connection.settings_dict["NAME"]
    while closer.is_alive() and not is_waiting_for_a_lock(database):
        closer.join(timeout=0.01)
    events.append("posting ends")
    go_on.set()
    poster.join()
    closer.join()
    return events


def entries_in_closed_days() -> int:
    return Entry.objects.filter(booked_on__lte=date(2026, 3, 31)).count()


def test_closing_waits_for_a_posting_under_way() -> None:
    family = family_of_four()
    assert close_while_posting(order_of(family.cleo)) == ["posting ends", "closed"]
    credit_orders(facts=[order_of(family.cleo)])
    assert entries_in_closed_days() == 1
    assert Entry.objects.order_by("pk").last().booked_on == date(2026, 4, 1)


def test_without_the_lock_a_day_closes_under_a_posting(monkeypatch) -> None:
    """The fault the lock is for: the day is closed, and then an entry appears on it."""
    monkeypatch.setattr(books, "share_books", lambda: None)
    family = family_of_four()
    assert close_while_posting(order_of(family.cleo)) == ["closed", "posting ends"]
    assert entries_in_closed_days() == 1


def move_while_crediting() -> list[str]:
    """Dora's order is being credited while cleo's branch moves from ben to eva."""
    family = family_of_four()
    eva = make_member("eva", family.ada)
    credit_orders(facts=[order_of(family.dora)])
    posting, go_on = Event(), Event()
    order = order_of(family.dora)
    poster = Thread(target=post_slowly, args=[order], kwargs={"posting": posting, "go_on": go_on})
    poster.start()
    assert posting.wait(timeout=30)

    def move() -> None:
        try:
            move_branch(member_id=family.cleo.pk, new_sponsor_id=eva.pk, moved_at=NOON)
        finally:
            connection.close()

    mover = Thread(target=move)
    mover.start()
    database = connection.settings_dict["NAME"]
    while mover.is_alive() and not is_waiting_for_a_lock(database):
        mover.join(timeout=0.01)
    go_on.set()
    poster.join()
    mover.join()
    return find_differences()


def test_a_move_waits_for_crediting_and_takes_the_points_along() -> None:
    assert move_while_crediting() == []


def test_orders_credited_while_branches_move_end_up_in_the_right_groups() -> None:
    family = family_of_four()
    eva = make_member("eva", family.ada)
    jobs = [partial(credit_orders, facts=[order_of(family.dora)]) for _number in range(10)]
    jobs += [
        partial(move_branch, member_id=family.cleo.pk, new_sponsor_id=eva.pk, moved_at=NOON),
        partial(move_branch, member_id=family.dora.pk, new_sponsor_id=family.ben.pk, moved_at=NOON),
    ]
    results = run_together(jobs)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert find_differences() == []
    assert group_pv(family.ada) == 10 * 10_000
    assert group_pv(family.ben) == 10 * 10_000
    assert group_pv(eva) == 0


def test_refund_and_cancellation_at_once_take_back_each_piece_once() -> None:
    from mlm_plugin.volumes.facts import Reversal

    family = family_of_four()
    order = order_of(family.dora)
    credit_orders(facts=[order])
    refund = Reversal(key="1", happened_at=NOON, pieces=((order.lines[0].line_id, 7),))
    refunded = replace(order, reversals=(refund,))
    cancelled = replace(order, cancelled_at=NOON)
    results = run_together(
        [partial(credit_orders, facts=[refunded]), partial(credit_orders, facts=[cancelled])] * 4
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert group_pv(family.ada) == 0
    assert find_differences() == []
