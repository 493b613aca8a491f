"""The site behind what stands in front of it in production: HTTPS ends there, and media are files."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise

from storefront.wsgi import application as site


def _say_https(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["HTTP_X_FORWARDED_PROTO"] = "https"
    return site(environ, start_response)


application = WhiteNoise(
    _say_https, root=settings.MEDIA_ROOT, prefix=settings.MEDIA_URL, max_age=31_536_000
)
