"""Settings that a process reads once, so each test starts one."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "SECRET_KEY": "3nQ8wz-Yb0uT5mLkX2pVr7sDfGhJc9eA1tZoIyNqWxUvKiMjHgFdSaPl6R4C",
    "ALLOWED_HOSTS": "shop.example.com",
    "BASE_URL": "https://shop.example.com",
    "DATABASE_URL": "postgres://shop:secret@127.0.0.1:1/shop",
    "EMAIL_URL": "smtp+tls://shop:secret@mail.example.com:587",
    "DEFAULT_FROM_EMAIL": "shop@example.com",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "MLM_ENCRYPTION_KEYS": "q0yZb3k1v6pQh3jS2n8tYw5xR7uC4mD9aF1eG6iK0oM=",
    "MLM_FINGERPRINT_KEY": "k7JwQ2vX9bN4sT6yR1cF8hL3dG5mZ0pA",
}
S3 = {
    "S3_MEDIA_BUCKET": "shop-media",
    "S3_PRIVATE_BUCKET": "shop-private",
    "S3_MEDIA_DOMAIN": "media.example.com",
}
SHOW = "import django; from django.conf import settings; print({})"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with an environment of its own: production settings and nothing inherited."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def show(expression: str, **environment: str) -> str:
    result = run("-c", SHOW.format(expression), **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_production_names_every_secret_that_is_missing():
    result = run("-c", SHOW.format("settings.DEBUG"))
    assert result.returncode != 0
    for name in PRODUCTION:
        assert name in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_with_one_missing(name, value):
    environment = {key: text for key, text in PRODUCTION.items() if key != name}
    if value is not None:
        environment[name] = value
    result = run("-c", SHOW.format("settings.DEBUG"), **environment)
    last_line = result.stderr.splitlines()[-1]
    assert result.returncode != 0
    assert "ImproperlyConfigured" in last_line
    assert last_line.endswith(f": {name}")


def test_production_wants_an_encrypted_address():
    result = run(
        "-c", SHOW.format("settings.DEBUG"), **{**PRODUCTION, "BASE_URL": "http://shop.example.com"}
    )
    assert "BASE_URL must begin with https://" in result.stderr


def test_the_deployment_check_is_clean():
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_the_deployment_check_is_clean_with_everything_elsewhere():
    elsewhere = {**PRODUCTION, **S3, "REDIS_URL": "redis://127.0.0.1:1/0"}
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **elsewhere)
    assert result.returncode == 0, result.stderr


def test_production_cookies_travel_encrypted_only():
    shown = show(
        "[settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,"
        " settings.LANGUAGE_COOKIE_SECURE, settings.OSCAR_BASKET_COOKIE_SECURE,"
        " settings.SECURE_SSL_REDIRECT, settings.MFA_REQUIRED_FOR_STAFF, settings.DEBUG]",
        **PRODUCTION,
    )
    assert shown == "[True, True, True, True, True, True, False]"


def test_mail_database_and_cache_come_from_the_environment():
    shown = show(
        "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS,"
        " settings.DEFAULT_FROM_EMAIL, settings.DATABASES['default']['PORT'],"
        " settings.CACHES['default']['LOCATION'], settings.STRIPE_SECRET_KEY",
        **PRODUCTION,
        REDIS_URL="redis://127.0.0.1:1/0",
    )
    assert shown == ("mail.example.com 587 True shop@example.com 1 redis://127.0.0.1:1/0 sk_live_x")


def test_files_stay_on_disk_unless_the_environment_asks(tmp_path):
    shown = show(
        "[settings.STORAGES[name]['OPTIONS'] for name in ('default', 'private')]",
        **PRODUCTION,
        VAR_DIR=str(tmp_path),
    )
    assert shown == str(
        [
            {"location": f"{tmp_path}/media", "base_url": "/media/"},
            {"location": f"{tmp_path}/private", "base_url": None},
        ]
    )


def test_files_go_to_two_buckets_and_pictures_may_come_from_there():
    shown = show(
        "settings.STORAGES['default']['OPTIONS']['bucket_name'],"
        " settings.STORAGES['private']['OPTIONS']['bucket_name'],"
        " settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][-1]",
        **PRODUCTION,
        **S3,
    )
    assert shown == "shop-media shop-private https://media.example.com"


@pytest.mark.parametrize(
    "buckets",
    [
        {"S3_MEDIA_BUCKET": "one"},
        {"S3_PRIVATE_BUCKET": "one"},
        {"S3_MEDIA_BUCKET": "one", "S3_PRIVATE_BUCKET": "one"},
    ],
)
def test_private_files_never_share_a_bucket_with_public_ones(buckets):
    result = run("-c", SHOW.format("settings.STORAGES"), **PRODUCTION, **buckets)
    assert "two different buckets" in result.stderr


def test_the_bucket_speaks_for_itself_and_private_addresses_are_signed():
    pytest.importorskip("storages.backends.s3")
    script = (
        "import django; django.setup();"
        " from django.core.files.storage import storages;"
        " print(storages['default'].url('a.jpg')); print(storages['private'].url('b.pdf'))"
    )
    keys = {"S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret", "S3_REGION": "eu-central-1"}
    result = run("-c", script, **PRODUCTION, **S3, **keys)
    public, private = result.stdout.split()
    assert public == "https://media.example.com/a.jpg"
    assert "shop-private" in private
    assert "Signature=" in private
