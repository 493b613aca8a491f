"""A look that is not saved yet, shown on real pages to the one who tries it.

The draft travels in the address itself, signed, so any process can show it and nothing is stored.
"""

from dataclasses import replace
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Site

from storefront.brand.models import BrandSettings
from storefront.brand.palette import MODES
from storefront.brand.selectors import (
    VALUES,
    Look,
    get_palette,
    get_pictures,
    make_look,
)
from storefront.brand.stylesheet import write_stylesheet

SALT = "brand.draft"
SECONDS = 6 * 60 * 60
PARAMETER = "look"


def sign_draft(*, site: Site, values: dict[str, Any], mode: str = "") -> str:
    """The draft as a word for the parameter `look` of any address of the site."""
    kept = {name: values[name] for name in VALUES}
    return signing.dumps({"site": site.pk, "mode": mode, **kept}, salt=SALT, compress=True)


def may_try(user: Any) -> bool:
    """Whether this person may see drafts: who may change a look, and staff on the style page."""
    return user.is_authenticated and (user.is_staff or user.has_perm("brand.change_brandsettings"))


def read_draft(*, request: HttpRequest) -> Look | None:
    """The look that the request's address holds, for who may see one; None for everyone else."""
    word = request.GET.get(PARAMETER, "")
    if not word or not may_try(request.user):
        return None
    draft = _load(word)
    if draft is None:
        return None
    brand = BrandSettings.objects.filter(site_id=draft["site"]).first()
    pictures = get_pictures(brand=brand) if brand else {}
    look = make_look(values=draft, pictures=pictures)
    return replace(look, draft_stylesheet=f"{reverse('brand-draft')}?{PARAMETER}={word}")


def write_draft_stylesheet(*, word: str) -> str | None:
    """The stylesheet of a draft, in the set it asks for; None for a word that is not ours."""
    draft = _load(word)
    if draft is None:
        return None
    return write_stylesheet(
        palette=get_palette(values=draft),
        text_font=draft["text_font"],
        heading_font=draft["heading_font"],
        corners=draft["corners"],
        mode=draft["mode"] if draft["mode"] in MODES else "",
    )


def _load(word: str) -> dict[str, Any] | None:
    try:
        return signing.loads(word, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
