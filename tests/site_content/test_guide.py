"""The marketer's guide in the CMS: whoever works there reads it, with its pictures."""

import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.users.models import UserProfile

from storefront.accounts.roles import EDITORS
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db
PICTURES = r'<img src="(/cms/guide/pictures/[^"]+)"'
CATALOGUE = "LC_MESSAGES/django.po"


@pytest.fixture
def edda(client: Client) -> Client:
    client.force_login(make_account("edda", EDITORS))
    return client


def test_an_editor_reads_the_guide_and_every_picture_is_there(edda: Client) -> None:
    page = edda.get("/cms/guide/").content.decode()
    assert "A page, from draft to published" in page
    pictures = re.findall(PICTURES, page)
    assert len(pictures) >= 8
    for picture in pictures:
        answer = edda.get(picture)
        assert answer.status_code == 200, picture
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    home = edda.get("/cms/").content.decode()
    assert home.count('href="/cms/guide/"') == 1


def test_who_works_in_russian_reads_it_in_russian_with_the_same_pictures(edda: Client) -> None:
    user = get_user_model().objects.get(email="edda@example.com")
    english = edda.get("/cms/guide/").content.decode()
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "ru"})
    russian = edda.get("/cms/guide/").content.decode()
    assert "Страница: от черновика до публикации" in russian
    assert re.findall(PICTURES, russian) == re.findall(PICTURES, english)
    assert russian.count("<h2>") == english.count("<h2>")
    # What it tells to press is called so in the menu.
    for label in ("Объявления", "Тексты сайта", "Страницы ошибок", "Оформление", "Руководство"):
        assert gettext_in("ru", label), label


def gettext_in(language: str, label: str) -> bool:
    """Whether some text of the site is translated as this."""
    with (settings.BASE_DIR / "storefront" / "locale" / language / CATALOGUE).open("rb") as file:
        return label in {message.string for message in read_po(file)}


@pytest.mark.parametrize(
    "name",
    ["nothing.png", "shopping-pay.png", "..marketing-home.png", "marketing-x.png", "%00.png"],
)
def test_nothing_else_of_the_folder_is_shown(edda: Client, name: str) -> None:
    assert edda.get(f"/cms/guide/pictures/{name}").status_code == 404


def test_visitors_do_not_read_it(client: Client) -> None:
    client.force_login(make_user("rosa"))
    for path in ("guide/", "guide/pictures/marketing-home.png"):
        answer = client.get(f"/cms/{path}")
        assert answer.status_code in (302, 403), path
