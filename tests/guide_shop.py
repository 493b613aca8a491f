"""A small shop with drawn products: what the guides' walks are taken in."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from oscar.core.loading import get_model

from storefront.demo.pictures import get_picture
from storefront.demo.products import SHELVES
from storefront.shop.listing.gathering import gather_refreshes
from storefront.shop.listing.services import rebuild_listing
from storefront.shop.payments import services
from tests.factories import make_attempt, make_basket, make_country, make_product

CHOSEN = (
    "care-hand-cream", "care-almond-oil", "care-salt-soap", "kitchen-linden-honey",
    "kitchen-tea-towels", "home-linen-towel", "home-candle", "sleep-mask",
)  # fmt: skip


def stock_shop() -> dict[str, Any]:
    """Eight products of the demo company in their categories, by article number."""
    make_country()
    products = {}
    with gather_refreshes():
        for shelf in SHELVES:
            items = [item for item in shelf.ITEMS if item.sku in CHOSEN]
            if not items:
                continue
            category = get_model("catalogue", "Category").add_root(
                name=shelf.NAMES["en"], slug=shelf.SLUG, description=shelf.ABOUT["en"]
            )
            for item in items:
                product = make_product(
                    item.english.title, price=str(item.sizes[0].retail), stock=40
                )
                product.description = f"<p>{item.english.about}</p>"
                product.save()
                product.categories.add(category)
                drawn = ContentFile(get_picture(item=item), name=f"{item.sku}.webp")
                product.images.create(original=drawn, display_order=0)
                products[item.sku] = product
    rebuild_listing()
    return products


def place_paid_order(*products: Any, user: Any, at: datetime, quantity: int = 2) -> Any:
    """What the buyer ordered by transfer, and the money is there."""
    basket = make_basket(*products, quantity=quantity, user=user)
    attempt = make_attempt(basket, at=at, method="transfer", user=user, email=user.email)
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=at)
    services.mark_transfer_paid(order_id=order.pk, by=None, at=at)
    order.refresh_from_db()
    return order


def sign_in(page: Any, name: str) -> None:
    """Through the form, as an account of `make_account`."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{name}@example.com")
    page.locator("#id_password").fill(f"lantern-{name}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
