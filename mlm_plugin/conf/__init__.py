"""The plugin's settings: one dict `MLM` in the site's settings, read when asked.

Reading late (instead of once at import) lets a test change one value with `override_settings`.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

DEFAULTS: dict[str, Any] = {
    # The plan's time zone: business days and periods begin at its midnight.
    "TIME_ZONE": "UTC",
    # "open": anyone may buy; "closed": only members see prices and buy.
    "SALES": "open",
    # "request": points are credited right after the order's commit; "worker": in batches.
    "CREDIT": "request",
    # How a customer becomes a preferred one: "never", "registration" or "first_order".
    "PREFERRED": "never",
    # Days a referral link is remembered.
    "REFERRAL_DAYS": 30,
    # "last": the newest link wins; "first": the first one stays.
    "REFERRAL_RULE": "last",
    # Whether a voucher or offer lowers PV as it lowers CV.
    "DISCOUNT_REDUCES_PV": False,
    # Ask before the referral cookie is set ("always", "never"), where the market demands it.
    "COOKIE_CONSENT": "never",
    # Code of the member below whom people join who come without an invitation; empty: they
    # need the code of a member.
    "JOIN_SPONSOR": "",
    # The placement tree beside the sponsor tree; empty: there is none. See conf/placement.py.
    "PLACEMENT": {},
    # What becomes of the front line and the customers of a member whose membership ends: "stay",
    # or "roll_up" to the sponsor.
    "TERMINATION": "stay",
    # Who gets customers who belong to nobody: "none", "round_robin" (members who agreed to be
    # listed take turns) or "nearest" (of them, whose post code begins most like the customer's).
    "UNATTRIBUTED": "none",
    # A function of the site that returns the ids of members who agreed to be listed.
    "LISTED_MEMBERS": "mlm_plugin.conf.nobody_is_listed",
    # How many levels down a member sees names, points and contact data (None: all, 0: none).
    # Contact data in any case only of those who agreed to it.
    "TEAM_SHOWS": {"names": None, "points": None, "contact": None},
    # A class of the site that returns news, tasks and material for the cabinet, and what joining
    # needs of the site; what it may answer stands in `conf.content`.
    "CONTENT": "mlm_plugin.conf.content.NoContent",
    # The largest file of members that can be uploaded, and how many days such files are kept.
    "IMPORT_MEGABYTES": 500,
    "IMPORT_FILE_DAYS": 30,
    # Countries where joining is open: {"DE": {"minimum_age": 18, "tax_number": "optional"}};
    # "required" demands the tax number, "none" does not ask. "*" holds for all others.
    "MARKETS": {"*": {}},
    # "at_once": who applies is a member; "staff": somebody looks at each application first.
    "APPROVAL": "at_once",
    # Days in which a new member may end the membership, with the starter kit paid back.
    "COOLING_OFF_DAYS": 14,
    # SKU of a product that new members may buy; empty: none. It carries no points.
    "STARTER_KIT": "",
    # Periods are opened so many days ahead, and closed by the schedule so many hours after their
    # end; None leaves the closing to people.
    "OPEN_PERIODS_DAYS_AHEAD": 31,
    "CLOSE_PERIODS_AFTER_HOURS": None,
    # An application left behind is reminded of after so many days, and erased after so many.
    "APPLICATION_REMINDER_DAYS": 3,
    "APPLICATION_EXPIRY_DAYS": 30,
    # The most that one person may give to a wallet or take from it alone, in the currency's smallest
    # unit, within thirty days; more needs a second person.
    "ADJUSTMENT_LIMIT": 10_000,
    # Currencies that are paid out, and on which terms: {"EUR": {"minimum": 1000, "fee": 100}}; see
    # conf/payouts.py. A tax table of the site's own in place of payouts/taxes.toml: a path.
    "PAYOUTS": {},
    "PAYOUT_TAXES": "",
    # Keys of `cryptography.fernet.Fernet` for tax and bank data; the first one seals, all open.
    "ENCRYPTION_KEYS": [],
    # Key of the fingerprints by which duplicates are found; a new one makes them blind.
    "FINGERPRINT_KEY": "",
}


def get_setting(name: str) -> Any:
    """One value of `MLM`, or its default.

    Raises ImproperlyConfigured for a name that does not exist, and for keys of `MLM` that nobody
    reads (a misspelt key would otherwise be silently without effect).
    """
    chosen = getattr(settings, "MLM", {})
    if unknown := sorted(chosen.keys() - DEFAULTS.keys()):
        raise ImproperlyConfigured(f"Nobody reads {unknown} of MLM; it knows {sorted(DEFAULTS)}.")
    if name not in DEFAULTS:
        raise ImproperlyConfigured(f"MLM has no setting {name!r}; it knows {sorted(DEFAULTS)}.")
    return chosen.get(name, DEFAULTS[name])


def plan_time_zone() -> ZoneInfo:
    """The time zone in which business days and periods begin."""
    return ZoneInfo(get_setting("TIME_ZONE"))


def business_day(moment: datetime) -> date:
    """The plan's calendar day of an aware moment."""
    return moment.astimezone(plan_time_zone()).date()


def period_start(day: date) -> date:
    """The first day of the period (a calendar month) that a business day belongs to."""
    return day.replace(day=1)


def get_content() -> Any:
    """What the site gives the cabinet to show: an instance of the class named by `CONTENT`."""
    return import_string(get_setting("CONTENT"))()


def nobody_is_listed() -> list[int]:
    """The plugin's own answer where no site says who agreed to be listed."""
    return []
