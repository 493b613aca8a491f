"""Which pages are missing or out of date in the other languages, and copying one to be translated.

Wagtail's own trees per language are used (`simple_translation`): each language has real pages that
may differ in more than words. A page made in one language appears in the others as an alias, which
shows the original text until somebody translates it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale, Page, Site


class State(models.TextChoices):
    """How a page stands in another language, worst first."""

    MISSING = "missing", _("Missing")
    ALIAS = "alias", _("Not translated")
    OUTDATED = "outdated", _("Out of date")
    DRAFT = "draft", _("Being translated")
    CURRENT = "current", _("Up to date")


@dataclass(frozen=True)
class TranslationRow:
    """A page and its counterpart in one other language; times say when each was published last."""

    page_id: int
    title: str
    language: str
    state: State
    translation_id: int | None
    published_at: datetime | None
    translation_published_at: datetime | None


class NotCopied(Exception):
    """A page that cannot be copied to this language; the message says why, for the editor."""


def list_translations(*, state: str = "", language: str = "") -> list[TranslationRow]:
    """Every live page with its state in each other language, worst first; one query
    (and one for the sites' roots, which Wagtail keeps).

    The page of the first language is the original; where there is none, the oldest one is. A
    translation is out of date when the original was published after it.
    """
    rows = [row for page, others in _read_originals() for row in _compare(page, others)]
    shown = [
        row
        for row in rows
        if (not state or row.state == state) and (not language or row.language == language)
    ]
    order = list(State)
    return sorted(shown, key=lambda row: (order.index(row.state), row.title))


def copy_for_translation(*, page_id: int, language: str, by: Any) -> Page:
    """The page in this language, ready to be translated: a new draft, or the page that is there.

    An alias becomes a page of its own. Twice is once. Raises `NotCopied` where page or language do
    not exist or the page is no part of a site, `PermissionDenied` where `by` may not edit it.
    """
    page = Page.objects.filter(pk=page_id, depth__gt=1).first()
    locale = Locale.objects.filter(language_code=language).first()
    if page is None or locale is None or page.locale_id == locale.pk:
        raise NotCopied(_("This page cannot be copied to this language."))
    if not by.has_perm("simple_translation.submit_translation"):
        raise PermissionDenied
    if not page.permissions_for_user(by).can_edit():
        raise PermissionDenied
    try:
        with transaction.atomic():
            # One copy at a time: the tree gives two that come together the same place.
            list(Page.objects.select_for_update(no_key=True).filter(depth=1))
            return _copy(page.specific, locale, by)
    except IntegrityError as error:
        # Somebody else was faster, with this page or with another one at the same place.
        there = page.get_translation_or_none(locale)
        if there is None:
            raise NotCopied(
                _("Somebody else changed this tree just now. Please try again.")
            ) from error
        return there


def _copy(page: Any, locale: Locale, by: Any) -> Page:
    there = page.get_translation_or_none(locale)
    if there is None:
        action = CopyPageForTranslationAction(page=page, locale=locale, copy_parents=True, user=by)
        return action.execute(skip_permission_checks=True)
    if there.alias_of_id:
        ConvertAliasPageAction(there.specific, user=by).execute(skip_permission_checks=True)
    return there


def _read_originals() -> list[tuple[Any, dict[str, Any]]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for page in _pages_of_sites():
        groups[page.translation_key].append(page)
    return [
        (each[0], {page.locale.language_code: page for page in each}) for each in groups.values()
    ]


def _pages_of_sites() -> Any:
    inside = Q(pk=None)
    for root in Site.get_site_root_paths():
        inside |= Q(url_path__startswith=root.root_path)
    is_first = models.Case(
        models.When(locale__language_code=settings.LANGUAGE_CODE, then=0), default=1
    )
    pages = Page.objects.filter(inside).select_related("locale").defer_streamfields()
    return pages.order_by(is_first, "pk")


def _compare(page: Any, others: dict[str, Any]) -> list[TranslationRow]:
    if not page.live:
        return []
    own = page.locale.language_code
    return [
        _row(page, language, others.get(language))
        for language, _name in settings.LANGUAGES
        if language != own
    ]


def _row(page: Any, language: str, other: Any) -> TranslationRow:
    published = other.last_published_at if other else None
    return TranslationRow(
        page_id=page.pk,
        title=page.title,
        language=language,
        state=_state(page, other),
        translation_id=other.pk if other else None,
        published_at=page.last_published_at,
        translation_published_at=published,
    )


def _state(page: Any, other: Any) -> State:
    if other is None:
        return State.MISSING
    if other.alias_of_id:
        return State.ALIAS
    if not other.live:
        return State.DRAFT
    is_older = bool(
        page.last_published_at
        and other.last_published_at
        and other.last_published_at < page.last_published_at
    )
    return State.OUTDATED if is_older else State.CURRENT
