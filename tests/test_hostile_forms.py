"""Every form on every page without arguments, filled with markup, quotes and 10,000 characters.

Whoever sees a form can send anything in its text fields: it is refused beside the field or kept and
shown as text, and never an error of ours or markup on a page.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import make_account, make_country, make_family, make_product
from tests.urls_walk import walk

pytestmark = pytest.mark.django_db

MARKUP = "\"'><script>alert(1)</script>"
TEXTS = [MARKUP, MARKUP + "x" * 10_000]
# Leaving, language and consent have no text fields; the CMS's own forms are Wagtail's to test.
LEFT_OUT = ("/accounts/logout/", "/cms/", "/admin/", "/language/", "/consent/", "/i18n/")
TEXT_TYPES = {"text", "search", "email", "tel", "url", "hidden", "password", "number", None}


def pages() -> list[str]:
    return sorted(
        {
            address.path
            for address in walk()
            if not address.takes_arguments and not address.path.startswith(LEFT_OUT)
        }
    )


def fields_of(form: Any, text: str) -> dict[str, str]:
    """What a browser would send, with `text` in every field that can be typed into."""
    fields = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = field["name"], field.get("type")
        if name == "csrfmiddlewaretoken":
            continue
        if field.name == "select":
            option = field.select_one("option[selected]") or field.select_one("option[value]")
            fields[name] = option.get("value", "") if option else ""
        elif field.name == "textarea" or kind in TEXT_TYPES - {"hidden", "number"}:
            fields[name] = text
        elif kind in {"hidden", "number"}:
            fields[name] = field.get("value", "1")
        elif kind in {"checkbox", "radio"}:
            fields[name] = field.get("value", "on")
    return fields


def send_everything(client: Client) -> tuple[int, list[str]]:
    """How many forms were sent, with each of the texts, and what went wrong, in words."""
    sent, problems = 0, []
    for path in pages():
        page = client.get(path)
        if page.status_code != 200 or "html" not in page.get("Content-Type", ""):
            continue
        for form in BeautifulSoup(page.content, "html.parser").select("form"):
            target = form.get("action") or path
            if not target.startswith("/") or target.startswith(LEFT_OUT):
                continue
            send = client.post if form.get("method", "get").lower() == "post" else client.get
            for text in TEXTS:
                fields = fields_of(form, text)
                if not any(value == text for value in fields.values()):
                    break
                answer = send(target, fields)
                sent += 1
                if answer.status_code >= 500:
                    problems.append(f"{path} → {target}: {answer.status_code}")
                elif b"<script>alert(1)" in getattr(answer, "content", b""):
                    problems.append(f"{path} → {target}: markup on the page")
    return sent, problems


@pytest.mark.parametrize(("role", "at_least"), [("visitor", 4), ("member", 8), ("admin", 30)])
def test_no_form_breaks_or_shows_what_was_typed_as_markup(role: str, at_least: int) -> None:
    make_country()
    make_product()
    client = Client(raise_request_exception=False)
    if role == "member":
        ben = make_family()[1]
        ben.user = make_account("ben")
        ben.save()
        client.force_login(ben.user)
    elif role == "admin":
        olga = make_account("olga")
        olga.is_staff = olga.is_superuser = True
        olga.save()
        client.force_login(olga)
    sent, problems = send_everything(client)
    assert problems == []
    assert sent >= at_least
