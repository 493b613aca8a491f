"""The log of the books: what was done, by whom, from where, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from mlm_plugin.ledger.models import Action


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and the network address it comes from; None for the schedule and commands."""

    user: AbstractBaseUser | None = None
    address: str | None = None

    @property
    def user_id(self) -> int | None:
        """The primary key of the user, if somebody does it."""
        return self.user.pk if self.user else None


SCHEDULE = Actor()


def record_action(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    subject: str,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Action:
    """Write down what is being done; call it inside the transaction that does it.

    `name` says the thing and what is done to it (`run.lock`), `subject` which one (`run:12`).
    `before` and `after` are plain JSON and hold only what changes; no secrets, no bank data.
    """
    return Action.objects.create(
        at=at,
        author_id=actor.user_id,
        address=actor.address,
        name=name,
        subject=subject,
        reason=reason,
        before=before or {},
        after=after or {},
    )
