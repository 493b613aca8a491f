"""Tax and bank data at rest: sealed so that a copy of the database tells nothing.

`MLM["ENCRYPTION_KEYS"]` may hold several Fernet keys: the first one seals, all of them open, so a key
is changed by putting a new one in front, running `mlm_reseal`, and taking the old one away. Whether
two people gave the same number is told by fingerprints, keyed hashes made with a key of their own.
"""

import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.conf import get_setting


class CannotOpen(Exception):
    """None of the keys opens this: it was sealed with a key that is gone."""


def seal(values: dict[str, Any]) -> str:
    """Values as text that only our keys open; nothing for nothing."""
    if not any(values.values()):
        return ""
    return _box().encrypt(json.dumps(values, ensure_ascii=False).encode()).decode()


def open_sealed(text: str) -> dict[str, Any]:
    """The values that were sealed. Raises CannotOpen."""
    if not text:
        return {}
    try:
        opened: dict[str, Any] = json.loads(_box().decrypt(text.encode()))
    except InvalidToken as error:
        raise CannotOpen(
            'None of MLM["ENCRYPTION_KEYS"] opens this; is a key missing that sealed it?'
        ) from error
    return opened


def reseal(text: str) -> str:
    """The same values under the first key. Raises CannotOpen."""
    try:
        return _box().rotate(text.encode()).decode() if text else ""
    except InvalidToken as error:
        raise CannotOpen('None of MLM["ENCRYPTION_KEYS"] opens this.') from error


def fingerprint(*, kind: str, text: str) -> str:
    """What the same text of the same kind always gives, and nobody without the key can guess."""
    key = get_setting("FINGERPRINT_KEY")
    if not key:
        raise ImproperlyConfigured('Set MLM["FINGERPRINT_KEY"] to a long random text.')
    return hmac.new(key.encode(), f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def _box() -> MultiFernet:
    keys = get_setting("ENCRYPTION_KEYS")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            'Set MLM["ENCRYPTION_KEYS"] to keys made by `cryptography.fernet.Fernet.generate_key()`.'
        ) from error
