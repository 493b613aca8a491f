"""What the demo's lists can be filtered by: material, skin, and whether it is vegan or unscented."""

from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from storefront.shop.details.models import Tab
from storefront.shop.details.services import describe_attribute, name_option
from storefront.shop.listing.models import FilterAttribute

AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")

# English and Russian name, and the articles that have it.
Choices = tuple[tuple[str, str, tuple[str, ...]], ...]

MATERIAL: Choices = (
    (
        "Linen",
        "Лён",
        (
            "home-linen-towel",
            "home-wardrobe-sachets",
            "kitchen-tea-towels",
            "sleep-pillowcase",
            "sleep-mask",
        ),
    ),
    ("Wool", "Шерсть", ("sleep-wool-blanket", "sleep-mask")),
    ("Cork", "Пробка", ("movement-cork-mat", "movement-massage-ball")),
    ("Beech", "Бук", ("kitchen-board", "kitchen-dish-brush")),
    ("Steel", "Сталь", ("movement-flask",)),
)
SKIN: Choices = (
    (
        "All skin types",
        "Любая кожа",
        ("care-hand-soap", "care-salt-soap", "care-day-cream", "movement-bath-salt"),
    ),
    (
        "Dry skin",
        "Сухая кожа",
        ("care-hand-cream", "care-almond-oil", "care-calendula-balm", "movement-arnica-balm"),
    ),
    ("Sensitive skin", "Чувствительная кожа", ("care-almond-oil", "care-day-cream")),
)
UNSCENTED = (
    "care-almond-oil", "care-day-cream", "home-candle", "home-laundry", "kitchen-board",
    "kitchen-tea-towels", "home-linen-towel", "sleep-pillowcase", "sleep-wool-blanket",
    "sleep-mask", "movement-cork-mat", "movement-massage-ball", "movement-flask",
)  # fmt: skip
VEGAN = (
    "care-hand-soap", "care-almond-oil", "care-salt-soap", "care-rosemary-shampoo", "home-candle",
    "home-laundry", "home-linen-towel", "home-diffuser", "home-cleaning-tablets",
    "home-wardrobe-sachets", "kitchen-linden-tea", "kitchen-tea-towels", "kitchen-herb-salt",
    "movement-bath-salt", "movement-cork-mat", "movement-massage-ball", "sleep-pillowcase",
    "sleep-pillow-spray", "sleep-evening-tea",
)  # fmt: skip
# In this order beside a list.
FILTERS = ("material", "skin", "vegan", "unscented")


@transaction.atomic
def set_up_filters() -> None:
    """Attributes with their values on the products, and which of them lists are filtered by."""
    goods = ProductClass.objects.get(slug="goods")
    heads = {product.upc: product for product in Product.objects.filter(parent=None)}
    _choose(goods, heads, code="material", names=("Material", "Материал"), choices=MATERIAL)
    _choose(goods, heads, code="skin", names=("Skin", "Тип кожи"), choices=SKIN)
    _mark(goods, heads, code="vegan", names=("Vegan", "Без продуктов животных"), skus=VEGAN)
    _mark(goods, heads, code="unscented", names=("Unscented", "Без отдушек"), skus=UNSCENTED)
    for position, code in enumerate(FILTERS):
        FilterAttribute.objects.create(code=code, position=position)


def _choose(
    goods: Any, heads: dict[str, Any], *, code: str, names: tuple[str, str], choices: Choices
) -> None:
    group = AttributeOptionGroup.objects.create(name=names[0], code=code)
    attribute = goods.attributes.create(
        name=names[0], code=code, type="multi_option", option_group=group
    )
    _describe(attribute, names[1])
    for english, russian, skus in choices:
        option = group.options.create(option=english)
        name_option(option_id=option.pk, names={"ru": russian})
        for sku in skus:
            value, _new = attribute.productattributevalue_set.get_or_create(product=heads[sku])
            value.value_multi_option.add(option)
            value.save()


def _mark(
    goods: Any,
    heads: dict[str, Any],
    *,
    code: str,
    names: tuple[str, str],
    skus: tuple[str, ...],
) -> None:
    attribute = goods.attributes.create(name=names[0], code=code, type="boolean")
    _describe(attribute, names[1])
    for sku in skus:
        attribute.productattributevalue_set.create(product=heads[sku], value_boolean=True)


def _describe(attribute: Any, russian: str) -> None:
    describe_attribute(
        attribute_id=attribute.pk,
        tab=Tab.FACTS,
        position=FILTERS.index(attribute.code) if attribute.code in FILTERS else 50,
        names={"ru": russian},
    )
