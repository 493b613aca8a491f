"""Writes of members' storefronts."""

from collections.abc import Sequence

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
