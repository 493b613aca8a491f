"""Writes of members' storefronts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from storefront.cms.storefronts.models import ChosenProduct, MemberStorefront


def save_storefront(*, member_id: int, greeting: str, product_ids: Sequence[int]) -> None:
    """Say and show this from now on, in the order given; products must exist."""
    with transaction.atomic():
        storefront, _created = MemberStorefront.objects.update_or_create(
            member_id=member_id, defaults={"greeting": greeting}
        )
        # Two saves at once: the second waits for the row and then replaces all of the first.
        MemberStorefront.objects.select_for_update().get(pk=storefront.pk)
        storefront.chosen_products.all().delete()
        ChosenProduct.objects.bulk_create(
            ChosenProduct(storefront=storefront, product_id=product_id, place=place)
            for place, product_id in enumerate(dict.fromkeys(product_ids))
        )


def remove_storefront(*, member_id: int) -> bool:
    """Take back what the member said and showed, and the listing; returns whether there was any."""
    removed, _by_model = MemberStorefront.objects.filter(member_id=member_id).delete()
    return removed > 0


def set_listing(*, member_id: int, is_listed: bool, city: str, country: str, at: datetime) -> None:
    """Let strangers find the member by name and place from now on, or stop that.

    `country` is a code of two letters or nothing. Who stops is forgotten with the place. Saying yes
    again keeps the moment of the first yes.
    """
    with transaction.atomic():
        storefront, _created = MemberStorefront.objects.select_for_update().get_or_create(
            member_id=member_id
        )
        storefront.listed_since = (storefront.listed_since or at) if is_listed else None
        storefront.city = city if is_listed else ""
        storefront.country = country if is_listed else ""
        storefront.save(update_fields=["listed_since", "city", "country"])
