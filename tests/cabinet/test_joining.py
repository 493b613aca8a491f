"""`/join/`: from an invitation to a member with a link of the own."""

import re

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.test import Client

from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import bind_customer, set_status
from tests.factories import JOINED, make_account, make_family, make_member, make_user

pytestmark = pytest.mark.django_db
EMMA = {"first_name": "Emma", "last_name": "Lindt", "agrees": "on"}


@pytest.fixture
def emma():
    return make_account("emma")


@pytest.fixture
def signed_in(client, emma):
    client.force_login(emma)
    return client


def post(client, **fields):
    return client.post("/join/", {**EMMA, **fields})


def text_of(response):
    return response.content.decode()


def test_a_visitor_is_told_who_invites_and_led_to_an_account(client):
    make_member("ada", last_name="Linden")
    client.get("/r/ada/")
    page = text_of(client.get("/join/"))
    assert "Ada Linden" in page
    assert "/accounts/signup/?next=%2Fjoin%2F%3Fref%3DADA" in page
    assert post(client).status_code == 200
    assert Member.objects.count() == 1


def test_a_visitor_without_an_invitation_gets_an_explanation(client):
    assert "Members are invited by members" in text_of(client.get("/join/"))


def test_a_customer_joins_below_the_link_that_was_followed(signed_in, emma):
    ada = make_member("ada")
    signed_in.get("/r/ada/")
    page = text_of(signed_in.get("/join/"))
    assert "<strong>Ada</strong>" in page
    assert 'name="shown_code" value="ADA"' in page
    response = signed_in.post("/join/", {**EMMA, "shown_code": "ADA"})
    assert (response.status_code, response.url) == (302, "/join/welcome/")
    member = Member.objects.get(user=emma)
    assert (member.sponsor, member.full_name, member.status) == (ada, "Emma Lindt", "active")
    page = text_of(signed_in.get("/join/welcome/"))
    assert f"http://testserver/r/{member.code}/" in page
    assert find_problems() == []


def test_a_typed_code_is_shown_as_a_name_before_anybody_joins(signed_in, emma):
    make_family()
    page = text_of(signed_in.get("/join/"))
    assert 'name="sponsor_code"' in page
    assert "required" in re.search(r'<input[^>]*name="sponsor_code"[^>]*>', page)[0]
    page = text_of(post(signed_in, sponsor_code="ben"))
    assert "<strong>Ben</strong>" in page
    assert "press the button again" in page
    assert not Member.objects.filter(user=emma).exists()
    post(signed_in, sponsor_code="ben", shown_code="BEN")
    assert Member.objects.get(user=emma).sponsor.code == "BEN"


def test_a_typed_code_goes_before_the_link(signed_in, emma):
    make_family()
    signed_in.get("/r/ada/")
    assert "<strong>Cleo</strong>" in text_of(
        post(signed_in, sponsor_code="cleo", shown_code="ADA")
    )
    post(signed_in, sponsor_code="cleo", shown_code="CLEO")
    assert Member.objects.get(user=emma).sponsor.code == "CLEO"


def test_a_customer_joins_below_the_member_they_are_bound_to(signed_in, emma):
    ada, ben, *_rest = make_family()
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    signed_in.get("/r/ben/")
    page = text_of(signed_in.get("/join/"))
    assert "<strong>Ada</strong>" in page
    assert "sponsor_code" not in page
    post(signed_in, sponsor_code=ben.code, shown_code="ADA")
    assert Member.objects.get(user=emma).sponsor == ada


def test_a_customer_of_a_member_who_is_gone_may_choose(signed_in, emma):
    ada, *_rest = make_family()
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    set_status(member_id=ada.pk, status="terminated")
    post(signed_in, sponsor_code="ben", shown_code="BEN")
    assert Member.objects.get(user=emma).sponsor.code == "BEN"


def test_without_an_invitation_the_company_may_be_the_sponsor(signed_in, emma, settings):
    settings.MLM = {**site_settings.MLM, "JOIN_SPONSOR": "company"}
    make_member("company", first_name="Linden & Loom")
    assert "Linden &amp; Loom" in text_of(signed_in.get("/join/"))
    post(signed_in, shown_code="COMPANY")
    assert Member.objects.get(user=emma).sponsor.code == "COMPANY"


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_nobody_joins_below_a_member_who_is_not_active(signed_in, emma, status):
    make_member("ada", status=status)
    page = text_of(post(signed_in, sponsor_code="ada", shown_code="ADA"))
    assert "No active member has this code" in page
    assert not Member.objects.filter(user=emma).exists()


