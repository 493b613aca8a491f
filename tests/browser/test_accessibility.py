"""No page has a serious fault in the eyes of axe, light and dark, for any role.

What axe calls serious or critical keeps somebody from using a page. It finds what a machine can
find; `test_keyboard.py` walks the rest.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.accounts.in_use import fill_account
from tests.browser.walking import Shop, enter, fill_basket
from tests.browser_fixtures import DESKTOP, PHONE, OpenPage
from tests.factories import make_account, make_member, make_product
from tests.test_pages import read_table
from tests.urls_walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRAVE = ("serious", "critical")
AXE = Axe().axe_script
# The checkout's steps need a basket and a known address; they are walked by name here.
ADDRESS_STEP = "/shop/checkout/shipping-address/"
# Signs out; what stands below the search field while one types is part of a page, not one.
LEFT_OUT = ("account_logout", "search:suggest")


@pytest.fixture
def shop() -> Shop:
    return Shop()


def paths_of(role: str, *, but: str = "") -> list[str]:
    """Pages of the table that open for this role, without those that open for `but` as well."""
    return [
        reverse(name)
        for name, answers in read_table()
        if answers[role] == "ok"
        and (not but or answers[but] != "ok")
        and not name.endswith(":")
        and name not in LEFT_OUT
    ]


def staff_paths() -> list[str]:
    """The staff's pages without arguments."""
    return [
        address.path
        for address in walk()
        if address.path.startswith("/dashboard/")
        and not address.takes_arguments
        and "/log" not in address.path
    ]


def find_faults(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it is, each with where it is."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE)
    # Reading every style sheet again serves one rule about turned screens, which is not grave.
    given = {"resultTypes": ["violations"], "preload": False, **options}
    violations = page.evaluate("async given => (await axe.run(given)).violations", given)
    return [
        f"{page.url}: {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in violations
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]


def examine(page: Page) -> list[str]:
    """Everything in the light, and contrast again in the dark."""
    faults = find_faults(page, {})
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    faults += find_faults(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return faults


def is_page(page: Page, path: str) -> bool:
    """Open a path; whether a page of that very path answered, and not another."""
    try:
        answer = page.goto(path)
    except PlaywrightError as error:
        if "Download is starting" in str(error):
            return False
        raise
    assert answer is not None
    is_html = "html" in answer.headers.get("content-type", "")
    return answer.status == 200 and is_html and answer.request.redirected_from is None


def examine_all(page: Page, paths: list[str], *, least: int) -> list[str]:
    """Faults of all pages that answer with a page; at least so many have to."""
    faults, seen = [], 0
    for path in paths:
        # Files have names; the browser's own view of a picture is none of our pages.
        if "." not in path and is_page(page, path):
            seen += 1
            faults += examine(page)
    assert seen >= least, (seen, paths)
    return faults


def open_calm(open_page: OpenPage, **options: Any) -> Page:
    """A page that has stopped moving when it is looked at."""
    return open_page(**{"size": DESKTOP, "reduced_motion": "reduce", **options})


def test_visitors_pages(shop: Shop, open_page: OpenPage) -> None:
    page = open_calm(open_page)
    paths = [*shop.paths, *paths_of("stranger"), "/nothing-is-here/"]
    faults = examine_all(page, paths, least=20)
    page.goto("/nothing-is-here/")
    faults += examine(page)
    fill_basket(page, shop.soap)
    page.locator("#basket-sheet").wait_for()
    faults += examine(page)
    faults += examine_all(page, ["/shop/basket/", ADDRESS_STEP], least=2)
    page.locator("main form .form-actions .button").first.click()
    page.locator(".errors").first.wait_for()
    assert faults + examine(page) == []


def test_customers_pages(shop: Shop, open_page: OpenPage, live_server: LiveServer) -> None:
    customer = make_account("dora")
    own = fill_account(customer)
    page = open_calm(open_page)
    enter(page, address=live_server.url, user=customer)
    paths = [*paths_of("customer", but="stranger"), *own]
    faults = examine_all(page, paths, least=20)
    fill_basket(page, shop.soap)
    assert faults + examine_all(page, [ADDRESS_STEP], least=1) == []


def test_members_pages(shop: Shop, open_page: OpenPage, live_server: LiveServer) -> None:
    person = make_account("ada")
    make_member("ada", user_id=person.pk)
    page = open_calm(open_page)
    enter(page, address=live_server.url, user=person)
    paths = ["/", *paths_of("member", but="customer"), shop.soap.get_absolute_url()]
    assert examine_all(page, [*paths, reverse("mlm:my-home")], least=7) == []


def test_staff_pages(shop: Shop, open_page: OpenPage, live_server: LiveServer) -> None:
    root = make_account("olga")
    root.is_staff = root.is_superuser = True
    root.save()
    fill_account(root)
    page = open_calm(open_page)
    enter(page, address=live_server.url, user=root)
    order = root.orders.get()
    details = [
        reverse("style-page"),
        f"/dashboard/orders/{order.number}/",
        f"/dashboard/catalogue/products/{shop.towel.pk}/",
        f"/dashboard/catalogue/products/{shop.soap.pk}/",
        f"/dashboard/users/{root.pk}/",
    ]
    assert examine_all(page, [*details, *staff_paths()], least=35) == []


def test_russian_pages_on_a_phone(shop: Shop, open_page: OpenPage) -> None:
    page = open_calm(open_page, size=PHONE, is_mobile=True, has_touch=True, locale="ru")
    make_product("Tea tin")
    paths = [
        *shop.paths[3:],
        "/shop/basket/",
        "/accounts/login/",
        "/accounts/signup/",
        "/join/",
        "/join/sponsor/",
    ]
    faults = examine_all(page, paths, least=8)
    page.goto(shop.paths[3])
    page.locator(".filters-opener").tap()
    page.locator("#filters").wait_for()
    faults += examine(page)
    page.goto(shop.paths[3])
    page.locator(".sheet-opener").tap()
    page.locator("#site-sheet").wait_for()
    assert faults + examine(page) == []
