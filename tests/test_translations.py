"""Russian is complete: nothing untranslated, nothing fuzzy, every placeholder kept."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mlm_plugin", "storefront", "theme")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")
CYRILLIC = re.compile("[А-Яа-яЁё]")
# Names, addresses, figures and abbreviations that are the same in every language.
SAME = re.compile(r"^[\W\d_]*$|^(PV|CV|GV|CVC|IBAN|BIC|CSV|QR|E-?mail|FAQ|Linden & Loom)$")


def read(package: str) -> Catalog:
    path = ROOT / package / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as lines:
        return read_po(lines, locale="ru", abort_invalid=True)


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def messages(package: str) -> list[Message]:
    return [message for message in read(package) if message.id]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_is_translated_and_none_is_a_guess(package: str) -> None:
    found = messages(package)
    assert found
    missing = [message.id for message in found if message.fuzzy or not all(texts(message))]
    assert missing == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_translation_keeps_its_placeholders(package: str) -> None:
    """A plural form may leave out the number ("one piece"), but never names one that is not."""
    wrong = []
    for message in messages(package):
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = {name for source in sources for name in PLACEHOLDER.findall(source)}
        for text in texts(message):
            names = set(PLACEHOLDER.findall(text))
            if names - allowed or (isinstance(message.id, str) and names != allowed):
                wrong.append((message.id, text))
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_russian_is_written_in_russian(package: str) -> None:
    english = [
        message.id
        for message in messages(package)
        for text in texts(message)
        if not CYRILLIC.search(text) and not SAME.match(PLACEHOLDER.sub("", text).strip())
    ]
    assert english == []


@pytest.mark.parametrize("package", PACKAGES)
def test_russian_plurals_have_their_three_forms(package: str) -> None:
    short = [
        message.id
        for message in messages(package)
        if isinstance(message.id, tuple) and len(texts(message)) < 3
    ]
    assert short == []