def test_a_sponsor_suspended_while_the_form_was_open_is_noticed(signed_in, emma):
    ada = make_member("ada")
    signed_in.get("/r/ada/")
    signed_in.get("/join/")
    set_status(member_id=ada.pk, status="suspended")
    page = text_of(post(signed_in, shown_code="ADA"))
    assert "This field is required" in page
    assert not Member.objects.filter(user=emma).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"agrees": ""},
        {"first_name": ""},
        {"last_name": " "},
        {"first_name": "x" * 10_000},
        {"last_name": "<b>" * 4_000},
        {"first_name": "a\0b"},
        {"sponsor_code": "x" * 10_000},
        {"sponsor_code": "<script>"},
        {"sponsor_code": "nobody"},
        {"shown_code": "BEN"},
        {"shown_code": ""},
        {"shown_code": "x" * 10_000},
    ],
)
def test_a_bad_form_comes_back_and_nobody_joins(signed_in, emma, fields):
    make_family()
    signed_in.get("/r/ada/")
    response = post(signed_in, **{"shown_code": "ADA", **fields})
    assert response.status_code == 200
    assert "<script>" not in text_of(response).split("<main")[1].split("</main")[0]
    assert not Member.objects.filter(user=emma).exists()


def test_hostile_names_are_text(signed_in, emma):
    make_member("ada", first_name='<img src=x onerror="alert(1)">')
    signed_in.get("/r/ada/")
    assert "<img src=x" not in text_of(signed_in.get("/join/"))
    post(signed_in, first_name="<script>alert('x')</script>", shown_code="ADA")
    page = text_of(signed_in.get("/join/welcome/"))
    assert "&lt;script&gt;alert(" in page
    assert "<script>alert(" not in page


def test_joining_twice_is_joining_once(signed_in, emma):
    make_member("ada")
    signed_in.get("/r/ada/")
    for _time in range(2):
        post(signed_in, shown_code="ADA")
    assert Member.objects.filter(user=emma).count() == 1
    assert signed_in.get("/join/").url == "/my/"


def test_an_unconfirmed_address_is_confirmed_first(client):
    make_member("ada")
    client.force_login(make_user("finn"))
    client.get("/r/ada/")
    assert post(client, shown_code="ADA").status_code == 200
    assert Member.objects.count() == 1
    assert "confirm-email" in mail.outbox[0].body


def test_strangers_have_nothing_to_be_welcomed_to(client, emma):
    assert client.get("/join/welcome/").url.startswith("/accounts/login/")
    client.force_login(emma)
    assert client.get("/join/welcome/").url == "/my/"


def test_the_form_cannot_be_sent_by_another_site(emma):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(emma)
    make_member("ada")
    assert post(strict, sponsor_code="ada", shown_code="ADA").status_code == 403


def test_a_new_visitor_signs_up_confirms_and_joins(client):
    """The whole way: link, explanation, account, mail, confirmation, form, member."""
    ada = make_member("ada")
    client.get("/r/ada/?c=fair")
    page = text_of(client.get("/join/"))
    sign_up = re.search(r'href="(/accounts/signup/[^"]*)"', page)[1]
    client.get(sign_up)
    client.post(
        sign_up,
        {"email": "emma@example.com", "password1": "quiet-lantern-7", "next": "/join/?ref=ADA"},
    )
    confirm = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    response = client.post(confirm)
    assert response.url == "/join/?ref=ADA"
    assert "<strong>Ada</strong>" in text_of(client.get(response.url))
    post(client, shown_code="ADA")
    assert Member.objects.get(user__email="emma@example.com").sponsor == ada


@pytest.mark.django_db(transaction=True)
def test_signing_up_binds_and_joining_later_elsewhere_keeps_the_sponsor(client):
    """The cookie may be gone by then: the binding of the registration is not."""
    ada = make_member("ada")
    client.get("/r/ada/")
    client.post("/accounts/signup/", {"email": "emma@example.com", "password1": "quiet-lantern-7"})
    assert CustomerBinding.objects.get().member == ada
    client.cookies.clear()
    confirm = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    client.post(confirm)
    client.post("/accounts/login/", {"login": "emma@example.com", "password": "quiet-lantern-7"})
    page = text_of(client.get("/join/"))
    assert "<strong>Ada</strong>" in page
    assert "sponsor_code" not in page


def test_the_form_costs_few_queries(signed_in, emma, django_assert_max_num_queries):
    make_member("ada")
    signed_in.get("/r/ada/")
    signed_in.get("/join/")
    with django_assert_max_num_queries(12):
        signed_in.get("/join/")
