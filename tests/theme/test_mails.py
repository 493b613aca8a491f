"""Mails come as text and HTML in one frame, with the theme's colours and nothing from outside."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def parts(message: Any) -> tuple[str, str]:
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    return message.body, html


def test_the_address_is_confirmed_by_a_mail_in_text_and_html(client: Client) -> None:
    client.post(
        reverse("account_signup"), {"email": "cleo@example.com", "password1": "lantern-cleo"}
    )
    text, html = parts(mail.outbox[-1])
    [address] = set(re.findall(r"http://\S+/confirm-email/\S+/", text))
    assert f'href="{address}"' in html
    assert "#2c6a3b" in html and "prefers-color-scheme: dark" in html
    assert "<img" not in html and "<link" not in html


def test_a_lost_password_is_answered_in_the_frame(client: Client) -> None:
    make_user("ada")
    client.post(reverse("account_reset_password"), {"email": "ada@example.com"})
    text, html = parts(mail.outbox[-1])
    assert "/password/reset/key/" in text and 'class="sheet"' in html


def test_mails_that_oscar_writes_wear_the_frame_too() -> None:
    event = get_model("communication", "CommunicationEventType")(code="PASSWORD_RESET")
    site = SimpleNamespace(name="Acme", domain="acme.example")
    messages = event.get_messages({"site": site, "reset_url": "/reset/"})
    assert 'class="sheet"' in messages["html"]
    assert "http://acme.example/reset/" in messages["html"]
    assert "http://acme.example/reset/" in messages["body"]
