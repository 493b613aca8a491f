"""Reads of questions: those of a product that everybody sees, and those that wait for staff."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.shop.questions.models import Question

SEARCH_LENGTH = 100


@dataclass(frozen=True)
class AnsweredQuestions:
    """The first of a product's published questions, and how many there are."""

    total: int
    questions: list[Question]


def get_answered(*, product_id: int, language: str, count: int) -> AnsweredQuestions:
    """A product's published questions, those in `language` first, in one query.

    Those in other languages are counted, but left out where there is one in this language.
    """
    found = list(
        _published(product_id, language).annotate(total=Window(Count("pk")))[:count]  # type: ignore[misc]
    )
    here = [question for question in found if not question.elsewhere]
    return AnsweredQuestions(total=found[0].total if found else 0, questions=here or found)


def search_answered(*, product_id: int, language: str, query: str) -> QuerySet[Question]:
    """A product's published questions that hold every word of `query`, which may be empty."""
    found = _published(product_id, language)
    for word in query.replace("\0", " ")[:SEARCH_LENGTH].split():
        found = found.filter(Q(text__icontains=word) | Q(answer__icontains=word))
    return found


def get_waiting(*, status: str) -> QuerySet[Question]:
    """Questions of one status for staff, oldest open ones first."""
    order = "asked_at" if status == Question.Status.OPEN else "-asked_at"
    questions = Question.objects.filter(status=status).select_related("product", "user")
    return questions.order_by(order, "pk")


def count_by_status() -> dict[str, int]:
    """How many questions there are per status."""
    rows = Question.objects.order_by().values("status").annotate(count=Count("pk"))
    found = {row["status"]: row["count"] for row in rows}
    return {status: found.get(status, 0) for status in Question.Status.values}


def get_due_alerts() -> QuerySet[Any]:
    """Active alerts of products that can be bought (again)."""
    ProductAlert = get_model("customer", "ProductAlert")
    kind = Coalesce(
        F("product__product_class__track_stock"), F("product__parent__product_class__track_stock")
    )
    records = (
        get_model("partner", "StockRecord")
        .objects.filter(product__is_public=True, price__isnull=False)
        .annotate(left=F("num_in_stock") - Coalesce(F("num_allocated"), Value(0)), tracked=kind)
        .filter(Q(left__gt=0) | Q(tracked=False))
    )
    back = Q(product__in=records.values("product")) | Q(
        product__in=records.values("product__parent")
    )
    return ProductAlert.objects.filter(back, status=ProductAlert.ACTIVE, product__is_public=True)


def _published(product_id: int, language: str) -> QuerySet[Question]:
    here = Case(
        When(language=language, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        Question.objects.filter(product_id=product_id, status=Question.Status.PUBLISHED)
        .annotate(elsewhere=here)
        .order_by("elsewhere", "-asked_at", "-pk")
    )
