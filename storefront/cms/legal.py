"""Versions of legal texts: kept when a text is published, found when somebody agrees to one."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from storefront.cms.models import LegalPage, LegalVersion


def keep_version(*, page: LegalPage, at: datetime) -> LegalVersion | None:
    """Keep the published text of a page under the next number; None if it is the last one again.

    The first version may have begun in the past; a later one begins on the day of publication at
    the earliest.
    """
    digest = _digest(page)
    with transaction.atomic():
        # Two publications at once: the second waits and then takes the number after.
        LegalPage.objects.select_for_update().get(pk=page.pk)
        last = LegalVersion.objects.filter(page_id=page.pk).order_by("-number").first()
        if last is not None and last.digest == digest:
            return None
        today = timezone.localdate(at)
        begins = page.valid_from or today
        return LegalVersion.objects.create(
            page_id=page.pk,
            kind=page.kind,
            language=page.locale.language_code,
            number=last.number + 1 if last else 1,
            valid_from=max(begins, today) if last else begins,
            title=page.title,
            body=page.body,
            what_changed=page.what_changed,
            published_at=at,
            digest=digest,
        )


def get_versions_in_force(
    *, kinds: Sequence[str], languages: Sequence[str], at: datetime
) -> list[LegalVersion]:
    """The versions that hold at this moment, for a consent to refer to; one query.

    `kinds` are some of `LegalKind`; what comes back is in their order, and a kind without a text
    is left out. Of each kind the first of `languages` that has a text. Texts of pages that are
    not public any more do not hold.
    """
    holding = LegalVersion.objects.filter(
        kind__in=kinds,
        language__in=languages,
        valid_from__lte=timezone.localdate(at),
        page__live=True,
    )
    found: dict[tuple[str, str], LegalVersion] = {}
    for version in holding.select_related("page").defer("body", "page__body").order_by("number"):
        found[version.kind, version.language] = version
    wanted = ([found.get((kind, language)) for language in languages] for kind in kinds)
    return [next(filter(None, versions)) for versions in wanted if any(versions)]


def _digest(page: LegalPage) -> str:
    typed = (page.kind, page.title, page.body, page.what_changed, str(page.valid_from))
    return hashlib.sha256("\0".join(typed).encode()).hexdigest()
