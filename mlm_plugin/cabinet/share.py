"""The referral link and its QR picture."""

import io
import re

import segno

# What a campaign may be called: it travels in addresses and is printed beside the picture.
CAMPAIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Modules of white around the code; the standard asks for four.
QUIET_ZONE = 4


def read_campaign(text: str) -> str:
    """The campaign's name, or nothing where it is none."""
    return text if CAMPAIGN.fullmatch(text) else ""


def draw_qr(*, link: str, kind: str) -> bytes:
    """A QR code of the link as an "svg" or "png" file, black on white in every colour scheme."""
    picture = io.BytesIO()
    code = segno.make(link, error="m", micro=False)
    code.save(picture, kind=kind, scale=8, border=QUIET_ZONE, light="white")
    return picture.getvalue()
