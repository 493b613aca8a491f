"""Reviews: written by buyers, once, shown when approved, summed up and voted on."""

from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_account, make_product
from tests.shop.catalogue.buying import buy
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db

ProductReview = get_model("reviews", "ProductReview")
WORDS = {"score": "4", "title": "Good soap", "body": "It foams."}


def address(product: Any, step: str) -> str:
    return f"{product.get_absolute_url()}reviews/{step}"


def approve(**facts: Any) -> Any:
    return ProductReview.objects.create(
        **{"score": 5, "title": "Fine", "body": "Yes.", "status": 1, **facts}
    )


def signed_in(client: Client, name: str) -> Any:
    user = make_account(name, first_name=name.title())
    client.force_login(user)
    return user


def test_who_paid_for_it_writes_once_and_waits_for_approval(client: Client) -> None:
    soap = make_product()
    buy(soap, signed_in(client, "dora"))
    assert "Write a review" in client.get(soap.get_absolute_url()).content.decode()
    client.post(address(soap, "add/"), WORDS)
    client.post(address(soap, "add/"), {**WORDS, "title": "Once more"})
    review = ProductReview.objects.get()
    assert (review.title, review.score, review.status) == ("Good soap", 4, 0)
    html = client.get(soap.get_absolute_url()).content.decode()
    assert "Good soap" in html and "Until we have read it" in html
    assert "Write a review" not in html


@pytest.mark.parametrize(("status", "words"), [(0, "Until we have read it"), (2, "do not show it")])
def test_a_review_that_is_not_shown_is_seen_by_its_writer_alone(
    client: Client, status: int, words: str
) -> None:
    soap = make_product()
    approve(product=soap, user=signed_in(client, "dora"), title="Good soap", status=status)
    html = client.get(soap.get_absolute_url()).content.decode()
    assert "Good soap" in html and words in html
    assert "Nobody has written" not in html
    stranger, ben = Client(), Client()
    signed_in(ben, "ben")
    for other in (stranger, ben):
        assert "Good soap" not in other.get(soap.get_absolute_url()).content.decode()


def test_a_review_that_is_shown_stands_there_once(client: Client) -> None:
    soap = make_product()
    approve(product=soap, user=signed_in(client, "dora"), title="Good soap")
    assert client.get(soap.get_absolute_url()).content.decode().count("<h3>Good soap</h3>") == 1


@pytest.mark.parametrize("bought", ["nothing", "unpaid", "something else"])
def test_who_did_not_pay_for_it_cannot_write(client: Client, bought: str) -> None:
    soap, oil = make_product(), make_product("Oil")
    user = signed_in(client, "dora")
    if bought != "nothing":
        buy(oil if bought == "something else" else soap, user, paid=bought != "unpaid")
    assert client.get(address(soap, "add/")).status_code == 302
    client.post(address(soap, "add/"), WORDS)
    assert not ProductReview.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get(address(make_product(), "add/"))
    assert answer.status_code == 302 and "/accounts/login/" in answer.url


def test_who_bought_a_variant_writes_about_the_product(client: Client) -> None:
    towel = make_family_of_sizes()
    buy(towel.children.first(), signed_in(client, "dora"))
    client.post(address(towel, "add/"), WORDS)
    assert ProductReview.objects.get().product == towel


def test_zero_and_six_stars_and_nonsense_are_refused_beside_the_field(client: Client) -> None:
    soap = make_product()
    buy(soap, signed_in(client, "dora"))
    for score in ("0", "6", "x", ""):
        answer = client.post(address(soap, "add/"), {**WORDS, "score": score})
        assert answer.status_code == 200 and answer.context["form"].errors["score"]
    assert not ProductReview.objects.exists()


def test_the_summary_counts_every_star_and_the_list_narrows_down(client: Client) -> None:
    soap = make_product()
    for number, score in enumerate((5, 5, 4, 1)):
        approve(product=soap, score=score, title=f"Title {number}", user=make_account(f"u{number}"))
    approve(product=soap, status=0, title="Waiting", score=1, user=make_account("late"))
    page = client.get(soap.get_absolute_url())
    summary = page.context["product_page"].review_summary
    assert (summary.count, summary.mean) == (4, 3.75)
    assert {bar.stars: bar.count for bar in summary.bars} == {5: 2, 4: 1, 3: 0, 2: 0, 1: 1}
    fives = client.get(address(soap, ""), {"stars": "5"}).content.decode()
    assert fives.count('class="review ') == 2
    everything = client.get(address(soap, ""), {"stars": "nonsense"}).content.decode()
    assert everything.count('class="review ') == 4 and "Waiting" not in everything


def test_only_reviews_of_buyers_carry_the_mark(client: Client) -> None:
    soap = make_product()
    ben, cleo = make_account("ben"), make_account("cleo")
    buy(soap, ben)
    approve(product=soap, user=ben, title="By Ben")
    approve(product=soap, user=cleo, title="By Cleo")
    html = client.get(soap.get_absolute_url()).content.decode()
    assert html.count("Bought here") == 1


def test_a_vote_counts_once_and_never_on_ones_own_review(client: Client) -> None:
    soap = make_product()
    dora = signed_in(client, "dora")
    ben = make_account("ben")
    own, other = approve(product=soap, user=dora), approve(product=soap, user=ben)
    for review in (own, other, other):
        client.post(address(soap, f"{review.pk}/vote/"), {"delta": "1"})
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.total_votes, other.total_votes, other.delta_votes) == (0, 1, 1)


def test_a_review_that_waits_cannot_be_voted_on(client: Client) -> None:
    soap = make_product()
    signed_in(client, "dora")
    waiting = approve(product=soap, user=make_account("ben"), status=0)
    assert client.post(address(soap, f"{waiting.pk}/vote/"), {"delta": "1"}).status_code == 404


def test_markup_in_a_review_is_text_everywhere(client: Client) -> None:
    soap = make_product()
    approve(
        product=soap, user=make_account("ben"), title="</script><b>x", body="<script>1</script>"
    )
    rebuild_listing()
    html = client.get(soap.get_absolute_url()).content.decode()
    assert "<script>1" not in html and "</script><b>" not in html
