"""People and things that tests need, made by the services that make them in life."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import slugify
from oscar.core.loading import get_class, get_model

from mlm_plugin.network.models import Member
from mlm_plugin.network.services import join_member

JOINED = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)


def make_user(name: str, **fields: Any) -> Any:
    """A sign-in whose address follows from the name: `ada@example.com`, password `ada`."""
    email = fields.pop("email", f"{name}@example.com")
    password = fields.pop("password", name)
    return get_user_model().objects.create_user(email=email, password=password, **fields)


def make_member(name: str, sponsor: Member | None = None, **fields: Any) -> Member:
    """A member whose code is the name in capitals, below `sponsor` or as a root; no sign-in."""
    return join_member(
        sponsor_id=sponsor.pk if sponsor else None,
        **{"first_name": name.title(), "code": name, "joined_at": JOINED, **fields},
    )


def make_family() -> list[Member]:
    """Ada sponsors ben, ben sponsors cleo, cleo sponsors dora."""
    family: list[Member] = []
    for name in ("ada", "ben", "cleo", "dora"):
        family.append(make_member(name, family[-1] if family else None))
    return family


def make_account(name: str, role: str = "", **fields: Any) -> Any:
    """A sign-in that may sign in at once: confirmed address, password `lantern-ada`, a role."""
    from storefront.accounts.services import create_user, give_role

    user = create_user(
        email=f"{name}@example.com",
        password=f"lantern-{name}",
        is_email_confirmed=True,
        **fields,
    )
    if role:
        give_role(user=user, role=role)
    return user


def make_product(title: str = "Linden soap", *, price: str = "12.00", stock: int = 20) -> Any:
    """A product with counted stock; `price` is what a retail buyer pays at home, tax included."""
    kind, _ = get_model("catalogue", "ProductClass").objects.get_or_create(
        slug="goods", defaults={"name": "Goods", "requires_shipping": True, "track_stock": True}
    )
    product = get_model("catalogue", "Product").objects.create(
        title=title, slug=slugify(title), product_class=kind
    )
    partner, _ = get_model("partner", "Partner").objects.get_or_create(
        code="house", defaults={"name": "House"}
    )
    product.stockrecords.create(
        partner=partner, partner_sku=slugify(title), price=Decimal(price), num_in_stock=stock
    )
    return product


def make_country(code: str = "DE", name: str = "Germany") -> Any:
    """A country that goods are sent to."""
    country, _ = get_model("address", "Country").objects.update_or_create(
        iso_3166_1_a2=code, defaults={"printable_name": name, "is_shipping_country": True}
    )
    return country


def make_basket(*products: Any, user: Any = None, quantity: int = 1, country: str = "DE") -> Any:
    """An open basket with `quantity` of each product, priced for this user and destination."""
    basket = get_model("basket", "Basket").objects.create(owner=user)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy(
        user=user, country_code=country
    )
    for product in products:
        basket.add_product(product, quantity)
    get_class("offer.applicator", "Applicator")().apply(basket, user)
    return basket


def make_attempt(basket: Any, *, at: datetime, **fields: Any) -> Any:
    """A checkout attempt of a guest (or `user=`) who pays by card (or `method=`)."""
    from mlm_plugin.shop.attribution import Attribution
    from storefront.shop.payments.services import start_attempt

    country = make_country(basket.strategy.country_code)
    address = get_model("order", "ShippingAddress")(
        first_name="Dora",
        last_name="Lindt",
        line1="Lindenweg 4",
        line4="Jena",
        postcode="07743",
        country=country,
    )
    methods = get_class("shipping.repository", "Repository")().get_shipping_methods(
        basket=basket, shipping_addr=address
    )
    given = {
        "user": None,
        "email": "dora@example.com",
        "method": "card",
        "attribution": Attribution(None, "none", "retail", ""),
        "language": "en",
        **fields,
    }
    return start_attempt(
        basket=basket, shipping_address=address, shipping_method=methods[0], at=at, **given
    )


def make_voucher(usage: str = "Single use") -> Any:
    """SPRING takes 3.00 off everything."""
    everything = get_model("offer", "Range").objects.create(
        name="Everything", includes_all_products=True
    )
    offer = get_model("offer", "ConditionalOffer").objects.create(
        name="Spring",
        offer_type="Voucher",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=1
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type="Absolute", value=3
        ),
    )
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Spring",
        code="SPRING",
        usage=usage,
        start_datetime=datetime(2020, 1, 1, tzinfo=UTC),
        end_datetime=datetime(2100, 1, 1, tzinfo=UTC),
    )
    voucher.offers.add(offer)
    return voucher


def make_offer(*, kind: str, value: str | None, pieces: int = 1, **fields: Any) -> Any:
    """An offer of the site on everything: `kind` is Percentage, Absolute, Multibuy and so on."""
    everything, _ = get_model("offer", "Range").objects.get_or_create(
        name="Everything", defaults={"includes_all_products": True}
    )
    return get_model("offer", "ConditionalOffer").objects.create(
        name=f"{kind} {value}",
        offer_type="Site",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=pieces
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type=kind, value=value and Decimal(value), **fields
        ),
    )
