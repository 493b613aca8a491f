"""The setting `MLM`: how the network works here; what each key means stands in `mlm_plugin.conf`."""

from pathlib import Path
from typing import Any

from environ import Env

from storefront.settings.keys import get_encryption_keys, get_fingerprint_key


def get_network_settings(*, env: Env, var_dir: Path, time_zone: str) -> dict[str, Any]:
    """All of it from the environment, see `docs/operating.md`."""
    return {
        "TIME_ZONE": time_zone,
        "SALES": env("MLM_SALES", default="open"),
        "CREDIT": env("MLM_CREDIT", default="request"),
        "PREFERRED": env("MLM_PREFERRED", default="never"),
        "COOKIE_CONSENT": env("MLM_COOKIE_CONSENT", default="never"),
        "REFERRAL_DAYS": env.int("MLM_REFERRAL_DAYS", default=30),
        "REFERRAL_RULE": env("MLM_REFERRAL_RULE", default="last"),
        "JOIN_SPONSOR": env("MLM_JOIN_SPONSOR", default=""),
        "DISCOUNT_REDUCES_PV": env.bool("MLM_DISCOUNT_REDUCES_PV", default=False),
        "PLACEMENT": env.json("MLM_PLACEMENT", default={}),
        "TERMINATION": env("MLM_TERMINATION", default="stay"),
        "UNATTRIBUTED": env("MLM_UNATTRIBUTED", default="none"),
        "LISTED_MEMBERS": "storefront.cms.storefronts.selectors.list_listed_members",
        "TEAM_SHOWS": env.json(
            "MLM_TEAM_SHOWS", default={"names": None, "points": None, "contact": None}
        ),
        "CONTENT": "storefront.joining.content.Content",
        # Countries where joining is open; "*" means all. The age of majority, or more.
        "MARKETS": {
            code: {"minimum_age": env.int("MLM_MINIMUM_AGE", default=18)}
            for code in env.list("MLM_MARKETS", default=["*"])
        },
        "APPROVAL": env("MLM_APPROVAL", default="at_once"),
        "COOLING_OFF_DAYS": env.int("MLM_COOLING_OFF_DAYS", default=14),
        "STARTER_KIT": env("MLM_STARTER_KIT", default=""),
        "OPEN_PERIODS_DAYS_AHEAD": env.int("MLM_OPEN_PERIODS_DAYS_AHEAD", default=31),
        "CLOSE_PERIODS_AFTER_HOURS": env.int("MLM_CLOSE_PERIODS_AFTER_HOURS", default=None),
        "APPLICATION_REMINDER_DAYS": env.int("MLM_APPLICATION_REMINDER_DAYS", default=3),
        "APPLICATION_EXPIRY_DAYS": env.int("MLM_APPLICATION_EXPIRY_DAYS", default=30),
        # Currencies that are paid out, on which terms, and by which files of the bank.
        "PAYOUTS": env.json("MLM_PAYOUTS", default={env("CURRENCY", default="EUR"): {}}),
        "PAYOUT_TAXES": env("MLM_PAYOUT_TAXES", default=""),
        # The first key seals tax and bank data, all of them open it; without any, development makes one.
        "ENCRYPTION_KEYS": get_encryption_keys(env=env, var_dir=var_dir),
        "FINGERPRINT_KEY": get_fingerprint_key(env=env, var_dir=var_dir),
    }
