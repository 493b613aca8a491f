"""The tree viewer as people use it: at a desk by keyboard and mouse, on a phone, and without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mlm_plugin.network.importing import import_members
from mlm_plugin.network.member_rows import MemberRow
from mlm_plugin.network.models import Member
from storefront.accounts.roles import OPERATORS
from tests.browser.test_accessibility import examine
from tests.browser.walking import enter
from tests.browser_fixtures import DESKTOP, PHONE
from tests.factories import JOINED, make_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = 2_000
# What fits on the screen and a little more, however long the line is.
MOST_CARDS = 40
TEAM = "/my/team/"
OpenPage = Callable[..., Page]


def row(code: str, sponsor: str, first_name: str, last_name: str = "", days: int = 0) -> MemberRow:
    return MemberRow(
        line=1,
        code=code,
        sponsor=sponsor,
        scheme="",
        first_name=first_name,
        last_name=last_name,
        status="active",
        joined_at=JOINED + timedelta(days=days),
    )


@pytest.fixture
def ada() -> Any:
    """Ada with 2,000 in the first line; below the 1,500th stands cleo, and below cleo dora."""
    line = [row(f"M{n:04}", "ADA", f"Person {n:04}", days=1) for n in range(LINE)]
    below = [row("CLEO", "M1500", "Cleo", days=2), row("DORA", "CLEO", "Dora", "Drossel", days=3)]
    import_members(rows=[row("ADA", "", "Ada"), *line, *below], joined_at=JOINED)
    user = make_account("ada")
    Member.objects.filter(code="ADA").update(user=user)
    return user


def cards(page: Page) -> Any:
    return page.locator(".tree-card")


def chosen(page: Page) -> Any:
    return page.locator(".tree-card.is-active .tree-name")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.locator("[data-tree-stage]").press(key)


def touch(page: Page, *places: list[tuple[float, float]]) -> None:
    """Put fingers down, move them from place to place, and lift them."""
    hand = page.context.new_cdp_session(page)
    for number, fingers in enumerate(places):
        points = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(fingers)]
        kind = "touchMove" if number else "touchStart"
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_at_a_desk(open_page: OpenPage, ada: Any, live_server: LiveServer) -> None:
    page = open_page(size=DESKTOP, reduced_motion="reduce")
    enter(page, address=live_server.url, user=ada)
    page.goto(TEAM)

    # By keyboard, to both ends of a line that is loaded nowhere near.
    expect(chosen(page)).to_have_text("Ada")
    press(page, "ArrowDown", "ArrowDown")
    expect(chosen(page)).to_have_text("Person 0001")
    press(page, "End")
    expect(chosen(page)).to_have_text("Person 1999")
    expect(page.locator(".tree-card.is-active")).to_have_attribute("aria-posinset", "2000")
    assert cards(page).count() <= MOST_CARDS
    press(page, "Home")
    expect(chosen(page)).to_have_text("Ada")
    page.keyboard.type("person 0007")
    expect(chosen(page)).to_have_text("Person 0007")
    press(page, "Home", "ArrowLeft")
    expect(cards(page)).to_have_count(1)
    press(page, "ArrowRight")

    # By scrolling: what is seen is loaded, what is not is not there.
    stage = page.locator("[data-tree-stage]")
    stage.evaluate("stage => { stage.scrollTop = stage.scrollHeight / 2 }")
    expect(cards(page).filter(has_text="Person 10")).not_to_have_count(0)
    expect(page.locator(".tree-card.is-waiting")).to_have_count(0)
    assert cards(page).count() <= MOST_CARDS

    # Search opens the way to the hit; the figure and the colours are chosen.
    page.locator("#tree-q").fill("dros")
    page.locator(".tree-hits a").click()
    expect(chosen(page)).to_have_text("Dora Drossel")
    expect(cards(page).filter(has_text="Person 1500")).to_have_count(1)
    expect(stage).to_be_focused()
    press(page, "ArrowLeft")
    expect(chosen(page)).to_have_text("Cleo")
    page.locator("[data-tree-colour]").select_option("status")
    expect(page.locator(".tree-legend")).to_contain_text("suspended")
    expect(page.locator(".tree-card.is-active")).to_have_attribute("data-tone", "active")
    assert examine(page) == []

    # From above: the same branch, the one with the long line stays in sight.
    page.get_by_role("button", name="Chart").click()
    expect(stage).to_have_attribute("aria-orientation", "horizontal")
    expect(cards(page).filter(has_text="Ada")).to_have_count(1)
    expect(cards(page).filter(has_text="Dora")).to_have_count(1)
    press(page, "-", "-")
    expect(page.locator("[data-tree-scale]")).to_have_text("65%")
    assert cards(page).count() <= 2 * MOST_CARDS
    before = stage.evaluate("stage => stage.scrollLeft")
    box = stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + box["height"] - 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + box["height"] - 30, steps=4)
    page.mouse.up()
    assert stage.evaluate("stage => stage.scrollLeft") == before + 200

    # A branch alone and back, another month with the same branch, and paper.
    page.get_by_role("link", name="Only this branch").click()
    expect(page.locator(".tree-trail")).to_contain_text("Person 1500")
    expect(cards(page)).to_have_count(2)
    page.locator(".tree-trail a").first.click()
    expect(chosen(page)).to_have_text("Ada")
    last_month = timezone.now().replace(day=1) - timedelta(days=1)
    page.get_by_label("Month").select_option(f"{last_month:%Y-%m}")
    expect(page.get_by_text("The team as it was on")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}{TEAM}?period={last_month:%Y-%m}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".tree-print li").last).to_contain_text("more")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tree-print li")).to_have_count(0)


def test_on_a_russian_phone(open_page: OpenPage, ada: Any, live_server: LiveServer) -> None:
    page = open_page(size=PHONE, is_mobile=True, has_touch=True, locale="ru-RU")
    enter(page, address=live_server.url, user=ada)
    page.goto(TEAM)
    stage = page.locator("[data-tree-stage]")
    expect(chosen(page)).to_have_text("Ada")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    x, y = box["x"] + 180, box["y"] + box["height"] / 2
    touch(page, *([(x, y - 20 * step)] for step in range(10)))
    page.wait_for_function("document.querySelector('[data-tree-stage]').scrollTop > 100")
    assert cards(page).count() <= MOST_CARDS
    touch(page, *([(x, y - gap), (x, y + gap)] for gap in (100, 90, 75, 60)))
    expect(page.locator("[data-tree-scale]")).not_to_have_text("100%")
    assert page.evaluate("visualViewport.scale") == 1
    page.locator("#tree-q").fill("cleo")
    page.locator(".tree-hits a").tap()
    expect(chosen(page)).to_have_text("Cleo")
    page.locator(".tree-card.is-active .tree-toggle").tap()
    expect(cards(page).filter(has_text="Dora")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto(f"{TEAM}list/?q=dora")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert examine(page) == []


def test_staff_and_without_a_script(open_page: OpenPage, ada: Any, live_server: LiveServer) -> None:
    page = open_page(reduced_motion="reduce")
    enter(page, address=live_server.url, user=make_account("olga", OPERATORS))
    for name in ("staff-tree", "staff-team"):
        page.goto(reverse(f"mlm:{name}", args=["M1500"]))
        assert examine(page) == []
    plain = open_page(java_script_enabled=False)
    enter(plain, address=live_server.url, user=ada)
    plain.goto(f"{TEAM}?of=M1500")
    expect(plain.locator(".tree-stage")).to_be_hidden()
    plain.get_by_role("link", name="unfold Cleo").click()
    expect(plain.get_by_role("link", name="Dora Drossel")).to_be_visible()
    plain.goto(TEAM)
    plain.get_by_role("link", name="More").click()
    expect(plain.get_by_role("link", name="Person 0050", exact=True)).to_be_visible()
