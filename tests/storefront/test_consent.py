"""The question about the referral cookie, where the market asks for it."""

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"
QUESTION = "May we keep a cookie"


@pytest.fixture
def ask(settings) -> None:
    settings.MLM = {**site_settings.MLM, "COOKIE_CONSENT": "always"}


def answer(client, text, target=PAGE):
    return client.post("/consent/", {"answer": text, "next": target})


def test_nobody_is_asked_by_default(client):
    assert QUESTION not in client.get(PAGE).content.decode()


def test_visitors_are_asked_until_they_answer(client, ask):
    assert QUESTION in client.get(PAGE).content.decode()
    response = answer(client, "no", "/shop/catalogue/?page=2")
    assert response.url == "/shop/catalogue/?page=2"
    assert response.cookies["consent"].value == "no"
    assert response.cookies["consent"]["httponly"]
    assert QUESTION not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("text", ["", "maybe", "<b>", "y" * 10_000])
def test_anything_but_yes_or_no_is_no_answer(client, ask, text):
    answer(client, text)
    assert QUESTION in client.get(PAGE).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "evil", ""])
def test_the_answer_never_leads_away(client, target):
    assert answer(client, "yes", target).url == "/"


def test_the_answer_cannot_be_given_by_another_site_but_by_the_form(ask):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/consent/", {"answer": "yes", "next": "/"}).status_code == 403
    question = strict.get("/shop/catalogue/").content.decode().split(QUESTION)[0]
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', question)[-1]
    answer = {"answer": "yes", "next": "/shop/", "csrfmiddlewaretoken": token}
    assert strict.post("/consent/", answer).url == "/shop/"


@pytest.mark.parametrize(("text", "is_kept"), [("yes", True), ("no", False), (None, False)])
def test_a_referral_is_remembered_only_with_consent(client, ask, text, is_kept):
    from tests.factories import make_member

    make_member("ada")
    if text:
        answer(client, text)
    client.get("/shop/catalogue/?ref=ADA")
    body = client.get("/shop/catalogue/").wsgi_request.referral
    assert (body is not None) == is_kept
