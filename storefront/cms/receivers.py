"""What happens when pages are published."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from storefront.cms.legal import keep_version
from storefront.cms.tasks import make_cuts_of_page


def legal_page_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Keep the version at once, not later: no text may be public that nobody can agree to."""
    keep_version(page=instance, at=timezone.now())


def page_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Have the pictures cut before the first visitor comes."""
    page_id = instance.pk

    def enqueue() -> None:
        make_cuts_of_page.enqueue(page_id)

    transaction.on_commit(enqueue, robust=True)
