"""`/join/`: from an invitation, step by step, to a member with a link of the own."""

import re

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.test import Client

from mlm_plugin.network.models import (
    Application,
    CustomerBinding,
    Member,
    PersonalData,
)
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import bind_customer, set_status
from storefront.cms.storefronts.services import set_listing
from tests.cabinet.applicants import CONTACT, PERSON, SENT, confirm, fill_in, text_of
from tests.factories import (
    JOINED,
    make_account,
    make_family,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma():
    return make_account("emma")


@pytest.fixture
def signed_in(client, emma):
    client.force_login(emma)
    return client


def test_a_visitor_is_told_who_invites_and_what_comes(client):
    make_member("ada", last_name="Linden")
    client.get("/r/ada/")
    page = text_of(client.get("/join/"))
    assert "Ada Linden" in page
    assert "Tax and bank" in page
    assert 'href="/join/sponsor/?ref=ADA"' in page
    assert not Application.objects.exists()


def test_a_visitor_without_an_invitation_gets_an_explanation(client):
    assert "Members are invited by members" in text_of(client.get("/join/"))


def test_a_customer_becomes_a_member_and_keeps_what_was_theirs(signed_in, emma):
    ada = make_member("ada")
    emma.wishlists.create(name="Birthday")
    signed_in.get("/r/ada/")
    assert "<strong>Ada</strong>" in text_of(signed_in.get("/join/sponsor/"))
    assert fill_in(signed_in).url == "/join/summary/"
    page = text_of(signed_in.get("/join/summary/"))
    assert "•••• 1809" in page and "•••• 2051" in page
    assert "36574261809" not in page
    answer = signed_in.post("/join/summary/")
    assert (answer.status_code, answer.url) == (302, "/join/welcome/")
    member = Member.objects.get(user=emma)
    assert (member.sponsor, member.full_name, member.status) == (ada, "Emma Lindt", "active")
    assert f"http://testserver/r/{member.code}/" in text_of(signed_in.get(answer.url))
    assert emma.wishlists.count() == 1
    assert find_problems() == []


def test_steps_cannot_be_jumped_over_and_can_be_gone_back_to(signed_in):
    make_member("ada")
    assert signed_in.get("/join/contact/").url == "/join/sponsor/"
    confirm(signed_in, "ADA")
    assert signed_in.get("/join/summary/").url == "/join/person/"
    signed_in.post("/join/person/", PERSON)
    assert "Lindt" in text_of(signed_in.get("/join/person/"))
    assert 'value="1990-05-17"' in text_of(signed_in.get("/join/person/"))


def test_leaving_and_coming_back_continues(client, emma):
    make_member("ada")
    confirm(client, "ADA")
    client.post("/join/person/", PERSON)
    assert "Go on" in text_of(client.get("/join/"))
    client.force_login(emma)
    assert 'href="/join/contact/"' in text_of(client.get("/join/"))
    elsewhere = Client()
    elsewhere.force_login(emma)
    assert 'href="/join/contact/"' in text_of(elsewhere.get("/join/"))


def test_a_stranger_fills_in_everything_and_signs_in_last(client, emma):
    make_member("ada")
    assert fill_in(client).url == "/join/summary/"
    page = text_of(client.get("/join/summary/"))
    assert "/accounts/signup/?next=%2Fjoin%2Fsummary%2F" in page
    assert client.post("/join/summary/").status_code == 200
    assert Member.objects.count() == 1
    client.force_login(emma)
    assert client.post("/join/summary/").url == "/join/welcome/"
    assert Member.objects.get(user=emma).personal.phone == "+493641123456"


def test_what_was_filled_in_can_be_erased_at_once(client):
    make_member("ada")
    fill_in(client)
    page = text_of(client.post("/join/erase/", follow=True))
    assert "is erased" in page
    assert "Begin" in page
    assert not PersonalData.objects.exists()
    assert client.post("/join/erase/").url == "/join/"


def test_a_typed_code_is_shown_as_a_name_before_anybody_joins(signed_in):
    make_family()
    page = text_of(signed_in.get("/join/sponsor/?code=ben"))
    assert "<strong>Ben</strong>" in page
    assert 'name="shown_code" value="BEN"' in page
    assert not Application.objects.exists()
    assert "No active member has this code" in text_of(signed_in.get("/join/sponsor/?code=nobody"))


def test_a_sponsor_is_found_by_name_if_they_agreed(signed_in):
    _ada, ben, *_rest = make_family()
    set_listing(member_id=ben.pk, is_listed=True, city="Jena", country="DE", at=JOINED)
    assert 'href="?code=BEN"' in text_of(signed_in.get("/join/sponsor/?q=ben"))
    assert "Nobody who wants to be found" in text_of(signed_in.get("/join/sponsor/?q=ada"))


def test_a_customer_joins_below_the_member_they_are_bound_to(signed_in, emma):
    ada, ben, *_rest = make_family()
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    signed_in.get("/r/ben/")
    page = text_of(signed_in.get("/join/sponsor/?code=ben"))
    assert "<strong>Ada</strong>" in page
    assert "sponsor-code" not in page
    assert "Nobody can join below this member" in text_of(confirm(signed_in, ben.code))
    fill_in(signed_in, "ADA")
    signed_in.post("/join/summary/")
    assert Member.objects.get(user=emma).sponsor == ada


def test_a_customer_of_a_member_who_is_gone_may_choose(signed_in, emma):
    ada, *_rest = make_family()
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    set_status(member_id=ada.pk, status="terminated")
    assert confirm(signed_in, "BEN").url == "/join/person/"


def test_signing_in_as_somebody_elses_customer_asks_for_the_sponsor_again(client, emma):
    ada, *_rest = make_family()
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    fill_in(client, "BEN")
    client.force_login(emma)
    assert client.get("/join/summary/").url == "/join/sponsor/"


def test_without_an_invitation_the_company_may_be_the_sponsor(signed_in, settings):
    settings.MLM = {**site_settings.MLM, "JOIN_SPONSOR": "company"}
    make_member("company", first_name="Linden & Loom")
    assert "Linden &amp; Loom" in text_of(signed_in.get("/join/sponsor/"))


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_nobody_joins_below_a_member_who_is_not_active(signed_in, status):
    make_member("ada", status=status)
    assert confirm(signed_in, "ADA").status_code == 200
    assert not Application.objects.exists()


def test_a_sponsor_suspended_meanwhile_is_noticed(signed_in, emma):
    ada = make_member("ada")
    fill_in(signed_in)
    set_status(member_id=ada.pk, status="suspended")
    assert signed_in.post("/join/summary/").url == "/join/sponsor/"
    assert not Member.objects.filter(user=emma).exists()


@pytest.mark.parametrize(
    ("step", "fields", "words"),
    [
        ("person", {"first_name": ""}, "Please enter your first name"),
        ("person", {"last_name": " "}, "Please enter your last name"),
        ("person", {"first_name": "x" * 10_000}, "at most 100"),
        ("person", {"first_name": "a\0b"}, "Null characters"),
        ("person", {"born_on": "2015-01-01"}, "from the age of 18"),
        ("person", {"born_on": "soon"}, "This is no date"),
        ("person", {"kind": "company"}, "name of the company"),
        ("person", {"kind": "robot"}, "valid choice"),
        ("contact", {"country": "XX"}, "valid choice"),
        ("contact", {"postcode": "x"}, "no post code of the country"),
        ("contact", {"email": "emma"}, "This is no e-mail address"),
        ("contact", {"phone": "12"}, "no phone number"),
        ("contact", {"line1": ""}, "Please fill this in"),
        ("payment", {"tax_number": "1"}, "cannot be a tax number"),
        ("payment", {"vat_number": "DE1"}, "cannot be a VAT number"),
        ("payment", {"account": "DE03 1203 0000 0000 2020 51"}, "cannot be an IBAN"),
    ],
)
def test_a_bad_field_says_what_would_be_right(signed_in, step, fields, words):
    make_member("ada")
    confirm(signed_in, "ADA")
    for name, right in SENT.items():
        if name == step:
            answer = signed_in.post(f"/join/{name}/", {**right, **fields})
            break
        signed_in.post(f"/join/{name}/", right)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert step not in Application.objects.get().steps


def test_hostile_names_are_text(signed_in, emma):
    make_member("ada", first_name='<img src=x onerror="alert(1)">')
    signed_in.get("/r/ada/")
    assert "<img src=x" not in text_of(signed_in.get("/join/sponsor/"))
    fill_in(signed_in, person={"first_name": "<script>alert('x')</script>"})
    for path in ("/join/person/", "/join/summary/"):
        page = text_of(signed_in.get(path))
        assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(" in page


def test_another_country_shows_its_own_fields_and_keeps_what_was_typed(signed_in):
    make_member("ada")
    confirm(signed_in, "ADA")
    signed_in.post("/join/person/", PERSON)
    page = text_of(signed_in.post("/join/contact/", {**CONTACT, "country": "US", "refresh": "1"}))
    assert "ZIP code" in page
    assert "emma@example.com" in page
    assert PersonalData.objects.get().country == ""


def test_an_empty_field_keeps_the_number_that_was_given(signed_in):
    make_member("ada")
    fill_in(signed_in)
    page = text_of(signed_in.get("/join/payment/"))
    assert "•••• 1809" in page and "36574261809" not in page
    signed_in.post("/join/payment/", {"tax_number": "", "account": ""})
    assert "•••• 1809" in text_of(signed_in.get("/join/summary/"))


def test_joining_twice_is_joining_once(signed_in, emma):
    make_member("ada")
    fill_in(signed_in)
    for _time in range(2):
        signed_in.post("/join/summary/")
    assert Member.objects.filter(user=emma).count() == 1
    assert signed_in.get("/join/").url == "/my/"


def test_an_unconfirmed_address_is_confirmed_first(client):
    make_member("ada")
    client.force_login(make_user("finn"))
    fill_in(client)
    assert client.post("/join/summary/").status_code == 200
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
    assert confirm(strict, "ADA").status_code == 403


def test_a_duplicate_waits_and_is_told_nothing_about_whom(signed_in, emma):
    make_member("ada")
    other = Client()
    other.force_login(make_account("cleo"))
    fill_in(other)
    other.post("/join/summary/")
    fill_in(signed_in)
    page = text_of(signed_in.post("/join/summary/", follow=True))
    assert "We are looking at your application" in page
    assert "cleo" not in page.lower()
    assert not Member.objects.filter(user=emma).exists()
    assert signed_in.get("/join/person/").url == "/join/"


def test_a_new_visitor_signs_up_confirms_and_joins(client):
    """The whole way: link, steps, account, mail, confirmation, summary, member."""
    ada = make_member("ada")
    client.get("/r/ada/?c=fair")
    fill_in(client)
    sign_up = re.search(r'href="(/accounts/signup/[^"]*)"', text_of(client.get("/join/summary/")))[
        1
    ]
    client.get(sign_up)
    client.post(
        sign_up,
        {"email": "emma@example.com", "password1": "quiet-lantern-7", "next": "/join/summary/"},
    )
    found = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    assert client.post(found).url == "/join/summary/"
    client.post("/join/summary/")
    assert Member.objects.get(user__email="emma@example.com").sponsor == ada


@pytest.mark.django_db(transaction=True)
def test_signing_up_binds_and_joining_later_elsewhere_keeps_the_sponsor(client):
    """The cookie may be gone by then: the binding of the registration is not."""
    ada = make_member("ada")
    client.get("/r/ada/")
    client.post("/accounts/signup/", {"email": "emma@example.com", "password1": "quiet-lantern-7"})
    assert CustomerBinding.objects.get().member == ada
    client.cookies.clear()
    found = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    client.post(found)
    client.post("/accounts/login/", {"login": "emma@example.com", "password": "quiet-lantern-7"})
    page = text_of(client.get("/join/sponsor/"))
    assert "<strong>Ada</strong>" in page
    assert "sponsor-code" not in page


def test_a_step_costs_few_queries(signed_in, django_assert_max_num_queries):
    make_member("ada")
    confirm(signed_in, "ADA")
    signed_in.get("/join/person/")
    with django_assert_max_num_queries(14):
        signed_in.get("/join/person/")
