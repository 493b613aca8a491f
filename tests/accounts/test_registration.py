"""From the registration form to a confirmed address, and what comes with it."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from storefront.accounts.forms import SignupForm
from storefront.accounts.models import User
from storefront.accounts.services import create_user
from tests.factories import make_account

pytestmark = pytest.mark.django_db
DORA = {"email": "Dora@Example.com", "password1": "quiet-lantern-7"}


def register(client: Client, **fields: str):
    return client.post(reverse("account_signup"), {**DORA, **fields})


def test_a_new_customer_registers_confirms_and_is_signed_in(client):
    assert register(client).status_code == 302
    user = User.objects.get()
    assert user.email == "dora@example.com"
    assert "_auth_user_id" not in client.session

    [message] = mail.outbox
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", message.body)[1]
    assert "Linden" in message.subject + message.body
    assert client.post(link).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


def test_nobody_signs_in_with_an_unconfirmed_address(client):
    create_user(email="dora@example.com", password="quiet-lantern-7")
    client.post(
        reverse("account_login"), {"login": "dora@example.com", "password": "quiet-lantern-7"}
    )
    assert "_auth_user_id" not in client.session
    assert "confirm-email" in mail.outbox[0].body


def test_the_answer_does_not_tell_whether_an_address_is_known(client):
    make_account("dora")
    known = register(client)
    stranger = register(Client(), email="ben@example.com")
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url)
    assert User.objects.filter(email__iexact="dora@example.com").count() == 1


@pytest.mark.parametrize("address", ["ada@example.com", "ADA@Example.COM", "Ada@example.com"])
def test_an_address_is_unique_whatever_its_case(address):
    User.objects.create_user("ada@example.com", "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(address, "x")


def test_the_loser_of_a_race_gets_the_same_polite_answer(client, rf):
    """The form was valid, and then someone else took the address."""
    winner = register(Client())
    request = client.get(reverse("account_signup")).wsgi_request
    form = SignupForm(data=DORA)
    User.objects.all().delete()
    assert form.is_valid()
    User.objects.create_user("DORA@example.com", "x")
    from allauth.core import context

    with context.request_context(request):
        user, answer = form.try_save(request)
    assert user is None
    assert answer.url == winner.url
    assert User.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_register_one_address_at_once_one_gets_it(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    start, statuses = threading.Barrier(8), []

    def run(index: int) -> None:
        address = "dora@example.com" if index % 2 else "DORA@example.com"
        start.wait()
        try:
            statuses.append(register(Client(), email=address).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 8
    assert User.objects.filter(email__iexact="dora@example.com").count() == 1


def test_registration_under_a_referral_link_binds_the_customer(
    client, django_capture_on_commit_callbacks
):
    from mlm_plugin.network.models import CustomerBinding
    from tests.factories import make_member

    ada = make_member("ada")
    client.get(f"/r/{ada.code}/")
    with django_capture_on_commit_callbacks(execute=True):
        register(client)
    assert CustomerBinding.objects.get(user__email="dora@example.com").member == ada


def test_registration_without_a_link_binds_to_nobody(client, django_capture_on_commit_callbacks):
    from mlm_plugin.network.models import CustomerBinding

    with django_capture_on_commit_callbacks(execute=True):
        assert register(client).status_code == 302
    assert not CustomerBinding.objects.exists()
