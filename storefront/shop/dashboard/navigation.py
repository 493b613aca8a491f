"""Our entries of the staff's menu, for `OSCAR_DASHBOARD_NAVIGATION`.

Read by the settings, so it imports nothing but the words.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


def may_change_prices(user: Any, *address: Any) -> bool:
    """Whether the menu names the pages of prices; they ask again themselves."""
    return bool(user.is_staff and user.has_perm("partner.change_stockrecord"))


PRICES = {
    "label": _("Prices"),
    "icon": "fas fa-tags",
    "children": [
        {
            "label": _("Points and prices"),
            "url_name": "dashboard:catalogue-price-list",
            "access_fn": may_change_prices,
        },
        {
            "label": _("Tax and delivery"),
            "url_name": "dashboard:tax-and-delivery",
            "access_fn": may_change_prices,
        },
    ],
}
