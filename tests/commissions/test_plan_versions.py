"""Plans are approved by a second person from a period on; periods are opened ahead by their calendars."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Event

import pytest
from django.db import DatabaseError, transaction

from mlm_plugin.commissions.models import PlanEditor, PlanVersion
from mlm_plugin.commissions.periods import CannotOpen, NoPlan, find_version, open_periods
from mlm_plugin.commissions.plan_selectors import analyse, find_begins
from mlm_plugin.commissions.plan_versions import (
    CannotApprove,
    ChangedMeanwhile,
    NotADraft,
    approve_plan,
    change_draft,
    digest_of_text,
    draft_library_plan,
    draft_next_version,
    draft_plan,
    return_plan,
    submit_plan,
    withdraw_plan,
)
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.library import list_plans
from tests.commissions.books import (
    APRIL,
    MARCH,
    PLAN,
    approved_plan,
    closed_march,
    march_of_the_family,
)
from tests.factories import make_user
from tests.racing import PATIENCE, run_together, wait_until_somebody_waits
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CHANGED = PLAN.replace("5%", "4%")


@pytest.fixture
def books():
    return march_of_the_family()


@pytest.fixture
def finn():
    return Actor(make_user("finn"), "192.0.2.7")


@pytest.fixture
def greta():
    return Actor(make_user("greta"), "192.0.2.8")


@pytest.fixture
def hanna():
    return Actor(make_user("hanna"))


def submitted(finn, document=PLAN):
    draft = draft_plan(document=document, actor=finn, at=at(2, 1))
    return submit_plan(
        version_id=draft.pk, digest=draft.digest, effective_from=MARCH, actor=finn, at=at(2, 1)
    )


def approve(version, actor, **fields):
    given = {"digest": version.digest, "effective_from": MARCH, "at": at(2, 2), **fields}
    return approve_plan(version_id=version.pk, actor=actor, **given)


def test_periods_are_opened_ahead_once_in_all_calendars_of_the_plan():
    weekly = PLAN.replace('kind = "unilevel"', 'kind = "unilevel"\ncalendar = "week"')
    finn, greta = make_user("finn"), make_user("greta")
    with pytest.raises(NoPlan):
        open_periods(through=APRIL, actor=SCHEDULE, at=at(2, 2))
    approved_plan(weekly, finn=finn, greta=greta)
    opened = open_periods(through=date(2026, 3, 10), actor=SCHEDULE, at=at(2, 2))
    # March begins on a Sunday: the week it is in belongs to no plan.
    assert [period.name for period in opened] == ["2026-03", "2026-W10", "2026-W11"]
    assert open_periods(through=date(2026, 3, 10), actor=SCHEDULE, at=at(2, 2)) == []
    assert [period.name for period in open_periods(through=APRIL, actor=SCHEDULE, at=at(2, 2))] == [
        "2026-04", "2026-W12", "2026-W13", "2026-W14",
    ]  # fmt: skip


def test_a_plan_that_cuts_time_across_open_periods_is_refused(books):
    listed = (
        '\n[calendars.month]\nkind = "list"\nperiods = [\n'
        "  { id = 'P1', first = 2026-04-15, until = 2026-05-14 },\n]\n"
    )
    approved_plan(PLAN + listed, finn=books.finn, greta=books.greta, begin=date(2026, 4, 15))
    with pytest.raises(CannotOpen, match="P1"):
        open_periods(through=date(2026, 5, 1), actor=SCHEDULE, at=at(2, 2))


def test_a_draft_is_checked_by_the_engine_and_changed_until_it_is_submitted(finn, greta):
    with pytest.raises(PlanError, match=r"bonuses\.levels\.base.*cw"):
        draft_plan(document=PLAN.replace('base = "cv"', 'base = "cw"'), actor=finn, at=at(2, 1))
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    seen = draft.digest
    given = {"version_id": draft.pk, "at": at(2, 2)}
    changed = change_draft(document=CHANGED, actor=finn, **given)
    with pytest.raises(CannotApprove, match="changed meanwhile"):
        submit_plan(digest=seen, effective_from=MARCH, actor=finn, **given)
    with pytest.raises(CannotApprove, match="begins on 2026-03-01"):
        submit_plan(digest=changed.digest, effective_from=date(2026, 3, 5), actor=finn, **given)
    with pytest.raises(CannotApprove, match="submitted first"):
        approve(changed, greta)
    submit_plan(digest=changed.digest, effective_from=MARCH, actor=finn, **given)
    with pytest.raises(NotADraft, match="take it back"):
        change_draft(document=PLAN, actor=finn, **given)
    with pytest.raises(CannotApprove, match="changed meanwhile"):
        approve(changed, greta, digest=seen)
    approve(changed, greta)
    for write in (change_draft, withdraw_plan, return_plan):
        more = {"document": PLAN} if write is change_draft else {"reason": "no"}
        with pytest.raises(NotADraft, match="approved"):
            write(actor=finn, **more, **given)


def test_whoever_edited_a_draft_once_cannot_approve_it_whoever_edits_it_later(finn, greta, hanna):
    """Greta changes finn's draft, finn changes it after her: she is an editor still."""
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    change_draft(version_id=draft.pk, document=CHANGED, actor=greta, at=at(2, 1))
    change_draft(version_id=draft.pk, document=PLAN, actor=finn, at=at(2, 1))
    draft.refresh_from_db()
    submit_plan(
        version_id=draft.pk, digest=draft.digest, effective_from=MARCH, actor=finn, at=at(2, 1)
    )
    for editor in (finn, greta):
        with pytest.raises(CannotApprove, match="second person"):
            approve(draft, editor)
    assert approve(draft, hanna).approved_by_id == hanna.user_id


