"""Headers, cookies and a content security policy that the pages themselves obey."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from storefront.accounts.roles import OPERATORS
from storefront.accounts.services import set_totp
from tests.accounts.in_use import fill_account
from tests.factories import make_account, make_product
from tests.urls_walk import walk

pytestmark = pytest.mark.django_db
EXEMPT = ("/cms/", "/dashboard/", "/admin/")
MISSING = ("/nothing-here/", "/accounts/confirm-email/x/")
# Types of script elements that hold data, which no browser runs.
DATA = {"application/json", "application/ld+json", "speculationrules"}
POLICY = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]


ORIGINS = {
    "script": ("src", "script-src"),
    "link": ("href", "style-src"),
    "img": ("src", "img-src"),
    "iframe": ("src", "frame-src"),
    "form": ("action", "form-action"),
}


def is_code(link: str) -> bool:
    return link.strip().lower().startswith("javascript:")


class Violations(HTMLParser):
    """What a browser would refuse under our policy."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = {name: value or "" for name, value in attrs}
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [f"{tag} style" for name in given if name == "style"]
        self.found += [f"{tag} {link}" for link in given.values() if is_code(link)]
        if tag in ("style", "base"):
            self.found.append(f"{tag} element")
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.found.append("inline script")
        attribute, directive = ORIGINS.get(tag, ("", ""))
        if attribute and (tag != "link" or given.get("rel") == "stylesheet"):
            self.check_origin(tag, given.get(attribute, ""), directive)

    def check_origin(self, tag: str, address: str, directive: str) -> None:
        """An address must be on the site or on the list of its directive."""
        parts = urlsplit(address)
        if parts.scheme == "data" and "data:" in POLICY[directive]:
            return
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" not in POLICY[directive]:
            self.found.append(f"{tag} {address}")


def violations_of(html: str) -> list[str]:
    parser = Violations()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        '<p style="color:red">',
        '<a onclick="x()">',
        "<style>p{}</style>",
        '<script src="https://cdn.example/x.js"></script>',
        '<a href=" javascript:x()">',
        '<img src="https://elsewhere.example/x.png">',
    ],
)
def test_the_check_sees_what_a_browser_refuses(html):
    assert violations_of(html)


@pytest.mark.parametrize("who", ["stranger", "customer", "staff"])
def test_no_page_breaks_the_policy(who):
    """Shop, account, cabinet and CMS pages; the staff's own tools are exempt."""
    product = make_product()
    paths = [product.get_absolute_url()]
    client = Client(raise_request_exception=False)
    if who != "stranger":
        person = make_account("ada", OPERATORS if who == "staff" else "")
        set_totp(user=person, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        client.post("/accounts/login/", {"login": person.email, "password": "lantern-ada"})
        client.force_login(person)
        paths += fill_account(person)
    paths_of_the_site = {a.path for a in walk() if not a.takes_arguments} | set(MISSING)
    broken = {}
    for path in [*paths, *sorted(paths_of_the_site)]:
        if path.startswith(EXEMPT):
            continue
        answer = client.get(path, follow=True)
        assert answer.status_code == 200 or path in paths_of_the_site, path
        assert answer.status_code < 500, path
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.redirect_chain and answer.redirect_chain[-1][0].startswith(EXEMPT):
            continue
        assert "Content-Security-Policy" in answer.headers, path
        if found := violations_of(answer.content.decode()):
            broken[path] = found
    assert broken == {}


def test_pages_of_a_half_done_sign_in_obey_too(client):
    set_totp(user=make_account("ada"), secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": "lantern-ada"})
    assert violations_of(client.get("/accounts/2fa/authenticate/").content.decode()) == []


def test_pages_of_a_changing_address_and_a_second_factor_obey_too(client):
    make_account("ada")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": "lantern-ada"})
    client.post("/accounts/reauthenticate/", {"password": "lantern-ada"})
    for page in ("/accounts/2fa/totp/activate/", "/accounts/2fa/", "/accounts/email/"):
        if page == "/accounts/email/":
            client.post(page, {"action_add": "", "email": "ada@new.example"})
        answer = client.get(page)
        assert answer.status_code == 200
        assert violations_of(answer.content.decode()) == []


def test_headers_of_every_page(client):
    headers = client.get("/accounts/login/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "object-src 'none'" in policy


def test_pages_behind_a_sign_in_are_not_kept_by_caches(client):
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts(client):
    make_account("ada")
    answer = client.post(
        "/accounts/login/", {"login": "ada@example.com", "password": "lantern-ada"}
    )
    assert answer.cookies["sessionid"]["httponly"]
    assert answer.cookies["sessionid"]["samesite"] == "Lax"


def test_the_sign_in_form_cannot_be_sent_by_another_site():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "a@example.com", "password": "x"})
    assert answer.status_code == 403
