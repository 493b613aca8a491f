"""Writes of the account's pages: addresses and wish lists."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.shop.basket.selectors import get_obstacle

DEFAULTS = ("default_for_shipping", "default_for_billing")


class AddressKnown(Exception):
    """The person's book has this address already."""


class NotDelivered(Exception):
    """The shop sends nothing to this country."""


class NoSuchList(Exception):
    """The person has no wish list with this key."""


class NotForSale(Exception):
    """The product cannot go into the basket now; the message says why."""


def save_address(*, address: Any, user: Any) -> Any:
    """Keep a new or changed address; as a default it takes the place of the one before.

    The person's row is locked, so two defaults cannot come about at once. Raises AddressKnown.
    """
    try:
        with transaction.atomic():
            _lock(user)
            address.save()
    except IntegrityError as error:
        raise AddressKnown from error
    return address


def set_default_address(*, user: Any, address_id: int, use: str) -> Any:
    """Use an address for deliveries or invoices from now on; `use` is one of `DEFAULTS`.

    Raises UserAddress.DoesNotExist for anybody else's, NotDelivered, and ValueError for another use.
    """
    if use not in DEFAULTS:
        raise ValueError(use)
    with transaction.atomic():
        _lock(user)
        address = user.addresses.select_related("country").get(pk=address_id)
        if use == "default_for_shipping" and not address.country.is_shipping_country:
            raise NotDelivered
        setattr(address, f"is_{use}", True)
        address.save()
    return address


def add_to_wish_list(*, user: Any, product: Any, key: str = "", name: str = "") -> tuple[Any, bool]:
    """Put a product on a list: the one with this key, a new one of this name, or the first.

    Returns the list and whether the product is new on it. Raises NoSuchList.
    """
    with transaction.atomic():
        _lock(user)
        if name:
            wish_list = user.wishlists.create(name=name)
        elif key:
            wish_list = user.wishlists.filter(key=key).first()
        else:
            wish_list = user.wishlists.order_by("date_created", "pk").first()
            wish_list = wish_list or user.wishlists.create(name=_("Wish list"))
        if wish_list is None:
            raise NoSuchList
        _line, is_new = wish_list.lines.get_or_create(
            product=product, defaults={"title": product.get_title()}
        )
    return wish_list, is_new


def move_to_list(*, line: Any, wish_list: Any) -> bool:
    """Move a line to another list; False where the product is there already, and the line goes."""
    with transaction.atomic():
        _lock(wish_list.owner)
        line = get_model("wishlists", "Line").objects.filter(pk=line.pk).first()
        if line is None:
            return False
        if wish_list.lines.filter(product_id=line.product_id).exists():
            line.delete()
            return False
        line.wishlist = wish_list
        line.save(update_fields=["wishlist"])
    return True


def move_to_basket(*, line: Any, basket: Any) -> None:
    """Put a line's pieces into the basket and take the line off the list.

    Raises NotForSale, and then nothing has changed.
    """
    product = line.product
    wanted = line.quantity + (basket.product_quantity(product) if product else 0)
    if obstacle := get_obstacle(basket=basket, product=product, quantity=wanted):
        raise NotForSale(obstacle)
    with transaction.atomic():
        removed, _rows = get_model("wishlists", "Line").objects.filter(pk=line.pk).delete()
        if removed:
            basket.add_product(product, line.quantity)


def _lock(user: Any) -> None:
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
