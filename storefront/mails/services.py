"""Sending mails in the theme and the reader's language, and changing what they say."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from storefront.mails.kinds import MAIL_KINDS, PARTS, MailKind
from storefront.mails.models import MailText, MailTextChange
from storefront.mails.selectors import (
    Texts,
    fill_texts,
    get_changed_texts,
    get_default_texts,
    get_texts,
)
from storefront.mails.texts import WrongText, check_text

# Name, content, type of a file that travels with a mail.
Attachment = tuple[str, bytes, str]


class WrongTexts(Exception):
    """Parts of a mail's text that cannot be kept: `errors` says why, by part."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def send_mail(
    *,
    kind: str,
    to: str,
    language: str,
    context: dict[str, Any],
    attachments: Sequence[Attachment] = (),
    headers: dict[str, str] | None = None,
) -> None:
    """Send one mail as HTML and text; nothing without an address.

    `context` holds the values that the kind's texts name (`name`, the reader's first name, makes
    the greeting personal) and what its templates show.
    """
    if not to:
        return
    mail = make_mail(kind=MAIL_KINDS[kind], to=to, language=language, context=context)
    mail.extra_headers.update(headers or {})
    for attachment in attachments:
        mail.attach(*attachment)
    mail.send()


def make_mail(
    *,
    kind: MailKind,
    to: str,
    language: str,
    context: dict[str, Any],
    texts: Texts | None = None,
    request: HttpRequest | None = None,
) -> EmailMultiAlternatives:
    """The mail as it would be sent; `texts` are used in place of the ones that are kept."""
    texts = texts or get_texts(kind=kind, language=language)
    with translation.override(language):
        filled = fill_texts(texts=texts, language=language, context=context)
        context = {**context, "subject": filled.subject, "texts": filled}
        mail = EmailMultiAlternatives(
            subject=filled.subject,
            body=_tidy(render_to_string(f"{kind.template_base}.txt", context, request)),
            to=[to],
        )
        page = render_to_string(f"{kind.template_base}.html", context, request)
        mail.attach_alternative(page, "text/html")
    return mail


def change_texts(
    *, kind: MailKind, language: str, texts: Mapping[str, str], by: Any, at: datetime
) -> bool:
    """Keep what staff want the kind to say; a part left empty or as the default is the default.

    Returns whether anything changed. Raises WrongTexts for values the mail does not have.
    """
    wanted = clean_texts(kind=kind, language=language, texts=texts)
    with transaction.atomic():
        row, _ = MailText.objects.select_for_update().get_or_create(
            kind=kind.code, language=language, defaults={"changed_at": at}
        )
        before = get_changed_texts(kind=kind, language=language)
        if not wanted:
            row.delete()
        elif wanted != before:
            for part in PARTS:
                setattr(row, part, wanted.get(part, ""))
            row.changed_at = at
            row.save()
        if wanted == before:
            return False
        MailTextChange.objects.create(
            kind=kind.code,
            language=language,
            before=before,
            after=wanted,
            changed_by=by,
            changed_at=at,
        )
    return True


def clean_texts(*, kind: MailKind, language: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The parts that differ from the default, tidied. Raises WrongTexts."""
    default = get_default_texts(kind=kind, language=language)
    wanted, errors = {}, {}
    for part in PARTS:
        text = texts.get(part, "").replace("\r\n", "\n").strip()
        try:
            check_text(text=text, values=kind.all_values)
        except WrongText as error:
            errors[part] = str(error)
        if text and text != getattr(default, part):
            wanted[part] = text
    if errors:
        raise WrongTexts(errors)
    return wanted


def reset_texts(*, kind: MailKind, language: str, by: Any, at: datetime) -> bool:
    """Back to the default in one language; returns whether there was anything to take back."""
    return change_texts(kind=kind, language=language, texts={}, by=by, at=at)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
