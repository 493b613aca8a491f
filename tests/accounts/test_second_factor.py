"""Two-factor sign-in: set up, asked for, demanded of staff, printed only in development."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.utils import timezone

from storefront.accounts import receivers
from storefront.accounts.roles import MARKETERS, OPERATORS
from storefront.accounts.selectors import get_totp_code
from storefront.accounts.services import set_totp
from tests.factories import make_account

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def sign_in(client, name="ada"):
    return client.post(
        "/accounts/login/", {"login": f"{name}@example.com", "password": f"lantern-{name}"}
    )


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B: at 1111111109 seconds the last six digits are 081804."""
    ada = make_account("ada")
    set_totp(user=ada, secret=SECRET)
    assert get_totp_code(user=ada, at=datetime.fromtimestamp(1111111109, UTC)) == "081804"


def test_the_password_alone_is_not_enough(client):
    ada = make_account("ada")
    set_totp(user=ada, secret=SECRET)
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    code = get_totp_code(user=ada, at=timezone.now())
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_recovery_code_works_once(client):
    ada = make_account("ada")
    set_totp(user=ada, secret=SECRET)
    codes = Authenticator.objects.get(user=ada, type="recovery_codes").wrap()
    [code, *_] = codes.get_unused_codes()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.session["_auth_user_id"] == str(ada.pk)
    client.logout()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_guessing_codes_is_stopped(client):
    set_totp(user=make_account("ada"), secret=SECRET)
    sign_in(client)
    answers = [
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"}) for number in range(7)
    ]
    assert "Too many" in answers[-1].content.decode() or answers[-1].status_code == 429


def test_set_up_by_oneself_with_the_secret_on_the_page(client):
    ada = make_account("ada")
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": "lantern-ada"})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


@pytest.mark.parametrize(
    ("role", "page"), [(OPERATORS, "/dashboard/"), (MARKETERS, "/cms/"), ("root", "/admin/")]
)
def test_staff_pages_wait_for_a_second_factor_where_it_is_demanded(client, settings, role, page):
    settings.MFA_REQUIRED_FOR_STAFF = True
    ada = make_account("ada", role if role != "root" else "")
    if role == "root":
        ada.is_superuser = ada.is_staff = True
        ada.save()
    client.force_login(ada)
    answer = client.get(page)
    assert answer.url.startswith("/accounts/second-factor/?next=/")
    assert "/accounts/2fa/totp/activate/" in client.get(answer.url).content.decode()
    assert client.post(page).status_code == 302

    set_totp(user=ada, secret=SECRET)
    assert client.get(page).status_code == 200


def test_customers_are_never_asked_for_one(client, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    client.force_login(make_account("ada"))
    assert client.get("/shop/accounts/profile/").status_code == 200
    assert client.get("/dashboard/").status_code == 403


def test_staff_keep_a_demanded_second_factor(client, settings):
    ada = make_account("ada", OPERATORS)
    set_totp(user=ada, secret=SECRET)
    totp = Authenticator.objects.get(user=ada, type="totp")
    from allauth.mfa.adapter import get_adapter

    assert get_adapter().can_delete_authenticator(totp)
    settings.MFA_REQUIRED_FOR_STAFF = True
    assert not get_adapter().can_delete_authenticator(totp)


def test_demo_codes_are_printed_in_development_only(settings):
    ada = make_account("ada")
    set_totp(user=ada, secret=SECRET)
    make_account("ben")
    with pytest.raises(CommandError):
        call_command("demo_codes")
    settings.DEBUG = True
    out = StringIO()
    before = get_totp_code(user=ada, at=timezone.now())
    call_command("demo_codes", stdout=out)
    after = get_totp_code(user=ada, at=timezone.now())
    [line] = out.getvalue().splitlines()
    assert line in (f"{before}  ada@example.com", f"{after}  ada@example.com")


def test_the_log_shows_a_code_in_development_only(client, settings, caplog):
    from allauth.account.signals import authentication_step_completed

    ada = make_account("ada")
    set_totp(user=ada, secret=SECRET)
    uid = "accounts.show_code_when_password_was_right"
    with caplog.at_level("INFO"):
        sign_in(client)
        assert "Two-factor code" not in caplog.text
        settings.DEBUG = True
        receivers.connect()
        try:
            client.post("/accounts/logout/")
            sign_in(client)
        finally:
            authentication_step_completed.disconnect(dispatch_uid=uid)
    assert "Two-factor code of ada@example.com" in caplog.text
