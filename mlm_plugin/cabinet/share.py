"""The referral link and its QR picture."""

import io

import segno

# Modules of white around the code; the standard asks for four.
QUIET_ZONE = 4


def draw_qr(*, link: str, kind: str) -> bytes:
    """A QR code of the link as an "svg" or "png" file, black on white in every colour scheme."""
    picture = io.BytesIO()
    code = segno.make(link, error="m", micro=False)
    code.save(picture, kind=kind, scale=8, border=QUIET_ZONE, light="white")
    return picture.getvalue()
