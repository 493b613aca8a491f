"""Fixtures of tests marked `browser`: pages of a real Chromium that talk to `live_server`."""

import os
from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests import chromium

OpenPage = Callable[..., Page]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
OPEN = pytest.StashKey[list[Page]]()


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """Start one Chromium for the whole run."""
    # Playwright keeps an event loop running in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, chromium_browser: Browser, live_server: "pytest.FixtureRequest"
) -> Iterator[OpenPage]:
    """Return a function that opens a page in a fresh browser profile: `open_page(size=PHONE)`.

    Options are those of Playwright's `new_context` (`locale="ru"`, ...). Addresses are relative to
    the site. What a script throws, or the content policy blocks, fails the test.
    """
    contexts = []
    complaints: list[str] = []

    def open_one(*, size: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = chromium_browser.new_context(
            base_url=live_server.url, viewport=size, **{"locale": "en-GB", **options}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        request.node.stash.setdefault(OPEN, []).append(page)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Open a page of desktop size."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """Open a page of phone size, with touch."""
    return open_page(size=PHONE, has_touch=True, is_mobile=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Print what the pages of a failed test said: their time-outs alone do not tell why."""
    report = yield
    if report.when == "call" and report.failed:
        for page in item.stash.get(OPEN, []):
            try:
                text = page.locator("body").inner_text(timeout=2_000)
            except PlaywrightError as error:
                text = str(error)
            report.sections.append((f"page {page.url}", text[:3000]))
    return report
