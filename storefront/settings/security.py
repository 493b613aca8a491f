"""What browsers may load and run on our pages."""

from collections.abc import Sequence
from typing import Any


def get_security_policy(
    *, media: Sequence[str], payment_script: str, payment: str
) -> dict[str, Any]:
    """The setting `CONTENT_SECURITY_POLICY`: ourselves and the payment provider, nobody else.

    `media` are further origins of pictures, `payment_script` the one script that is not ours, and
    `payment` the provider's address, empty for Stripe itself.
    """
    return {
        "EXCLUDE_URL_PREFIXES": ("/cms/", "/dashboard/"),
        "DIRECTIVES": {
            "default-src": ["'self'"],
            "img-src": ["'self'", "data:", *media],
            "script-src": ["'self'", payment_script],
            "style-src": ["'self'"],
            "frame-src": ["'self'", "https://js.stripe.com", "https://hooks.stripe.com"],
            "connect-src": ["'self'", payment or "https://api.stripe.com", payment_script],
            "frame-ancestors": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'none'"],
            "object-src": ["'none'"],
        },
    }
