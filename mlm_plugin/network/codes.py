"""Codes of members and campaigns: they stand in links, are said on the phone, typed from paper."""

import re
import secrets

# No vowels, so that no word appears by accident; none of 0 O 1 I L, which look alike.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 6
MAX_LENGTH = 32
_CODE = re.compile(rf"[A-Z0-9][A-Z0-9_-]{{0,{MAX_LENGTH - 1}}}")
_CAMPAIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def make_code() -> str:
    """A new code, one of 480 million; whoever stores it tries again when it is taken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise_code(text: str) -> str:
    """The one spelling of a code that is stored: capitals, digits, `-` and `_`, or "".

    Case carries no meaning. Whatever cannot be a code (empty, too long, other characters) becomes
    "", so that hostile text never reaches the database.
    """
    code = text.strip()
    if len(code) > MAX_LENGTH or not code.isascii():
        return ""
    code = code.upper()
    return code if _CODE.fullmatch(code) else ""


def normalise_campaign(text: str) -> str:
    """A campaign's name as it is stored: letters, digits, `-` and `_`, 64 at most; else ""."""
    return text if _CAMPAIGN.fullmatch(text) else ""
