"""The signed cookie: read without a query, and worth nothing when forged."""

from dataclasses import astuple

import pytest
from django.core import signing
from django.http import HttpResponse

from mlm_plugin.shop.middleware import ReferralMiddleware
from mlm_plugin.shop.referrals import COOKIE, Referral, store_referral
from tests.factories import make_member

ADA = Referral(member_id=1, code="ADA", first_name="Ada", campaign="")


def good_cookie(referral=ADA):
    response = HttpResponse()
    store_referral(response=response, referral=referral)
    return response.cookies[COOKIE].value


def seen_by_page(rf, cookie=None, **query):
    request = rf.get("/", query)
    if cookie is not None:
        request.COOKIES[COOKIE] = cookie
    seen = []

    def page(request):
        seen.append(request.referral)
        return HttpResponse()

    response = ReferralMiddleware(page)(request)
    return seen[0], response


@pytest.mark.django_db
def test_pages_with_and_without_the_cookie_need_no_query(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert seen_by_page(rf)[0] is None
        assert seen_by_page(rf, good_cookie())[0] == ADA
        assert seen_by_page(rf, "forged")[0] is None
        assert seen_by_page(rf, ref="x" * 10_000)[0] is None


@pytest.mark.django_db
def test_a_visitor_with_a_code_costs_one_query(rf, django_assert_num_queries):
    make_member("ada")
    with django_assert_num_queries(1):
        assert seen_by_page(rf, ref="ada")[0].code == "ADA"


def test_a_page_without_a_new_referral_sets_no_cookie(rf):
    assert not seen_by_page(rf, good_cookie())[1].cookies


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        ":::",
        "x" * 10_000,
        "ада",
        "\0",
        good_cookie()[:-1] + ("A" if good_cookie()[-1] != "A" else "B"),
        good_cookie()[1:],
        signing.dumps(astuple(ADA)),
        signing.dumps(astuple(ADA), salt="mlm_plugin.referral", key="another key"),
        signing.dumps([1], salt="mlm_plugin.referral"),
        signing.dumps({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, salt="mlm_plugin.referral"),
        signing.dumps(7, salt="mlm_plugin.referral"),
    ],
    # What is signed names the second of its making, which differs between processes.
    ids=[
        "empty",
        "letter",
        "colons",
        "long",
        "Cyrillic",
        "zero",
        "last letter",
        "without the first",
        "another salt",
        "another key",
        "too few",
        "no list",
        "number",
    ],
)
def test_a_forged_cookie_is_no_cookie(rf, cookie):
    assert seen_by_page(rf, cookie)[0] is None


@pytest.mark.parametrize(("days", "is_known"), [(29, True), (31, False)])
def test_a_cookie_ends_even_if_the_browser_keeps_it(rf, monkeypatch, days, is_known):
    import time

    cookie, now = good_cookie(), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + days * 86_400)
    assert (seen_by_page(rf, cookie)[0] is not None) == is_known


def test_an_older_key_still_opens_the_cookie(rf, settings):
    cookie = good_cookie()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated"
    assert seen_by_page(rf, cookie)[0] == ADA
