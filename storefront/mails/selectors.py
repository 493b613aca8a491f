"""Reads about mails: what a kind says in a language, and how that came to be."""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from storefront.mails.kinds import MAIL_KINDS, PARTS, MailKind
from storefront.mails.models import MailText, MailTextChange
from storefront.mails.texts import as_written, fill_text


@dataclass(frozen=True)
class Texts:
    """What one mail says around its facts, with values named (`{number}`) or filled in."""

    subject: str
    greeting: str
    intro: str
    closing: str
    note: str


@dataclass(frozen=True)
class KindRow:
    """One line of the staff's list: a kind and the languages in which staff changed it."""

    kind: MailKind
    subject: str
    languages: tuple[tuple[str, str, bool], ...]


def get_default_texts(*, kind: MailKind, language: str) -> Texts:
    """What the kind says when nobody changed it."""
    with translation.override(language):
        return Texts(**{part: as_written(str(getattr(kind, part))) for part in PARTS})


def get_changed_texts(*, kind: MailKind, language: str) -> dict[str, str]:
    """The parts that staff changed, by name."""
    row = MailText.objects.filter(kind=kind.code, language=language).first()
    return {part: getattr(row, part) for part in PARTS if getattr(row, part)} if row else {}


def get_texts(*, kind: MailKind, language: str) -> Texts:
    """What the kind says now, values named; one query."""
    default = get_default_texts(kind=kind, language=language)
    return Texts(**{**vars(default), **get_changed_texts(kind=kind, language=language)})


def fill_texts(*, texts: Texts, language: str, context: dict[str, Any]) -> Texts:
    """Put a mail's values into its texts; without a name the greeting is a nameless one."""
    context = {"shop_name": settings.OSCAR_SHOP_NAME, "name": "", **context}
    filled = {
        field.name: fill_text(text=getattr(texts, field.name), context=context)
        for field in fields(texts)
    }
    if "{name}" in texts.greeting and not context["name"]:
        with translation.override(language):
            filled["greeting"] = _("Hello,")
    filled["subject"] = " ".join(filled["subject"].split())
    return Texts(**filled)


def list_kinds() -> list[KindRow]:
    """Every kind of mail with its languages, for the staff's list; one query."""
    changed = set(MailText.objects.values_list("kind", "language"))
    return [
        KindRow(
            kind,
            as_written(str(kind.subject)),
            tuple(
                (code, str(name), (kind.code, code) in changed) for code, name in settings.LANGUAGES
            ),
        )
        for kind in MAIL_KINDS.values()
    ]


def get_history(*, kind: MailKind, language: str) -> QuerySet[MailTextChange]:
    """The changes of a kind's texts in a language, latest first."""
    changes = MailTextChange.objects.filter(kind=kind.code, language=language)
    return changes.select_related("changed_by").order_by("-changed_at", "-pk")
