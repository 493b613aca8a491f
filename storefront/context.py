"""What every template of the site may use: no queries here, this runs for each page."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The shop's name, the languages and the referring member of this visit (or None)."""
    return {
        "shop_name": settings.OSCAR_SHOP_NAME,
        "languages": settings.LANGUAGES,
        "referral": getattr(request, "referral", None),
    }
