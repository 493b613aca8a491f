"""Writes of questions: asked, confirmed, answered or rejected, each once."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.shop.questions import tasks
from storefront.shop.questions.models import Question

Status = Question.Status


class CannotAnswer(Exception):
    """The question is not in a state for that; the text says why."""


@transaction.atomic
def ask_question(
    *, product_id: int, text: str, user: Any, name: str, email: str, language: str, at: datetime
) -> Question:
    """Take a question down. Without an account its address is written to, to be confirmed.

    The same question of the same person, while it waits, is the one that is there already: the
    product's row is locked, so that of a form sent twice at once the second finds the first.
    """
    get_model("catalogue", "Product").objects.select_for_update(no_key=True).get(pk=product_id)
    known = user is not None and user.is_authenticated
    asker = {"user": user} if known else {"user": None, "email": email}
    status = Status.OPEN if known else Status.UNCONFIRMED
    question = Question.objects.filter(
        product_id=product_id, text=text, status=status, **asker
    ).first()
    if question is None:
        question = Question.objects.create(
            product_id=product_id,
            text=text,
            name=name,
            language=language,
            status=status,
            key="" if known else secrets.token_urlsafe(32),
            asked_at=at,
            **asker,
        )
        if not known:
            tasks.mail_confirm_question.enqueue(question_id=question.pk)
    return question


def confirm_question(*, key: str) -> bool:
    """The address belongs to the asker; False for an unknown key, or the second time."""
    if not key or "\0" in key:
        return False
    waiting = Question.objects.filter(key=key, status=Status.UNCONFIRMED)
    return waiting.update(status=Status.OPEN, key="") == 1


@transaction.atomic
def publish_answer(*, question_id: int, answer: str, by: Any, at: datetime) -> None:
    """Answer an open question for everybody to read and write to its asker; or correct an answer.

    The asker is written to once, and only at an address that was confirmed: a question can be
    rejected before that. Raises CannotAnswer for an empty answer or a question that is neither
    open, rejected nor published.
    """
    answer = answer.strip()
    if not answer:
        raise CannotAnswer(_("Please write an answer."))
    facts = {"answer": answer, "answered_by": by, "status": Status.PUBLISHED}
    question = Question.objects.filter(pk=question_id)
    waiting = question.filter(status__in=[Status.OPEN, Status.REJECTED], answered_at=None)
    if waiting.update(answered_at=at, **facts):
        # The secret is there until the link with it was used.
        if question.filter(key="").exists():
            tasks.mail_question_answered.enqueue(question_id=question_id)
    elif not question.filter(answered_at__isnull=False).update(**facts):
        raise CannotAnswer(_("This question cannot be answered yet: its address is not confirmed."))


def reject_question(*, question_id: int, by: Any, at: datetime) -> None:
    """Keep a question (or one that was published) off the page; saying it twice changes nothing."""
    Question.objects.filter(
        pk=question_id, status__in=[Status.OPEN, Status.PUBLISHED, Status.UNCONFIRMED]
    ).update(status=Status.REJECTED, rejected_by=by, rejected_at=at)
