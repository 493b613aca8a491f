"""Who can sign in to the demo company, and with what.

Everything here is public: the demo refuses to fill anything but a development installation.
"""

from dataclasses import dataclass

PASSWORD = "linden-and-loom"  # noqa: S105


@dataclass(frozen=True)
class StaffLogin:
    """Somebody who works on the site; `secret` makes the codes of the second factor."""

    email: str
    first_name: str
    last_name: str
    role: str
    secret: str


# `role` is a group of `storefront.accounts.roles`; the superuser needs none.
STAFF = (
    StaffLogin("admin@example.com", "Alma", "Vogt", "", "LINDENLOOMADMIN2LINDENLOOMADMIN2"),
    StaffLogin(
        "operator@example.com", "Oskar", "Lange", "Operators", "LINDENLOOMOPERA2LINDENLOOMOPERA2"
    ),
    StaffLogin(
        "finance@example.com", "Frieda", "Kern", "Finance", "LINDENLOOMFINAN2LINDENLOOMFINAN2"
    ),
    StaffLogin(
        "controller@example.com",
        "Konrad",
        "Falk",
        "Controllers",
        "LINDENLOOMCONTR2LINDENLOOMCONTR2",
    ),
    StaffLogin("payer@example.com", "Paula", "Reis", "Payers", "LINDENLOOMPAYER2LINDENLOOMPAYER2"),
    StaffLogin(
        "auditor@example.com", "Aurel", "Brandt", "Auditors", "LINDENLOOMAUDIT2LINDENLOOMAUDIT2"
    ),
    StaffLogin(
        "marketer@example.com", "Mika", "Sommer", "Marketers", "LINDENLOOMMARKE2LINDENLOOMMARKE2"
    ),
    StaffLogin(
        "editor@example.com", "Edda", "Winter", "Editors", "LINDENLOOMEDITO2LINDENLOOMEDITO2"
    ),
    StaffLogin(
        "approver@example.com", "Arno", "Keller", "Approvers", "LINDENLOOMAPPRO2LINDENLOOMAPPRO2"
    ),
)
MEMBERS = ("ada", "ben", "cleo", "dora")
# The retail customer never paid an order, the preferred one did.
RETAIL_CUSTOMER, PREFERRED_CUSTOMER = "rosa", "paul"


def email_of(name: str) -> str:
    """The address of a person of the demo by first name."""
    return f"{name.lower()}@example.com"


DEMO_LOGINS = (
    *((login.role.removesuffix("s") or "Superuser", login.email, PASSWORD) for login in STAFF),
    *((f"Member {name.title()}", email_of(name), PASSWORD) for name in MEMBERS),
    ("Customer", email_of(RETAIL_CUSTOMER), PASSWORD),
    ("Preferred customer", email_of(PREFERRED_CUSTOMER), PASSWORD),
)
