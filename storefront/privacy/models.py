"""What people agreed to, and what they asked of their data."""

import secrets
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptForGood(Exception):
    """A record of consent is never changed or removed; a withdrawal is one more record."""


class RecordQuerySet(models.QuerySet["ConsentRecord"]):
    """Reads and adds; the triggers of the migration refuse the rest to everybody else too."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise KeptForGood

    def delete(self) -> NoReturn:
        raise KeptForGood


class ConsentRecord(models.Model):
    """One answer of one person: given or withdrawn, in which words, where and when.

    The latest record of a purpose is what holds. The table is append-only.
    """

    class Source(models.TextChoices):
        ACCOUNT = "account", _("in the account")
        BANNER = "banner", _("in the question about cookies")
        MAIL = "mail", _("by the link in a mail")
        CHECKOUT = "checkout", _("while ordering")
        CLOSING = "closing", _("by closing the account")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_records"
    )
    purpose = models.CharField(max_length=32)
    given = models.BooleanField()
    version = models.CharField(max_length=32)
    words = models.TextField()
    language = models.CharField(max_length=16)
    source = models.CharField(max_length=16, choices=Source.choices)
    recorded_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of consent")
        verbose_name_plural = _("records of consent")
        indexes = [models.Index(fields=["user", "purpose", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}: {'yes' if self.given else 'no'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; a record that is there already stays as it is."""
        if self.pk is not None:
            raise KeptForGood
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise KeptForGood


def new_token() -> str:
    """An id that cannot be guessed, for the name of a file."""
    return secrets.token_urlsafe(24)


class DataExport(models.Model):
    """A copy of everything we keep about a person, asked for by that person.

    At most one per person is asked for at a time; the file lies in `STORAGES["private"]` until
    `expires_at` and leaves only through the view that asks who is there.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("being made")
        READY = "ready", _("ready")
        REMOVED = "removed", _("removed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_exports"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    language = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("copy of personal data")
        verbose_name_plural = _("copies of personal data")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state="asked"),
                name="one_export_asked_per_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(expires_at__isnull=False),
                name="ready_export_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.asked_at} ({self.state})"

    @property
    def path(self) -> str:
        """Where the file lies in the private store."""
        return f"exports/{self.token}.zip"
