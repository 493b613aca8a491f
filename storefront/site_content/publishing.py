"""Pages that appear and disappear by the clock, as an editor set it in the CMS."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)


def publish_scheduled(*, at: datetime) -> int:
    """Publish what goes live and take down what expires by `at`; return how many were changed.

    Wagtail's command does the same in one go. Here every page is locked and done by itself, so two
    workers do nothing twice, and one page that fails does not hold up the others.
    """
    return _take_down_expired(at=at) + _publish_due(at=at)


def _take_down_expired(*, at: datetime) -> int:
    done = 0
    for model in _models_with_drafts():
        due = model.objects.filter(live=True, expire_at__lt=at)
        done += _each(due.order_by("expire_at").values_list("pk", flat=True), due, _take_down)
    return done


def _publish_due(*, at: datetime) -> int:
    due = Revision.objects.filter(approved_go_live_at__lt=at)
    keys = due.order_by("approved_go_live_at").values_list("pk", flat=True)
    return _each(keys, due, _publish)


def _each(keys: Iterable[Any], due: Any, change: Callable[[Any], None]) -> int:
    done = 0
    for key in list(keys):
        try:
            with transaction.atomic():
                # Somebody else may have been faster: only what is still due is changed.
                row = due.select_for_update(of=("self",)).filter(pk=key).first()
                if row is None:
                    continue
                change(row)
                done += 1
        except Exception:
            logger.exception("Scheduled publishing of %s %s failed", due.model._meta.label, key)
    return done


def _take_down(row: Any) -> None:
    row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled")


def _models_with_drafts() -> list[Any]:
    others = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]
