"""The network's entries of the staff's menu, for `OSCAR_DASHBOARD_NAVIGATION`.

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
            (_("Customers’ members"), "staff-customers"),
            (_("Books"), "staff-books"),
            (_("Imports"), "staff-imports"),
        )
    ],
}
