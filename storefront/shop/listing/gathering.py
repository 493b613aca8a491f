"""Many rows written in one go: each product's card is refreshed once, at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction


@dataclass
class _Gathered:
    """What was asked for while waiting."""

    product_ids: set[int] = field(default_factory=set)
    is_renewed: bool = False


_waiting: ContextVar[_Gathered | None] = ContextVar("listing_gathered", default=None)


@contextmanager
def gather_refreshes() -> Iterator[None]:
    """Keep the cards as they are inside; afterwards bring those whose product changed up to date.

    For whoever writes many rows, such as a fill or an import: outside a transaction every row
    would otherwise refresh its card by itself. An error inside changes nothing about it, so what
    was committed before the error is shown. Inside another gathering it leaves all to that one.
    """
    if _waiting.get() is not None:
        yield
        return
    gathered = _Gathered()
    token = _waiting.set(gathered)
    try:
        yield
    finally:
        _waiting.reset(token)
        transaction.on_commit(lambda: _catch_up(gathered), robust=True)


def take(product_id: int) -> bool:
    """Whether the refresh of this product's card waits for the end of a gathering."""
    gathered = _waiting.get()
    if gathered is None:
        return False
    gathered.product_ids.add(product_id)
    return True


def take_renewal() -> bool:
    """Whether reading all lists again waits for the end of a gathering."""
    gathered = _waiting.get()
    if gathered is None:
        return False
    gathered.is_renewed = True
    return True


def _catch_up(gathered: _Gathered) -> None:
    from storefront.shop.listing.services import refresh_cards
    from storefront.shop.listing.stamp import renew_lists

    refresh_cards(product_ids=gathered.product_ids)
    if gathered.is_renewed:
        renew_lists()
