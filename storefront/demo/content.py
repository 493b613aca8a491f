"""The pages of the demo company: one tree per language, in place of Wagtail's welcome page."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from storefront.cms import models
from storefront.cms.tasks import make_cuts_of
from storefront.demo.pages import answers, company, home, legal, news
from storefront.demo.pages.writing import PageText, Words
from storefront.demo.pictures import get_scene

CONTENT: tuple[PageText, ...] = (
    company.ABOUT,
    *answers.PAGES,
    *news.PAGES,
    company.CONTACT,
    company.LANDING,
    *legal.PAGES,
)
STREAMS = {"body", "groups"}


@transaction.atomic
def write_pages(*, at: datetime) -> None:
    """Every page in every language, as of `at`; the site begins at the new home."""
    root = Page.get_first_root_node()
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    writer = Writer(at=at)
    homes = writer.write(home.HOME, above=dict.fromkeys(home.HOME.words, root))
    site.root_page = homes[settings.LANGUAGE_CODE]
    site.save()
    welcome.delete()
    written = {"": homes}
    for page in CONTENT:
        written[page.slug] = writer.write(page, above=written[page.below])


def cut_pictures() -> None:
    """Make what the pages show of their pictures: no visitor waits for it, nor for the worker."""
    for page in Page.objects.live().specific():
        make_cuts_of(page)


class Writer:
    """Writes pages, with numbers in the places of scenes, shelves and addresses."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.images: dict[str, Any] = {}
        categories = get_model("catalogue", "Category").objects.values_list("slug", "pk")
        self.categories = dict(categories)

    def write(self, text: PageText, *, above: dict[str, Any]) -> dict[str, Any]:
        """One page in every language, each below its own; returned by language."""
        written: dict[str, Any] = {}
        for language, words in text.words.items():
            locale, _created = Locale.objects.get_or_create(language_code=language)
            page = self._make(text, words, language)
            page.locale = locale
            for other in written.values():
                page.translation_key = other.translation_key
            # Read again: adding children moves treebeard's counters.
            Page.objects.get(pk=above[language].pk).add_child(instance=page)
            if tags := words.fields.get("tags"):
                page.tags.add(*tags)
            page.save_revision().publish()
            written[language] = page
        return written

    def _make(self, text: PageText, words: Words, language: str) -> Any:
        kind = getattr(models, text.kind)
        is_home = kind is models.HomePage
        fields = {**text.common, **words.fields}
        given: dict[str, Any] = {
            name: json.dumps([self._block(each, language) for each in value])
            if name in STREAMS and isinstance(value, list)
            else value
            for name, value in fields.items()
            if name
            not in {"tags", "scene", "days_ago", "days_ahead", "lasts", "form_fields", "choices"}
        }
        if "scene" in fields:
            given["picture"] = self._image(fields["scene"])
        if "days_ago" in fields:
            given["date"] = timezone.localdate(self.at - timedelta(days=fields["days_ago"]))
        if "days_ahead" in fields:
            morning = timezone.localtime(self.at).replace(hour=10, minute=0, second=0)
            given["starts_at"] = morning + timedelta(days=fields["days_ahead"])
            given["ends_at"] = given["starts_at"] + fields["lasts"]
        page = kind(
            title=words.title,
            slug=f"{text.slug}-{language}" if is_home else text.slug,
            search_description=words.summary,
            show_in_menus=text.in_menu,
            **given,
        )
        for number, entry in enumerate(fields.get("form_fields", ())):
            page.form_fields.add(self._field(number, entry, fields["choices"]))
        return page

    def _field(self, number: int, entry: tuple[Any, ...], choices: str) -> Any:
        kind, label, is_required, help_text = entry
        return models.ContactField(
            sort_order=number,
            field_type=kind,
            label=label,
            required=is_required,
            help_text=help_text,
            choices=choices if kind == "dropdown" else "",
        )

    def _block(self, block: tuple[str, Any], language: str) -> dict[str, Any]:
        kind, value = block
        return {"type": kind, "value": self._fill(value, language)}

    def _fill(self, value: Any, language: str) -> Any:
        if isinstance(value, list):
            return [self._fill(each, language) for each in value]
        if not isinstance(value, dict):
            return value
        filled = {name: self._fill(each, language) for name, each in value.items()}
        if "scene" in filled:
            filled["image"] = self._image(filled.pop("scene")).pk
        if "path" in filled:
            path = filled.pop("path")
            is_page = not path.startswith("/shop/")
            prefix = f"/{language}" if is_page and language != settings.LANGUAGE_CODE else ""
            filled["address"] = prefix + path
        if "shelf" in filled:
            filled["category"] = self.categories.get(filled.pop("shelf"))
        return filled

    def _image(self, name: str) -> Any:
        if name not in self.images:
            self.images[name] = get_image_model().objects.create(
                title=name.replace("_", " ").capitalize(),
                file=ContentFile(get_scene(name=name), name=f"{name}.webp"),
            )
        return self.images[name]
