"""A shop full of products for tests of pages."""

from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from mlm_plugin.shop.models import ProductPoints
from storefront.shop.listing.gathering import gather_refreshes
from storefront.shop.listing.services import rebuild_listing
from storefront.shop.prices.models import BuyerPrice
from tests.factories import make_product

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def make_category(name: str = "Care") -> Any:
    """A category at the top."""
    return get_model("catalogue", "Category").add_root(name=name, slug=name.lower())


def make_family_of_sizes(title: str = "Linen towel") -> Any:
    """A parent with a small (12.00) and a large (20.00) variant."""
    parent = make_product(title)
    parent.stockrecords.all().delete()
    parent.structure = parent.PARENT
    parent.save()
    partner = get_model("partner", "Partner").objects.get()
    for size, price in (("Small", "12.00"), ("Large", "20.00")):
        child = parent.children.create(title=size, slug=size.lower(), structure=parent.CHILD)
        child.stockrecords.create(
            partner=partner,
            partner_sku=f"{parent.slug}-{size}",
            price=Decimal(price),
            num_in_stock=5,
        )
    return parent


def fill_shop(count: int) -> list[Any]:
    """`count` products in one category, with points and member prices, a third with variants."""
    with gather_refreshes():
        products = _put_up(count)
    rebuild_listing()
    return products


def _put_up(count: int) -> list[Any]:
    category = make_category()
    products = []
    for number in range(count):
        if number % 3:
            product = make_product(f"Linden soap {number}")
        else:
            product = make_family_of_sizes(f"Linen towel {number}")
        product.categories.add(category)
        ProductPoints.objects.create(product=product, pv=1250, cv=1000)
        products.append(product)
    BuyerPrice.objects.bulk_create(
        BuyerPrice(stockrecord=record, buyer_kind="member", price=record.price - 2)
        for record in get_model("partner", "StockRecord").objects.all()
    )
    return products


def writes_of(queries: Any) -> list[str]:
    """The statements among captured queries that change something."""
    return [query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)]
