"""Signing in, out and back in: where people land, what they keep, and how often they may try."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS
from tests.factories import make_account, make_member

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, name, password=None, **query):
    return client.post(
        LOGIN,
        {"login": f"{name}@example.com", "password": password or f"lantern-{name}", **query},
    )


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        ("", "/shop/accounts/"),
        (OPERATORS, "/dashboard/"),
        (FINANCE, "/dashboard/"),
        (MARKETERS, "/cms/"),
    ],
)
def test_everyone_lands_on_the_page_of_their_role(client, role, landing):
    make_account("ada", role)
    assert sign_in(client, "ada").url == landing


def test_a_member_lands_in_the_cabinet(client):
    make_member("ada", user_id=make_account("ada").pk)
    assert sign_in(client, "ada").url == "/my/"


def test_who_was_on_the_way_somewhere_goes_there(client):
    make_account("ada", OPERATORS)
    assert sign_in(client, "ada", next="/shop/checkout/").url == "/shop/checkout/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(client, target):
    make_account("ada")
    assert sign_in(client, "ada", next=target).url == "/shop/accounts/"


def test_the_case_of_the_address_does_not_matter(client):
    make_account("ada")
    client.post(LOGIN, {"login": "ADA@Example.com", "password": "lantern-ada"})
    assert "_auth_user_id" in client.session


def test_an_inactive_person_stays_out(client):
    make_account("ada").__class__.objects.update(is_active=False)
    sign_in(client, "ada")
    assert "_auth_user_id" not in client.session


def test_guessing_a_password_is_stopped_even_with_the_right_one(client):
    make_account("ada")
    for _ in range(5):
        sign_in(client, "ada", "wrong")
    assert "Too many" in sign_in(client, "ada").content.decode()
    assert "_auth_user_id" not in client.session


def test_trying_many_addresses_from_one_place_is_stopped(client):
    statuses = [sign_in(client, f"stranger-{number}").status_code for number in range(31)]
    assert statuses[-1] == 429
    assert statuses[0] == 200


def test_asking_for_many_reset_mails_is_stopped(client):
    make_account("ada")
    reset = reverse("account_reset_password")
    answers = [client.post(reset, {"email": "ada@example.com"}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert len(mail.outbox) == 5


def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail(client):
    make_account("ada")
    client.post(reverse("account_reset_password"), {"email": "ADA@example.com"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    client.post(
        page.redirect_chain[-1][0], {"password1": "new-door-81", "password2": "new-door-81"}
    )
    sign_in(client, "ada", "new-door-81")
    assert "_auth_user_id" in client.session


def test_signing_out_asks_first_and_forgets_what_was_looked_at(client):
    make_account("ada")
    sign_in(client, "ada")
    client.cookies["oscar_history"] = "[1]"
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    response = client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    assert response.cookies["oscar_history"].value == ""


def test_a_changed_address_counts_only_once_confirmed(client):
    ada = make_account("ada")
    sign_in(client, "ada")
    client.post("/accounts/email/", {"action_add": "", "email": "ada@new.example"})
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    client.post(link)
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"


def test_a_closed_account_is_nameless_and_shut(client):
    ada = make_account("ada", first_name="Ada", last_name="Lind")
    sign_in(client, "ada")
    door = "/shop/accounts/profile/delete/"
    assert client.post(door, {"confirm": "on"}).url.startswith("/accounts/reauthenticate/?next=")
    ada.refresh_from_db()
    assert ada.is_active
    client.post("/accounts/reauthenticate/", {"password": "lantern-ada"})
    assert client.get(door).status_code == 200
    client.post(door, {"confirm": "on"})
    ada.refresh_from_db()
    assert (ada.first_name, ada.last_name, ada.is_active) == ("", "", False)
    assert "ada" not in ada.email
    sign_in(client, "ada")
    assert "_auth_user_id" not in client.session


def test_a_member_cannot_close_the_account_by_a_click(client):
    ada = make_account("ada")
    make_member("ada", user_id=ada.pk)
    sign_in(client, "ada")
    client.post("/accounts/reauthenticate/", {"password": "lantern-ada"})
    answer = client.post("/shop/accounts/profile/delete/", {"confirm": "on"}, follow=True)
    assert "member of the network" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_active
