"""Who may see which page: one line per page, one column per role.

A new page needs a line here, or `test_every_page_is_in_the_table` fails. Pages that Oscar, Wagtail
and Django bring along below `/dashboard/`, `/cms/` and `/admin/` are covered by rule instead.

    ok  the page opens            in  sent to sign in and back
    no  refused (403)             go  sent somewhere else on the site
    --  not found (404)           up  method not allowed (405): a form's address
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS
from tests.accounts.in_use import fill_account
from tests.factories import make_account, make_member
from tests.urls_walk import fill, walk

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "customer", "member", "operator", "finance", "marketer", "root")

# name, then: stranger customer member operator finance marketer root
TABLE = """
healthz                                  ok ok ok ok ok ok ok
readyz                                   ok ok ok ok ok ok ok
set_language                             up up up up up up up
consent                                  up up up up up up up
brand-draft                              -- -- -- -- -- -- --
style-page                               in no no ok ok ok ok
favicon                                  ok ok ok ok ok ok ok
apple-icon                               go go go go go go go
manifest                                 ok ok ok ok ok ok ok
robots                                   ok ok ok ok ok ok ok
sitemap                                  ok ok ok ok ok ok ok
close_notice                             up up up up up up up

home                                     go go go go go go go
password-reset                           go go go go go go go
catalogue:index                          ok ok ok ok ok ok ok
basket:summary                           ok ok ok ok ok ok ok
search:search                            ok ok ok ok ok ok ok
search:suggest                           ok ok ok ok ok ok ok
offer:list                               ok ok ok ok ok ok ok
basket:vouchers-add                      go go go go go go go
basket:undo                              up up up up up up up
basket:destination                       up up up up up up up
basket:gift-note                         up up up up up up up
basket:saved                             in go go go go go go
payments:webhook                         up up up up up up up
payments:cards                           in ok ok ok ok ok ok

checkout:index                           go go go go go go go
checkout:shipping-address                go go go go go go go
checkout:shipping-method                 go go go go go go go
checkout:payment-method                  go go go go go go go
checkout:payment-details                 go go go go go go go
checkout:preview                         go go go go go go go
checkout:wallet                          go go go go go go go
checkout:thank-you                       go go go go go go go
checkout:account                         up up up up up up up

mlm:my-home                              in ok ok ok ok ok ok
mlm:my-points                            in go ok go go go go
mlm:my-team                              in go ok go go go go
mlm:my-team-branch                       in go ok go go go go
mlm:my-team-find                         in go ok go go go go
mlm:my-team-path                         in go ok go go go go
mlm:my-team-list                         in go ok go go go go
mlm:my-team-file                         in go ok go go go go
mlm:my-earnings                          in go ok go go go go
mlm:my-places                            in go -- go go go go
mlm:my-wallet                            in go ok go go go go
mlm:my-wallet-file                       in go ok go go go go
mlm:my-payouts                           in go ok go go go go
mlm:my-payout-new                        in go go go go go go
mlm:my-share                             in go ok go go go go
mlm:my-more                              in go ok go go go go
mlm:my-qr-svg                            in go ok go go go go
mlm:my-qr-png                            in go ok go go go go
mlm:join                                 ok ok go ok ok ok ok
mlm:join-welcome                         in go ok go go go go
mlm:join-erase                           up up up up up up up
mlm:join-sponsor                         ok ok go ok ok ok ok
mlm:join-person                          go go go go go go go
mlm:join-contact                         go go go go go go go
mlm:join-payment                         go go go go go go go
mlm:join-agreement                       go go go go go go go
mlm:join-kit                             go go go go go go go
mlm:join-place                           go go go go go go go
mlm:join-summary                         go go go go go go go
mlm:my-invitations                       in go ok go go go go
mlm:my-membership                        in go ok go go go go
mlm:my-membership-end                    in go go go go go go
mlm:my-details                           in go ok go go go go
mlm:my-details-payment                   in go go go go go go
my-storefront                            in go ok go go go go
my-listing                               in up up up up up up

mlm:staff-imports                        in no no ok no no ok
mlm:staff-import-new                     in no no ok no no ok
mlm:staff-export                         in no no ok ok no ok

