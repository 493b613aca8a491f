"""Questions: asked by anybody, confirmed by mail, answered by staff, found again."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from storefront.accounts.roles import FINANCE, OPERATORS
from storefront.shop.questions import services
from storefront.shop.questions.models import Question
from storefront.shop.questions.tasks import mail_confirm_question, mail_question_answered
from tests.factories import make_account, make_product

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
ASKED = {"text": "Does it foam?", "name": "Nina", "email": "nina@example.com"}


def ask(client: Client, product: Any, **changes: str) -> Any:
    return client.post(f"/shop/questions/{product.pk}/", {**ASKED, **changes})


def make_question(product: Any, **facts: Any) -> Question:
    return Question.objects.create(
        **{
            "product": product,
            "language": "en",
            "text": "Does it foam?",
            "asked_at": AT,
            "status": "open",
            **facts,
        }
    )


def jobs() -> list[str]:
    return list(DBTaskResult.objects.values_list("task_path", flat=True))


def test_a_guest_confirms_the_address_and_only_then_staff_see_it(client: Client) -> None:
    soap = make_product()
    ask(client, soap)
    question = Question.objects.get()
    assert question.status == "unconfirmed"
    mail_confirm_question.call(question_id=question.pk)
    link = re.search(r"/shop/questions/confirm/\S+/", mail.outbox[0].body)
    assert link and mail.outbox[0].to == ["nina@example.com"]
    client.get(link.group())
    question.refresh_from_db()
    assert question.status == "unconfirmed", "a program that follows links confirms nothing"
    client.post(link.group())
    question.refresh_from_db()
    assert question.status == "open"
    assert client.post(link.group()).status_code == 404


def test_who_is_signed_in_asks_without_an_address(client: Client) -> None:
    dora = make_account("dora", first_name="Dora")
    client.force_login(dora)
    ask(client, make_product(), email="somebody@example.com")
    question = Question.objects.get()
    assert (question.user, question.email, question.name) == (dora, "", "Dora")
    assert question.status == "open" and jobs() == []


def test_what_fills_in_the_hidden_field_is_thanked_and_dropped(client: Client) -> None:
    answer = ask(client, make_product(), website="https://spam.example")
    assert answer.status_code == 302
    assert not Question.objects.exists() and jobs() == []


def test_one_address_asks_five_times_an_hour(client: Client) -> None:
    soap = make_product()
    codes = [ask(client, soap, text=f"Question {number}?").status_code for number in range(6)]
    assert codes == [302] * 5 + [429]
    assert Question.objects.count() == 5


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": "x" * 1001}, {"email": "nobody"}, {"email": ""}]
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_kept(
    client: Client, wrong: dict[str, str]
) -> None:
    answer = ask(client, make_product(), **wrong)
    assert answer.status_code == 422
    assert answer.context["question_form"].errors.keys() == wrong.keys()
    assert not Question.objects.exists()


def test_asking_the_same_twice_is_one_question_and_one_mail(client: Client) -> None:
    soap = make_product()
    ask(client, soap)
    ask(client, soap)
    assert Question.objects.count() == 1 and len(jobs()) == 1


def test_an_answer_is_published_and_the_asker_gets_one_mail() -> None:
    question = make_question(make_product(), email="nina@example.com", language="en")
    operator = make_account("olga")
    for answer in ("Yes.", "Yes, softly."):
        services.publish_answer(question_id=question.pk, answer=answer, by=operator, at=AT)
    question.refresh_from_db()
    assert (question.status, question.answer) == ("published", "Yes, softly.")
    assert jobs() == ["storefront.shop.questions.tasks.mail_question_answered"]
    mail_question_answered.call(question_id=question.pk)
    assert "Yes, softly." in mail.outbox[0].body
    assert f"#question-{question.pk}" in mail.outbox[0].body


def test_an_address_nobody_confirmed_gets_no_mail_however_the_question_ends(
    client: Client,
) -> None:
    ask(client, make_product())
    question = Question.objects.get()
    olga = make_account("olga", OPERATORS)
    services.reject_question(question_id=question.pk, by=olga, at=AT)
    services.publish_answer(question_id=question.pk, answer="Yes.", by=olga, at=AT)
    question.refresh_from_db()
    assert (question.status, question.answer) == ("published", "Yes.")
    assert (question.rejected_by, question.rejected_at) == (olga, AT)
    assert not any("answered" in job for job in jobs())


def test_an_empty_answer_and_an_unconfirmed_question_are_refused() -> None:
    soap = make_product()
    for facts, answer in (({}, " "), ({"status": "unconfirmed"}, "Yes.")):
        question = make_question(soap, **facts)
        with pytest.raises(services.CannotAnswer):
            services.publish_answer(question_id=question.pk, answer=answer, by=None, at=AT)


def test_only_answered_questions_are_on_the_page_and_in_its_search(client: Client) -> None:
    soap = make_product()
    make_question(soap, status="published", text="Does it foam?", answer="Yes, softly.")
    make_question(soap, status="published", text="Is it <b>vegan</b>?", answer="No, beeswax.")
    make_question(soap, status="open", text="Waiting one?")
    make_question(soap, status="rejected", text="Rejected one?")
    html = client.get(soap.get_absolute_url()).content.decode()
    assert "Does it foam?" in html and "&lt;b&gt;vegan" in html
    assert "Waiting one" not in html and "Rejected one" not in html
    address = f"/shop/questions/{soap.pk}/"
    found = client.get(address, {"q": "beeswax no"}).content.decode()
    assert "vegan" in found and "foam" not in found
    for query in ("nothing like it", "%", "x" * 5000, "\0", "<script>alert(1)</script>"):
        answer = client.get(address, {"q": query})
        assert answer.status_code == 200 and b"<script>alert" not in answer.content, query


def test_questions_in_the_readers_language_are_shown_where_there_are_any(client: Client) -> None:
    soap = make_product()
    make_question(soap, status="published", language="ru", text="Пенится?", answer="Да.")
    assert "Пенится?" in client.get(soap.get_absolute_url()).content.decode()
    make_question(soap, status="published", text="Does it foam?", answer="Yes.")
    assert "Пенится?" not in client.get(soap.get_absolute_url()).content.decode()


def test_staff_answer_and_reject_in_the_dashboard(client: Client) -> None:
    soap = make_product()
    foam, rude = make_question(soap), make_question(soap, text="Something rude?")
    client.force_login(make_account("olga", role=OPERATORS))
    assert "Does it foam?" in client.get("/dashboard/catalogue/questions/").content.decode()
    address = f"/dashboard/catalogue/questions/{foam.pk}/"
    assert client.post(address, {"answer": ""}).status_code == 422
    client.post(address, {"answer": "Yes."})
    client.post(f"/dashboard/catalogue/questions/{rude.pk}/", {"reject": ""})
    assert dict(Question.objects.values_list("text", "status")) == {
        "Does it foam?": "published",
        "Something rude?": "rejected",
    }
    for status in ("published", "rejected", "nonsense"):
        answer = client.get("/dashboard/catalogue/questions/", {"status": status})
        assert answer.status_code == 200


def test_finance_does_not_answer_questions(client: Client) -> None:
    question = make_question(make_product())
    client.force_login(make_account("fred", role=FINANCE))
    for path in ("", f"{question.pk}/"):
        assert client.get(f"/dashboard/catalogue/questions/{path}").status_code == 403