def test_whoever_submits_or_nobody_at_all_does_not_approve(finn, greta):
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    version = submit_plan(
        version_id=draft.pk, digest=draft.digest, effective_from=MARCH, actor=greta, at=at(2, 1)
    )
    for nobody in (greta, Actor()):
        with pytest.raises(CannotApprove, match="second person"):
            approve(version, nobody)


def test_the_database_refuses_an_editor_as_approver_and_forgets_no_editor(finn, greta):
    version = submitted(finn)
    PlanEditor.objects.create(version=version, user_id=greta.user_id, at=at(2, 1))
    with pytest.raises(DatabaseError, match="own plan"), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(
            state="approved", approved_by=greta.user_id, approved_at=at(2, 2)
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PlanEditor.objects.all()._raw_delete("default")


def test_a_submitted_plan_goes_back_to_be_changed_and_a_withdrawn_one_is_kept(finn, greta):
    version = submitted(finn)
    sent_back = return_plan(version_id=version.pk, reason="4% is enough", actor=greta, at=at(2, 2))
    assert (sent_back.state, sent_back.effective_from) == ("draft", None)
    change_draft(version_id=version.pk, document=CHANGED, actor=finn, at=at(2, 2))
    withdraw_plan(version_id=version.pk, reason="another one", actor=finn, at=at(2, 3))
    given = {"version_id": version.pk, "actor": finn, "at": at(2, 4)}
    assert withdraw_plan(reason="again", **given).withdrawn_at == at(2, 3)
    with pytest.raises(NotADraft, match="withdrawn"):
        change_draft(document=PLAN, **given)
    with pytest.raises(NoPlan):
        find_version(day=MARCH)
    anew = draft_next_version(**given)
    assert (anew.document, anew.based_on_id, anew.number) == (CHANGED, version.pk, 2)


def test_a_text_that_was_changed_meanwhile_is_not_written_over(finn, greta):
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    seen = digest_of_text(PLAN)
    given = {"version_id": draft.pk, "seen": seen, "at": at(2, 2)}
    change_draft(document=CHANGED, actor=greta, **given)
    with pytest.raises(ChangedMeanwhile):
        change_draft(document=PLAN + "# mine\n", actor=finn, **given)
    # Who types the same has nothing to lose.
    change_draft(document=CHANGED, actor=finn, **given)
    draft.refresh_from_db()
    assert draft.document == CHANGED


def test_each_step_is_logged_once_with_who_from_where_before_and_after(finn, greta):
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    given = {"version_id": draft.pk, "at": at(2, 2)}
    for _attempt in range(2):
        change_draft(document=CHANGED, actor=finn, **given)
    draft.refresh_from_db()
    for _attempt in range(2):
        submit_plan(digest=draft.digest, effective_from=MARCH, actor=finn, **given)
    return_plan(reason="why 4%?", actor=greta, **given)
    submit_plan(digest=draft.digest, effective_from=MARCH, actor=finn, **given)
    for _attempt in range(2):
        approve(draft, greta)
    actions = list(Action.objects.order_by("pk"))
    assert [(each.name, each.author_id, each.address) for each in actions] == [
        ("plan.draft", finn.user_id, "192.0.2.7"),
        ("plan.change", finn.user_id, "192.0.2.7"),
        ("plan.submit", finn.user_id, "192.0.2.7"),
        ("plan.return", greta.user_id, "192.0.2.8"),
        ("plan.submit", finn.user_id, "192.0.2.7"),
        ("plan.approve", greta.user_id, "192.0.2.8"),
    ]
    assert {each.subject for each in actions} == {f"plan:{draft.number}"}
    place = "bonuses.levels.rate"
    assert actions[1].before[place] == "10% if level == 1 else 5%"
    assert actions[1].after[place] == "10% if level == 1 else 4%"
    assert actions[3].reason == "why 4%?"
    assert (actions[5].before, actions[5].after) == (
        {"state": "submitted"},
        {"state": "approved", "effective_from": "2026-03-01", "digest": draft.digest},
    )


def test_a_plan_does_not_begin_in_a_closed_period(books):
    closed_march(books)
    with pytest.raises(CannotApprove, match="closed through 2026-03-31"):
        approved_plan(PLAN, finn=books.finn, greta=books.greta)


def test_a_plan_may_begin_on_the_first_days_of_periods_after_the_closed_ones(books):
    version = PlanVersion.objects.get()
    begins = find_begins(version=version, today=date(2026, 3, 20))
    assert begins[:2] == [MARCH, APRIL]
    closed_march(books)
    assert find_begins(version=version, today=date(2026, 4, 2))[0] == APRIL
    assert len(begins) == 12


def test_every_plan_of_the_library_is_a_starting_point(finn):
    names = [name for name, _path in list_plans()]
    versions = [draft_library_plan(name=name, actor=finn, at=at(2, 1)) for name in names]
    assert [version.number for version in versions] == list(range(1, len(names) + 1))
    with pytest.raises(KeyError):
        draft_library_plan(name="unknown", actor=finn, at=at(2, 1))


def test_the_analysis_names_bounds_findings_and_every_market_with_its_sources():
    found = analyse(document=PLAN)
    assert dict(found.bounds)["levels"] == "20% of cv"
    assert [market.code for market in found.markets] == ["us", "eu", "ru", "in", "cn"]
    states = found.markets[0]
    assert not states.is_passed
    assert all(verdict.rule.source for verdict in states.verdicts)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_change_under_way_while_another_submits_waits_and_is_refused():
    """Without the version's row locked it would write its text over what was submitted."""
    finn, greta = Actor(make_user("finn")), Actor(make_user("greta"))
    draft = draft_plan(document=PLAN, actor=finn, at=at(2, 1))
    given = {"version_id": draft.pk, "at": at(2, 2)}
    is_submitted, may_end = Event(), Event()

    def submit_and_linger() -> None:
        with transaction.atomic():
            submit_plan(digest=draft.digest, effective_from=MARCH, actor=finn, **given)
            is_submitted.set()
            assert may_end.wait(PATIENCE)

    change = partial(change_draft, document=CHANGED, actor=greta, **given)
    with ThreadPoolExecutor(2) as pool:
        submitting = pool.submit(run_together, [submit_and_linger])
        assert is_submitted.wait(PATIENCE)
        changing = pool.submit(run_together, [change])
        wait_until_somebody_waits()
        may_end.set()
    assert submitting.result() == [None]
    (answer,) = changing.result()
    assert isinstance(answer, NotADraft)
    version = PlanVersion.objects.get()
    assert (version.state, version.document) == ("submitted", PLAN)
    assert not version.editors.filter(user_id=greta.user_id).exists()