customer:login                           go go go go go go go
customer:logout                          go go go go go go go
customer:register                        go go go go go go go
customer:change-password                 go go go go go go go
customer:summary                         in ok ok ok ok ok ok
customer:profile-view                    in ok ok ok ok ok ok
customer:profile-update                  in ok ok ok ok ok ok
customer:order-list                      in ok ok ok ok ok ok
customer:address-list                    in ok ok ok ok ok ok
customer:address-create                  in ok ok ok ok ok ok
customer:email-list                      in ok ok ok ok ok ok
customer:notifications-inbox             in ok ok ok ok ok ok
customer:notifications-archive           in ok ok ok ok ok ok
customer:notifications-update            in up up up up up up
customer:alerts-list                     in ok ok ok ok ok ok
customer:wishlists-list                  in ok ok ok ok ok ok
customer:wishlists-create                in ok ok ok ok ok ok
customer:                                go go go go go go go

privacy:consents                         in ok ok ok ok ok ok
privacy:data                             in ok ok ok ok ok ok

account_login                            ok go go go go go go
account_signup                           ok go go go go go go
account_logout                           go ok ok ok ok ok ok
account_inactive                         ok ok ok ok ok ok ok
account_reset_password                   ok ok ok ok ok ok ok
account_reset_password_done              ok ok ok ok ok ok ok
account_reset_password_from_key_done     ok ok ok ok ok ok ok
account_email_verification_sent          ok ok ok ok ok ok ok
account_email                            in ok ok ok ok ok ok
account_change_password                  in ok ok ok ok ok ok
account_set_password                     in go go go go go go
mfa_index                                in ok ok ok ok ok ok
accounts_second_factor_required          in ok ok ok ok ok ok
"""
"""Pages whose answer depends on more than the role are tested where they belong."""
ELSEWHERE = {
    "account_confirm_login_code", "account_reauthenticate", "customer:profile-delete",
    "mfa_activate_totp", "mfa_authenticate", "mfa_deactivate_totp", "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes",
    "cms_door", "page_door", "wagtail_serve", "wagtailcore_login",
}  # fmt: skip
BY_RULE = ("/dashboard/", "/cms/", "/admin/")
ANSWERS = {"ok": {200}, "no": {403}, "--": {404}, "up": {405}, "in": {302}, "go": {301, 302}}


def read_table() -> list[tuple[str, dict[str, str]]]:
    rows = [line.split() for line in TABLE.splitlines() if line.strip()]
    return [(name, dict(zip(ROLES, answers, strict=True))) for name, *answers in rows]


class World:
    """One person per role."""

    def __init__(self) -> None:
        self.clients = {"stranger": Client()}
        roles = {"operator": OPERATORS, "finance": FINANCE, "marketer": MARKETERS}
        for name in ROLES[1:]:
            person = make_account(name, roles.get(name, ""))
            if name == "root":
                person.is_staff = person.is_superuser = True
                person.save()
            if name == "member":
                make_member("ada", user_id=person.pk)
            self.clients[name] = Client()
            self.clients[name].force_login(person)

    def address(self, name: str) -> str:
        """The address of a page by its URL name; nameless ones by their path."""
        if name.endswith(":"):
            return next(a.path for a in walk() if a.name == name and not a.takes_arguments)
        return reverse(name)

    def ask(self, role: str, address: str) -> Any:
        """What this role gets there."""
        return self.clients[role].get(address)


@pytest.fixture
def world() -> World:
    return World()


def is_way_in(answer: Any) -> bool:
    """Whether the answer leads to the sign-in page, at once or through one of the old doors."""
    doors = ("/accounts/login/?", "/dashboard/login/?", "/cms/login/?", "/admin/login/?")
    return answer.status_code == 302 and answer.url.startswith(doors)


@pytest.mark.parametrize(("name", "expected"), read_table(), ids=lambda part: str(part)[:40])
def test_the_page_opens_for_whom_it_should(world, name, expected):
    address = world.address(name)
    for role, word in expected.items():
        answer = world.ask(role, address)
        assert answer.status_code in ANSWERS[word], (role, word, answer.status_code)
        assert is_way_in(answer) == (word == "in"), (role, word, getattr(answer, "url", ""))


def test_every_page_is_in_the_table():
    known = {name for name, _ in read_table()} | ELSEWHERE
    missing = {
        address.name or address.path
        for address in walk()
        if not address.takes_arguments
        and not address.path.startswith(BY_RULE)
        and address.name not in known
    }
    assert missing == set()


@pytest.mark.parametrize("role", ["stranger", "customer", "member", "marketer"])
def test_no_address_of_the_dashboard_opens_to_outsiders(world, role):
    """With arguments that fit nothing: who may not enter learns nothing about ids either."""
    for address in walk():
        if not address.path.startswith("/dashboard/") or "/log" in address.path:
            continue
        answer = world.ask(role, fill(address.path))
        if role == "stranger":
            assert is_way_in(answer), address
        else:
            assert answer.status_code == 403, address


@pytest.mark.parametrize("role", ["stranger", "customer", "operator"])
def test_no_address_of_the_cms_opens_to_outsiders(world, role):
    open_to_all = ("/cms/login/", "/cms/password_reset/", "/cms/sprite/", "/cms/jsi18n/")
    for address in walk():
        path = fill(address.path)
        if not path.startswith("/cms/") or path.startswith(open_to_all):
            continue
        answer = world.ask(role, path)
        assert is_way_in(answer) or answer.status_code == 404, address
        if is_way_in(answer) and role != "stranger":
            assert world.clients[role].get(answer.url).status_code == 403, address


@pytest.mark.parametrize("role", ["stranger", "operator", "marketer"])
def test_raw_tables_open_to_root_only(world, role):
    for address in walk():
        path = fill(address.path)
        if not path.startswith("/admin/") or path.endswith(("/login/", "/logout/", "/jsi18n/")):
            continue
        answer = world.ask(role, path)
        assert is_way_in(answer) or answer.status_code in (403, 404, 405), address


def test_root_finds_no_page_of_the_staff_closed_or_broken(world):
    for address in walk():
        if address.takes_arguments or not address.path.startswith(("/dashboard/", "/admin/")):
            continue
        if address.name == "admin:autocomplete":
            continue
        answer = world.ask("root", address.path)
        # Some tables take no new rows by hand, and some addresses want a form.
        may_refuse = address.path.endswith("/add/")
        assert answer.status_code in (200, 302, 400, 405) or may_refuse, address
        assert not is_way_in(answer) or "/login/" in address.path, address


def test_nobody_opens_what_belongs_to_another_account(world):
    from storefront.accounts.models import User

    pages = fill_account(User.objects.get(email="customer@example.com"))
    for page in pages:
        assert world.ask("customer", page).status_code == 200, page
        for role in ("member", "operator", "root"):
            assert world.ask(role, page).status_code == 404, (role, page)
            assert world.clients[role].post(page).status_code in (404, 405), (role, page)
        assert world.ask("stranger", page).status_code in (302, 404), page


@pytest.mark.parametrize("role", ["stranger", "member", "root"])
@pytest.mark.parametrize("way", ["get", "post"])
def test_forged_ids_break_nothing(world, role, way):
    """Every address with arguments, with such as fit nothing."""
    client = world.clients[role]
    client.raise_request_exception = False
    broken = {
        address.name
        for address in walk()
        if address.takes_arguments
        and not address.path.startswith(("/cms/", "/documents/"))
        and getattr(client, way)(fill(address.path)).status_code >= 500
    }
    assert broken == set()


@pytest.mark.both
@pytest.mark.parametrize(
    "path",
    [
        "/shop/checkout/payment/a%00b/",
        "/shop/accounts/alerts/confirm/a%00b/",
        "/shop/catalogue/soap_99999999999999999999/reviews/",
        "/shop/catalogue/99999999999999999999_99999999999999999999/reviews/",
    ],
)
def test_ids_no_column_can_hold_are_not_found(client, path):
    """PostgreSQL refuses NUL in a text, SQLite a number of more than 64 bits."""
    client.raise_request_exception = False
    assert client.get(path).status_code == 404
