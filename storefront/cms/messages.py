"""Messages that visitors send with the form of a page: kept, and mailed to staff by the worker."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.contrib.forms.models import AbstractFormSubmission

MOST_AT_ONCE = 5
WITHIN_SECONDS = 600


class ContactMessage(AbstractFormSubmission):
    """What was sent with the form of a page, once however often a browser sends it.

    `key` says which drawing of the form it was sent with, and what was said.
    """

    key = models.CharField(max_length=64, editable=False)

    class Meta(AbstractFormSubmission.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="one_message_per_page_and_key")
        ]


@dataclass(frozen=True)
class Message:
    """What somebody sent with a form; `values` are the texts by the name of their field."""

    pk: int
    page: str
    sent_at: datetime
    values: dict[str, Any]


class TooMany(Exception):
    """This sender has sent enough for now."""


def sender_of(request: HttpRequest) -> str:
    """The address a request comes from, behind the proxies we trust."""
    # Imported when asked: pages are read while Django still gathers the models.
    from allauth.account.adapter import get_adapter

    return str(get_adapter().get_client_ip(request))


def take_message(*, page: Any, values: dict[str, Any], sender: str, key: str) -> int:
    """Keep what was sent with a page's form and have it mailed; returns its number.

    `key` is what the form was drawn with. The same words with the same key are the same message:
    kept and mailed once, also when both come at once. Other words are another message, for who
    goes back and corrects something would otherwise be thanked and not heard. At most five
    messages per sender in ten minutes. Raises TooMany.
    """
    digest = _digest(values, key)
    known = ContactMessage.objects.filter(page_id=page.pk, key=digest).first()
    if known is not None:
        return int(known.pk)
    _count(sender)
    with transaction.atomic():
        kept, is_new = ContactMessage.objects.get_or_create(
            page_id=page.pk, key=digest, defaults={"form_data": values}
        )
        if is_new:
            mail_message.enqueue(kept.pk)
    return int(kept.pk)


def find_messages(*, addresses: Collection[str]) -> list[Message]:
    """The messages in which a field holds one of these mail addresses, oldest first; one query.

    The sender of a form has no account: the address is all that says whose message it is.
    """
    wanted = {address.casefold() for address in addresses}
    asked = Q(pk=None)
    for address in wanted:
        asked |= Q(text__icontains=address)
    rows = ContactMessage.objects.annotate(text=Cast("form_data", TextField())).filter(asked)
    return [
        Message(pk=row.pk, page=row.page.title, sent_at=row.submit_time, values=row.form_data)
        for row in rows.select_related("page").order_by("pk")
        if any(str(value).strip().casefold() in wanted for value in row.form_data.values())
    ]


def remove_messages(*, addresses: Collection[str]) -> int:
    """Delete the messages of whoever has these mail addresses; returns how many."""
    found = [message.pk for message in find_messages(addresses=addresses)]
    ContactMessage.objects.filter(pk__in=found).delete()
    return len(found)


@task()
def mail_message(submission_id: int) -> None:
    """Tell staff; nothing when the message was deleted in the meantime."""
    from storefront.mails.services import send_mail

    submission = ContactMessage.objects.select_related("page").filter(pk=submission_id).first()
    if submission is None:
        return
    page = submission.page.specific
    language = page.locale.language_code
    context = {
        "title": page.title,
        "values": page.label_values(submission.form_data),
        "url": page.full_url,
    }
    answer_to = page.find_email(submission.form_data)
    headers = {"Reply-To": answer_to} if answer_to else {}
    for address in page.get_addresses() or [settings.OSCAR_FROM_EMAIL]:
        send_mail(
            kind="contact_message",
            to=address,
            language=language,
            context=context,
            headers=headers,
        )


def _digest(values: dict[str, Any], key: str) -> str:
    said = json.dumps([key, values], cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()


def _count(sender: str) -> None:
    key = f"cms:messages:{sender}"
    cache.add(key, 0, WITHIN_SECONDS)
    try:
        sent = cache.incr(key)
    except ValueError:
        # It ran out between the two lines.
        return
    if sent > MOST_AT_ONCE:
        raise TooMany(_("You have sent several messages in a short time. Please wait ten minutes."))
