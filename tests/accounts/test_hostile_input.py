"""Whatever is typed into the account's forms: an answer, never a crash, never markup."""

import pytest

from tests.factories import make_account

pytestmark = pytest.mark.django_db

HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "quotes": "\"'><img src=x onerror=alert(1)>",
    "ten thousand characters": "x" * 10_000,
    "a long address": "x" * 9_988 + "@example.com",
    "nul": "ada\x00@example.com",
    "lone surrogate": "\ud83d",
    "template": "{{ 7*7 }}{% load x %}",
    "direction": "\u202egnp.exe",
    "sql": "' OR 1=1; --",
}
FORMS = {
    "/accounts/login/": ["login", "password", "next"],
    "/accounts/signup/": ["email", "password1", "next"],
    "/accounts/password/reset/": ["email"],
    "/language/": ["language", "next"],
    "/consent/": ["answer", "next"],
}
SIGNED_IN_FORMS = {
    "/accounts/email/": ["email"],
    "/accounts/password/change/": ["oldpassword", "password1", "password2"],
    "/accounts/reauthenticate/": ["password", "next"],
    "/accounts/2fa/totp/activate/": ["code"],
    "/shop/accounts/profile/edit/": ["first_name", "last_name"],
}


def attack(client, page, fields, text):
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = client.post(page, {**dict.fromkeys(fields, text), "action_add": ""})
    assert answer.status_code < 500
    if answer.status_code == 200:
        body = answer.content.decode()
        assert "<script>alert(1)" not in body
        assert "<img src=x" not in body
    if answer.status_code == 302:
        assert answer.url.startswith("/") and not answer.url.startswith("//")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("page", FORMS)
def test_forms_for_everyone(client, settings, page, text):
    settings.ACCOUNT_RATE_LIMITS = False
    attack(client, page, FORMS[page], text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("page", SIGNED_IN_FORMS)
def test_forms_of_an_account(client, settings, page, text):
    settings.ACCOUNT_RATE_LIMITS = False
    make_account("ada")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": "lantern-ada"})
    client.post("/accounts/reauthenticate/", {"password": "lantern-ada"})
    attack(client, page, SIGNED_IN_FORMS[page], text)
    profile = client.get("/shop/accounts/profile/")
    assert profile.status_code == 200
    assert "<script>alert(1)" not in profile.content.decode()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_second_factor(client, settings, text):
    from storefront.accounts.services import set_totp

    settings.ACCOUNT_RATE_LIMITS = False
    set_totp(user=make_account("ada"), secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": "lantern-ada"})
    attack(client, "/accounts/2fa/authenticate/", ["code"], text)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "link",
    [
        "/accounts/confirm-email/nonsense/",
        "/accounts/confirm-email/" + "x" * 10_000 + "/",
        "/accounts/password/reset/key/1-nonsense/",
        "/accounts/password/reset/key/zzzzzzzzzzzzzzzz-x/",
        "/accounts/password/reset/key/0-" + "x" * 10_000 + "/",
    ],
)
def test_forged_links(client, link):
    assert client.get(link).status_code in (200, 404)
