"""What frames every page, read once and kept in the cache: texts, notices, words of error pages.

The frame of a site in one language is one cached value, renewed at once when anything in it is
saved (see `receivers`). Times are compared when it is shown, so a notice begins and ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language
from wagtail.images.models import SourceImageIOError
from wagtail.rich_text import expand_db_html

from storefront.caching import cache_seconds
from storefront.languages import language_of_path
from storefront.site_content.models import ErrorText, Notice, NoticeText, NoticeWhere, SiteTexts
from storefront.site_content.sites import get_site_id, list_site_ids

SHARE_CUT = "fill-1200x630|format-jpeg"


@dataclass(frozen=True)
class Link:
    """Words and where they lead."""

    name: str
    url: str


@dataclass(frozen=True)
class Words:
    """What an error page says; `link` is None where it keeps its own button."""

    heading: str
    text: str
    link: Link | None = None


@dataclass(frozen=True)
class SharePicture:
    """A picture for shared links; `url` may be relative to the site."""

    url: str
    alt: str


@dataclass(frozen=True)
class Texts:
    """What the footer and the head of every page say; empty texts are left out."""

    motto: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    social_links: tuple[Link, ...] = ()
    payment_marks: tuple[str, ...] = ()
    legal_line: str = ""
    description: str = ""
    share_picture: SharePicture | None = None


@dataclass(frozen=True)
class ShownNotice:
    """One notice in one language; `key` changes with its text, so a changed one is shown again."""

    key: str
    kind: str
    text: str
    link: Link | None
    starts_at: datetime | None
    ends_at: datetime | None
    where: str
    paths: tuple[str, ...]
    is_dismissible: bool

    def is_due(self, *, at: datetime) -> bool:
        """Whether `at` lies between its beginning and its end."""
        return (not self.starts_at or self.starts_at <= at) and (
            not self.ends_at or at < self.ends_at
        )

    def stands_on(self, *, path: str, is_content: bool) -> bool:
        """Whether it belongs on the page at `path` (of any language)."""
        language = language_of_path(path)
        plain = path.removeprefix(f"/{language}") if language else path
        match self.where:
            case NoticeWhere.HOME:
                return plain == "/"
            case NoticeWhere.SHOP:
                return plain.startswith("/shop/")
            case NoticeWhere.CONTENT:
                return is_content
            case NoticeWhere.PATHS:
                return plain.startswith(self.paths) or path.startswith(self.paths)
        return True


@dataclass(frozen=True)
class Frame:
    """Everything of one site in one language."""

    texts: Texts
    notices: tuple[ShownNotice, ...]
    error_words: dict[int, Words]


def get_frame(*, language: str | None = None, site_id: int | None = None) -> Frame:
    """The frame of a site (the default one) in a language (the active one).

    No query while warm; at most seven to read it anew.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    site_id = site_id or get_site_id()
    key = _key(site_id, language)
    frame = cache.get(key)
    if frame is None:
        frame = Frame(
            texts=_read_texts(site_id, language),
            notices=_read_notices(site_id, language),
            error_words=_read_error_words(site_id, language),
        )
        cache.set(key, frame, cache_seconds())
    return frame


def list_notices(
    *,
    notices: Sequence[ShownNotice],
    path: str,
    is_content: bool,
    hidden: frozenset[str],
    at: datetime,
) -> list[ShownNotice]:
    """Those of `notices` that are due at `at`, belong on the page and were not closed."""
    return [
        notice
        for notice in notices
        if notice.is_due(at=at)
        and not (notice.is_dismissible and notice.key in hidden)
        and notice.stands_on(path=path, is_content=is_content)
    ]


def forget_frame(**_signal: object) -> None:
    """Drop the cached frames: now, for this transaction's readers, and again once it commits."""
    keys = [_key(pk, language) for pk in list_site_ids() for language, _ in settings.LANGUAGES]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _key(site_id: int | None, language: str) -> str:
    return f"site_frame:{site_id}:{language}"


def _read_texts(site_id: int | None, language: str) -> Texts:
    row = (
        SiteTexts.objects.filter(site_id=site_id, locale__language_code=language)
        .select_related("share_picture")
        .first()
    )
    if row is None:
        return Texts()
    return Texts(
        motto=row.motto,
        contact=expand_db_html(row.contact),
        email=row.email,
        phone=row.phone,
        social_links=tuple(
            Link(name=link.value["name"], url=link.value["address"]) for link in row.social_links
        ),
        payment_marks=tuple(mark.strip() for mark in row.payment_marks.split(",") if mark.strip()),
        legal_line=row.legal_line,
        description=row.description,
        share_picture=cut_share_picture(row.share_picture),
    )


def cut_share_picture(image: Any) -> SharePicture | None:
    """A picture in the size that networks show; None without one, or when its file is gone."""
    if image is None:
        return None
    try:
        cut = image.get_rendition(SHARE_CUT)
    except (SourceImageIOError, OSError):
        return None
    return SharePicture(url=cut.url, alt=image.default_alt_text)


def _read_notices(site_id: int | None, language: str) -> tuple[ShownNotice, ...]:
    """All that are on, those of the past too: whoever shows them compares the time."""
    texts = (
        NoticeText.objects.filter(language=language, notice__site_id=site_id, notice__is_on=True)
        .select_related("notice")
        .order_by("-notice__starts_at", "-notice_id")
    )
    return tuple(_show(text.notice, text) for text in texts)


def _show(notice: Notice, text: NoticeText) -> ShownNotice:
    return ShownNotice(
        key=f"{notice.pk}-{int(notice.changed_at.timestamp())}",
        kind=notice.kind,
        text=text.text,
        link=Link(text.link_name, text.link_address) if text.link_address else None,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        where=notice.where,
        paths=tuple(notice.paths.splitlines()),
        is_dismissible=notice.is_dismissible,
    )


def _read_error_words(site_id: int | None, language: str) -> dict[int, Words]:
    rows = ErrorText.objects.filter(site_id=site_id, locale__language_code=language)
    return {
        row.code: Words(
            heading=row.heading,
            text=row.text,
            link=Link(row.link_name, row.link_address) if row.link_address else None,
        )
        for row in rows
    }
