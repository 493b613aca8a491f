"""Every template compiles, finds what it refers to, and keeps to the content security policy."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

import theme

ROOT = Path(theme.__file__).parent / "templates"
TEMPLATES = sorted(
    str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.suffix in (".html", ".txt")
)
# Staff pages of Oscar and Wagtail are exempt from the policy; a mail has no other place for styles.
EXEMPT = ("oscar/dashboard/", "oscar/base.html", "wagtailadmin/", "admin/", "mail/styles.html")
INLINE = [
    re.compile(r"<style\b", re.IGNORECASE),
    re.compile(r"\sstyle\s*=", re.IGNORECASE),
    re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", re.IGNORECASE),
    re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    re.compile(r"javascript:", re.IGNORECASE),
]
OUTSIDE = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_and_finds_its_parts(name: str) -> None:
    get_template(name)
    source = (ROOT / name).read_text()
    for part in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", source):
        get_template(part)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith(EXEMPT)])
def test_template_has_no_inline_style_or_code(name: str) -> None:
    source = (ROOT / name).read_text()
    assert not [pattern.pattern for pattern in INLINE if pattern.search(source)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_loads_nothing_from_another_host(name: str) -> None:
    assert not OUTSIDE.search((ROOT / name).read_text())


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_links_only_files_that_exist(name: str) -> None:
    """A name without a file breaks every page in production, where names are hashed."""
    linked = re.findall(r"""{%\s*static\s+["']([^"']+)["']""", (ROOT / name).read_text())
    assert not [path for path in linked if not path.endswith(".woff2") and not finders.find(path)]
