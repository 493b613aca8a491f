"""Products with attributes, for tests of lists."""

from typing import Any

from oscar.core.loading import get_model

from storefront.shop.listing.models import FilterAttribute
from tests.factories import make_product


def make_attribute(code: str, name: str, kind: str = "text", position: int = 0) -> Any:
    """An attribute of all goods that lists are filtered by."""
    make_product("Kind of goods").delete()
    goods = get_model("catalogue", "ProductClass").objects.get(slug="goods")
    group = None
    if "option" in kind:
        group = get_model("catalogue", "AttributeOptionGroup").objects.create(name=name)
    FilterAttribute.objects.create(code=code, position=position)
    return goods.attributes.create(code=code, name=name, type=kind, option_group=group)


def give(product: Any, attribute: Any, *values: Any) -> None:
    """Say an attribute of a product: options by name, texts and yes as they are."""
    value = attribute.productattributevalue_set.model(product=product, attribute=attribute)
    if attribute.type == "text":
        value.value_text = values[0]
    elif attribute.type == "boolean":
        value.value_boolean = values[0]
    elif attribute.type == "option":
        group = attribute.option_group
        value.value_option = group.options.get_or_create(option=values[0])[0]
    value.save()
    if attribute.type == "multi_option":
        for name in values:
            option, _ = attribute.option_group.options.get_or_create(option=name)
            value.value_multi_option.add(option)
        value.save()
