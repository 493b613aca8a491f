"""What the demo's products are made of, how they are used and kept, and a close look at each."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from oscar.core.loading import get_model
from PIL import Image

from storefront.demo.pictures import get_picture
from storefront.demo.products import SHELVES
from storefront.demo.products.handling import HANDLING
from storefront.demo.products.item import UNITS, Item
from storefront.shop.details.models import AttributeText, Tab
from storefront.shop.details.services import describe_attribute, translate_value

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductRecommendation = get_model("catalogue", "ProductRecommendation")

# Code, English and Russian name, tab.
ATTRIBUTES = (
    ("composition", "Made of", "Материал", Tab.FACTS),
    ("ingredients", "Ingredients", "Состав", Tab.INGREDIENTS),
    ("use", "How to use", "Применение", Tab.USE),
    ("care", "Care and storage", "Уход и хранение", Tab.CARE),
)
SIZE_NAME = "Размер"


@transaction.atomic
def describe_products() -> None:
    """Structured facts in both languages, a second picture, and what goes well with what."""
    goods = ProductClass.objects.get(slug="goods")
    size = goods.attributes.get(code="size")
    AttributeText.objects.create(attribute=size, language="ru", name=SIZE_NAME)
    attributes = {}
    for position, (code, name, russian, tab) in enumerate(ATTRIBUTES, start=100):
        attributes[code] = goods.attributes.create(name=name, code=code, type="text")
        describe_attribute(
            attribute_id=attributes[code].pk, tab=tab, position=position, names={"ru": russian}
        )
    heads = {product.upc: product for product in Product.objects.filter(parent=None)}
    for shelf in SHELVES:
        for item, other in zip(shelf.ITEMS, [*shelf.ITEMS[1:], shelf.ITEMS[0]], strict=True):
            head = heads[item.sku]
            made_of = attributes["composition" if item.english.is_material else "ingredients"]
            _say(head, made_of, item.english.composition, item.russian.composition)
            use, care = HANDLING[item.sku]
            _say(head, attributes["use"], *use)
            _say(head, attributes["care"], *care)
            if len(item.sizes) == 1 and any(letter.isdigit() for letter in item.sizes[0].name):
                size.productattributevalue_set.create(product=head, value_text=item.sizes[0].name)
            head.images.create(
                original=ContentFile(look_closely(item), name=f"{item.sku}-close.webp"),
                caption="",
                display_order=1,
            )
            ProductRecommendation.objects.create(primary=head, recommendation=heads[other.sku])
    for value in size.productattributevalue_set.all():
        words = [UNITS.get(word, word) for word in value.value_text.split()]
        translate_value(value_id=value.pk, texts={"ru": " ".join(words)})


def look_closely(item: Item) -> bytes:
    """The middle of the product's picture, enlarged."""
    with Image.open(BytesIO(get_picture(item=item))) as picture:
        width, height = picture.size
        part = picture.crop(
            (int(width * 0.27), int(height * 0.3), int(width * 0.73), int(height * 0.76))
        ).resize((width, height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    part.save(buffer, "WEBP", quality=88, method=2)
    return buffer.getvalue()


def _say(product: Any, attribute: Any, english: str, russian: str) -> None:
    value = attribute.productattributevalue_set.create(product=product, value_text=english)
    translate_value(value_id=value.pk, texts={"ru": russian})
