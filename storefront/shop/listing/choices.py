"""What of a product's attributes a list can be filtered by, as rows of `FilterChoice`."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from storefront.shop.listing.models import FilterChoice

# A written value longer than this is a text, not a choice.
LONGEST = 60
Key = tuple[str, str]


def find_choices(*, families: dict[int, list[Any]]) -> dict[int, list[int]]:
    """Numbers of the choices that the attributes of each family of products amount to.

    `families` are products with their `attribute_values` fetched along. New choices are written.
    """
    wanted: dict[Key, FilterChoice] = {}
    keys: dict[int, set[Key]] = {}
    for head_id, family in families.items():
        keys[head_id] = set()
        for each in family:
            for value in each.attribute_values.all():
                for choice in _choices_of(value):
                    keys[head_id].add((choice.code, choice.slug))
                    wanted.setdefault((choice.code, choice.slug), choice)
    numbers = _write(wanted)
    return {
        head_id: sorted(numbers[key] for key in found if key in numbers)
        for head_id, found in keys.items()
    }


def _choices_of(value: Any) -> Iterable[FilterChoice]:
    attribute = value.attribute
    if attribute.type == attribute.BOOLEAN:
        if value.value_boolean:
            yield FilterChoice(code=attribute.code, slug="yes", label="", is_yes=True)
    elif attribute.is_option:
        if value.value_option:
            yield _option(attribute, value.value_option)
    elif attribute.is_multi_option:
        for option in value.value_multi_option.all():
            yield _option(attribute, option)
    elif attribute.type in {attribute.TEXT, attribute.INTEGER, attribute.FLOAT}:
        text = str(value.value if value.value is not None else "").strip()
        if slug := _slug(text):
            labels = {said.language: said.text for said in value.texts.all() if said.text}
            yield FilterChoice(code=attribute.code, slug=slug, label=text, labels=labels)


def _option(attribute: Any, option: Any) -> FilterChoice:
    slug = _slug(option.option) or str(option.pk)
    return FilterChoice(code=attribute.code, slug=slug, label=option.option, option=option)


def _slug(text: str) -> str:
    return slugify(text, allow_unicode=True) if len(text) <= LONGEST else ""


def _write(wanted: dict[Key, FilterChoice]) -> dict[Key, int]:
    if not wanted:
        return {}
    named = Q(code__in={code for code, _slug in wanted}, slug__in={slug for _code, slug in wanted})
    known = {(choice.code, choice.slug): choice for choice in FilterChoice.objects.filter(named)}
    new = [choice for key, choice in wanted.items() if key not in known]
    if new:
        # Another process may have been faster with one of them.
        FilterChoice.objects.bulk_create(new, ignore_conflicts=True)
    for key, choice in wanted.items():
        old = known.get(key)
        said = ("label", "labels", "option_id")
        if old and any(getattr(old, name) != getattr(choice, name) for name in said):
            for name in said:
                setattr(old, name, getattr(choice, name))
            old.save(update_fields=said)
    if new:
        known = {(each.code, each.slug): each for each in FilterChoice.objects.filter(named)}
    return {key: choice.pk for key, choice in known.items()}
