"""Which addresses an editor may put into a link."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

_OWN = re.compile(r"/(?![/\\])[^\s\\]*\Z")
_ANCHOR = re.compile(r"#[\w-]+\Z")
_REACH = re.compile(r"(mailto:[^\s@]+@[^\s@]+|tel:\+?[\d() -]+)\Z")
_WEB = URLValidator(schemes=["http", "https"])


def validate_address(value: str) -> None:
    """A link's target: `/about/`, `#prices`, `https://…`, `mailto:…` or `tel:…`; never a script.

    Raises `ValidationError`.
    """
    if _OWN.match(value) or _ANCHOR.match(value) or _REACH.match(value):
        return
    try:
        _WEB(value)
    except ValidationError as error:
        raise ValidationError(
            _(
                "Write an address like /about/, #prices, https://example.com/ or mailto:us@example.com."
            )
        ) from error


def validate_web_address(value: str) -> None:
    """The full address of a page on the web. Raises `ValidationError`."""
    _WEB(value)
