"""Cards follow what they show, and a rebuild says which did not."""

from typing import Any

import pytest
from oscar.core.loading import get_model

from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import get_cards_of_products
from storefront.shop.listing.services import rebuild_listing, refresh_cards
from storefront.shop.listing.snapshot import get_snapshot
from storefront.shop.search.selectors import find_products
from tests.factories import make_product, make_user
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    found = find_products(query=query, snapshot=get_snapshot())
    return [card.title for card in get_cards_of_products(product_ids=found)]


def test_every_save_reaches_card_and_search(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        soap = make_product("Soap", price="10.00")
    assert titles("soap") == ["Soap"]
    with django_capture_on_commit_callbacks(execute=True):
        soap.title = "Balm"
        soap.save()
        soap.texts.create(language="ru", title="Бальзам")
        soap.stockrecords.update(price=9)
        soap.stockrecords.get().save()
    card = ProductCard.objects.get()
    assert (card.title, card.titles, card.price) == ("Balm", {"ru": "Бальзам"}, 9)
    assert titles("soap balm") == ["Balm"]
    assert titles("бальз") == ["Balm"]


def test_a_deleted_product_is_found_no_more(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        soap = make_product("Soap")
        make_product("Soap dish")
    with django_capture_on_commit_callbacks(execute=True):
        soap.delete()
    assert titles("soap") == ["Soap dish"]


def test_a_variant_belongs_to_its_products_card(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        towel = make_family_of_sizes()
    assert [card.pk for card in ProductCard.objects.all()] == [towel.pk]
    assert ProductCard.objects.get().price == 12
    with django_capture_on_commit_callbacks(execute=True):
        towel.children.get(title="Small").delete()
    assert ProductCard.objects.get().price == 20


def test_a_rebuild_finds_what_went_past_the_bells() -> None:
    soap = make_product("Soap")
    make_product("Oil")
    assert rebuild_listing() == 2
    assert rebuild_listing() == 0
    get_model("catalogue", "Product").objects.filter(pk=soap.pk).update(title="Balm")
    assert rebuild_listing() == 1
    assert titles("balm") == ["Balm"]
    assert refresh_cards(product_ids=[soap.pk]) == 0


def test_a_review_is_nobodys_business_until_approved(client: Any) -> None:
    soap = make_product("Soap")
    ProductReview = get_model("reviews", "ProductReview")  # noqa: N806
    review = ProductReview.objects.create(
        product=soap, user=make_user("dora"), title="Rude", body="Words", score=1, status=0
    )
    address = f"/shop/catalogue/soap_{soap.pk}/reviews/{review.pk}/"
    assert client.get(address).status_code == 404
    ProductReview.objects.update(status=ProductReview.APPROVED)
    assert client.get(address).status_code == 200
    other = make_product("Oil")
    assert client.get(f"/shop/catalogue/oil_{other.pk}/reviews/{review.pk}/").status_code == 404
