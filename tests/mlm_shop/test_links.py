"""`/r/<code>/` and `?ref=<code>`: whose guest a visitor becomes, and where the link leads."""

import pytest
from django.conf import settings as site_settings
from django.contrib.messages import get_messages
from django.test import Client

from tests.factories import make_account, make_family, make_member, make_user

pytestmark = pytest.mark.django_db
# Any address will do; this one is quick.
PAGE = "/healthz"


def guest_of(client):
    """The code of the member whose guest the next page sees."""
    referral = client.get(PAGE).wsgi_request.referral
    return referral.code if referral else None


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def rule(settings):
    def set_rule(**values):
        settings.MLM = {**site_settings.MLM, **values}

    return set_rule


def test_a_link_is_remembered_and_leads_home(client):
    ada = make_member("ada")
    response = client.get("/r/ada/?c=spring")
    assert (response.status_code, response.url, said(response)) == (302, "/", [])
    cookie = response.cookies["referral"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * 86_400)
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    referral = client.get(PAGE).wsgi_request.referral
    assert (referral.member_id, referral.code, referral.first_name, referral.campaign) == (
        ada.pk,
        "ADA",
        "Ada",
        "spring",
    )


def test_a_code_on_any_page_is_remembered_and_the_page_is_served(client):
    make_member("ada")
    response = client.get(f"{PAGE}?ref=Ada&c=flyer")
    assert response.status_code == 200
    assert response.wsgi_request.referral.code == "ADA"
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert guest_of(client) == "ADA"


@pytest.mark.parametrize(
    "target", ["/shop/basket/", "/shop/catalogue/?page=2&q=tea", "/ru/", "/#team", "/ä/"]
)
def test_a_link_leads_to_a_page_of_this_site(client, target):
    make_member("ada")
    location = client.get("/r/ada/", {"to": target}).url
    assert location == target or location == "/%C3%A4/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "http:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "@evil.example",
        "//[",
        "http://[",
        "",
        "/" + "x" * 10_000,
        "\0",
    ],
)
def test_a_link_never_leads_away(client, target):
    make_member("ada")
    assert client.get("/r/ada/", {"to": target}).url == "/"
    assert client.get("/r/nobody/", {"to": target}).url == "/"


def test_a_line_break_in_the_target_is_no_header(client):
    make_member("ada")
    location = client.get("/r/ada/", {"to": "/a\r\nSet-Cookie: x=1"}).url
    assert "\r" not in location
    assert "\n" not in location


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_a_member_who_is_not_active_refers_nobody(client, status):
    make_member("ada", status=status)
    response = client.get("/r/ada/?to=/shop/basket/")
    assert response.url == "/shop/basket/"
    assert "no longer valid" in said(response)[0]
    assert client.get(f"{PAGE}?ref=ada").status_code == 200
    assert guest_of(client) is None


@pytest.mark.parametrize(
    "code", ["nobody", "x" * 10_000, "ада", "<script>alert(1)<", "'; DROP TABLE x", "%00", " "]
)
def test_an_unknown_code_is_ignored_politely(client, code):
    response = client.get(f"/r/{code}/")
    assert (response.status_code, response.url) == (302, "/")
    response = client.get(PAGE, {"ref": code, "c": code})
    assert response.status_code == 200
    assert "referral" not in response.cookies


def test_the_own_link_is_ignored(client):
    ada = make_user("ada")
    make_member("ada", user_id=ada.pk)
    make_member("ben")
    client.force_login(ada)
    response = client.get("/r/ada/")
    assert "your own" in said(response)[0]
    client.get(f"{PAGE}?ref=ada")
    assert guest_of(client) is None
    client.get("/r/ben/")
    assert guest_of(client) == "BEN"


@pytest.mark.parametrize(("chosen", "stays"), [("last", "BEN"), ("first", "ADA")])
def test_the_last_link_wins_or_the_first_one_stays(client, rule, chosen, stays):
    rule(REFERRAL_RULE=chosen)
    make_family()
    client.get("/r/ada/")
    client.get("/r/ben/")
    assert guest_of(client) == stays
    client.get(f"{PAGE}?ref=ben")
    assert guest_of(client) == stays


def test_the_first_link_stays_only_while_its_member_is_active(client, rule):
    rule(REFERRAL_RULE="first")
    ada, *_rest = make_family()
    client.get("/r/ada/")
    ada.status = "suspended"
    ada.save()
    client.get("/r/ben/")
    assert guest_of(client) == "BEN"


@pytest.mark.parametrize("campaign", ["<b>", "x" * 65, "a b", "весна", "x" * 10_000])
def test_what_cannot_be_a_campaign_is_left_out(client, campaign):
    make_member("ada")
    client.get("/r/ada/", {"c": campaign})
    assert client.get(PAGE).wsgi_request.referral.campaign == ""


def test_a_hostile_name_fits_the_cookie_and_comes_back_whole(client):
    name = '"<script>;\\' + "😀" * 89
    make_member("ada", first_name=name)
    response = client.get("/r/ada/")
    assert len(response.cookies["referral"].value) < 4_000
    assert client.get(PAGE).wsgi_request.referral.first_name == name


def test_a_member_without_a_name_is_called_by_the_code(client):
    make_member("ada", first_name="")
    assert (
        "guest of <strong>ADA</strong>" in client.get("/accounts/login/?ref=ada").content.decode()
    )


def test_a_member_is_nobodys_guest(client):
    make_member("ada")
    make_member("ben", user_id=make_account("ben").pk)
    client.get("/r/ada/")
    client.post("/accounts/login/", {"login": "ben@example.com", "password": "lantern-ben"})
    assert "guest of" not in client.get("/my/").content.decode()


def test_only_reading_follows_a_link(client):
    make_member("ada")
    assert client.post("/r/ada/").status_code == 405
    client.post(f"{PAGE}?ref=ada")
    assert guest_of(client) is None


def test_without_consent_the_address_remembers_until_the_visitor_answers(client, rule):
    rule(COOKIE_CONSENT="always")
    make_member("ada")
    response = client.get("/r/ada/?c=flyer&to=/healthz?a=1%23top")
    assert response.url == "/healthz?a=1&ref=ada&c=flyer#top"
    assert "referral" not in response.cookies
    landing = client.get(response.url)
    assert landing.wsgi_request.referral.code == "ADA"
    assert "referral" not in landing.cookies
    assert guest_of(client) is None

    client.cookies["consent"] = "yes"
    client.get(response.url)
    assert guest_of(client) == "ADA"
    client.cookies["consent"] = "no"
    assert guest_of(client) is None


def test_a_cookie_means_the_same_after_the_sign_in(client):
    make_member("ada")
    client.get("/r/ada/")
    client.force_login(make_user("emma"))
    assert guest_of(client) == "ADA"


def test_strangers_do_not_see_each_others_referrals(client):
    make_member("ada")
    client.get("/r/ada/")
    assert guest_of(Client()) is None
