"""Who buys what and when: the same plan for the same moment, whatever the machine."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mlm_plugin.shop.referrals import Referral
from storefront.demo import logins, names
from storefront.demo.catalogue import VOUCHER_CODE
from storefront.demo.people import refer
from storefront.demo.products import SHELVES

SEED = 2319
SPAN = timedelta(days=91)
# So many members from the top buy often; the chain that visitors look at first, twice a month.
LEADERS = 20
FIRST_CHAIN = {"Ada", "Ben", "Cleo", "Dora", "Emil"}
# Bought out or dear: nobody's everyday purchase.
SELDOM = {"sleep-wool-blanket", "movement-cork-mat"}
RUSSIAN_SPEAKERS = {
    "Mira",
    "Olga",
    "Vera",
    "Xenia",
    "Igor",
    "Oleg",
    "Denis",
    "Alina",
    "Katja",
    "Boris",
    "Julia",
    "Nadia",
    "Yuri",
    "Ivan",
}


@dataclass(frozen=True)
class Purchase:
    """One order to come: the buyer, the basket, and how it ends."""

    at: datetime
    email: str
    first_name: str
    last_name: str
    has_account: bool
    country: str
    street: str
    city: str
    postcode: str
    lines: tuple[tuple[str, int], ...]
    referral: Referral | None = None
    language: str = "en"
    shipping: str = "standard"
    voucher: str = ""
    paid_after: timedelta = timedelta(hours=20)
    ends: str = "complete"


def plan_purchases(*, members: dict[str, Any], until: datetime) -> list[Purchase]:
    """Every order of the three months up to `until`, in the order of time."""
    random = Random(SEED)  # noqa: S311, a story that is told the same way each time
    # Everybody's money arrives within 30 hours: only one order shall still wait for it.
    latest = until - timedelta(hours=32)
    planned: list[Purchase] = []
    for index, (first_name, last_name, _sponsor, days) in enumerate(names.MEMBERS):
        joined = max(until - SPAN, until - timedelta(days=days - 1))
        count = random.choice((3, 4, 4, 5) if index < LEADERS else (0, 1, 2, 2, 3))
        if first_name in FIRST_CHAIN:
            count = 6
        buyer = _Buyer(first_name, last_name, index)
        planned += _several(random, buyer, count=count, span=(joined, latest))
    for index, (first_name, last_name, _member) in enumerate(names.CUSTOMERS):
        if first_name.lower() == logins.RETAIL_CUSTOMER:
            continue
        is_regular = first_name.lower() == logins.PREFERRED_CUSTOMER
        count = 3 if is_regular else random.choice((1, 1, 2, 3))
        buyer = _Buyer(first_name, last_name, index)
        planned += _several(random, buyer, count=count, span=(until - SPAN, latest))
    for index, (first_name, last_name, member) in enumerate(names.GUESTS):
        buyer = _Buyer(first_name, last_name, index)
        (purchase,) = _several(random, buyer, count=1, span=(until - SPAN, latest))
        guest = replace(
            purchase,
            email=f"{first_name}.{last_name}@example.org".lower(),
            has_account=False,
            referral=refer(members.get(member)),
        )
        planned.append(guest)
    planned.sort(key=lambda purchase: (purchase.at, purchase.email))
    return _with_endings(planned) + _latest(random, until=until)


@dataclass(frozen=True)
class _Buyer:
    """Somebody who buys; `index` chooses the address."""

    first_name: str
    last_name: str
    index: int


def _several(
    random: Random, buyer: _Buyer, *, count: int, span: tuple[datetime, datetime]
) -> list[Purchase]:
    """The orders of one person, spread over the time."""
    earliest, latest = span
    minutes = (latest - earliest).total_seconds() / 60
    orders = []
    for number in range(count):
        part = (number + random.random()) / count
        orders.append(_purchase(random, buyer, earliest + timedelta(minutes=int(minutes * part))))
    return orders


def _purchase(random: Random, buyer: _Buyer, at: datetime) -> Purchase:
    country, street, city, postcode = names.ADDRESSES[buyer.index % len(names.ADDRESSES)]
    return Purchase(
        at=at,
        email=logins.email_of(buyer.first_name),
        first_name=buyer.first_name,
        last_name=buyer.last_name,
        has_account=True,
        country=country,
        street=street,
        city=city,
        postcode=postcode,
        lines=_choose_lines(random),
        language="ru" if buyer.first_name in RUSSIAN_SPEAKERS else "en",
        shipping=random.choice(("standard", "standard", "standard", "express")),
        paid_after=timedelta(hours=random.randint(2, 30)),
    )


def _choose_lines(random: Random) -> tuple[tuple[str, int], ...]:
    chosen: dict[str, int] = {}
    for _ in range(random.choice((1, 2, 2, 3, 3, 4))):
        item = random.choice(random.choice(SHELVES).ITEMS)
        if item.sku in SELDOM and random.random() < 0.7:
            continue
        number = random.randrange(len(item.sizes))
        if item.sizes[number].stock:
            sku = f"{item.sku}-{number + 1}" if number else item.sku
            chosen[sku] = random.choice((1, 1, 1, 2, 2, 3))
    return tuple(chosen.items()) or (("care-hand-soap", 1),)


def _with_endings(planned: list[Purchase]) -> list[Purchase]:
    """A few orders end otherwise than in a parcel; a few were cheaper."""
    endings = {
        9: "refunded in part",
        24: "refunded",
        41: "refunded in part",
        58: "cancelled unpaid",
        77: "refunded",
        95: "cancelled",
        113: "refunded in part",
        131: "refunded",
        60: "return refunded",
        66: "return received",
        72: "return approved",
        80: "return refused",
        84: "return closed",
        88: "return requested",
    }
    changed = []
    used_voucher: set[str] = set()
    for index, purchase in enumerate(planned):
        voucher = ""
        if index % 12 == 5 and purchase.has_account and purchase.email not in used_voucher:
            voucher = VOUCHER_CODE
            used_voucher.add(purchase.email)
        changed.append(replace(purchase, voucher=voucher, ends=endings.get(index, purchase.ends)))
    return changed


def _latest(random: Random, *, until: datetime) -> list[Purchase]:
    """What happened last: the retail customer's transfer is still on its way, and today people
    down ada's line bought again.
    """
    rosa, agnes = _Buyer("Rosa", "Winter", 0), _Buyer("Agnes", "Thoma", 2)
    paul, edda = _Buyer("Paul", "Ahrens", 1), _Buyer("Edda", "Simon", 3)
    hour = timedelta(hours=1)
    waiting = _purchase(random, rosa, until - 26 * hour)
    today = [
        _purchase(random, _Buyer("Cleo", "Andersen", 6), until - 5 * hour),
        _purchase(random, agnes, until - 5 * hour),
        _purchase(random, edda, until - 4 * hour),
        _purchase(random, paul, until - 3 * hour),
    ]
    return [
        replace(waiting, ends="waits for money"),
        *(replace(purchase, paid_after=hour) for purchase in today),
    ]
