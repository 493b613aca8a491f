"""Writes of what-ifs: asked for by a person, worked out by the worker on frozen inputs, and kept."""

import csv
import io
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, PlanVersion, Run
from mlm_plugin.commissions.periods import MISTAKES, calendars_of
from mlm_plugin.commissions.stored_files import stored_file, unpack_folder
from mlm_plugin.commissions.what_if_models import WhatIf
from mlm_plugin.commissions.what_if_sides import Comparison, paid_side, would_be_side
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.freezing import thaw
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.reading_earlier import read_earlier
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.writing import write_result

MOST_PERIODS = 12
# A job that was killed is taken up again after this.
LEFT_BEHIND = timedelta(hours=1)
FOLDER = "what_if"


class CannotAsk(ValueError):
    """It cannot be asked like that; the text says what would be right."""


class CannotCompute(ValueError):
    """The plan and the frozen inputs do not fit; the text says where."""


def ask_what_if(
    *,
    key: UUID,
    version_id: int,
    first_id: int,
    last_id: int,
    language: str,
    actor: Actor,
    at: datetime,
) -> WhatIf:
    """Ask what a plan version or draft would have paid from one closed period through another.

    The worker answers. Asked again under the same key it is there once. Raises CannotAsk.
    """
    assert actor.user_id is not None, "the schedule asks nothing"
    version = PlanVersion.objects.get(pk=version_id)
    periods = _periods_between(Period.objects.get(pk=first_id), Period.objects.get(pk=last_id))
    plan = load_plan(version.document)
    if periods[0].calendar not in calendars_of(plan):
        raise CannotAsk(
            _("The plan pays nothing by the calendar “%(calendar)s”; it has: %(known)s.")
            % {"calendar": periods[0].calendar, "known": ", ".join(sorted(calendars_of(plan)))}
        )
    with transaction.atomic():
        asked, is_new = WhatIf.objects.get_or_create(
            key=key,
            defaults={
                "plan_version": version,
                "document": version.document,
                "first": periods[0],
                "last": periods[-1],
                "author_id": actor.user_id,
                "language": language,
                "asked_at": at,
            },
        )
        if is_new:
            record_action(
                actor=actor,
                at=at,
                name="what_if.ask",
                subject=f"what_if:{asked.pk}",
                after={
                    "plan": version.number,
                    "first": periods[0].name,
                    "last": periods[-1].name,
                },
            )
            from mlm_plugin.commissions import what_if_tasks

            what_if_tasks.work_out.enqueue(what_if_id=asked.pk)
    return asked


def work_out(*, what_if_id: int, at: datetime) -> WhatIf:
    """Answer a question once; one that is being answered, or was, stays as it is.

    One that somebody began and left behind is begun anew. What does not fit is kept as its failure,
    in the language of whoever asked.
    """
    state = WhatIf.State
    waiting = WhatIf.objects.filter(pk=what_if_id)
    claimed = waiting.filter(state=state.WAITING).update(state=state.WORKING, started_at=at)
    if not claimed:
        claimed = waiting.filter(state=state.WORKING, started_at__lt=at - LEFT_BEHIND).update(
            started_at=at
        )
    asked = WhatIf.objects.select_related("first", "last").get(pk=what_if_id)
    if not claimed:
        return asked
    with translation.override(asked.language):
        try:
            comparison = _compute(asked)
        except CannotCompute as mistake:
            asked.state, asked.failure = state.FAILED, str(mistake)
        else:
            asked.report = comparison.report()
            asked.file = _keep_table(comparison)
            asked.state = state.DONE
    asked.finished_at = at
    asked.save()
    return asked


def look_after_what_ifs(*, at: datetime) -> None:
    """Take up what was left behind; see `PERIODIC`."""
    left = WhatIf.objects.filter(state=WhatIf.State.WORKING, started_at__lt=at - LEFT_BEHIND)
    for number in left.values_list("pk", flat=True):
        work_out(what_if_id=number, at=at)


