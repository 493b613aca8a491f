"""How long what every page shows stays in the cache.

Whatever is cached with this is dropped at once when it is saved. With Redis that reaches every
process; without it the cache lives in each process, and another one may show what was before for
`PRIVATE_SECONDS` more: cheaper than a query per page that would ask whether anything changed.
"""

from django.conf import settings

PRIVATE_SECONDS = 10
SHARED_SECONDS = 60


def cache_seconds() -> int:
    """The time to keep it: short where processes share no cache."""
    return SHARED_SECONDS if settings.REDIS_URL else PRIVATE_SECONDS
