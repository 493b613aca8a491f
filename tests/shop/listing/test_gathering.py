"""Many rows written in one go cost one refresh, and the cards are as current afterwards."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.shop.listing.gathering import gather_refreshes
from storefront.shop.listing.models import ListingStamp, ProductCard
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_product
from tests.shop.shelves import make_category, make_family_of_sizes, writes_of

pytestmark = pytest.mark.django_db(transaction=True)


def version() -> int:
    return ListingStamp.objects.values_list("version", flat=True).first() or 0


def test_cards_come_at_the_end_and_nothing_is_left_to_refresh() -> None:
    with gather_refreshes():
        soap, towel = make_product(), make_family_of_sizes()
        soap.categories.add(make_category())
        assert not ProductCard.objects.exists()

    assert set(ProductCard.objects.values_list("pk", flat=True)) == {soap.pk, towel.pk}
    assert ProductCard.objects.get(pk=soap.pk).categories
    assert rebuild_listing() == 0


def test_the_last_pieces_are_seen_too() -> None:
    soap = make_product(stock=2)
    with gather_refreshes():
        soap.stockrecords.get().allocate(2)

    assert not ProductCard.objects.get().in_stock


def test_one_gathering_in_another_leaves_all_to_the_outer() -> None:
    with gather_refreshes():
        with gather_refreshes():
            make_product()
        assert not ProductCard.objects.exists()

    assert ProductCard.objects.exists()


def test_what_was_committed_before_an_error_has_its_card() -> None:
    with pytest.raises(ZeroDivisionError), gather_refreshes():
        make_product()
        _ = 1 / 0

    assert ProductCard.objects.exists()


def test_a_transaction_around_it_decides_whether_cards_come() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with gather_refreshes():
            make_product()
        _ = 1 / 0
    assert not ProductCard.objects.exists()

    with transaction.atomic(), gather_refreshes():
        make_product()
    assert ProductCard.objects.exists()


def test_lists_are_read_again_once_for_many_categories() -> None:
    make_category("Care")
    before = version()
    with gather_refreshes():
        for name in ("Home", "Kitchen", "Sleep"):
            make_category(name)

    assert version() == before + 1


def test_without_changes_nothing_is_written() -> None:
    make_product()
    with CaptureQueriesContext(connection) as queries, gather_refreshes():
        pass

    assert writes_of(queries) == []