def _periods_between(first: Period, last: Period) -> list[Period]:
    """The closed periods of one calendar from one through another. Raises CannotAsk."""
    if first.calendar != last.calendar:
        raise CannotAsk(_("Both periods must be of one calendar."))
    if first.first > last.first:
        raise CannotAsk(_("The first period is after the last one."))
    periods = list(
        Period.objects.filter(
            calendar=first.calendar, first__gte=first.first, first__lte=last.first
        ).order_by("first")
    )
    is_open = [each.name for each in periods if each.state != Period.State.CLOSED]
    if is_open:
        raise CannotAsk(_("%s is not closed: only closed periods have frozen inputs.") % is_open[0])
    if len(periods) > MOST_PERIODS:
        raise CannotAsk(
            _("These are %(count)d periods; at most %(most)d can be compared at once.")
            % {"count": len(periods), "most": MOST_PERIODS}
        )
    return periods


def _compute(asked: WhatIf) -> Comparison:
    """Both sides, period by period; the plan goes on from what it would have left itself."""
    plan = load_plan(asked.document)
    comparison = Comparison(plan)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = _results_before(plan, asked.first, folder)
        for number, period in enumerate(_periods_between(asked.first, asked.last)):
            with stored_file(name=period.inputs, digest=period.file_digest) as path:
                old_plan, frozen = thaw(path)
            _check_alike(plan, old_plan, period)
            paid = run_plan(plan=old_plan, snapshot=frozen)
            try:
                snapshot = frozen if not number else _carried_on(plan, frozen, results)
                result = run_plan(plan=plan, snapshot=snapshot)
            except (*MISTAKES, PlanError) as mistake:
                raise CannotCompute(
                    _("%(period)s cannot be computed by this plan: %(mistake)s")
                    % {"period": period.name, "mistake": mistake}
                ) from mistake
            results.append(folder / f"would-be-{period.pk}")
            write_result(result=result, folder=results[-1], skips=False, seconds={})
            comparison.add(
                period=period.name,
                before=paid_side(period=period, result=paid),
                after=would_be_side(result=result),
            )
    return comparison


def _check_alike(plan: Plan, old_plan: Plan, period: Period) -> None:
    """Amounts of two currencies cannot stand side by side, and a frozen tree is what it was."""
    trees = old_plan.document.trees
    for name, tree in plan.document.trees.items():
        if name in trees and tree.parent != trees[name].parent:
            raise CannotCompute(
                _("The tree “%(tree)s” is by “%(new)s” here; in %(period)s it was by “%(old)s”.")
                % {
                    "tree": name,
                    "new": tree.parent,
                    "old": trees[name].parent,
                    "period": period.name,
                }
            )
    new, old = plan.document.plan, old_plan.document.plan
    if (new.currency, new.places) != (old.currency, old.places):
        raise CannotCompute(
            _("%(period)s was paid in %(old)s, and this plan pays in %(new)s.")
            % {"period": period.name, "old": old.currency, "new": new.currency}
        )


def _results_before(plan: Plan, first: Period, folder: Path) -> list[Path]:
    """What was committed before the first period under plans of the same id."""
    found = []
    runs = Run.objects.filter(
        kind=Run.Kind.PERIOD,
        state=Run.State.COMMITTED,
        period__last__lt=first.first,
        plan_version__plan=plan.document.plan.id,
    )
    for number, name, digest in runs.order_by("pk").values_list("pk", "result", "file_digest"):
        unpack_folder(name=name, digest=digest, folder=folder / str(number))
        found.append(folder / str(number))
    return found


def _carried_on(plan: Plan, frozen: Snapshot, results: Sequence[Path]) -> Snapshot:
    """The frozen facts, going on from this plan's own results instead of what was paid."""
    earlier = read_earlier(
        plan=plan,
        period=frozen.period,
        positions=frozen.positions,
        lines=frozen.lines,
        history=None,
        prior=results,
    )
    return replace(frozen, earlier=earlier)


def _keep_table(comparison: Comparison) -> str:
    """The table by member as CSV in the private store; returns its name there."""
    text = io.StringIO()
    writer: Any = csv.writer(text, lineterminator="\n")
    writer.writerows(comparison.member_rows())
    name = f"{FOLDER}/{secrets.token_urlsafe(24)}.csv"
    return storages["private"].save(name, ContentFile(text.getvalue().encode("utf-8-sig")))
