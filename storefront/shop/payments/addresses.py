"""Addresses that a signed-in buyer used are in the account's address book next time."""

from typing import Any

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

UserAddress = get_model("address", "UserAddress")


def remember_address(*, user: Any, address: Any) -> None:
    """Add an order's shipping address to the buyer's book unless it is there already."""
    if user is None or address is None:
        return
    remembered = UserAddress(user=user)
    address.populate_alternative_model(remembered)
    remembered.hash = remembered.generate_hash()
    if UserAddress.objects.filter(user=user, hash=remembered.hash).exists():
        return
    try:
        with transaction.atomic():
            remembered.save()
    except IntegrityError:
        # Another order to the same address was placed at this moment.
        return
