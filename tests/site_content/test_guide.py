"""The marketer's guide in the CMS: whoever works there reads it, with its pictures."""

import re

import pytest
from django.test import Client

from storefront.accounts.roles import EDITORS
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def edda(client: Client) -> Client:
    client.force_login(make_account("edda", EDITORS))
    return client


def test_an_editor_reads_the_guide_and_every_picture_is_there(edda: Client) -> None:
    page = edda.get("/cms/guide/").content.decode()
    assert "A page, from draft to published" in page
    pictures = re.findall(r'<img src="(/cms/guide/pictures/[^"]+)"', page)
    assert len(pictures) >= 8
    for picture in pictures:
        answer = edda.get(picture)
        assert answer.status_code == 200, picture
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    home = edda.get("/cms/").content.decode()
    assert home.count('href="/cms/guide/"') == 1


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
