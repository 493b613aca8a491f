"""Changing the look: saved with its history, so that every change can be taken back."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from wagtail.models import Site

from storefront.brand.models import BrandChange, BrandSettings
from storefront.brand.presets import PRESETS
from storefront.brand.selectors import FILES, KEY, VALUES, make_look

SIZES = ("logo_size", "logo_dark_size")


class NothingToUndo(LookupError):
    """The site has the look it began with."""


@transaction.atomic
def change_brand(
    *, site: Site, values: dict[str, Any], by: Any, at: datetime, reason: str = ""
) -> bool:
    """Give the site these field values (others stay) and note the change; False if nothing differs.

    The row is locked first, so the history is one line even when two people save at once. Raises
    palette.Unreadable for exact colours that do not reach their ratios.
    """
    BrandSettings.objects.get_or_create(site=site)
    brand = BrandSettings.objects.select_for_update().get(site=site)
    before = _snapshot(brand)
    for name, value in values.items():
        setattr(brand, name, value)
    make_look(values={name: getattr(brand, name) for name in VALUES})
    brand.save()
    after = _snapshot(brand)
    if after == before:
        return False
    BrandChange.objects.create(
        site=site, at=at, by=by, reason=str(reason), before=before, after=after
    )
    return True


def use_preset(*, site: Site, code: str, by: Any, at: datetime) -> bool:
    """Give the site one of the looks of `presets`, keeping logos and icon. Raises KeyError."""
    preset = PRESETS[code]
    plain = {name: BrandSettings._meta.get_field(name).get_default() for name in VALUES}
    values = {**plain, **preset.values}
    return change_brand(site=site, values=values, by=by, at=at, reason=preset.code)


def undo_last_change(*, site: Site, by: Any, at: datetime) -> None:
    """Take back the newest change that is still in force.

    Undoing twice goes two steps back: an undo is a change of its own, but is skipped over, together
    with what it took back. Raises NothingToUndo.
    """
    with transaction.atomic():
        BrandSettings.objects.select_for_update().filter(site=site).first()
        skip = 0
        for change in BrandChange.objects.filter(site=site).iterator():
            if change.reason == "undo":
                skip += 1
            elif skip:
                skip -= 1
            else:
                change_brand(site=site, values=change.before, by=by, at=at, reason="undo")
                return
    raise NothingToUndo


def restore(*, change: BrandChange, by: Any, at: datetime) -> bool:
    """Bring back the look that this change of the past had made."""
    return change_brand(site=change.site, values=change.after, by=by, at=at, reason="restore")


def forget_looks(**_signal: object) -> None:
    """Drop the cached looks: now, for this transaction's own readers, and again once it commits."""
    cache.delete(KEY)
    transaction.on_commit(_forget, robust=True)


def _forget() -> None:
    cache.delete(KEY)


def _snapshot(brand: BrandSettings) -> dict[str, Any]:
    values = {name: getattr(brand, name) for name in (*VALUES, *SIZES)}
    return {**values, **{name: getattr(brand, name).name or "" for name in FILES}}
