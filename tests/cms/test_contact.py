"""A form of a page: edited in the CMS, kept, mailed to staff, guarded against floods and robots."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult

from storefront.accounts.roles import APPROVERS, EDITORS, MARKETERS
from storefront.cms import messages
from storefront.cms.models import ContactField, ContactMessage, ContactPage
from tests.cms.building import make_home, make_page
from tests.factories import make_account

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
GOOD = {"your_mail": "nina@example.com", "message": "Is it mild?", "about": "A product"}


@pytest.fixture
def contact() -> Any:
    cache.clear()
    page = make_page(
        ContactPage, make_home(), title="Contact", slug="contact", thanks="<p>Thank you, Nina.</p>",
        to_address="ada@example.com, ben@example.com",
    )  # fmt: skip
    for number, (label, kind, choices) in enumerate(
        (
            ("Your mail", "email", ""),
            ("Message", "multiline", ""),
            ("About", "dropdown", "A product\nAn order"),
        )
    ):
        ContactField.objects.create(
            page=page, label=label, field_type=kind, choices=choices, sort_order=number
        )
    return ContactPage.objects.get()


def send(client: Any, **fields: str) -> Any:
    return client.post("/contact/", {**GOOD, **fields})


def work() -> None:
    """What the worker does with the messages."""
    for submission in ContactMessage.objects.all():
        messages.mail_message.call(submission.pk)


def test_what_is_sent_is_kept_mailed_and_thanked_for(client: Any, contact: Any) -> None:
    answer = send(client)
    assert (answer.status_code, answer.url) == (302, "/contact/?sent=1")
    assert "Thank you, Nina." in client.get(answer.url).content.decode()
    assert ContactMessage.objects.get().form_data == GOOD
    work()
    assert [each.to for each in mail.outbox] == [["ada@example.com"], ["ben@example.com"]]
    assert "Is it mild?" in mail.outbox[0].body
    assert "Contact" in mail.outbox[0].subject
    assert mail.outbox[0].extra_headers["Reply-To"] == "nina@example.com"


def test_without_an_address_the_shop_gets_the_mail(
    client: Any, contact: Any, settings: Any
) -> None:
    ContactPage.objects.update(to_address="")
    send(client)
    work()
    assert mail.outbox[0].to == [settings.OSCAR_FROM_EMAIL]


@pytest.mark.parametrize(
    "fields",
    [
        {"your_mail": "nobody"},
        {"your_mail": "a@example.com\nBcc: b@example.com"},
        {"message": ""},
        {"message": "x" * 10_000},
        {"message": "a\0b"},
        {"about": "Something else"},
        {"about": ATTACK},
    ],
)
def test_errors_stand_beside_their_fields_and_nothing_is_kept(
    client: Any, contact: Any, fields: dict[str, str]
) -> None:
    answer = send(client, **fields)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser").main
    assert page.select_one(".has-error .errors")
    assert not page.select("script, img[src=x]")
    assert not ContactMessage.objects.exists()


def read_key(client: Any) -> str:
    page = BeautifulSoup(client.get("/contact/").content, "html.parser")
    return str(page.select_one("input[type=hidden][name=form-key]")["value"])


def test_a_form_sent_twice_is_one_message_and_one_job(client: Any, contact: Any) -> None:
    key = read_key(client)
    answers = [send(client, **{"form-key": key}) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {302}
    assert ContactMessage.objects.get().form_data == GOOD
    assert DBTaskResult.objects.filter(task_path__endswith="mail_message").count() == 1


def test_other_words_and_another_form_are_other_messages(client: Any, contact: Any) -> None:
    key = read_key(client)
    send(client, **{"form-key": key})
    send(client, **{"form-key": key, "message": "Is it vegan?"})
    send(client, **{"form-key": read_key(client)})
    assert ContactMessage.objects.count() == 3


@pytest.mark.parametrize("key", ["", "a\0b", "x" * 100_000, ATTACK])
def test_a_strange_key_loses_no_message(client: Any, contact: Any, key: str) -> None:
    assert send(client, **{"form-key": key}).status_code == 302
    assert ContactMessage.objects.get().form_data == GOOD


@pytest.mark.parametrize("label", ["Website", "Your website", "Form key"])
def test_a_field_of_any_label_is_no_trap(client: Any, contact: Any, label: str) -> None:
    field = ContactField.objects.create(page=contact, label=label, field_type="singleline")
    send(client, **{field.clean_name: "https://nina.example"})
    assert ContactMessage.objects.get().form_data[field.clean_name] == "https://nina.example"


def test_markup_is_kept_as_text(client: Any, contact: Any) -> None:
    send(client, message=ATTACK)
    work()
    assert ContactMessage.objects.get().form_data["message"] == ATTACK
    html = next(body for body, kind in mail.outbox[0].alternatives if kind == "text/html")
    assert "<script>alert" not in html


def test_a_robot_that_fills_the_trap_is_thanked_and_forgotten(client: Any, contact: Any) -> None:
    assert send(client, **{"your-website": "https://spam.example"}).status_code == 302
    assert not ContactMessage.objects.exists()


def test_the_trap_is_hidden_from_people(client: Any, contact: Any) -> None:
    page = BeautifulSoup(client.get("/contact/").content, "html.parser")
    trap = page.select_one("[name=your-website]")
    assert trap["tabindex"] == "-1"
    assert trap.find_parent(attrs={"aria-hidden": "true"})


def test_after_five_messages_a_sender_waits_and_others_do_not(client: Any, contact: Any) -> None:
    answers = [send(client).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert "wait ten minutes" in send(client).content.decode()
    assert ContactMessage.objects.count() == 5
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert send(other).status_code == 302


def test_another_site_cannot_send_the_form(contact: Any) -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403


def test_staff_read_what_was_sent(client: Any, admin_client: Any, contact: Any) -> None:
    send(client)
    page = admin_client.get(f"/cms/forms/submissions/{contact.pk}/")
    assert "Is it mild?" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "reads"), [(MARKETERS, True), (APPROVERS, False), (EDITORS, False)]
)
def test_messages_are_read_by_the_roles_that_answer_them(
    client: Any, contact: Any, role: str, reads: bool
) -> None:
    send(Client())
    client.force_login(make_account("cleo", role))
    for path in (f"submissions/{contact.pk}/", f"submissions/{contact.pk}/?export=csv"):
        answer = client.get(f"/cms/forms/{path}")
        assert (answer.status_code == 200) == reads
        content = b"".join(answer) if answer.streaming else answer.content
        assert (b"Is it mild?" in content) == reads
    assert (b"Contact" in client.get("/cms/forms/").content) == reads
    number = ContactMessage.objects.get().pk
    delete = f"/cms/forms/submissions/{contact.pk}/delete/?selected-submissions={number}"
    client.post(delete)
    assert ContactMessage.objects.exists() != reads


def test_a_spreadsheet_of_messages_runs_nothing(
    client: Any, admin_client: Any, contact: Any
) -> None:
    send(client, message="=HYPERLINK(A1)")
    file = admin_client.get(f"/cms/forms/submissions/{contact.pk}/?export=csv")
    content = b"".join(file.streaming_content).decode()
    assert "'=HYPERLINK" in content and ",=HYPERLINK" not in content
