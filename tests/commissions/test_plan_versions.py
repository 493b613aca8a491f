"""Plans are approved by a second person from a period on; periods are opened ahead by their calendars."""

from datetime import date

import pytest

from mlm_plugin.commissions.periods import CannotOpen, NoPlan, open_periods
from mlm_plugin.commissions.plan_versions import (
    CannotApprove,
    NotADraft,
    approve_plan,
    change_draft,
    draft_library_plan,
    draft_plan,
)
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
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def books():
    return march_of_the_family()


def test_periods_are_opened_ahead_once_in_all_calendars_of_the_plan():
    weekly = PLAN.replace('kind = "unilevel"', 'kind = "unilevel"\ncalendar = "week"')
    finn, greta = make_user("finn"), make_user("greta")
    with pytest.raises(NoPlan):
        open_periods(through=APRIL)
    approved_plan(weekly, finn=finn, greta=greta)
    opened = open_periods(through=date(2026, 3, 10))
    # March begins on a Sunday: the week it is in belongs to no plan.
    assert [period.name for period in opened] == ["2026-03", "2026-W10", "2026-W11"]
    assert open_periods(through=date(2026, 3, 10)) == []
    assert [period.name for period in open_periods(through=APRIL)] == [
        "2026-04", "2026-W12", "2026-W13", "2026-W14",
    ]  # fmt: skip


def test_a_plan_that_cuts_time_across_open_periods_is_refused(books):
    listed = (
        '\n[calendars.month]\nkind = "list"\nperiods = [\n'
        "  { id = 'P1', first = 2026-04-15, until = 2026-05-14 },\n]\n"
    )
    approved_plan(PLAN + listed, finn=books.finn, greta=books.greta, begin=date(2026, 4, 15))
    with pytest.raises(CannotOpen, match="P1"):
        open_periods(through=date(2026, 5, 1))


def test_a_draft_is_checked_by_the_engine_and_changed_until_approval():
    finn, greta = make_user("finn"), make_user("greta")
    with pytest.raises(PlanError, match=r"bonuses\.levels\.base.*cw"):
        draft_plan(document=PLAN.replace('base = "cv"', 'base = "cw"'), author=finn, at=at(2, 1))
    draft = draft_plan(document=PLAN, author=finn, at=at(2, 1))
    seen = draft.digest
    changed = change_draft(
        version_id=draft.pk, document=PLAN.replace("5%", "4%"), author=finn, at=at(2, 1)
    )
    given = {"version_id": draft.pk, "effective_from": MARCH, "at": at(2, 2)}
    with pytest.raises(CannotApprove, match="changed meanwhile"):
        approve_plan(digest=seen, approver=greta, **given)
    with pytest.raises(CannotApprove, match="second person"):
        approve_plan(digest=changed.digest, approver=finn, **given)
    with pytest.raises(CannotApprove, match="begins on 2026-03-01"):
        approve_plan(
            digest=changed.digest, approver=greta, **{**given, "effective_from": date(2026, 3, 5)}
        )
    approve_plan(digest=changed.digest, approver=greta, **given)
    with pytest.raises(NotADraft):
        change_draft(version_id=draft.pk, document=PLAN, author=finn, at=at(2, 3))


def test_a_plan_does_not_begin_in_a_closed_period(books):
    closed_march(books)
    with pytest.raises(CannotApprove, match="closed through 2026-03-31"):
        approved_plan(PLAN, finn=books.finn, greta=books.greta)


def test_every_plan_of_the_library_is_a_starting_point():
    finn = make_user("finn")
    names = [name for name, _path in list_plans()]
    versions = [draft_library_plan(name=name, author=finn, at=at(2, 1)) for name in names]
    assert [version.number for version in versions] == list(range(1, len(names) + 1))
    with pytest.raises(KeyError):
        draft_library_plan(name="unknown", author=finn, at=at(2, 1))
