"""What a mail needs of the theme: it has no style sheets of its own, so the tokens come as values."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.module_loading import import_string

from theme.contrast import read_tokens

register = template.Library()


@dataclass(frozen=True)
class MailFrame:
    """Colours by role (`accent_text` for `--t-accent-text`) in both sets, and whose mail it is.

    `head` is `name`, `band` (the name on the accent colour) or `logo`, which then has its full
    addresses; the dark one may be empty.
    """

    name: str
    light: dict[str, str]
    dark: dict[str, str]
    head: str = "name"
    logo_url: str = ""
    logo_dark_url: str = ""
    logo_width: int = 0
    logo_height: int = 0
    radius: str = "6px"
    radius_large: str = "12px"

    @property
    def shop_name(self) -> str:
        """Whose mail it is."""
        return self.name


@register.simple_tag(takes_context=True)
def mail_frame(context: dict[str, Any]) -> Any:
    """The brand's colours and head where the site names who knows them (`THEME_MAIL_LOOK`), with
    the fields of MailFrame; else the colours of the theme in front."""
    look = getattr(settings, "THEME_MAIL_LOOK", "")
    if look:
        return import_string(look)(request=context.get("request"))
    colours = _read_colours()
    return MailFrame(name=settings.OSCAR_SHOP_NAME, light=colours["light"], dark=colours["dark"])


@lru_cache(maxsize=1)
def _read_colours() -> dict[str, dict[str, str]]:
    tokens = read_tokens(Path(str(finders.find("theme/tokens.css"))).read_text())
    return {
        mode: {name.replace("-", "_"): colour for name, colour in colours.items()}
        for mode, colours in tokens.items()
    }
