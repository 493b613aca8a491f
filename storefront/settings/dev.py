"""`make run` and a developer's checkout: starts from nothing, keeps everything under `var/`."""

from storefront.settings.base import *  # noqa: F403
from storefront.settings.base import MLM, STORAGES, VAR_DIR

DEBUG = True
SECRET_KEY = "development only: production refuses to start without its own"  # noqa: S105
ALLOWED_HOSTS = ["*"]
SEARCH_ENGINES = False
INTERNAL_IPS = ["127.0.0.1"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
BANK_TRANSFER_IBAN = "DE02 1203 0000 0000 2020 51"
BANK_TRANSFER_BIC = "BYLADEM1001"
COMPANY_NAME = "Linden & Loom GmbH"
COMPANY_ADDRESS = "Lindenweg 1; 07743 Jena; Germany"
COMPANY_TAX_ID = "DE 123 456 789"
COMPANY_REGISTER = "HRB 12345, Jena"
# The demo company has customers of both kinds, and pays members by SEPA file or by the bank's table.
MLM = {
    **MLM,
    "PREFERRED": "first_order",
    # A product of the demo; a shop without it leaves that step of joining out.
    "STARTER_KIT": "starter-kit",
    "PAYOUTS": {
        "EUR": {
            "minimum": 1_000,
            "fee": 50,
            "bounce_fee": 300,
            "files": ("sepa", "csv"),
            "name": "Linden & Loom GmbH",
            "iban": BANK_TRANSFER_IBAN,
            "bic": BANK_TRANSFER_BIC,
        }
    },
}
VAR_DIR.mkdir(parents=True, exist_ok=True)
