"""Mails to people who asked something about a product, in the language they asked in."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_model

from storefront.mails.services import send_mail
from storefront.shop.listing.naming import get_titles_here
from storefront.shop.questions.models import Question
from storefront.targets import full_address


def send_confirm_question(*, question_id: int) -> None:
    """Ask whether the address is the asker's; nothing when that is known by now."""
    question = Question.objects.select_related("product").get(pk=question_id)
    if question.status == Question.Status.UNCONFIRMED:
        link = reverse("product-question-confirm", kwargs={"key": question.key})
        _send_about(question, "question_confirm", link_url=full_address(link))


def send_question_answered(*, question_id: int) -> None:
    """The answer, and where it stands."""
    question = Question.objects.select_related("product__parent", "user").get(pk=question_id)
    link = f"{question.product.get_absolute_url()}#question-{question.pk}"
    _send_about(question, "question_answered", link_url=full_address(link))


def send_confirm_alert(*, alert_id: int) -> None:
    """Ask whether the address belongs to who wants to be told."""
    alert = _get_alert(alert_id)
    if alert.can_be_confirmed:
        _send_alert(alert, "alert_confirm", link_url=full_address(alert.get_confirm_url()))


def send_back_in_stock(*, alert_id: int) -> None:
    """The product is back: where it is, and how to hear nothing more."""
    alert = _get_alert(alert_id)
    product = alert.product
    head = product.parent or product
    link = head.get_absolute_url()
    if head is not product:
        link = f"{link}?variant={product.pk}"
    _send_alert(alert, "back_in_stock", link_url=full_address(link))


def _get_alert(alert_id: int) -> Any:
    alerts = get_model("customer", "ProductAlert").objects
    return alerts.select_related("product__parent", "user", "asked_in").get(pk=alert_id)


def _send_alert(alert: Any, kind: str, **context: Any) -> None:
    asked = getattr(alert, "asked_in", None)
    language = asked.language if asked else settings.LANGUAGE_CODE
    with translation.override(language):
        title = get_titles_here(products=[alert.product])[alert.product_id]
    if alert.key:
        context["cancel_url"] = full_address(alert.get_cancel_url())
    else:
        context["list_url"] = full_address(reverse("customer:alerts-list"))
    send_mail(
        kind=kind,
        to=alert.get_email_address(),
        language=language,
        context={"product": title, **context},
    )


def _send_about(question: Question, kind: str, **context: Any) -> None:
    with translation.override(question.language):
        title = get_titles_here(products=[question.product])[question.product_id]
    send_mail(
        kind=kind,
        to=question.address,
        language=question.language,
        context={"product": title, "question": question, **context},
    )
