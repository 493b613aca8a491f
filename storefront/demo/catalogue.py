"""Products, prices, points, tax rates and a voucher."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from oscar.core.loading import get_model

from mlm_plugin.shop.points import PointsRow, import_product_points, parse_product_points
from storefront.demo.pictures import get_picture
from storefront.demo.products import SHELVES
from storefront.demo.products.item import Item, Size, Text
from storefront.shop.listing.models import CategoryText, ProductText
from storefront.shop.prices.models import TaxRate
from storefront.shop.prices.services import PriceRow, set_buyer_prices

Category = get_model("catalogue", "Category")
Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")

VOUCHER_CODE = "WELCOME10"

# Code, three letters, number, name, tax in basis points (None: an export, no tax is charged).
COUNTRIES = (
    ("DE", "DEU", "276", "Germany", 1900),
    ("AT", "AUT", "040", "Austria", 2000),
    ("BE", "BEL", "056", "Belgium", 2100),
    ("EE", "EST", "233", "Estonia", 2400),
    ("FR", "FRA", "250", "France", 2000),
    ("LT", "LTU", "440", "Lithuania", 2100),
    ("LV", "LVA", "428", "Latvia", 2100),
    ("NL", "NLD", "528", "Netherlands", 2100),
    ("PL", "POL", "616", "Poland", 2300),
    ("CH", "CHE", "756", "Switzerland", None),
)


def open_countries() -> None:
    """Where goods are sent, with the tax that is charged there."""
    for order, (code, letters, number, name, rate) in enumerate(COUNTRIES):
        country, _created = Country.objects.update_or_create(
            iso_3166_1_a2=code,
            defaults={
                "iso_3166_1_a3": letters,
                "iso_3166_1_numeric": number,
                "printable_name": name,
                "name": name,
                "display_order": len(COUNTRIES) - order,
                "is_shipping_country": True,
            },
        )
        if rate is not None:
            TaxRate.objects.update_or_create(country=country, defaults={"basis_points": rate})


@transaction.atomic
def fill_shelves() -> None:
    """Every product with its sizes, texts, pictures, prices and points."""
    goods = ProductClass.objects.create(name="Goods", requires_shipping=True, track_stock=True)
    size = goods.attributes.create(name="Size", code="size", type="text", required=False)
    house = Partner.objects.create(name="Linden & Loom", code="linden-loom")
    prices: list[PriceRow] = []
    points: list[PointsRow] = []
    for shelf in SHELVES:
        category = Category.add_root(
            name=shelf.NAMES["en"], slug=shelf.SLUG, description=shelf.ABOUT["en"]
        )
        CategoryText.objects.create(
            category=category, language="ru", name=shelf.NAMES["ru"], description=shelf.ABOUT["ru"]
        )
        for item in (*shelf.ITEMS, *getattr(shelf, "KITS", ())):
            head = _create_head(item, goods=goods, category=category)
            for number, each in enumerate(item.sizes):
                product = head
                if len(item.sizes) > 1:
                    product = _create_variant(item, each, head=head, size=size)
                record = product.stockrecords.create(
                    partner=house,
                    partner_sku=f"{item.sku}-{number + 1}" if number else item.sku,
                    price=each.retail,
                    num_in_stock=each.stock,
                )
                prices += _price_rows(record.pk, each)
                points.append(
                    PointsRow(
                        product_id=product.pk,
                        pv=parse_product_points(each.pv),
                        cv=parse_product_points(each.cv),
                    )
                )
    set_buyer_prices(rows=prices)
    import_product_points(rows=points)


def print_voucher(*, at: datetime) -> None:
    """Ten percent off everything, once for each customer."""
    everything = get_model("offer", "Range").objects.create(
        name="All products", includes_all_products=True
    )
    offer = get_model("offer", "ConditionalOffer").objects.create(
        name="Welcome",
        slug="welcome",
        offer_type="Voucher",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=1
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type="Percentage", value=Decimal(10)
        ),
    )
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Welcome",
        code=VOUCHER_CODE,
        usage="Once per customer",
        start_datetime=at - timedelta(days=365),
        end_datetime=at + timedelta(days=365),
    )
    voucher.offers.add(offer)


def _create_head(item: Item, *, goods: Any, category: Any) -> Any:
    """The product of a card: by itself, or the parent of its sizes."""
    head = Product.objects.create(
        title=item.english.title,
        slug=slugify(item.english.title),
        upc=item.sku,
        description=_describe(item.english),
        product_class=goods,
        structure=Product.PARENT if len(item.sizes) > 1 else Product.STANDALONE,
    )
    head.categories.add(category)
    ProductText.objects.create(
        product=head,
        language="ru",
        title=item.russian.title,
        description=_describe(item.russian),
    )
    head.images.create(
        original=ContentFile(get_picture(item=item), name=f"{item.sku}.webp"), display_order=0
    )
    return head


def _create_variant(item: Item, each: Size, *, head: Any, size: Any) -> Any:
    title = f"{item.english.title}, {each.name}"
    child = Product.objects.create(
        title=title, slug=slugify(title), structure=Product.CHILD, parent=head
    )
    size.productattributevalue_set.create(product=child, value_text=each.name)
    ProductText.objects.create(
        product=child, language="ru", title=f"{item.russian.title}, {each.russian_name}"
    )
    return child


def _describe(text: Text) -> str:
    facts = format_html_join("", "<li>{}</li>", ((note,) for note in text.notes))
    return format_html("<p>{}</p><ul>{}</ul>", text.about, facts)


def _price_rows(stockrecord_id: int, each: Size) -> list[PriceRow]:
    steps = [("preferred", 1, each.preferred), ("member", 1, each.member)]
    if each.step:
        steps.append(("member", *each.step))
    return [
        PriceRow(
            stockrecord_id=stockrecord_id,
            buyer_kind=kind,
            rank="",
            min_quantity=quantity,
            price=price,
        )
        for kind, quantity, price in steps
    ]
