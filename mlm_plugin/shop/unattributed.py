"""Buyers who belong to nobody are given to members who agreed to be listed, by `UNATTRIBUTED`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string
from oscar.core.loading import get_model

from mlm_plugin.conf import get_setting
from mlm_plugin.network.customers import (
    NONE,
    NOWHERE,
    Candidate,
    Place,
    Unattributed,
    assign_unattributed,
)
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import BuyerKind, CreditedOrder

BATCH = 500


def assign_waiting(*, at: datetime) -> int:
    """Bind buyers of orders that credited nobody; at most a batch, returns how many were bound.

    Where somebody lives is the address in the account that goods are sent to.
    """
    rule = get_setting("UNATTRIBUTED")
    if rule == NONE:
        return 0
    buyers = _list_buyers_of_nobody()
    listed = import_string(get_setting("LISTED_MEMBERS"))() if buyers else []
    members = Member.objects.filter(pk__in=listed, status=Member.Status.ACTIVE)
    users = dict(members.values_list("pk", "user_id"))
    places = _find_places([*buyers, *(user for user in users.values() if user)])
    return assign_unattributed(
        customers=[Unattributed(user, places.get(user, NOWHERE)) for user in buyers],
        candidates=[
            Candidate(member, places.get(user, NOWHERE)) for member, user in sorted(users.items())
        ],
        rule=rule,
        changed_at=at,
    )


def _list_buyers_of_nobody() -> list[int]:
    orders = CreditedOrder.objects.filter(member=None).exclude(buyer_kind=BuyerKind.MEMBER)
    people: Any = get_user_model().objects.filter(
        pk__in=orders.values("buyer_id"),
        is_active=True,
        is_staff=False,
        customer_binding=None,
        member=None,
    )
    return list(people.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _find_places(users: Iterable[int]) -> dict[int, Place]:
    addresses = get_model("address", "UserAddress").objects.filter(user_id__in=list(users))
    # The last one written for each user is the one for deliveries.
    rows = addresses.order_by("is_default_for_shipping", "pk")
    return {
        user: Place(country, postcode or "")
        for user, country, postcode in rows.values_list("user_id", "country_id", "postcode")
    }
