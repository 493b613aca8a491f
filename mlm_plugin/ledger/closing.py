"""Closing days by hand, as a person does it: with a line in the log."""

from datetime import date, datetime

from django.db import transaction

from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.ledger.models import BooksClosing
from mlm_plugin.ledger.selectors import closed_through
from mlm_plugin.ledger.services import close_books


def close_days(*, through: date, actor: Actor, at: datetime) -> BooksClosing:
    """Close the books through a day and write down who did. Raises CannotClose as `close_books` does."""
    with transaction.atomic():
        before = closed_through()
        closing = close_books(through=through, author=actor.user, closed_at=at)
        record_action(
            actor=actor,
            at=at,
            name="books.close",
            subject=f"day:{through.isoformat()}",
            before={"closed_through": before.isoformat() if before else None},
            after={"closed_through": through.isoformat()},
        )
    return closing
