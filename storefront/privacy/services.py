"""Writes about consents, copies of personal data, and the end of an account."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import formats, timezone, translation

from storefront.privacy import tasks
from storefront.privacy.contents import make_archive
from storefront.privacy.models import ConsentRecord, DataExport
from storefront.privacy.purposes import PURPOSES
from storefront.targets import full_address

DOWNLOAD_FOR = timedelta(days=7)


class UnknownPurpose(Exception):
    """Nobody is asked for consent to that."""


def record_consent(
    *, user: Any, purpose: str, given: bool, source: str, language: str, at: datetime
) -> bool:
    """Keep that the person agrees, or does so no longer; the same answer again adds nothing.

    Returns whether a record was added. A consent to an earlier edition of the words is not the
    same as one to the present. The person's row is locked, so that two answers come one after the
    other. Raises UnknownPurpose.
    """
    known = PURPOSES.get(purpose)
    if known is None:
        raise UnknownPurpose
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        latest = ConsentRecord.objects.filter(user=user, purpose=purpose).order_by("-pk").first()
        if latest is None and not given and source != ConsentRecord.Source.BANNER:
            return False
        if latest and latest.given == given and (not given or latest.version == known.version):
            return False
        with translation.override(language):
            words = str(known.words)
        ConsentRecord.objects.create(
            user=user,
            purpose=purpose,
            given=given,
            version=known.version,
            words=words,
            language=language,
            source=source,
            recorded_at=at,
        )
    return True


def ask_export(*, user: Any, language: str, at: datetime) -> DataExport:
    """Have the worker make a copy of what we keep about the person; once, however often asked."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user, language=language, asked_at=at)
            tasks.make_export.enqueue(export_id=export.pk)
    except IntegrityError:
        return DataExport.objects.filter(user=user).latest("asked_at", "pk")
    return export


def make_export(*, export_id: int, at: datetime) -> bool:
    """Write the copy that was asked for and tell the person; True for whoever did it.

    The row is locked while the file is written, so a second worker finds it done.
    """
    with transaction.atomic():
        export = DataExport.objects.select_for_update().get(pk=export_id)
        if export.state != DataExport.State.ASKED:
            return False
        store = storages["private"]
        # Left by a try that broke off before it could say so.
        store.delete(export.path)
        store.save(export.path, ContentFile(make_archive(user=export.user, at=at)))
        export.state = DataExport.State.READY
        export.ready_at = at
        export.expires_at = at + DOWNLOAD_FOR
        export.save()
        tasks.mail_export_ready.enqueue(export_id=export.pk)
    return True


def remove_exports(*, at: datetime, user: Any = None) -> int:
    """Delete the files of copies that expired, or of all the person's; returns how many."""
    found = DataExport.objects.exclude(state=DataExport.State.REMOVED)
    if user is None:
        found = found.filter(state=DataExport.State.READY, expires_at__lte=at)
    else:
        found = found.filter(user=user)
    removed = 0
    for export in found:
        storages["private"].delete(export.path)
        kept = DataExport.objects.filter(pk=export.pk).exclude(state=DataExport.State.REMOVED)
        removed += kept.update(state=DataExport.State.REMOVED)
    return removed


def send_export_ready(*, export_id: int) -> None:
    """Tell the person where the copy can be downloaded, and until when."""
    from storefront.mails.services import send_mail

    export = DataExport.objects.select_related("user").get(pk=export_id)
    if export.state != DataExport.State.READY or export.expires_at is None:
        return
    with translation.override(export.language):
        until = formats.date_format(timezone.localtime(export.expires_at), "DATE_FORMAT")
    send_mail(
        kind="export_ready",
        to=export.user.email,
        language=export.language,
        context={
            "name": export.user.first_name,
            "until": until,
            "url": full_address(reverse("privacy:data")),
        },
    )
