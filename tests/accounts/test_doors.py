"""There is one way in: every other sign-in door of the packages leads to allauth."""

import re

import pytest
from django.test import Client

from storefront.accounts.roles import OPERATORS
from storefront.accounts.services import set_totp
from tests.factories import make_account, make_product
from tests.urls_walk import walk

pytestmark = pytest.mark.django_db
PASSWORD_FIELD = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
# Unsafe to call blindly, and without a page of their own.
NOT_PAGES = {"/cms/failwhale/"}


def addresses_without_arguments() -> list[str]:
    return sorted({a.path for a in walk() if not a.takes_arguments} - NOT_PAGES)


def make_root():
    root = make_account("root", OPERATORS)
    root.is_superuser = True
    root.save()
    set_totp(user=root, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    return root


def test_the_walk_sees_the_whole_site():
    paths = addresses_without_arguments()
    assert len(paths) > 200
    for known in ("/cms/login/", "/dashboard/login/", "/shop/accounts/login/", "/admin/login/"):
        assert known in paths


@pytest.mark.parametrize("who", ["stranger", "customer", "root"])
def test_no_page_outside_accounts_has_a_password_field(who):
    client = Client(raise_request_exception=False)
    if who != "stranger":
        client.force_login(make_root() if who == "root" else make_account("ada"))
    found, broken = [], []
    for path in addresses_without_arguments():
        if path.startswith("/accounts/"):
            continue
        answer = client.get(path)
        if answer.status_code >= 500:
            broken.append(path)
        is_page = answer.status_code == 200 and not answer.streaming
        if is_page and PASSWORD_FIELD.search(answer.content.decode(errors="replace")):
            found.append(path)
    assert found == []
    assert broken == [], "a page that breaks could hide a door"


def test_no_page_outside_accounts_signs_anybody_in():
    """Every address gets the credentials, under all names that login forms use."""
    make_root()
    email, password = "root@example.com", "lantern-root"
    credentials = {
        "username": email, "login": email, "email": email, "password": password,
        "login-username": email, "login-password": password, "login_submit": "1",
        "options": "existing", "registration-email": "new@example.com",
        "registration-password1": "quiet-lantern-7", "registration-password2": "quiet-lantern-7",
        "registration_submit": "1", "email1": "new@example.com",
        "password1": "quiet-lantern-7", "password2": "quiet-lantern-7",
    }  # fmt: skip
    opened = []
    for path in addresses_without_arguments():
        if path.startswith("/accounts/"):
            continue
        client = Client(raise_request_exception=False)
        client.post(path, credentials)
        if "_auth_user_id" in client.session:
            opened.append(path)
    assert opened == []


def test_the_checkout_asks_for_no_password_and_leads_to_sign_in(client):
    client.post(f"/shop/basket/add/{make_product().pk}/", {"quantity": 1})
    answer = client.get("/shop/checkout/", follow=True)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert not PASSWORD_FIELD.search(body)
    assert 'href="/accounts/login/?next=' in body
    make_root()
    client.post(
        "/shop/checkout/",
        {"username": "root@example.com", "password": "lantern-root", "options": "existing"},
    )
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("door", "leads_to"),
    [
        ("/shop/accounts/login/", "/accounts/login/"),
        ("/shop/accounts/register/", "/accounts/signup/"),
        ("/shop/accounts/logout/", "/accounts/logout/"),
        ("/shop/accounts/change-password/", "/accounts/password/change/"),
        ("/shop/password-reset/", "/accounts/password/reset/"),
        ("/dashboard/login/", "/accounts/login/"),
        ("/dashboard/logout/", "/accounts/logout/"),
        ("/cms/login/", "/accounts/login/"),
        ("/cms/password_reset/", "/accounts/password/reset/"),
        ("/_util/login/", "/accounts/login/"),
    ],
)
def test_old_doors_lead_to_the_new_one_and_keep_where_to_go(client, door, leads_to):
    assert client.get(door).url == leads_to
    query = "?next=/shop/checkout/&email=ada%40example.com"
    assert client.get(door + query).url == leads_to + query
    assert client.post(door + query).status_code == 302


@pytest.mark.parametrize("page", ["/cms/", "/cms/pages/", "/dashboard/", "/dashboard/orders/"])
def test_staff_pages_send_a_stranger_to_sign_in_and_back(client, page):
    answer = client.get(page, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    make_root()
    assert page in answer.redirect_chain[-1][0].replace("%2F", "/")


def test_who_is_signed_in_and_not_allowed_is_told_so_instead_of_sent_in_a_circle(client):
    from django.contrib.auth.models import Group
    from wagtail.models import Page, PageViewRestriction

    client.force_login(make_account("ada"))
    for page in ("/cms/", "/dashboard/", "/admin/"):
        assert client.get(page, follow=True).status_code == 403, page
    secret = PageViewRestriction.objects.create(
        page=Page.objects.get(depth=2), restriction_type=PageViewRestriction.GROUPS
    )
    secret.groups.add(Group.objects.get(name="Marketers"))
    assert client.get("/", follow=True).status_code == 403
    stranger = Client().get("/", follow=True)
    assert stranger.redirect_chain[-1][0] == "/accounts/login/?next=%2F"


def test_the_raw_tables_send_a_stranger_to_sign_in_and_back(client):
    answer = client.get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/accounts/user/"


def test_people_are_made_without_passwords_everywhere(client):
    from storefront.accounts.models import User

    root = make_root()
    client.force_login(root)
    from oscar.core.loading import get_model

    partner = get_model("partner", "Partner").objects.create(name="Loom")
    pages = (
        "/admin/accounts/user/add/", f"/admin/accounts/user/{root.pk}/change/",
        "/cms/users/new/", f"/cms/users/edit/{root.pk}/",
        f"/dashboard/partners/{partner.pk}/users/add/",
    )  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert not PASSWORD_FIELD.search(answer.content.decode()), page
    client.post(
        f"/dashboard/partners/{partner.pk}/users/add/",
        {"first_name": "Ben", "last_name": "B", "email": "Ben@example.com", "role": "limited"},
    )
    ben = User.objects.get(email="ben@example.com")
    assert not ben.has_usable_password()
    page = f"/dashboard/partners/{partner.pk}/users/{ben.pk}/update/"
    assert not PASSWORD_FIELD.search(client.get(page).content.decode())
    client.post(page, {"first_name": "Benno", "last_name": "B", "role": "staff"})
    ben.refresh_from_db()
    assert (ben.first_name, ben.is_staff, ben.has_usable_password()) == ("Benno", True, False)


def test_the_dashboard_sends_the_reset_mail_of_allauth(client, mailoutbox):
    ada = make_account("ada")
    client.force_login(make_root())
    client.post(f"/dashboard/users/{ada.pk}/password-reset/")
    [message] = mailoutbox
    assert message.to == ["ada@example.com"]
    assert "/accounts/password/reset/key/" in message.body


def test_a_profile_has_a_name_and_no_address_to_change(client):
    ada = make_account("ada")
    client.force_login(ada)
    client.post(
        "/shop/accounts/profile/edit/",
        {"first_name": "Ada", "last_name": "Lind", "email": "evil@example.com"},
    )
    ada.refresh_from_db()
    assert (ada.first_name, ada.email) == ("Ada", "ada@example.com")
