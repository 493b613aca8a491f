"""Addresses of ours: where a form sends the visitor back to, and what mails and papers name."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(*, request: HttpRequest, address: str) -> str:
    """Path and query of an address of this site; the front page for anything else."""
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(address if is_ours else "/")
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def full_address(path: str) -> str:
    """The address of a page as it is named outside of the site, where no request tells the host."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
