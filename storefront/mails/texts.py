"""Values in the texts of mails: `{number}` in what staff write, `%(number)s` in translations."""

import logging
import re
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

NAMED = re.compile(r"\{(\w+)\}")


class WrongText(Exception):
    """A text names a value that its mail does not have; the message says which and where."""


def as_written(text: str) -> str:
    """A translation's `%(number)s` as staff read and write it: `{number}`."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text).replace("%%", "%")


def check_text(*, text: str, values: Collection[str]) -> None:
    """Raise WrongText for the first brace that is no `{value}` of these."""
    for found in re.finditer(r"\{[^{}\n]*\}|[{}]", text):
        named = NAMED.fullmatch(found.group())
        if named and named[1] in values:
            continue
        line, place = text.count("\n", 0, found.start()) + 1, _column(text, found.start())
        if len(found.group()) == 1:
            message = _("Line %(line)s, character %(place)s: a brace without its partner.")
        else:
            message = _("Line %(line)s, character %(place)s: this mail has no value %(name)s.")
        raise WrongText(message % {"line": line, "place": place, "name": found.group()[:60]})


def fill_text(*, text: str, context: Mapping[str, Any]) -> str:
    """Put the values in; one that is missing stays empty, because the mail has to go out."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in context:
            logger.error("A mail's text names %s, which its context lacks", found[0])
        return str(context.get(found[1], ""))

    return NAMED.sub(value, text)


def _column(text: str, position: int) -> int:
    return position - (text.rfind("\n", 0, position) + 1) + 1
