"""The suite: fast password hashing, mail kept in memory, jobs run on demand."""

from storefront.settings.base import *  # noqa: F403
from storefront.settings.base import STORAGES, VAR_DIR

DEBUG = False
SECRET_KEY = "tests only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": False}
BANK_TRANSFER_IBAN = "DE02 1203 0000 0000 2020 51"
STRIPE_SECRET_KEY = "sk_test_of_the_suite"
STRIPE_PUBLISHABLE_KEY = "pk_test_of_the_suite"
STRIPE_WEBHOOK_SECRET = "whsec_of_the_suite"
CRASH_WORDS_DIR = VAR_DIR / "tests"
