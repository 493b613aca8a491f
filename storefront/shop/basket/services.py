"""Writes to a visitor's basket that Oscar has no word for.

Note and removed lines lie in the session: they belong to the visit, not to the shop's books.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from oscar.apps.basket.signals import voucher_addition
from oscar.core.loading import get_class, get_model

from storefront.shop.basket.selectors import NOTE_KEY, REMOVED_KEY, get_obstacle

Product = get_model("catalogue", "Product")
Option = get_model("catalogue", "Option")
Voucher = get_model("voucher", "Voucher")


class VoucherRefused(Exception):
    """The code takes nothing off this basket; the text says why."""


class CannotRestore(Exception):
    """What was removed cannot be had any more; the text may be shown."""


def use_voucher(*, basket: Any, code: str, user: Any, request: Any, at: datetime) -> Any:
    """Put a voucher on the basket by its code and return it. Raises VoucherRefused."""
    code = code.strip().upper()
    voucher = Voucher.objects.filter(code=code).first()
    if voucher is None:
        raise VoucherRefused(
            _("There is no voucher with this code. Please check how it is written.")
        )
    if not basket.pk or basket.is_empty:
        raise VoucherRefused(_("Put something into the basket first."))
    if basket.contains_voucher(code):
        raise VoucherRefused(_("This voucher is in your basket already."))
    if voucher.end_datetime < at:
        raise VoucherRefused(_("This voucher has expired."))
    if voucher.start_datetime > at:
        raise VoucherRefused(_("This voucher is not valid yet."))
    is_available, reason = voucher.is_available_to_user(user)
    if not is_available:
        raise VoucherRefused(str(reason))
    basket.vouchers.add(voucher)
    basket.reset_offer_applications()
    get_class("offer.applicator", "Applicator")().apply(basket, user, request)
    if not any(used["voucher"] == voucher for used in basket.offer_applications):
        basket.vouchers.remove(voucher)
        raise VoucherRefused(_("This voucher takes nothing off what is in your basket."))
    voucher_addition.send(sender=None, basket=basket, voucher=voucher)
    return voucher


def write_gift_note(*, session: Any, basket_id: int, text: str) -> None:
    """Keep what the packing slip shall say to whom the goods are for; an empty text takes it away."""
    text = text.strip()
    if text:
        session[NOTE_KEY] = {"basket": basket_id, "text": text}
    else:
        session.pop(NOTE_KEY, None)


def move_gift_note(*, session: Any, old_basket_id: int, new_basket_id: int) -> None:
    """A guest's note goes along when their basket joins the one of their account."""
    note = session.get(NOTE_KEY)
    if note and note["basket"] == old_basket_id:
        session[NOTE_KEY] = {**note, "basket": new_basket_id}


def remember_removed(*, session: Any, lines: list[Any]) -> None:
    """Keep what these lines hold and are called here, so that `restore_removed` can put it back."""
    session[REMOVED_KEY] = [
        {
            "product_id": line.product_id,
            "quantity": line.quantity,
            "title": line.description_here,
            "options": [[chosen.option_id, chosen.value] for chosen in line.attributes.all()],
        }
        for line in lines
    ]


def restore_removed(*, session: Any, basket: Any) -> list[str]:
    """Put back what was removed last, once, and return the titles.

    Raises CannotRestore where something is not for sale any more; the rest is back.
    """
    restored: list[str] = []
    missing: list[str] = []
    for removed in session.pop(REMOVED_KEY, []):
        product = Product.objects.filter(pk=removed["product_id"], is_public=True).first()
        if get_obstacle(basket=basket, product=product, quantity=removed["quantity"]):
            missing.append(removed["title"])
            continue
        options = Option.objects.in_bulk([option_id for option_id, _value in removed["options"]])
        basket.add_product(
            product,
            removed["quantity"],
            [
                {"option": options[option_id], "value": value}
                for option_id, value in removed["options"]
                if option_id in options
            ],
        )
        restored.append(removed["title"])
    if missing:
        raise CannotRestore(
            _("“%(title)s” cannot be had any more.") % {"title": ", ".join(missing)}
        )
    return restored


def fill_up(*, basket: Any, lines: list[Any]) -> list[str]:
    """Put as much into the basket as another one holds, and name what cannot be had.

    `lines` are those of the other basket with their `description_here`. Done twice it is still that
    much; signing in later takes the larger number of each product, so nothing doubles there either.
    """
    missing = []
    for line in lines:
        wanted = line.quantity - basket.product_quantity(line.product)
        if wanted <= 0:
            continue
        if get_obstacle(basket=basket, product=line.product, quantity=line.quantity):
            missing.append(line.description_here)
        else:
            basket.add_product(line.product, wanted)
    return missing
