"""Writes of product details."""

from collections.abc import Mapping

from django.db import transaction

from storefront.shop.details.models import AttributePlace, AttributeText, OptionText, ValueText


@transaction.atomic
def describe_attribute(
    *, attribute_id: int, tab: str, position: int, names: Mapping[str, str]
) -> None:
    """Say where an attribute is shown and what it is called per language code.

    An empty name is Oscar's own again.
    """
    AttributePlace.objects.update_or_create(
        attribute_id=attribute_id, defaults={"tab": tab, "position": position}
    )
    for language, name in names.items():
        text = AttributeText.objects.filter(attribute_id=attribute_id, language=language)
        if name:
            text.update_or_create(
                attribute_id=attribute_id, language=language, defaults={"name": name}
            )
        else:
            for each in text:
                each.delete()


@transaction.atomic
def name_option(*, option_id: int, names: Mapping[str, str]) -> None:
    """Say what an option of an attribute is called per language code; empty is Oscar's own."""
    for language, name in names.items():
        text = OptionText.objects.filter(option_id=option_id, language=language)
        if name:
            text.update_or_create(option_id=option_id, language=language, defaults={"name": name})
        else:
            for each in text:
                each.delete()


@transaction.atomic
def translate_value(*, value_id: int, texts: Mapping[str, str]) -> None:
    """Say a product's written attribute per language code; an empty text removes that language."""
    for language, text in texts.items():
        if text:
            ValueText.objects.update_or_create(
                value_id=value_id, language=language, defaults={"text": text}
            )
        else:
            ValueText.objects.filter(value_id=value_id, language=language).delete()
