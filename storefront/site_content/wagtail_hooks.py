"""What the CMS's admin takes in from us: the menu "Site", the report on translations, first steps."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from storefront.site_content import cms_views
from storefront.site_content.first_steps import FirstSteps
from storefront.site_content.guide import GuideView, has_guide, show_picture
from storefront.site_content.models import ErrorText, Menu, Notice, SiteTexts


class MenuViewSet(SnippetViewSet):
    """Menus of header and footer."""

    model = Menu
    icon = "list-ul"
    menu_label = _("Menus")
    list_display = ["__str__", "place", "position", "locale"]
    list_filter = ["place"]


class NoticeViewSet(SnippetViewSet):
    """Announcements on top of the site."""

    model = Notice
    icon = "warning"
    menu_label = _("Notices")
    list_display = [
        "name",
        "kind",
        "where",
        "starts_at",
        "ends_at",
        BooleanColumn("is_on", label=_("Shown")),
    ]
    list_filter = ["kind", "is_on"]
    search_fields = ["name"]


class SiteTextsViewSet(SnippetViewSet):
    """Footer and what search engines read."""

    model = SiteTexts
    icon = "pilcrow"
    menu_label = _("Texts of the site")
    list_display = ["__str__", "motto", "locale"]


class ErrorTextViewSet(SnippetViewSet):
    """Words of error pages."""

    model = ErrorText
    icon = "help"
    menu_label = _("Error pages")
    list_display = ["__str__", "heading", "locale"]


class SiteGroup(SnippetViewSetGroup):
    """Everything that frames the pages."""

    menu_label = _("Site")
    menu_icon = "site"
    menu_order = 250
    items = (MenuViewSet, NoticeViewSet, SiteTextsViewSet, ErrorTextViewSet)


register_snippet(SiteGroup)


@hooks.register("register_admin_urls")
def translation_addresses() -> list[URLPattern]:
    """The report on translations and its one button."""
    return [
        path("guide/", GuideView.as_view(), name="guide"),
        path("guide/pictures/<str:name>", show_picture, name="guide_picture"),
        path(
            "reports/translations/",
            cms_views.TranslationReport.as_view(),
            name="translation_report",
        ),
        path(
            "translations/copy/<int:page_id>/<slug:language>/",
            cms_views.copy_page,
            name="copy_for_translation",
        ),
    ]


@hooks.register("register_reports_menu_item")
def translation_menu_item() -> MenuItem:
    """The report among the others."""
    return MenuItem(_("Translations"), reverse("translation_report"), icon_name="globe", order=100)


class GuideMenuItem(MenuItem):
    """Where the guides were brought along."""

    def is_shown(self, request: Any) -> bool:
        """For everybody who works here."""
        return has_guide()


@hooks.register("register_admin_menu_item")
def guide_menu_item() -> MenuItem:
    """With pictures; the help of Wagtail itself is about Wagtail."""
    return GuideMenuItem(_("Guide"), reverse("guide"), icon_name="help", order=9_000)


@hooks.register("construct_homepage_panels")
def add_first_steps(request: Any, panels: list[Any]) -> None:
    """On top of what waits for the person who signed in."""
    panels.append(FirstSteps())


# What only administrators of the CMS need is not in the way of those who write.
ADMINISTRATION = {"api-tokens", "help"}


@hooks.register("construct_main_menu")
def hide_what_nobody_needs(request: Any, items: list[Any]) -> None:
    """The help of Wagtail itself is in English and about Wagtail; ours is on the home page."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in ADMINISTRATION]
