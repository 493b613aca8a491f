"""Reads of the log: what was done with the books, found by person, thing and day."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.ledger.models import Action
from mlm_plugin.network.spreadsheets import harmless_cell


@dataclass(frozen=True)
class Changed:
    """One value that an action changed; None where it was not there before, or is not any more."""

    name: str
    before: str | None
    after: str | None


def find_actions(
    *, person: str = "", thing: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Action]:
    """Actions by e-mail address of who did them, by name or subject, and by days in the plan's time zone.

    `thing` is the beginning of a name or a subject (`plan`, `run.lock`, `run:12`); a whole subject
    finds that thing alone.
    """
    rows = Action.objects.select_related("author").order_by("-pk")
    if person:
        rows = rows.filter(author__email__icontains=person)
    if ":" in thing:
        rows = rows.filter(subject=thing)
    elif thing:
        rows = rows.filter(Q(name__startswith=thing) | Q(subject__startswith=thing))
    if since:
        rows = rows.filter(at__gte=datetime.combine(since, time.min, tzinfo=plan_time_zone()))
    if until:
        rows = rows.filter(at__lte=datetime.combine(until, time.max, tzinfo=plan_time_zone()))
    return rows


def get_action(*, number: int) -> Action:
    """One action. Raises Action.DoesNotExist."""
    return Action.objects.select_related("author").get(pk=number)


def read_changes(*, action: Action) -> list[Changed]:
    """What an action changed, value by value, in the order in which it was written down."""
    names = dict.fromkeys([*action.before, *action.after])
    return [
        Changed(name, _say(action.before.get(name)), _say(action.after.get(name))) for name in names
    ]


def export_actions(*, actions: QuerySet[Action]) -> Iterator[list[str]]:
    """Rows for a spreadsheet, the newest first; nothing in them is a formula."""
    yield [
        pgettext("time", "At"), _("By"), _("From where"), _("Action"), _("What"), _("Reason"),
        _("Before"), _("After"),
    ]  # fmt: skip
    for action in actions.iterator(chunk_size=2_000):
        yield [
            action.at.astimezone(plan_time_zone()).isoformat(timespec="seconds"),
            harmless_cell(action.author.email if action.author else ""),
            action.address or "",
            action.name,
            harmless_cell(action.subject),
            harmless_cell(action.reason),
            _in_one_cell(action.before),
            _in_one_cell(action.after),
        ]


def _say(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _in_one_cell(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
