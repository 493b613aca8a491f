"""`/my/details/`: what is kept is shown by its end, changed after the password, and consent taken back."""

import pytest
from django.test import Client

from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.payment_details import get_bank_details
from tests.factories import make_account, make_member
from tests.network.applying import IBAN, apply, send

pytestmark = pytest.mark.django_db

PAGE, FORM = "/my/details/", "/my/details/payment/"
OTHER = {"account": "DE89 3704 0044 0532 0130 00", "holder": "Anna Lindt"}


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def ada():
    return make_member("ada", user_id=make_account("ada").pk)


@pytest.fixture
def emma(ada):
    return send(apply(make_account("emma"), ada, account=IBAN, tax_number="36574261809")).member


def sign_in(name):
    client = Client()
    client.post("/accounts/login/", {"login": f"{name}@example.com", "password": f"lantern-{name}"})
    client.post("/accounts/reauthenticate/", {"password": f"lantern-{name}"})
    return client


def test_numbers_are_shown_by_their_ends(emma):
    page = text_of(sign_in("emma").get(PAGE))
    assert "•••• 2051" in page and "•••• 1809" in page
    assert IBAN not in page and "36574261809" not in page


def test_changing_asks_for_the_password_first(emma):
    client = Client()
    client.force_login(emma.user)
    for answer in (client.get(FORM), client.post(FORM, OTHER)):
        assert "/accounts/reauthenticate/" in answer.url
    assert get_bank_details(member_id=emma.pk).account == IBAN


def test_another_account_is_checked_and_kept_and_what_is_left_empty_stays(emma):
    client = sign_in("emma")
    page = text_of(client.post(FORM, {"account": "DE89 3704 0044 0532 0130 01"}))
    assert "This cannot be an IBAN" in page
    assert client.post(FORM, OTHER).url == PAGE
    bank = get_bank_details(member_id=emma.pk)
    assert (bank.account, bank.holder) == ("DE89370400440532013000", "Anna Lindt")
    assert bank.is_tax_data_complete
    page = text_of(client.get(PAGE))
    assert "•••• 3000" in page and "Account changed" in page


def test_a_member_without_data_says_the_country_first(ada):
    client = sign_in("ada")
    assert "You have given no tax and bank data yet" in text_of(client.get(PAGE))
    assert 'name="country"' in text_of(client.get(FORM))
    assert client.post(FORM, {"country": "XX"}).status_code == 200
    assert not PersonalData.objects.exists()
    assert client.post(FORM, {"country": "DE"}).url == FORM
    assert client.post(FORM, {"tax_number": "36574261809", **OTHER}).url == PAGE
    assert get_bank_details(member_id=ada.pk).country == "DE"


def test_consent_shows_the_sponsor_how_to_reach_one_until_it_is_taken_back(emma):
    own, sponsors = sign_in("emma"), sign_in("ada")
    address = f"/my/team/{emma.code}/"
    assert "emma@example.com" not in text_of(sponsors.get(address))
    assert own.post(PAGE, {"agrees": "on"}).url == PAGE
    assert "mailto:emma@example.com" in text_of(sponsors.get(address))
    own.post(PAGE, {})
    assert Member.objects.get(pk=emma.pk).shows_contact_since is None
    assert "emma@example.com" not in text_of(sponsors.get(address))


def test_the_page_costs_a_fixed_number_of_queries(emma, django_assert_max_num_queries):
    client = sign_in("emma")
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(PAGE)


def test_whoever_has_ended_may_apply_again(emma):
    Member.objects.filter(pk=emma.pk).update(status="terminated")
    client = sign_in("emma")
    page = text_of(client.get("/my/"))
    assert "Your membership has ended" in page and 'href="/join/"' in page
    assert client.get("/join/").status_code == 200
    assert client.post("/join/sponsor/", {"shown_code": "ADA"}).url == "/join/person/"
