"""Messages that visitors send with the form of a page: kept, and mailed to staff by the worker."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.contrib.forms.models import FormSubmission

MOST_AT_ONCE = 5
WITHIN_SECONDS = 600


class TooMany(Exception):
    """This sender has sent enough for now."""


def sender_of(request: HttpRequest) -> str:
    """The address a request comes from, behind the proxies we trust."""
    # Imported when asked: pages are read while Django still gathers the models.
    from allauth.account.adapter import get_adapter

    return str(get_adapter().get_client_ip(request))


def take_message(*, page: Any, values: dict[str, Any], sender: str) -> int:
    """Keep what was sent with a page's form and have it mailed; returns its number.

    At most five messages per sender in ten minutes. Raises TooMany.
    """
    _count(sender)
    with transaction.atomic():
        submission = FormSubmission.objects.create(page=page, form_data=values)
        mail_message.enqueue(submission.pk)
    return int(submission.pk)


@task()
def mail_message(submission_id: int) -> None:
    """Tell staff; nothing when the message was deleted in the meantime."""
    from storefront.mails.services import send_mail

    submission = FormSubmission.objects.select_related("page").filter(pk=submission_id).first()
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
