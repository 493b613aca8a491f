"""The product page: variants, facts, neighbours, data for search engines, and few queries."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.shop.listing.services import rebuild_listing
from storefront.shop.questions.models import Question
from tests.factories import make_member, make_product, make_user
from tests.shop.shelves import fill_shop, make_category, make_family_of_sizes

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def page_of(client: Client, product: Any, **query: Any) -> str:
    answer = client.get(product.get_absolute_url(), query)
    assert answer.status_code == 200
    return answer.content.decode()


def data_of(html: str) -> list[dict[str, Any]]:
    start = html.index('<script type="application/ld+json">') + 35
    return json.loads(html[start : html.index("</script>", start)])


def add_variants(parent: Any, count: int) -> None:
    partner = get_model("partner", "Partner").objects.get()
    for number in range(count):
        child = parent.children.create(
            title=f"Size {number}", slug=f"size-{number}", structure=parent.CHILD
        )
        child.stockrecords.create(
            partner=partner,
            partner_sku=f"{parent.slug}-more-{number}",
            price=f"{20 + number}.00",
            num_in_stock=number % 3,
        )


def add_opinions(product: Any, *, reviews: int, questions: int) -> None:
    review = get_model("reviews", "ProductReview")
    users = [make_user(f"writer{number}", password=None) for number in range(reviews)]
    review.objects.bulk_create(
        review(product=product, user=user, score=1 + user.pk % 5, title="T", body="B", status=1)
        for user in users
    )
    Question.objects.bulk_create(
        Question(
            product=product,
            language="en",
            text=f"Question {number}?",
            answer="Yes.",
            status="published",
            asked_at=timezone.now(),
        )
        for number in range(questions)
    )


@pytest.mark.parametrize("who", ["anonymous", "customer", "member"])
def test_a_page_takes_the_same_few_queries_with_variants_reviews_and_questions(
    client: Client, who: str
) -> None:
    if who != "anonymous":
        user = make_user("ada")
        if who == "member":
            make_member("ada", user_id=user.pk)
        client.force_login(user)
        get_model("basket", "Basket").objects.create(owner=user)
    products = fill_shop(8)
    towel, soap = products[0], products[1]
    add_variants(towel, 6)
    add_opinions(soap, reviews=200, questions=50)
    rebuild_listing()
    counts = {}
    for name, product in {"plain": products[2], "variants": towel, "opinions": soap}.items():
        # Once more: by then something was looked at before, and the menus are in the cache.
        page_of(client, product)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, product)
        counts[name] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts["plain"] <= MOST_QUERIES, counts


# --- variants ---------------------------------------------------------------------------------


def test_an_address_chooses_a_variant(client: Client) -> None:
    towel = make_family_of_sizes()
    rebuild_listing()
    small, large = towel.children.order_by("pk")
    chosen = client.get(towel.get_absolute_url(), {"variant": large.pk}).context["product_page"]
    assert chosen.chosen.product_id == large.pk
    for nonsense in ("", "x", "0", "9" * 30, str(make_product("Oil").pk), "٣"):
        page = client.get(towel.get_absolute_url(), {"variant": nonsense}).context["product_page"]
        assert page.chosen.product_id == small.pk, nonsense


def test_a_sold_out_variant_is_marked_and_offers_to_tell_when_it_is_back(client: Client) -> None:
    towel = make_family_of_sizes()
    small, large = towel.children.order_by("pk")
    large.stockrecords.update(num_in_stock=0)
    rebuild_listing()
    html = page_of(client, towel)
    assert html.count("sold-out") == 1
    assert "Add to the basket" in html and "Tell me when it is back" in html
    page = client.get(towel.get_absolute_url()).context["product_page"]
    assert page.chosen.product_id == small.pk
    assert [each.product_id for each in page.sold_out] == [large.pk]


# --- facts ------------------------------------------------------------------------------------


def test_the_page_says_when_the_parcel_arrives_and_that_it_may_go_back(client: Client) -> None:
    html = page_of(client, make_product())
    assert "Ordered now, with you" in html and "Thirty days" in html


def test_pictures_come_in_modern_formats_with_their_size(client: Client) -> None:
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image

    soap = make_product()
    buffer = BytesIO()
    Image.new("RGB", (900, 900), "#e6ecdc").save(buffer, "PNG")
    soap.images.create(original=ContentFile(buffer.getvalue(), name="soap.png"))
    rebuild_listing()
    html = page_of(client, soap)
    assert 'type="image/avif"' in html and 'type="image/webp"' in html
    assert 'width="900" height="900"' in html and "480w" in html
    assert 'property="og:image" content="http://testserver/media/products/' in html
    share = soap.card.pictures[0]["share"]["path"]
    from django.core.files.storage import default_storage

    with default_storage.open(share) as file:
        assert Image.open(file).size == (1200, 630)


# --- neighbours -------------------------------------------------------------------------------


def test_recommended_products_come_first_then_the_best_of_the_category(client: Client) -> None:
    care = make_category()
    soap, oil, balm, tea = (make_product(name) for name in ("Soap", "Oil", "Balm", "Tea"))
    for product in (soap, oil, balm):
        product.categories.add(care)
    get_model("catalogue", "Product").objects.filter(pk=balm.pk).update(rating=4.5)
    soap.primary_recommendations.create(recommendation=tea)
    rebuild_listing()
    related = client.get(soap.get_absolute_url()).context["product_page"].related
    assert [item.title for item in related] == ["Tea", "Balm", "Oil"]


def test_what_was_looked_at_is_shown_from_the_cookie_alone(client: Client) -> None:
    soap, oil = make_product("Soap"), make_product("Oil")
    rebuild_listing()
    page_of(client, soap)
    assert "You looked at" not in page_of(client, soap)
    recent = client.get(oil.get_absolute_url()).context["product_page"].recent
    assert [item.title for item in recent] == ["Soap"]


@pytest.mark.parametrize(
    "cookie", ["{", "[[1]]", '{"a":1}', "[true]", '["1"]', f"[{9**40}]", "[-1]"]
)
def test_a_broken_cookie_is_passed_over(client: Client, cookie: str) -> None:
    soap = make_product()
    client.cookies["oscar_history"] = cookie
    assert "Linden soap" in page_of(client, soap)


def test_nothing_is_remembered_before_somebody_agreed_where_that_is_asked(client: Client) -> None:
    soap = make_product()
    with override_settings(MLM={"COOKIE_CONSENT": "always"}):
        page_of(client, soap)
        assert "oscar_history" not in client.cookies
        client.cookies["consent"] = "yes"
        page_of(client, soap)
        assert "oscar_history" in client.cookies


# --- data for search engines ------------------------------------------------------------------


def test_search_engines_are_told_the_product_its_offers_and_its_place(client: Client) -> None:
    towel = make_family_of_sizes()
    towel.categories.add(make_category())
    towel.children.get(title="Large").stockrecords.update(num_in_stock=0)
    add_opinions(towel, reviews=3, questions=0)
    rebuild_listing()
    product, trail = data_of(page_of(client, towel))
    assert (product["@type"], product["name"]) == ("Product", "Linen towel")
    assert {offer["price"]: offer["availability"][-10:] for offer in product["offers"]} == {
        "12.00": "rg/InStock",
        "20.00": "OutOfStock",
    }
    assert product["aggregateRating"]["reviewCount"] == 3
    assert [step["name"] for step in trail["itemListElement"]] == ["Care", "Linen towel"]


def test_no_text_ends_the_block_of_data(client: Client) -> None:
    soap = make_product("Soap </script><script>alert(1)</script> & co")
    rebuild_listing()
    html = page_of(client, soap)
    assert "<script>alert" not in html
    assert data_of(html)[0]["name"] == soap.title


def test_a_closed_shop_tells_search_engines_no_price(client: Client) -> None:
    soap = make_product()
    with override_settings(MLM={"SALES": "closed"}):
        assert "offers" not in data_of(page_of(client, soap))[0]
