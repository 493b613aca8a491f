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


def may_see_orders(user: Any, *address: Any) -> bool:
    """Whether the menu names the work list and the returns; they ask again themselves."""
    return bool(user.is_staff and user.has_perm("order.view_order"))


WORK: list[dict[str, Any]] = [
    {"label": label, "url_name": f"dashboard:{name}", "access_fn": may_see_orders}
    for label, name in (
        (_("To pick, pack and send"), "order-work"),
        (_("Returns"), "return-list"),
        (_("Questions of money"), "trouble-list"),
    )
]


def add_work(navigation: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oscar's menu with our pages first in the entry that lists the orders."""
    return [
        {**entry, "children": [*WORK, *entry["children"]]}
        if any(
            child.get("url_name") == "dashboard:order-list" for child in entry.get("children", [])
        )
        else entry
        for entry in navigation
    ]


def may_change_types(user: Any, *address: Any) -> bool:
    """Whether the menu names the filters of lists; the page asks again itself."""
    return bool(user.is_staff and user.has_perm("catalogue.change_productclass"))


def may_answer_questions(user: Any, *address: Any) -> bool:
    """Whether the menu names the questions about products; the page asks again itself."""
    return bool(user.is_staff and user.has_perm("catalogue.change_product"))


CATALOGUE_PAGES: list[dict[str, Any]] = [
    {"label": label, "url_name": f"dashboard:{name}", "access_fn": access}
    for label, name, access in (
        (_("Filters of lists"), "catalogue-filters", may_change_types),
        (_("Names of attributes"), "attribute-words", may_change_types),
        (_("Questions about products"), "question-list", may_answer_questions),
    )
]


def add_filters(navigation: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oscar's menu with our pages in the entry that lists the categories."""
    return [
        {**entry, "children": [*entry["children"], *CATALOGUE_PAGES]}
        if any(
            child.get("url_name") == "dashboard:catalogue-category-list"
            for child in entry.get("children", [])
        )
        else entry
        for entry in navigation
    ]
