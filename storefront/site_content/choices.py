"""What editors choose from: places of menus, kinds and places of notices, errors with words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MenuPlace(models.TextChoices):
    """Where a menu stands."""

    HEADER = "header", _("Header")
    FOOTER = "footer", _("Footer")


class NoticeKind(models.TextChoices):
    """How a notice looks."""

    INFO = "info", _("Information")
    GOOD = "good", _("Good news")
    WARN = "warn", _("Warning")


class NoticeWhere(models.TextChoices):
    """On which pages a notice stands."""

    EVERYWHERE = "all", _("Everywhere")
    HOME = "home", _("On the home page")
    SHOP = "shop", _("In the shop")
    CONTENT = "content", _("On pages of the CMS")
    PATHS = "paths", _("Below certain addresses")


class ErrorCode(models.IntegerChoices):
    """The error pages whose words can be changed."""

    NOT_FOUND = 404, _("Page not found (404)")
    FORBIDDEN = 403, _("Not for this account (403)")
    CRASH = 500, _("Something went wrong (500)")
