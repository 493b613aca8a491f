"""The agreement with members: the version that holds, from the CMS, and its paper."""

from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from mlm_plugin.conf.content import AgreementText, SignedAgreement
from storefront.cms.legal import get_versions_in_force
from storefront.cms.models import LegalVersion
from storefront.cms.pages.legal import LegalKind
from storefront.shop.accounting.paper import draw, get_paper_size

# How a block of the CMS is set on paper; everything else is a paragraph.
HEADINGS = ("h1", "h2", "h3", "h4")


def get_agreement(*, language: str, at: datetime) -> AgreementText | None:
    """The version in force in this language, or in the site's; None while none is published."""
    languages = dict.fromkeys([language, settings.LANGUAGE_CODE])
    found = get_versions_in_force(kinds=[LegalKind.MEMBERS], languages=list(languages), at=at)
    if not found:
        return None
    version = found[0]
    return AgreementText(
        key=str(version.pk),
        title=version.title,
        version=str(version.number),
        language=version.language,
        body=expand_db_html(version.body),
        url=version.url,
    )


def draw_agreement(*, signed: SignedAgreement) -> bytes:
    """The very version that was agreed to, who agreed, when and from where."""
    version = LegalVersion.objects.get(pk=signed.key)
    with translation.override(signed.language):
        return draw(name="agreement", data=_data(signed, version), at=signed.accepted_at)


def split_text(html: str) -> list[list[str]]:
    """Kind and words of each block: "heading", "item" or "text", in order."""
    blocks: list[list[str]] = []
    for node in BeautifulSoup(html, "html.parser").children:
        if isinstance(node, NavigableString):
            parts = [("text", str(node))]
        elif isinstance(node, Tag) and node.name in ("ul", "ol"):
            parts = [("item", _words(item)) for item in node.find_all("li")]
        elif isinstance(node, Tag):
            parts = [("heading" if node.name in HEADINGS else "text", _words(node))]
        else:
            continue
        blocks += [[kind, words] for kind, words in parts if words.strip()]
    return blocks


def _words(tag: Tag) -> str:
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    return tag.get_text()


def _data(signed: SignedAgreement, version: LegalVersion) -> dict[str, Any]:
    moment = date_format(timezone.localtime(signed.accepted_at), "DATETIME_FORMAT")
    address = [part.strip() for part in settings.COMPANY_ADDRESS.split(";") if part.strip()]
    return {
        "language": signed.language,
        "paper": get_paper_size(country=signed.country),
        "title": version.title,
        "number": signed.number,
        "seller": {
            "name": settings.COMPANY_NAME,
            "address": address,
            "tax_id": settings.COMPANY_TAX_ID,
            "register": settings.COMPANY_REGISTER,
            "email": settings.COMPANY_EMAIL,
        },
        "about": [list(row) for row in signed.details],
        "blocks": split_text(version.body),
        "words": {
            "between": _("between %(company)s and") % {"company": settings.COMPANY_NAME},
            "agreed": _("%(name)s agreed to this text online on %(moment)s.")
            % {"name": signed.name, "moment": moment},
            "page": _("Page"),
            "of": _("of"),
            "tax_id": _("Tax number"),
        },
    }
