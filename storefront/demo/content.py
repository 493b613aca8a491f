"""The pages of the demo company: one tree per language, in place of Wagtail's welcome page."""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from storefront.cms.models import ContentPage, HomePage
from storefront.demo.pages import CONTENT, HOME, ContentText


@transaction.atomic
def write_pages() -> None:
    """Home, about, delivery and terms in every language; the site begins at the new home."""
    root = Page.get_first_root_node()
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    homes: dict[str, Any] = {}
    for language in HOME:
        locale, _created = Locale.objects.get_or_create(language_code=language)
        text = HOME[language]
        home = HomePage(
            title=settings.OSCAR_SHOP_NAME,
            headline=text.title,
            slug=f"home-{language}",
            intro=text.body,
            search_description=text.summary,
            locale=locale,
        )
        _translates(home, homes)
        homes[language] = root.add_child(instance=home)
        home.save_revision().publish()
    site.root_page = homes[settings.LANGUAGE_CODE]
    site.save()
    welcome.delete()
    for content in CONTENT:
        _write(content, homes)


def _write(content: ContentText, homes: dict[str, Any]) -> None:
    written: dict[str, Any] = {}
    for language, text in content.texts.items():
        # Read again: adding children moves treebeard's counters.
        home = HomePage.objects.get(pk=homes[language].pk)
        page = ContentPage(
            title=text.title,
            slug=content.slug,
            body=text.body,
            search_description=text.summary,
            show_in_menus=content.in_menu,
            locale=home.locale,
        )
        _translates(page, written)
        written[language] = home.add_child(instance=page)
        page.save_revision().publish()


def _translates(page: Any, others: dict[str, Any]) -> None:
    """The page says in its language what these say in theirs."""
    for other in others.values():
        page.translation_key = other.translation_key
