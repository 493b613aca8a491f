"""Russian is complete: nothing untranslated, nothing fuzzy, every placeholder kept.

And nothing is left out of it: no template says a word of its own outside the translation tags.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mlm_plugin", "storefront", "theme", "storefront/wording")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")
CYRILLIC = re.compile("[А-Яа-яЁё]")
# Names, addresses, figures, abbreviations and patterns of dates that are the same in every language.
SAME = re.compile(
    r"^[\W\d_]*$|^(PV|CV|GV|CVC|IBAN|BIC|CSV|QR|E-?mail|FAQ|Linden & Loom)$|^[DEjMYNF ]+$"
)

OWN = ("mlm_plugin", "storefront", "theme")
# As Django's makemessages has them; babel counts arguments from one, "c" is the context.
CALLS = {
    name: places
    for base, places in {
        "gettext": None,
        "gettext_noop": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (base, f"{base}_lazy")
} | {"_": None}
# Whatever in a template is no text for people: translated blocks, tags, comments, code, and the
# blocks that hold class names.
NOT_TEXT = re.compile(
    r"\{%\s*(blocktranslate|block (?:body_class|content_wrapper_classes)|comment)\b"
    r".*?\{%\s*end\w+(?: \w+)?\s*%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<(script|style|svg|pre)\b.*?</\2>",
    re.DOTALL,
)
ELEMENT = re.compile(r"<[^>]*>")
SPOKEN = re.compile(r'\b(?:alt|title|placeholder|aria-label|data-label)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
LITERAL = {"PDF", "PV", "CV", "IBAN", "BIC", "CSV", "XLSX", "SHA"}


def read(package: str) -> Catalog:
    path = ROOT / package / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as lines:
        return read_po(lines, locale="ru", abort_invalid=True)


def texts(message: Message) -> list[str]:
    found = message.string
    return [found] if isinstance(found, str) else list(found or ())


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


def said_in_sources(package: str) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """Every text a package gives to gettext, with its context, as makemessages would find it."""
    for path in sorted((ROOT / package).rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "node_modules" in path.parts:
            continue
        source = path.read_text()
        if path.suffix != ".py":
            # What is no tag becomes filler, whose indentation means nothing.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        found = extract("python", io.BytesIO(source.encode()), keywords=CALLS)
        yield from ((context, text) for _line, text, _comments, context in found)


@pytest.mark.parametrize("package", OWN)
def test_every_text_of_the_sources_is_in_the_catalogue(package: str) -> None:
    """Whoever adds a text runs `make messages` and says it in Russian."""
    known = {
        (message.context, name)
        for message in messages(package)
        for name in ([message.id] if isinstance(message.id, str) else [message.id[0]])
    }
    said = {
        (context, text if isinstance(text, str) else text[0])
        for context, text in said_in_sources(package)
    }
    assert len(said) > 50
    assert said - known == set()


def test_our_russian_wins_over_that_of_the_packages_we_use() -> None:
    """Django merges catalogues by their plural rule, so who comes last need not have the word."""
    known = {
        (message.context, message.id): message.string
        for package in PACKAGES
        for message in messages(package)
        if isinstance(message.id, str)
    }
    with translation.override("ru"):
        lost = [
            text
            for (context, text), russian in known.items()
            if (translation.pgettext(context, text) if context else translation.gettext(text))
            != russian
        ]
    assert lost == []


def literal_words(template: str) -> set[str]:
    """Words a template says by itself, in its text or in attributes that are read out."""
    markup = NOT_TEXT.sub(" ", template)
    spoken = " ".join(SPOKEN.findall(markup))
    return set(WORD.findall(ELEMENT.sub(" ", markup) + " " + spoken)) - LITERAL


def test_no_template_says_a_word_outside_the_translation_tags() -> None:
    folder = ROOT / "theme" / "templates"
    templates = [path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]
    assert templates
    said = {
        str(path.relative_to(folder)): words
        for path in templates
        # The samples of the style page are shown with their source, which is the same everywhere.
        if "samples" not in path.parts and (words := literal_words(path.read_text()))
    }
    assert said == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<img src="" alt="A soap">',
        "{% translate 'Hello' %} there",
        "{% blocktranslate %}Hello{% endblocktranslate %}there{% block content %}{% endblock %}",
    ],
)
def test_the_scan_of_templates_finds_a_forgotten_word(template: str) -> None:
    assert literal_words(template)
