"""What attributes, their options and their values are called, and where they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.caching import cache_seconds
from storefront.shop.details.models import AttributePlace, AttributeText, OptionText, Tab

LAST = 100_000


@dataclass(frozen=True)
class AttributeWords:
    """The words of one language; what has none there keeps Oscar's own."""

    attributes: dict[int, str]
    options: dict[int, str]
    # Tab and position per attribute.
    places: dict[int, tuple[str, int]]

    def name_attribute(self, attribute: Any) -> str:
        """The name of an Oscar `ProductAttribute`."""
        return self.attributes.get(attribute.pk, attribute.name)

    def name_option(self, option: Any) -> str:
        """The name of an Oscar `AttributeOption`."""
        return self.options.get(option.pk, option.option)

    def place_of(self, attribute: Any) -> tuple[str, int]:
        """Tab and position of an Oscar `ProductAttribute`."""
        return self.places.get(attribute.pk, (Tab.FACTS.value, LAST))


def get_attribute_words(*, language: str) -> AttributeWords:
    """Names and places of all attributes and options in `language`.

    Cached; three queries when the cache is empty. Whoever changes a name or a place through a model
    is seen at once (with Redis everywhere, without it in this process).
    """
    words = cache.get(_key(language))
    if words is None:
        words = _read_words(language)
        cache.set(_key(language), words, cache_seconds())
    return words


def say_value(*, value: Any, words: AttributeWords) -> str:
    """An Oscar `ProductAttributeValue` in words, without a query where options were fetched along.

    A written text comes in its first language: see `ValueText` for the others.
    """
    attribute = value.attribute
    if attribute.is_option:
        return words.name_option(value.value_option) if value.value_option else ""
    if attribute.is_multi_option:
        return ", ".join(words.name_option(each) for each in value.value_multi_option.all())
    if attribute.type == attribute.BOOLEAN:
        return str(_("yes")) if value.value_boolean else str(_("no"))
    return str(value.value_as_text)


@dataclass(frozen=True)
class Detail:
    """One attribute of a product in words."""

    name: str
    text: str
    is_html: bool = False


@dataclass(frozen=True)
class DetailTab:
    """A part of the product's page with the attributes shown there."""

    code: str
    label: str
    details: list[Detail]


@dataclass
class ProductDetails:
    """What the attributes of a product and its variants say, in one language."""

    facts: list[Detail] = field(default_factory=list)
    tabs: list[DetailTab] = field(default_factory=list)
    # What tells a variant from its sisters, by product.
    variant_names: dict[int, str] = field(default_factory=dict)


def get_product_details(*, product: Any, variant_ids: Iterable[int], language: str) -> Any:
    """The attributes of a product and its variants, in one query (words are cached).

    A fact that only variants have (a size) is listed once with all that there are.
    """
    words = get_attribute_words(language=language)
    variants = list(variant_ids)
    said: dict[Any, dict[int, str]] = {}
    for value, text in _read_values([product.pk, *variants], language, words):
        said.setdefault(value.attribute, {})[value.product_id] = text
    attributes = sorted(said, key=lambda each: (words.place_of(each)[1], each.pk))
    found = ProductDetails()
    tabs: dict[str, list[Detail]] = {}
    for attribute in attributes:
        texts = said[attribute]
        own = texts.get(product.pk)
        if own is None:
            for number in variants:
                if number in texts:
                    known = found.variant_names.get(number)
                    found.variant_names[number] = (
                        f"{known}, {texts[number]}" if known else texts[number]
                    )
            own = ", ".join(dict.fromkeys(texts[each] for each in variants if each in texts))
        is_html = attribute.type == attribute.RICHTEXT
        detail = Detail(words.name_attribute(attribute), own, is_html)
        tabs.setdefault(words.place_of(attribute)[0], []).append(detail)
    found.facts = tabs.pop(Tab.FACTS.value, [])
    found.tabs = [
        DetailTab(code, str(label), tabs[code]) for code, label in Tab.choices if code in tabs
    ]
    return found


def _read_values(
    product_ids: list[int], language: str, words: AttributeWords
) -> Iterable[tuple[Any, str]]:
    """Values with their text; the options of one with several come as rows of one query."""
    rows = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product_id__in=product_ids)
        .select_related("attribute", "value_option")
        .annotate(
            here=FilteredRelation("texts", condition=Q(texts__language=language)),
            text_here=F("here__text"),
            chosen_id=F("value_multi_option"),
            chosen_name=F("value_multi_option__option"),
        )
        .order_by("pk", "chosen_id")
    )
    chosen: dict[int, list[str]] = {}
    values: dict[int, Any] = {}
    for row in rows:
        values[row.pk] = row
        if row.chosen_id:
            name = words.options.get(row.chosen_id, row.chosen_name)
            chosen.setdefault(row.pk, []).append(name)
    for value in values.values():
        if value.attribute.is_file or value.attribute.is_entity:
            continue
        if value.attribute.is_multi_option:
            text = ", ".join(chosen.get(value.pk, []))
        else:
            text = value.text_here or say_value(value=value, words=words)
        if text:
            yield value, text


def forget_words(**_signal: object) -> None:
    """Drop the cached words: now, for this transaction's own readers, and again once it commits."""
    keys = [_key(language) for language, _name in settings.LANGUAGES]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _read_words(language: str) -> AttributeWords:
    names = AttributeText.objects.filter(language=language)
    options = OptionText.objects.filter(language=language)
    return AttributeWords(
        attributes=dict(names.values_list("attribute_id", "name")),
        options=dict(options.values_list("option_id", "name")),
        places={
            place.attribute_id: (place.tab, place.position)
            for place in AttributePlace.objects.all()
        },
    )


def _key(language: str) -> str:
    return f"attribute_words:{language}"
