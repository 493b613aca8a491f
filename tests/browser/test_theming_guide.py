"""What `docs/theming.md` promises, in a real browser, with the guide's pictures."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from storefront.accounts.roles import MARKETERS
from tests.factories import make_account
from tests.guide_pictures import Picture
from tests.guide_shop import sign_in, stock_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLUM = "rgb(107, 47, 91)"
SECONDS_TO_START = 120


@pytest.fixture
def acme_site() -> Iterator[str]:
    """The address of a site with the child theme in front, on the database of this test."""
    stock_shop()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", str(port), "--noreload"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
            "THEMES": "tests.theme.acme_theme,theme",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Until the address answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the site with the child theme did not start")


def test_every_part_is_shown_in_a_preset(page: Page, picture: Picture) -> None:
    make_account("mika", MARKETERS, first_name="Mika")
    sign_in(page, "mika")
    page.goto("/theme/")
    page.get_by_role("link", name="Clay", exact=True).click()
    page.wait_for_load_state()
    assert page.locator(".sample").count() > 25
    picture("theming-style-page", page=page)


def test_a_child_theme_changes_colours_and_one_block(
    acme_site: str, page: Page, picture: Picture
) -> None:
    page.goto(f"{acme_site}/shop/catalogue/")
    expect(page.locator(".site-header .brand-mark")).to_have_css("color", PLUM)
    expect(page.locator("body")).to_contain_text("Acme: since 1949")
    page.locator(".product-card a").first.click()
    expect(page.locator("#buy button[type=submit]").first).to_have_css("background-color", PLUM)
    picture("theming-child-theme", page=page)
