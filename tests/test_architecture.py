"""Rules of the house that a machine can check."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mlm_plugin", "storefront", "theme")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|"
    r":[^;{}]*\b(?:black|white|gr[ae]y|red|green|blue|orange|yellow|purple|pink|brown)\b",
    re.IGNORECASE,
)
COLOUR_IN_MARKUP = re.compile(
    r"\b(?:fill|stroke|stop-color|color|bgcolor)\s*[=:]\s*[\"']?\s*(?:#[0-9a-f]{3,8}\b|rgb|hsl)",
    re.IGNORECASE,
)


def files_of(pattern):
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob(pattern))


def test_imports_point_down_only():
    """In a process of its own: the tool silences every logger of the one it runs in."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("wrong", ["a { color: #fff }", "a{b: rgb(1 2 3)}", "a { color: white }"])
def test_a_stray_colour_is_seen(wrong):
    assert COLOUR.search(wrong)


@pytest.mark.parametrize("right", ["a#facade-x { top: 0 }", "a { color: var(--t-white) }"])
def test_what_is_no_colour_is_let_be(right):
    assert not COLOUR.search(remove_names(right))


def remove_names(css):
    """Leave values: without comments, variables, addresses and selectors."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"var\(--[\w-]+|url\([^)]*\)", "", css)
    return re.sub(r"[^{};]*\{", "{", css)


def test_colours_stand_in_the_tokens_only():
    stray = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in files_of("*.css")
        if path.name != "tokens.css"
        for found in COLOUR.finditer(remove_names(path.read_text()))
    ]
    stray += [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in files_of("*.html")
        for found in COLOUR_IN_MARKUP.finditer(path.read_text())
    ]
    assert stray == []


# Oscar's staff pages and the mails, which the content policy does not cover.
EXEMPT_FOLDERS = {"dashboard", "wagtailadmin", "backoffice", "emails"}
EXEMPT_FILES = {ROOT / "theme/templates/oscar/base.html"}


def test_no_page_but_staffs_carries_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/\S*json\"))[^>]*>|\sstyle=")
    stray = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in files_of("*.html")
        if path not in EXEMPT_FILES and not EXEMPT_FOLDERS & set(path.parts)
        for found in inline.finditer(path.read_text())
    ]
    assert stray == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
