"""What mails say: defaults from the translations, changes by staff, values that are filled in."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from storefront.accounts.roles import MARKETERS, OPERATORS
from storefront.mails.kinds import MAIL_KINDS, get_kind_of_template
from storefront.mails.models import MailText, MailTextChange
from storefront.mails.samples import make_sample
from storefront.mails.selectors import get_default_texts, get_texts
from storefront.mails.services import (
    WrongTexts,
    change_texts,
    make_mail,
    reset_texts,
    send_mail,
)
from storefront.mails.texts import WrongText, check_text
from tests.factories import make_account
from tests.racing import run_together

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACED = MAIL_KINDS["order_placed"]


def change(**texts: str) -> bool:
    return change_texts(kind=PLACED, language="en", texts=texts, by=None, at=NOON)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("code", MAIL_KINDS)
def test_every_kind_is_complete_in_text_and_html(code: str, language: str) -> None:
    kind = MAIL_KINDS[code]
    context = make_sample(kind=kind, language=language)
    sample = make_mail(kind=kind, to="nina@example.com", language=language, context=context)
    page = sample.alternatives[0][0]
    for text in (sample.subject, sample.body, page):
        assert "%(" not in text and "\n\n\n" not in sample.body
        assert not any(f"{{{name}}}" in text for name in kind.all_values)
    assert sample.subject and "<img" not in page.partition('class="body"')[2]
    assert f'lang="{language}"' in page
    # Readable without pictures and styles: what the HTML says, the text says.
    assert context["name"] in sample.body and context["name"] in page


def test_every_value_of_a_default_text_has_a_sample(caplog: Any) -> None:
    for kind in MAIL_KINDS.values():
        context = make_sample(kind=kind, language="en")
        make_mail(kind=kind, to="nina@example.com", language="en", context=context)
    assert "lacks" not in caplog.text


def test_a_changed_text_is_sent_in_its_language_only() -> None:
    change(subject="Got it: {number}", closing="Warm regards\nthe team")
    context = make_sample(kind=PLACED, language="en")
    for language in ("en", "ru"):
        send_mail(kind="order_placed", to="a@example.com", language=language, context=context)
    changed, untouched = mail.outbox
    assert changed.subject == "Got it: 100023"
    assert "Warm regards\nthe team" in changed.body
    assert "Warm regards<br>the team" in changed.alternatives[0][0]
    assert "Got it" not in untouched.subject


def test_what_staff_type_is_text_and_never_markup() -> None:
    change(intro="<script>alert(1)</script> {name}")
    context = {**make_sample(kind=PLACED, language="en"), "name": "<b>Nina</b>"}
    send_mail(kind="order_placed", to="a@example.com", language="en", context=context)
    page = mail.outbox[0].alternatives[0][0]
    assert "<script" not in page and "<b>Nina" not in page
    assert "<script>alert(1)</script> <b>Nina</b>" in mail.outbox[0].body


def test_a_name_cannot_add_lines_to_the_head_of_a_mail() -> None:
    change(subject="For {name}")
    context = {**make_sample(kind=PLACED, language="en"), "name": "Nina\r\nBcc: all@example.com"}
    send_mail(kind="order_placed", to="a@example.com", language="en", context=context)
    assert mail.outbox[0].subject == "For Nina Bcc: all@example.com"


def test_without_a_name_the_greeting_has_none() -> None:
    change(greeting="Dear {name}!")
    context = {**make_sample(kind=PLACED, language="en"), "name": ""}
    send_mail(kind="order_placed", to="a@example.com", language="en", context=context)
    assert mail.outbox[0].body.startswith("Hello,\n")


def test_nothing_is_sent_without_an_address() -> None:
    send_mail(kind="order_placed", to="", language="en", context={})
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Order {nummer}", "Line 1, character 7: this mail has no value {nummer}."),
        ("One\ntwo {number", "Line 2, character 5: a brace without its partner."),
        ("a } b", "Line 1, character 3: a brace without its partner."),
        ("{}", "Line 1, character 1: this mail has no value {}."),
        ("{number.__class__}", "Line 1, character 1: this mail has no value {number.__class__}."),
    ],
)
def test_an_unknown_value_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(WrongText) as error:
        check_text(text=text, values=["number"])
    assert str(error.value) == message


def test_a_wrong_text_is_not_kept() -> None:
    with pytest.raises(WrongTexts) as error:
        change(subject="{nummer}", intro="Fine")
    assert list(error.value.errors) == ["subject"]
    assert not MailText.objects.exists() and not MailTextChange.objects.exists()


def test_the_history_says_who_changed_what_and_the_default_comes_back() -> None:
    olga = make_account("olga", OPERATORS)
    save = partial(change_texts, kind=PLACED, language="en", by=olga, at=NOON)
    assert save(texts={"subject": "One"})
    assert save(texts={"subject": "Two"})
    assert not save(texts={"subject": "Two"})
    assert reset_texts(kind=PLACED, language="en", by=olga, at=NOON)
    assert not reset_texts(kind=PLACED, language="en", by=olga, at=NOON)
    changes = MailTextChange.objects.order_by("pk").values_list("before", "after", "changed_by")
    assert list(changes) == [
        ({}, {"subject": "One"}, olga.pk),
        ({"subject": "One"}, {"subject": "Two"}, olga.pk),
        ({"subject": "Two"}, {}, olga.pk),
    ]
    default = get_default_texts(kind=PLACED, language="en")
    assert get_texts(kind=PLACED, language="en") == default


def test_typing_the_default_keeps_nothing() -> None:
    default = get_default_texts(kind=PLACED, language="en")
    assert not change(**vars(default))
    assert not MailText.objects.exists()


def test_mails_of_sign_in_can_be_changed_too(client: Client) -> None:
    kind = get_kind_of_template("account/email/password_reset_key")
    assert kind is not None
    make_account("dora", first_name="Dora")
    change_texts(kind=kind, language="en", texts={"intro": "A new key for you."}, by=None, at=NOON)
    client.post("/accounts/password/reset/", {"email": "dora@example.com"})
    [message] = mail.outbox
    assert "A new key for you." in message.body and "Hello Dora," in message.body
    assert "/accounts/password/reset/key/" in message.body


class TestStaffPages:
    """/dashboard/mails/"""

    EDIT = "/dashboard/mails/order_placed/en/"

    @pytest.fixture
    def olga(self, client: Client) -> Client:
        client.force_login(make_account("olga", OPERATORS))
        return client

    def test_marketers_and_customers_stay_outside(self, client: Client) -> None:
        for role in (MARKETERS, ""):
            client.force_login(make_account(f"p{role.lower()}", role))
            for path in ("", "samples/", "order_placed/en/", "order_placed/en/preview/"):
                assert client.get(f"/dashboard/mails/{path}").status_code == 403

    def test_the_list_and_the_samples_name_every_kind(
        self, olga: Client, django_assert_max_num_queries: Any
    ) -> None:
        for path in ("/dashboard/mails/", "/dashboard/mails/samples/"):
            with django_assert_max_num_queries(20):
                page = olga.get(path).content.decode()
            for code in MAIL_KINDS:
                assert f"/dashboard/mails/{code}/ru/" in page

    def test_a_text_is_changed_and_reset(self, olga: Client) -> None:
        answer = olga.post(self.EDIT, {"subject": "Got it: {number}"}, follow=True)
        page = answer.content.decode()
        assert "Got it: {number}" in page and "olga@example.com" in page
        assert MailText.objects.get().subject == "Got it: {number}"
        olga.post(f"{self.EDIT}reset/")
        assert not MailText.objects.exists()

    def test_the_place_of_a_wrong_value_stands_at_its_field(self, olga: Client) -> None:
        answer = olga.post(self.EDIT, {"subject": "{nummer}", "intro": "x" * 5000})
        assert "this mail has no value {nummer}" in answer.content.decode()
        assert set(answer.context["form"].errors) == {"subject", "intro"}
        assert not MailText.objects.exists()

    def test_the_preview_shows_what_is_typed_and_keeps_nothing(self, olga: Client) -> None:
        sent = {"subject": "Typed {number}", "scheme": "dark"}
        answer = olga.post(f"{self.EDIT}preview/", sent)
        page = answer.content.decode()
        assert "Typed 100023" in page and "@media all" in page
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        text = olga.post(f"{self.EDIT}preview/", {**sent, "as": "text"})
        assert text["Content-Type"].startswith("text/plain")
        assert text.content.decode().startswith("Typed 100023")
        assert not MailText.objects.exists()

    def test_an_unfinished_value_does_not_break_the_preview(self, olga: Client) -> None:
        answer = olga.post(f"{self.EDIT}preview/", {"subject": "{num", "intro": "{nope} {0}"})
        assert answer.status_code == 200

    def test_a_test_goes_to_whoever_asks(self, olga: Client) -> None:
        olga.post(f"{self.EDIT}test/")
        [message] = mail.outbox
        assert message.to == ["olga@example.com"]
        assert message.subject == "[Test] Your order 100023"

    def test_unknown_kinds_and_languages_are_not_found(self, olga: Client) -> None:
        for path in ("nothing/en/", "order_placed/xx/", "nothing/en/preview/"):
            assert olga.get(f"/dashboard/mails/{path}").status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_who_save_at_once_both_leave_a_trace() -> None:
    results = run_together([partial(change, subject=f"Number {n}") for n in range(4)])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert MailText.objects.count() == 1
    changes = list(MailTextChange.objects.order_by("pk"))
    assert len(changes) == 4
    assert [each.before for each in changes[1:]] == [each.after for each in changes[:-1]]
