"""The living style page: each sample is drawn by itself, and the page shows all of them."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.test import Client

from storefront.brand import style_page
from tests.factories import make_account

SAMPLES = sorted(
    each.stem
    for each in Path(get_template("theme/samples/buttons.html").origin.name).parent.iterdir()
)
SHOWN = [name for group in style_page.GROUPS for name in group.names]


def test_the_page_shows_every_sample_once() -> None:
    assert sorted(SHOWN) == SAMPLES


@pytest.fixture(scope="module")
def page(django_db_setup: None, django_db_blocker: Any) -> BeautifulSoup:
    """The page as staff see it, fetched once for all samples."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        client = Client()
        client.force_login(make_account("olga", "Operators"))
        answer = client.get("/theme/")
        transaction.set_rollback(True)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_drawn_with_its_markup_beside_it(page: BeautifulSoup, name: str) -> None:
    """What the markup makes: elements without holes, names for fields, texts for pictures."""
    sample = page.find(id=f"sample-{name}")
    assert sample is not None
    drawn = sample.find(class_="sample-shown")
    assert drawn is not None and drawn.find(True), "nothing is drawn"
    assert sample.find("code").get_text(strip=True)
    assert "{{" not in drawn.get_text() and "{%" not in drawn.get_text()
    for image in drawn.find_all("img"):
        assert image.has_attr("alt") and image.get("width") and image.get("height")
    for field in drawn.find_all(["input", "select", "textarea"]):
        if field.get("type") in ("hidden", "submit"):
            continue
        label = drawn.find("label", attrs={"for": field.get("id")}) if field.get("id") else None
        assert label or field.find_parent("label") or field.get("aria-label"), field
