"""The address of a category's list; nothing else puts it together."""

from collections.abc import Sequence

from django.urls import reverse


def get_category_address(*, slugs: Sequence[str], pk: int) -> str:
    """The path of the list of category `pk`; `slugs` are those from the top down to its own."""
    return reverse("catalogue:category", kwargs={"category_slug": "/".join(slugs), "pk": pk})
