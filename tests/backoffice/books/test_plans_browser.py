"""A plan's text in a real browser: lines are numbered, wrong ones marked, and a click leads there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from mlm_plugin.commissions.plan_versions import draft_plan
from mlm_plugin.ledger.actions import Actor
from storefront.accounts.roles import FINANCE
from tests.browser.walking import enter
from tests.commissions.books import PLAN
from tests.factories import make_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_wrong_line_is_marked_and_reached_and_the_text_kept(page, live_server):
    finn = make_account("finn", FINANCE)
    version = draft_plan(document=PLAN, actor=Actor(finn), at=timezone.now())
    enter(page, address=live_server.url, user=finn)
    page.goto(reverse("mlm:staff-plan-text", args=[version.number]))
    text = page.get_by_label("Document")
    numbers = page.locator(".plan-gutter span")
    assert numbers.count() == PLAN.count("\n") + 1
    wrong = PLAN.replace('base = "cv"', 'base = "cw"')
    text.fill(wrong)
    page.get_by_role("button", name="Check and keep").click()
    line = wrong[: wrong.index('base = "cw"')].count("\n") + 1
    expect(page.locator(".plan-gutter .is-wrong")).to_have_text([str(line)])
    page.get_by_role("link", name=f"Line {line}").click()
    chosen = text.evaluate("each => each.value.slice(each.selectionStart, each.selectionEnd)")
    assert chosen == 'base = "cw"'
    text.fill(PLAN.replace("5%", "4%"))
    page.get_by_role("button", name="Check and keep").click()
    page.get_by_text("The draft is kept.").wait_for()
    version.refresh_from_db()
    assert "else 4%" in version.document
