"""Reads of prices, tax and shipping charges, each a single query whatever the number of products."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q

from mlm_plugin.conf import get_setting
from mlm_plugin.volumes.models import BuyerKind
from storefront.shop.prices.models import BuyerPrice, ShippingCharge, TaxRate
from storefront.shop.prices.tax import TaxTable


@dataclass(frozen=True)
class Buyer:
    """Who asks for a price."""

    kind: str = BuyerKind.RETAIL
    rank: str = ""

    @property
    def may_buy(self) -> bool:
        """Whether this buyer sees prices and buys: everybody, or in a closed shop members only."""
        return get_setting("SALES") != "closed" or self.kind == BuyerKind.MEMBER


@dataclass(frozen=True)
class PriceStep:
    """A price one buyer reaches from a quantity on, as stored."""

    min_quantity: int
    price: Decimal


def get_buyer(*, user: Any) -> Buyer:
    """The buyer kind and rank of a user (None or anonymous: retail, without a query)."""
    if user is None or not user.is_authenticated:
        return Buyer()
    # Imported when asked: the strategy is loaded while Django still gathers the models.
    from mlm_plugin.shop.selectors import get_buyer_kind, get_member_for

    kind = get_buyer_kind(user=user)
    if kind != BuyerKind.MEMBER:
        return Buyer(kind=kind)
    member = get_member_for(user=user)
    return Buyer(kind=kind, rank=member.rank if member else "")


def get_price_steps(
    *, stockrecord_ids: Iterable[int], buyer: Buyer
) -> dict[int, tuple[PriceStep, ...]]:
    """The rows this buyer may use, per stock record, in one query (none for an empty set)."""
    ids = list(stockrecord_ids)
    if not ids:
        return {}
    entitled = Q(buyer_kind__in={BuyerKind.RETAIL, buyer.kind}, rank="")
    if buyer.rank:
        entitled |= Q(buyer_kind=buyer.kind, rank=buyer.rank)
    rows = BuyerPrice.objects.filter(entitled, stockrecord_id__in=ids).order_by()
    steps: dict[int, list[PriceStep]] = defaultdict(list)
    for record, quantity, price in rows.values_list("stockrecord_id", "min_quantity", "price"):
        steps[record].append(PriceStep(quantity, price))
    return {record: tuple(found) for record, found in steps.items()}


def choose_price(
    *, retail: Decimal | None, steps: Iterable[PriceStep], quantity: int
) -> Decimal | None:
    """The lowest stored price that `quantity` pieces reach, or None where there is none."""
    reached = [step.price for step in steps if step.min_quantity <= quantity]
    if retail is not None:
        reached.append(retail)
    return min(reached, default=None)


def get_tax_table() -> TaxTable:
    """All tax rates, in one query."""
    rows = TaxRate.objects.order_by().values_list("country_id", "basis_points", "taxes_shipping")
    rates = {country: (points, taxed) for country, points, taxed in rows}
    return TaxTable(
        home_country=settings.SHOP_COUNTRY,
        rates={country: points for country, (points, _) in rates.items()},
        untaxed_shipping=frozenset(c for c, (_, taxed) in rates.items() if not taxed),
    )


@dataclass(frozen=True)
class Charge:
    """What a shipping method costs to one destination, as stored."""

    method: str
    charge: Decimal
    free_from: Decimal | None


def get_shipping_charges(*, country_code: str) -> list[Charge]:
    """The methods offered to a destination, standard first, in one query.

    A row of the country wins over the row for every country, which wins over
    `settings.SHIPPING_CHARGES`; a method that is not offered is left out.
    """
    rows = ShippingCharge.objects.filter(
        Q(country__isnull=True) | Q(country_id=country_code)
    ).order_by()
    best: dict[str, ShippingCharge] = {}
    for row in rows:
        if row.method not in best or row.country_id:
            best[row.method] = row
    charges = []
    for method in ShippingCharge.Method.values:
        found = best.get(method)
        if found is None:
            default = settings.SHIPPING_CHARGES[method]
            free = default["free_from"]
            charges.append(
                Charge(method, Decimal(default["charge"]), None if free is None else Decimal(free))
            )
        elif found.is_offered:
            charges.append(Charge(method, found.charge, found.free_from))
    return charges
