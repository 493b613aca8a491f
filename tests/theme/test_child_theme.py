"""A customer's theme in front wins by name: colours, one block of the shell, one page."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOOK = """
import json, django
django.setup()
from django.contrib.staticfiles import finders
from django.test import Client
from storefront.brand.models import BrandSettings
from storefront.brand.selectors import get_values, make_look
from django.template.loader import render_to_string
client = Client()
print(json.dumps({
    "tokens": finders.find("theme/tokens.css"),
    "styles": finders.find("theme/theme.css"),
    "login": client.get("/accounts/login/").content.decode(),
    "missing": client.get("/nothing/here/").content.decode(),
    "mail": render_to_string("mail/base.html", {"subject": "Hello"}),
    "look": make_look(values={**get_values(brand=BrandSettings()), "second": "#e0a94a"}).css,
}))
"""


@pytest.fixture(scope="module")
def seen(django_db_setup: None) -> dict[str, Any]:
    """What a site shows that starts with THEMES=tests.theme.acme_theme,theme."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "THEMES": "tests.theme.acme_theme,theme",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_its_tokens_replace_ours_and_our_styles_stay(seen: dict[str, Any]) -> None:
    assert Path("acme_theme/static/theme/tokens.css").parts == Path(seen["tokens"]).parts[-4:]
    assert "acme_theme" not in seen["styles"]


def test_its_block_stands_in_the_shell_of_every_page(seen: dict[str, Any]) -> None:
    assert "Acme: since 1949" in seen["login"]
    assert 'class="site-footer' in seen["login"]


def test_its_page_replaces_ours(seen: dict[str, Any]) -> None:
    assert "Acme has no such page" in seen["missing"]
    assert "Acme: since 1949" in seen["missing"]


def test_its_colours_reach_the_mails(seen: dict[str, Any]) -> None:
    assert "#6b2f5b" in seen["mail"]


def test_a_look_of_the_cms_lies_on_top_and_leaves_its_other_colours(seen: dict[str, Any]) -> None:
    assert "--t-second: #e0a94a" in seen["look"]
    assert "--t-accent:" not in seen["look"]
