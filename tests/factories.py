"""People and things that tests need, made by the services that make them in life."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model

from mlm_plugin.network.models import Member
from mlm_plugin.network.services import join_member

JOINED = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)


def make_user(name: str, **fields: Any) -> Any:
    """A sign-in whose address follows from the name: `ada@example.com`, password `ada`."""
    email = fields.pop("email", f"{name}@example.com")
    password = fields.pop("password", name)
    return get_user_model().objects.create_user(
        email=email, password=password, **fields
    )


def make_member(name: str, sponsor: Member | None = None, **fields: Any) -> Member:
    """A member whose code is the name in capitals, below `sponsor` or as a root; no sign-in."""
    return join_member(
        sponsor_id=sponsor.pk if sponsor else None,
        **{"first_name": name.title(), "code": name, "joined_at": JOINED, **fields},
    )


def make_family() -> list[Member]:
    """Ada sponsors ben, ben sponsors cleo, cleo sponsors dora."""
    family: list[Member] = []
    for name in ("ada", "ben", "cleo", "dora"):
        family.append(make_member(name, family[-1] if family else None))
    return family
