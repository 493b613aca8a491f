"""Several at once: a question is there once and answered once, and so are the details of a run."""

import uuid
from functools import partial

import pytest
from django.core.files.storage import storages

from mlm_plugin.commissions.plan_versions import draft_plan
from mlm_plugin.commissions.services import commit_run
from mlm_plugin.commissions.statements_details import write_details
from mlm_plugin.commissions.statements_models import RunDetails
from mlm_plugin.commissions.what_if import FOLDER, ask_what_if, work_out
from mlm_plugin.commissions.what_if_models import WhatIf
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Action
from tests.commissions.books import PLAN, locked_run, march_of_the_family
from tests.racing import run_together
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_question_is_asked_and_answered_once_and_details_are_written_once():
    """Asked three times at once, answered by three workers, and details written by three more."""
    books = march_of_the_family()
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    version = draft_plan(document=PLAN, actor=Actor(books.finn), at=at(4, 5))
    ask = partial(
        ask_what_if, key=uuid.uuid4(), version_id=version.pk, first_id=books.march.pk,
        last_id=books.march.pk, language="en", actor=Actor(books.finn), at=at(4, 5),
    )  # fmt: skip
    asked = run_together([ask] * 3)
    assert {each.pk for each in asked} == {WhatIf.objects.get().pk}
    assert Action.objects.filter(name="what_if.ask").count() == 1

    kept = set(files())
    run_together([partial(work_out, what_if_id=asked[0].pk, at=at(4, 6))] * 3)
    assert WhatIf.objects.get().state == WhatIf.State.DONE
    assert len(set(files()) - kept) == 1

    written = run_together([partial(write_details, run_id=run.pk, at=at(4, 4))] * 3)
    assert {each.pk for each in written} == {RunDetails.objects.get().pk}


def files():
    store = storages["private"]
    return store.listdir(FOLDER)[1] if store.exists(FOLDER) else []
