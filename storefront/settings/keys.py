"""Keys of members' tax and bank data: from the environment, or made once for a developer's checkout.

`production` refuses to start without them in the environment, so nothing made here is ever used there.
"""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from environ import Env


def get_encryption_keys(*, env: Env, var_dir: Path) -> list[str]:
    """The Fernet keys, the one that seals first."""
    given: list[str] = env.list("MLM_ENCRYPTION_KEYS", default=[])
    return given or [_keep(var_dir / "encryption.key", Fernet.generate_key().decode())]


def get_fingerprint_key(*, env: Env, var_dir: Path) -> str:
    """The key of the fingerprints by which duplicates are found."""
    given: str = env("MLM_FINGERPRINT_KEY", default="")
    return given or _keep(var_dir / "fingerprint.key", secrets.token_urlsafe(32))


def _keep(file: Path, new: str) -> str:
    """What the file says; a new key where there is none. Two processes at once keep one key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        made = file.with_suffix(f".{os.getpid()}")
        made.write_text(new)
        made.chmod(0o600)
        try:
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()
