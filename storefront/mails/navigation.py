"""The staff's menu entry for mails; read by the settings, so it imports nothing but the words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OSCARS_MAILS = "dashboard:comms-list"


def may_change_mails(user: Any, *address: Any) -> bool:
    """Whether the menu names the pages of mails; they ask again themselves."""
    return bool(user.is_staff and user.has_perm("mails.change_mailtext"))


MAILS = {"label": _("Mails"), "url_name": "mail-texts:list", "access_fn": may_change_mails}


def with_our_mails(menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The menu with our mails in place of Oscar's templates, of which nothing is sent any more."""
    return [
        {
            **entry,
            "children": [
                MAILS if child["url_name"] == OSCARS_MAILS else child for child in entry["children"]
            ],
        }
        if "children" in entry
        else entry
        for entry in menu
    ]
