"""What every installation shares. `dev`, `test` and `production` each add the little that differs.

Every value an operator may want to change comes from the environment; see `docs/operating.md`.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403
from oscar.defaults import OSCAR_DASHBOARD_NAVIGATION

from mlm_plugin.shop.navigation import BOOKS, NETWORK
from storefront.mails.navigation import with_our_mails
from storefront.settings.handling import (  # noqa: F401 (settings that are the same everywhere)
    DELIVERY_DAYS,
    OSCAR_ORDER_STATUS_PIPELINE,
    SHOP_CARRIERS,
)
from storefront.settings.network import get_network_settings
from storefront.settings.oscar_apps import OSCAR_APPS, OSCAR_FORKS
from storefront.settings.search import get_search_backends
from storefront.settings.security import get_security_policy
from storefront.settings.storages import get_media_origins, get_storages
from storefront.shop.dashboard.navigation import PRICES, add_filters, add_work

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

# A customer's theme is one more app in front: ["acme_theme", "theme"].
THEMES = env.list("THEMES", default=["theme"])

INSTALLED_APPS = [
    *THEMES,
    "storefront",
    "storefront.wording",
    "storefront.accounts",
    "storefront.cms",
    "storefront.site_content",
    "storefront.brand",
    "storefront.mails",
    "storefront.privacy",
    "storefront.shop",
    "storefront.shop.prices",
    "storefront.shop.listing",
    "storefront.shop.details",
    "storefront.shop.questions",
    "storefront.shop.payments",
    "storefront.shop.fulfilment",
    "storefront.shop.returns",
    "storefront.shop.accounting",
    "storefront.worker",
    "storefront.demo",
    "mlm_plugin",
    *OSCAR_APPS,
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.contrib.simple_translation",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "sorl.thumbnail",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
    "storefront.accounts.admin_app.SuperuserAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "storefront.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront.brand.middleware.DraftLookMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mlm_plugin.shop.middleware.ReferralMiddleware",
    "storefront.shop.basket.middleware.BasketMiddleware",
    "storefront.shop.middleware.MissingObjectMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
                "storefront.context.site",
            ],
        },
    },
]

# --- data -------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that reads and then writes would otherwise fail at once with
    # "database is locked" instead of waiting its turn.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Oscar's forked apps keep Oscar's own migrations: only their classes are ours.
MIGRATION_MODULES = {label: f"oscar.apps.{path}.migrations" for label, path in OSCAR_FORKS.items()}

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# `/readyz` calls the queue stuck when a job that is due has waited this long.
QUEUE_STUCK_AFTER_SECONDS = env.int("QUEUE_STUCK_AFTER_SECONDS", default=300)
# What `manage.py work` does again and again: dotted path, seconds between two runs. Each function
# is called with the keyword `at`, the time of the run.
PERIODIC: list[tuple[str, float]] = [
    ("mlm_plugin.shop.tasks.credit_waiting", 1),
    ("mlm_plugin.volumes.moving.carry_out_due", 60),
    ("mlm_plugin.volumes.team_reading.read_team", 60),
    ("mlm_plugin.shop.unattributed.assign_waiting", 3600),
    ("mlm_plugin.network.releasing.release_due", 300),
    ("mlm_plugin.volumes.qualifying.place_qualified", 300),
    ("mlm_plugin.volumes.leg_figures.count_legs", 600),
    ("mlm_plugin.commissions.statements_details.write_missing", 60),
    ("mlm_plugin.commissions.what_if.look_after_what_ifs", 600),
    ("storefront.shop.payments.tasks.reconcile", 60),
    ("mlm_plugin.shop.visits.flush", 60),
    ("storefront.mails.tasks.remind_of_baskets", 600),
    ("storefront.privacy.tasks.look_after_exports", 600),
    ("mlm_plugin.network.application_tasks.look_after_applications", 600),
    ("mlm_plugin.network.application_tasks.look_for_duplicates", 86_400),
    ("mlm_plugin.volumes.import_tasks.look_after_imports", 600),
    ("mlm_plugin.commissions.schedule.keep_books", 300),
    ("mlm_plugin.commissions.estimates.refresh_estimates", 1),
    ("mlm_plugin.payouts.tasks.request_due", 3600),
    ("storefront.shop.questions.tasks.tell_what_is_back", 60),
    ("storefront.site_content.publishing.publish_scheduled", 30),
    ("storefront.shop.listing.services.count_sales", 3600),
]

STORAGES = {
    **get_storages(env=env, var_dir=VAR_DIR),
    "staticfiles": {"BACKEND": "storefront.static_files.SmallStaticFilesStorage"},
}
MEDIA_ROOT = str(VAR_DIR / "media")
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = str(VAR_DIR / "static")
# `manage.py build_fonts` fills it; `collectstatic` builds what is missing by itself.
FONT_DIR = VAR_DIR / "fonts"
FONT_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [FONT_DIR]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["storefront.accounts.backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/shop/accounts/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_ADAPTER = "storefront.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "storefront.accounts.forms.SignupForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Tries are counted in the cache: per process without Redis, over all of them with it.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "ask_question": "20/h/ip,5/h/key",
    "stock_alert": "40/h/ip,10/h/key",
}
# How many proxies of ours stand in front and write X-Forwarded-For; 0 trusts none.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "storefront.accounts.adapter.SecondFactorAdapter"
# Whether dashboard, CMS and Django's admin open only to people with a second factor.
MFA_REQUIRED_FOR_STAFF = env.bool("MFA_REQUIRED_FOR_STAFF", default=False)

# --- language, time and place -----------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
# Dates as in "4 October 2026": pages, mails and papers ask for DATE_FORMAT and the like.
FORMAT_MODULE_PATH = ["storefront.formats"]
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Europe/Berlin")
SITE_ID = 1

# --- shop -------------------------------------------------------------------------------------

OSCAR_SHOP_NAME = env("SHOP_NAME", default="Linden & Loom")
OSCAR_SHOP_TAGLINE = ""
OSCAR_DEFAULT_CURRENCY = env("CURRENCY", default="EUR")
# Stored prices include this country's tax; visitors see it until they name a destination.
SHOP_COUNTRY = env("SHOP_COUNTRY", default="DE")
# Vouchers and offers take off what the buyer sees, which is the price with tax.
OSCAR_OFFERS_INCL_TAX = True
OSCAR_OFFER_ROUNDING_FUNCTION = "storefront.shop.prices.tax.round_discount"
# Hold for every method and country that has no shipping charge of its own; tax included.
SHIPPING_CHARGES = {
    "standard": {"charge": "4.90", "free_from": "60.00"},
    "express": {"charge": "9.90", "free_from": None},
}
OSCAR_ALLOW_ANON_CHECKOUT = True
# The worker tells who waits for a product, see `tell_what_is_back`; a saved stock record does not.
OSCAR_EAGER_ALERTS = False
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_SEND_REGISTRATION_EMAIL = False
OSCAR_SLUG_ALLOW_UNICODE = True
OSCAR_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="shop@example.com")
OSCAR_INITIAL_ORDER_STATUS = "Pending"
OSCAR_INITIAL_LINE_STATUS = "Pending"
# A paid order that has waited longer than this is late.
SHOP_SEND_WITHIN_DAYS = env.int("SHOP_SEND_WITHIN_DAYS", default=2)
# So long after a parcel arrived its goods may be sent back.
SHOP_RETURN_DAYS = env.int("SHOP_RETURN_DAYS", default=30)
# What invoices say about the company; the lines of the address are parted by semicolons.
COMPANY_NAME = env("COMPANY_NAME", default=OSCAR_SHOP_NAME)
COMPANY_ADDRESS = env("COMPANY_ADDRESS", default="")
COMPANY_TAX_ID = env("COMPANY_TAX_ID", default="")
COMPANY_REGISTER = env("COMPANY_REGISTER", default="")
COMPANY_EMAIL = env("COMPANY_EMAIL", default=OSCAR_FROM_EMAIL)
OSCAR_HIDDEN_FEATURES: list[str] = []
OSCAR_COOKIES_DELETE_ON_LOGOUT = [OSCAR_RECENTLY_VIEWED_COOKIE_NAME]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
# How long the filters beside a list are kept in the cache; they are made anew with every change
# of a product, price or name. 0 keeps nothing.
LIST_CACHE_SECONDS = env.int("LIST_CACHE_SECONDS", default=600)

# Countries of delivery where the thanks page says how to become a member; "*" means all, nothing none.
OFFER_MEMBERSHIP_IN = env.list("OFFER_MEMBERSHIP_IN", default=["*"])

# --- payment ----------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")
# Empty means Stripe itself; `make run` points this at localstripe.
STRIPE_API_BASE = env("STRIPE_API_BASE", default="")
# The browser's part, from Stripe or from localstripe; its origin is let into the security policy.
STRIPE_JS_URL = env(
    "STRIPE_JS_URL",
    default=f"{STRIPE_API_BASE}/js.stripe.com/v3/"
    if STRIPE_API_BASE
    else "https://js.stripe.com/v3/",
)
STRIPE_JS_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(STRIPE_JS_URL))
# Where transfers go; without an IBAN the checkout offers cards only.
BANK_TRANSFER_HOLDER = env("BANK_TRANSFER_HOLDER", default=OSCAR_SHOP_NAME)
BANK_TRANSFER_IBAN = env("BANK_TRANSFER_IBAN", default="")
BANK_TRANSFER_BIC = env("BANK_TRANSFER_BIC", default="")
BANK_TRANSFER_BANK = env("BANK_TRANSFER_BANK", default="")

# --- mail -------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = OSCAR_FROM_EMAIL
SERVER_EMAIL = OSCAR_FROM_EMAIL
# Who agreed is reminded, once, of a basket untouched for so long.
ABANDONED_BASKET_HOURS = env.int("ABANDONED_BASKET_HOURS", default=24)

# --- content ----------------------------------------------------------------------------------

# What the theme asks for colours, head and logo of a mail.
THEME_MAIL_LOOK = "storefront.brand.selectors.get_mail_look"
WAGTAIL_SITE_NAME = OSCAR_SHOP_NAME
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILSEARCH_BACKENDS = get_search_backends(env=env)
WAGTAILIMAGES_IMAGE_FORM_BASE = "storefront.cms.image_forms.DescribedImageForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx", "zip"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Saving a new page by itself while “Publish” is pressed makes it twice, and the second fails.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no page asks another host
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Passwords and addresses belong to allauth, and a page is private by person or group only.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_LOGIN_URL = "cms_door"
WAGTAIL_FRONTEND_LOGIN_URL = "page_door"
# Whether search engines may read the site; a shop for members only keeps them out by itself.
SEARCH_ENGINES = env.bool("SEARCH_ENGINES", default=True)
# The words of the page that is shown when everything else is broken, kept as files.
CRASH_WORDS_DIR = VAR_DIR
# A page made in one language appears in the other trees too, to be translated there.
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- the network ------------------------------------------------------------------------------

MLM = get_network_settings(env=env, var_dir=VAR_DIR, time_zone=TIME_ZONE)
OSCAR_DASHBOARD_NAVIGATION = [
    *with_our_mails(add_work(add_filters(OSCAR_DASHBOARD_NAVIGATION))),
    PRICES,
    NETWORK,
    BOOKS,
]

# --- safety -----------------------------------------------------------------------------------

# Nobody frames a page, except that the CMS frames its own previews (it says so itself).
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CONTENT_SECURITY_POLICY = get_security_policy(
    media=get_media_origins(env=env), payment_script=STRIPE_JS_ORIGIN, payment=STRIPE_API_BASE
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
