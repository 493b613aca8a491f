"""The entries of network and books in the staff's menu, for `OSCAR_DASHBOARD_NAVIGATION`.

Read by the settings, so it imports nothing but the words.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


def may_see_network(user: Any, *address: Any) -> bool:
    """Whether the menu names the network's pages; they ask again themselves."""
    return bool(user.is_staff and user.has_perm("mlm_plugin.view_member"))


def may_import(user: Any, *address: Any) -> bool:
    """Whether the menu names the pages that bring whole networks in."""
    return may_see_network(user) and bool(user.has_perm("mlm_plugin.add_member"))


def may_read_books(user: Any, *address: Any) -> bool:
    """Whether the menu names the pages of the books."""
    return bool(user.is_staff and user.has_perm("mlm_plugin.read_books"))


NETWORK = {
    "label": _("Network"),
    "icon": "fas fa-project-diagram",
    "children": [
        {
            "label": label,
            "url_name": f"mlm:{name}",
            "access_fn": may_import if name == "staff-imports" else may_see_network,
        }
        for label, name in (
            (_("Members"), "staff-members"),
            (_("Applications"), "staff-applications"),
            (_("Holding tank"), "staff-places"),
            (_("Moves"), "staff-moves"),
            (_("Possible duplicates"), "staff-duplicates"),
            (_("Customers’ members"), "staff-customers"),
            (_("Imports"), "staff-imports"),
        )
    ],
}

BOOKS = {
    "label": _("Books"),
    "icon": "fas fa-book",
    "access_fn": may_read_books,
    "children": [
        {"label": label, "url_name": f"mlm:{name}", "access_fn": may_read_books}
        for label, name in (
            (_("Overview"), "staff-books"),
            (_("Plans"), "staff-plans"),
            (_("Periods"), "staff-periods"),
            (_("Statements"), "staff-statements"),
            (_("Reports"), "staff-reports"),
            (_("What if"), "staff-what-ifs"),
            (_("Wallets"), "staff-wallets"),
            (_("Payouts"), "staff-payouts"),
            (_("Closed days"), "staff-books-days"),
            (_("Log"), "staff-log"),
        )
    ],
}
