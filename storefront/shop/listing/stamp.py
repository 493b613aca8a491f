"""The number of the last change of anything that lists show; see `ListingStamp`."""

from django.db import transaction
from django.db.models import F

from storefront.shop.listing.models import ListingStamp

ONE = 1


def next_version(*, renew: bool = False) -> int:
    """Take the number of a change; call it inside the transaction that changes something.

    Others wait for their number until this transaction is over. With `renew` everybody reads the
    whole listing again instead of the cards changed since.
    """
    fields = {"version": F("version") + 1}
    if renew:
        fields["renewed"] = F("version") + 1
    stamps = ListingStamp.objects.filter(pk=ONE)
    if not stamps.update(**fields):
        ListingStamp.objects.bulk_create([ListingStamp(pk=ONE)], ignore_conflicts=True)
        stamps.update(**fields)
    return stamps.values_list("version", flat=True).get()


@transaction.atomic
def renew_lists() -> None:
    """Something that lists show changed, and no card says so: a name, a category, a tax rate."""
    next_version(renew=True)


def get_stamp() -> tuple[int, int]:
    """The number of the last change, and of the last one that asks for reading all again."""
    found = ListingStamp.objects.filter(pk=ONE).values_list("version", "renewed").first()
    return found or (0, 0)
