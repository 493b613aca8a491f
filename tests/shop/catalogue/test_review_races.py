"""Reviews and votes sent at the same moment on PostgreSQL: one review each, every vote counted."""

from functools import partial

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.shop.catalogue.reviews.services import vote_on_review
from tests.factories import make_account, make_product
from tests.racing import run_together
from tests.shop.catalogue.buying import buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_votes_of_four_people_at_once_are_four_votes() -> None:
    reviews = get_model("reviews", "ProductReview").objects
    author = make_account("dora")
    review = reviews.create(
        product=make_product(), user=author, score=5, title="Fine", body="Yes.", status=1
    )
    people = [make_account(name) for name in ("ada", "ben", "cleo", "eva")]
    voted = run_together(
        [
            partial(vote_on_review, review=review, user=person, is_helpful=person != people[0])
            for person in people
        ]
    )
    review.refresh_from_db()
    assert voted == [True] * 4
    assert (review.total_votes, review.delta_votes) == (4, 2)


def test_a_review_sent_six_times_at_once_is_one_review() -> None:
    soap = make_product()
    dora = make_account("dora")
    buy(soap, dora)
    browsers = [Client() for _number in range(6)]
    for browser in browsers:
        browser.force_login(dora)
    said = {"score": "4", "title": "Good soap", "body": "It foams."}
    sent = run_together(
        [
            partial(browser.post, f"{soap.get_absolute_url()}reviews/add/", said)
            for browser in browsers
        ]
    )
    assert [answer.status_code for answer in sent] == [302] * 6
    assert get_model("reviews", "ProductReview").objects.count() == 1
