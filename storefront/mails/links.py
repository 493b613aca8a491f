"""Signed addresses in mails, for people who are not signed in."""

from typing import Any

from django.core import signing
from django.urls import reverse

from storefront.targets import full_address

UNSUBSCRIBE_SALT = "storefront.mails.unsubscribe"
BASKET_SALT = "storefront.mails.basket"
BASKET_LINK_SECONDS = 30 * 24 * 60 * 60


class BadLink(Exception):
    """The address was not made by us, or is too old."""


def unsubscribe_url(*, user_id: int, purpose: str) -> str:
    """The full address that withdraws one consent; it works for good."""
    token = signing.dumps({"user": user_id, "purpose": purpose}, salt=UNSUBSCRIBE_SALT)
    return full_address(reverse("mails:unsubscribe", args=[token]))


def read_unsubscribe(*, token: str) -> tuple[int, str]:
    """Whose consent, and to what. Raises BadLink."""
    data = _read(token, salt=UNSUBSCRIBE_SALT, max_age=None)
    return data["user"], data["purpose"]


def basket_url(*, basket_id: int) -> str:
    """The full address that brings a basket back; it works for 30 days."""
    token = signing.dumps({"basket": basket_id}, salt=BASKET_SALT)
    return full_address(reverse("mails:basket", args=[token]))


def read_basket(*, token: str) -> int:
    """Which basket. Raises BadLink."""
    return _read(token, salt=BASKET_SALT, max_age=BASKET_LINK_SECONDS)["basket"]


def _read(token: str, *, salt: str, max_age: int | None) -> dict[str, Any]:
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature as error:
        raise BadLink from error
