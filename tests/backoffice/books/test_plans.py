"""The office's pages of plans: from a shipped plan to an approval by a second person."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.commissions.models import PlanVersion
from mlm_plugin.commissions.plan_versions import change_draft, draft_library_plan, draft_plan
from mlm_plugin.ledger.actions import Actor
from storefront.accounts.models import User
from storefront.accounts.roles import AUDITORS, CONTROLLERS, FINANCE
from tests.commissions.books import PLAN
from tests.factories import make_account

pytestmark = pytest.mark.django_db
RATE = "10% if level == 1 else 5%"
HOSTILE = "<script>alert(1)</script>"


def browser(name, role):
    client = Client()
    client.force_login(make_account(name, role))
    return client


@pytest.fixture
def finn():
    return browser("finn", FINANCE)


@pytest.fixture
def greta():
    return browser("greta", CONTROLLERS)


def text_of(answer):
    return unescape(answer.content.decode())


def address(name, version=None):
    return reverse(f"mlm:{name}", args=[version.number] if version else [])


def draft_by(name="finn", document=PLAN):
    actor = Actor(User.objects.get(email=f"{name}@example.com"))
    return draft_plan(document=document, actor=actor, at=timezone.now())


def begin_of(client, version):
    """The first day that the page offers."""
    return client.get(address("staff-plan", version)).context["form"].fields[
        "effective_from"
    ].choices[1][0]  # fmt: skip


def act(client, version, action, **fields):
    version.refresh_from_db()
    data = {"action": action, "digest": version.digest, **fields}
    return client.post(address("staff-plan", version), data)


def test_from_a_shipped_plan_over_text_and_values_to_the_approval_of_a_second_person(finn, greta):
    answer = finn.post(address("staff-plan-new"), {"start": "library:unilevel"})
    version = PlanVersion.objects.get()
    assert answer.url == address("staff-plan", version)
    values = address("staff-plan-values", version)
    seen = finn.get(values).context["seen"]
    pointer = "/tables/level_rates/rows/Partner/#0"
    assert finn.post(values, {"seen": seen, pointer: "9%"}).status_code == 302
    version.refresh_from_db()
    assert 'Partner = ["9%", "5%"]' in version.document
    text = address("staff-plan-text", version)
    form = finn.get(text).context["form"]
    document = form["document"].value().replace("pv >= 50", "pv >= 60")
    sent = {"document": document.replace("\n", "\r\n"), "seen": form["seen"].value()}
    assert finn.post(text, sent).status_code == 302
    version.refresh_from_db()
    assert version.document == document
    begin = begin_of(finn, version)
    assert act(finn, version, "submit", effective_from=begin).status_code == 302
    waiting = text_of(greta.get(address("staff-books")))
    assert address("staff-plans") + "?state=submitted" in waiting
    assert act(greta, version, "approve", effective_from=begin).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.approved_by.email) == ("approved", "greta@example.com")
    assert "never changes again" in text_of(finn.get(address("staff-plan", version)))
    assert finn.get(text).status_code == 404
    finn.post(address("staff-plan-new"), {"start": f"version:{version.pk}"})
    newer = PlanVersion.objects.get(number=2)
    assert (newer.state, newer.based_on, newer.document) == ("draft", version, document)


def test_a_wrong_text_is_refused_with_place_and_line_and_stays_as_typed(finn):
    version = draft_by()
    wrong = PLAN.replace('base = "cv"', f'base = "cw"  # {HOSTILE}')
    answer = finn.post(address("staff-plan-text", version), {"document": wrong, "seen": ""})
    line = next(n for n, text in enumerate(wrong.splitlines(), start=1) if '"cw"' in text)
    shown = text_of(answer)
    assert f'data-line="{line}"' in shown
    assert "<code>bonuses.levels.base</code>" in shown
    assert answer.context["form"]["document"].value() == wrong
    assert HOSTILE not in answer.content.decode()
    version.refresh_from_db()
    assert version.document == PLAN


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced(finn):
    version = draft_by()
    page = address("staff-plan-text", version)
    seen = finn.get(page).context["form"]["seen"].value()
    hanna = Actor(make_account("hanna", FINANCE))
    theirs, mine = PLAN.replace("5%", "4%"), PLAN.replace("5%", "3%")
    change_draft(version_id=version.pk, document=theirs, actor=hanna, at=timezone.now())
    answer = finn.post(page, {"document": mine, "seen": seen})
    assert "Somebody else changed the draft" in text_of(answer)
    assert "else 4%" in text_of(answer)
    assert answer.context["form"]["document"].value() == mine
    again = answer.context["form"]["seen"].value()
    assert finn.post(page, {"document": mine, "seen": again}).status_code == 302
    version.refresh_from_db()
    assert version.document == mine


def test_a_wrong_value_is_marked_at_its_field_and_all_that_was_typed_stays(finn):
    finn.post(address("staff-plan-new"), {"start": "library:complete"})
    version = PlanVersion.objects.get()
    before = version.document
    page = address("staff-plan-values", version)
    typed = {
        "/tables/fast_rate/levels/#0": "25%",
        "/tables/fast_rate/levels/#1": "many",
        "/bonuses/levels/rate": "level_rate(payee.rank, level)",
    }
    seen = finn.get(page).context["seen"]
    shown = text_of(finn.post(page, {"seen": seen, **typed}))
    assert re.search(r'name="/tables/fast_rate/levels/#1" value="many"[^>]*is-invalid', shown)
    assert 'name="/tables/fast_rate/levels/#0" value="25%"' in shown
    typed |= {"/tables/fast_rate/levels/#1": "10%", "/bonuses/levels/rate": "nothing(1)"}
    shown = text_of(finn.post(page, {"seen": seen, **typed}))
    assert re.search(r'name="/bonuses/levels/rate" value="nothing\(1\)"[^>]*is-invalid', shown)
    version.refresh_from_db()
    assert version.document == before


@pytest.mark.parametrize("action", ["approve", "submit", "withdraw", "nonsense", ""])
def test_who_may_not_decide_is_refused(finn, action):
    version = draft_by()
    auditor = browser("aurel", AUDITORS)
    assert act(auditor, version, action, effective_from="2026-03-01").status_code == 403
    version.refresh_from_db()
    assert version.state == "draft"


def test_an_approver_with_a_hand_in_the_plan_is_told_and_refused(finn, greta):
    """Greta has both roles: what she changed, somebody else approves."""
    from storefront.accounts.services import give_role

    both = User.objects.get(email="greta@example.com")
    give_role(user=both, role=FINANCE)
    version = draft_by()
    change_draft(
        version_id=version.pk, document=PLAN.replace("5%", "4%"),
        actor=Actor(User.objects.get(email="greta@example.com")), at=timezone.now(),
    )  # fmt: skip
    begin = begin_of(finn, version)
    act(finn, version, "submit", effective_from=begin)
    shown = text_of(greta.get(address("staff-plan", version)))
    assert "You had a hand in this version" in shown
    assert 'value="approve"' not in shown
    assert "second person" in text_of(act(greta, version, "approve", effective_from=begin))
    version.refresh_from_db()
    assert version.state == "submitted"


@pytest.mark.parametrize("day", ["", "2026-03-02", "never", "9999-12-31"], ids=repr)
def test_a_plan_is_submitted_for_the_first_day_of_a_period_only(finn, day):
    version = draft_by()
    answer = act(finn, version, "submit", effective_from=day)
    assert answer.context["form"].errors["effective_from"]
    version.refresh_from_db()
    assert version.state == "draft"


def test_sending_back_and_withdrawing_want_a_reason(finn, greta):
    version = draft_by()
    act(finn, version, "submit", effective_from=begin_of(finn, version))
    assert act(greta, version, "return").context["form"].errors["reason"]
    assert act(greta, version, "return", reason="too much").status_code == 302
    assert act(finn, version, "withdraw", reason="given up").status_code == 302
    version.refresh_from_db()
    assert (version.state, version.withdrawn_by.email) == ("withdrawn", "finn@example.com")


def test_the_page_shows_bounds_findings_and_the_rules_of_a_market_with_sources(finn):
    shown = text_of(finn.get(address("staff-plan", draft_by()), {"market": "us"}))
    for words in ("20% of cv", "United States", "Koscot", "Where it is broken"):
        assert words in shown, words


def test_two_versions_are_laid_side_by_side_by_value_and_by_line(finn):
    first, second = draft_by(), draft_by(document=PLAN.replace("5%", "4%"))
    answer = finn.get(
        address("staff-plan-compare"), {"before": first.number, "after": second.number}
    )
    (change,) = answer.context["changes"]
    assert (change.place, change.before) == ("bonuses.levels.rate", RATE)
    assert "else 4%" in text_of(answer)
    wrong = finn.get(address("staff-plan-compare"), {"before": "x", "after": "9" * 30})
    assert wrong.status_code == 200


def test_the_document_is_handed_out_as_it_is(finn):
    version = draft_by()
    assert finn.get(address("staff-plan-file", version)).content.decode() == PLAN


def test_queries_do_not_grow_with_versions(finn):
    def count(name, version=None):
        with CaptureQueriesContext(connection) as queries:
            assert finn.get(address(name, version)).status_code == 200
        return len(queries)

    first = draft_by()
    pages = [("staff-plans", None), ("staff-plan", first), ("staff-books", None)]
    for page in pages:
        count(*page)
    small = [count(*page) for page in pages]
    actor = Actor(User.objects.get(email="finn@example.com"))
    for _ in range(5):
        draft_library_plan(name="unilevel", actor=actor, at=timezone.now())
    assert [count(*page) for page in pages] == small
    assert max(small) <= 20
