"""Reads about consents and copies of personal data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from storefront.privacy.models import ConsentRecord, DataExport
from storefront.privacy.purposes import PURPOSES, Purpose


@dataclass(frozen=True)
class Consent:
    """What a person answered to one purpose; `record` is None where nobody asked yet."""

    purpose: Purpose
    record: ConsentRecord | None
    history: tuple[ConsentRecord, ...]

    @property
    def given(self) -> bool:
        """Whether it holds now."""
        return self.record is not None and self.record.given


def list_consents(*, user: Any) -> list[Consent]:
    """Every purpose with the person's answers, latest first; one query."""
    records: dict[str, list[ConsentRecord]] = {}
    for record in ConsentRecord.objects.filter(user=user).order_by("-pk"):
        records.setdefault(record.purpose, []).append(record)
    return [
        Consent(purpose, (records.get(code) or [None])[0], tuple(records.get(code, ())))
        for code, purpose in PURPOSES.items()
    ]


def latest_answer(*, purpose: str, user: str) -> Subquery:
    """The latest answer to this purpose of the person in the column `user`, as part of a query."""
    records = ConsentRecord.objects.filter(user=OuterRef(user), purpose=purpose)
    return Subquery(records.order_by("-pk").values("given")[:1])


def get_consent(*, user: Any, purpose: str) -> ConsentRecord | None:
    """The person's latest answer, if it is yes."""
    record = ConsentRecord.objects.filter(user=user, purpose=purpose).order_by("-pk").first()
    return record if record and record.given else None


def list_exports(*, user: Any, at: datetime) -> list[DataExport]:
    """The person's copies that are being made or can be downloaded, latest first."""
    states = DataExport.State
    exports = DataExport.objects.filter(user=user, state__in=[states.ASKED, states.READY])
    return [
        export
        for export in exports.order_by("-asked_at", "-pk")
        if export.state == states.ASKED or (export.expires_at and export.expires_at > at)
    ]


def get_download(*, user: Any, token: str, at: datetime) -> DataExport:
    """The copy with this token, if it is this person's and can be downloaded now.

    Raises DataExport.DoesNotExist otherwise.
    """
    return DataExport.objects.get(
        user=user, token=token, state=DataExport.State.READY, expires_at__gt=at
    )
