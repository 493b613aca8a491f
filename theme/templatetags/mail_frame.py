"""What a mail needs of the theme: it has no style sheets of its own, so the tokens come as values."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders

from theme.contrast import read_tokens

register = template.Library()


@dataclass(frozen=True)
class MailFrame:
    """Colours by role (`accent_text` for `--t-accent-text`) in both sets, and whose mail it is."""

    light: dict[str, str]
    dark: dict[str, str]
    shop_name: str


@register.simple_tag
def mail_frame() -> MailFrame:
    """The colours of the theme in front, so a customer's tokens reach the mails too."""
    colours = _read_colours()
    return MailFrame(
        light=colours["light"], dark=colours["dark"], shop_name=settings.OSCAR_SHOP_NAME
    )


@lru_cache(maxsize=1)
def _read_colours() -> dict[str, dict[str, str]]:
    tokens = read_tokens(Path(str(finders.find("theme/tokens.css"))).read_text())
    return {
        mode: {name.replace("-", "_"): colour for name, colour in colours.items()}
        for mode, colours in tokens.items()
    }
