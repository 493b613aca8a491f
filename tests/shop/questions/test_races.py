"""The same form sent several times at once on PostgreSQL: one question, one alert, one mail each."""

from datetime import UTC, datetime

import pytest
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from storefront.shop.questions.alerts import ask_for_alert
from storefront.shop.questions.models import Question
from storefront.shop.questions.services import ask_question
from tests.factories import make_product
from tests.racing import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_question_sent_four_times_at_once_is_one_question_and_one_mail() -> None:
    soap = make_product()

    def ask() -> Question:
        return ask_question(
            product_id=soap.pk,
            text="Does it foam?",
            user=None,
            name="Nina",
            email="nina@example.com",
            language="en",
            at=AT,
        )

    asked = run_together([ask] * 4)
    assert Question.objects.count() == 1 and asked == [Question.objects.get()] * 4
    assert DBTaskResult.objects.count() == 1


def test_an_alert_asked_for_four_times_at_once_is_one_alert_and_one_mail() -> None:
    soap = make_product(stock=0)

    def ask() -> object:
        return ask_for_alert(product_id=soap.pk, user=None, email="nina@example.com", language="en")

    alerts = get_model("customer", "ProductAlert").objects
    asked = run_together([ask] * 4)
    assert alerts.count() == 1 and asked == [alerts.get()] * 4
    assert DBTaskResult.objects.filter(task_path__endswith="mail_confirm_alert").count() == 1
