"""Where uploaded and private files live: a directory, or S3 where the environment asks for it.

`private` holds files with personal or money data. They leave through views that check who asks, so
that bucket is never public and its addresses are of no use to a browser.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environ import Env

S3 = "storages.backends.s3.S3Storage"


def get_storages(*, env: Env, var_dir: Path) -> dict[str, dict[str, Any]]:
    """The entries `default` and `private` of `STORAGES`.

    Raises ImproperlyConfigured where only one of the two buckets is named: private files would
    silently stay on one machine's disk, or public ones disappear from the others.
    """
    media, private = env("S3_MEDIA_BUCKET", default=""), env("S3_PRIVATE_BUCKET", default="")
    if not media and not private:
        return {
            "default": on_disk(location=var_dir / "media", base_url="/media/"),
            "private": on_disk(location=var_dir / "private", base_url=None),
        }
    if not media or not private or media == private:
        from django.core.exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(
            "Set both S3_MEDIA_BUCKET and S3_PRIVATE_BUCKET, to two different buckets."
        )
    public_options: dict[str, Any] = {"querystring_auth": False, "file_overwrite": False}
    if domain := env("S3_MEDIA_DOMAIN", default=""):
        public_options["custom_domain"] = domain
    return {
        "default": on_s3(env=env, bucket=media, **public_options),
        "private": on_s3(env=env, bucket=private, default_acl="private"),
    }


def on_disk(*, location: Path, base_url: str | None) -> dict[str, Any]:
    """Files below a directory; without `base_url` nothing serves them."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(location), "base_url": base_url},
    }


def on_s3(*, env: Env, bucket: str, **options: Any) -> dict[str, Any]:
    """Files in a bucket of Amazon or of anyone who speaks its protocol."""
    return {
        "BACKEND": S3,
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("S3_ENDPOINT_URL", default="") or None,
            "region_name": env("S3_REGION", default="") or None,
            "access_key": env("S3_ACCESS_KEY", default="") or None,
            "secret_key": env("S3_SECRET_KEY", default="") or None,
            **options,
        },
    }


def get_media_origins(*, env: Env) -> list[str]:
    """Origins that pictures may come from besides the site, for the security policy."""
    bucket = env("S3_MEDIA_BUCKET", default="")
    if not bucket:
        return []
    if domain := env("S3_MEDIA_DOMAIN", default=""):
        return [f"https://{domain}"]
    if endpoint := env("S3_ENDPOINT_URL", default=""):
        parts = urlsplit(endpoint)
        return [f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{bucket}.{parts.netloc}"]
    return [f"https://{bucket}.s3.amazonaws.com", "https://*.amazonaws.com"]
