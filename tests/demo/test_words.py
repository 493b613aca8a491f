"""What the demo's customers say fits what they bought."""

from storefront.demo import words
from storefront.demo.products import SHELVES
from storefront.demo.products.item import size

SKUS = [item.sku for shelf in SHELVES for item in shelf.ITEMS]


def test_every_article_has_one_kind_and_texts_in_both_languages() -> None:
    kinds = [number for numbers in words.KINDS.values() for number in numbers]
    assert sorted(kinds) == sorted(SKUS)
    for sku in SKUS:
        kind = words.get_kind(sku)
        assert set(words.REVIEWS[kind]) == set(words.QUESTIONS[kind]) == {"en", "ru"}
        # Two answered questions stand at each product, out of at least three.
        assert all(len(pairs) >= 3 for pairs in words.QUESTIONS[kind].values())


def test_a_size_is_named_in_russian_units() -> None:
    said = {
        name: size(name, "1", "1", "1", pv="1", cv="1", stock=1).russian_name
        for name in ("250 ml", "50 × 70 cm", "12 pieces", "—")
    }
    assert said == {
        "250 ml": "250 мл",
        "50 × 70 cm": "50 × 70 см",
        "12 pieces": "12 шт.",
        "—": "—",
    }


def test_no_shelf_is_called_like_the_first_step_of_the_trail() -> None:
    assert all(shelf.NAMES["en"] != "Home" for shelf in SHELVES)
