"""Items that the host of a party may buy at a lower price, or alone may buy (plan catalogue, 1.13)."""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Pairs
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column, Rounding
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths

ITEMS, EXCLUSIVE = 1, 3
LOWER_PRICE = Reason("lower_price")
FOR_HOSTS = Reason("for_hosts")
TOO_MANY = Reason("too_many_items")
NOT_HOST = Reason("not_host")


@dataclass(frozen=True)
class Offer:
    """One kind of items: the volume of their prices, how many, the share that is credited."""

    volume: str
    allowed: str
    share: Decimal
    level: int
    reason: Reason


def offers_of(bonus: Party) -> list[Offer]:
    """The kinds of items that a party bonus has."""
    offers = []
    if bonus.item_price is not None:
        offers.append(Offer(bonus.item_price, "items", bonus.item_rate, ITEMS, LOWER_PRICE))
    if bonus.exclusive_price is not None:
        offers.append(
            Offer(bonus.exclusive_price, "exclusive", bonus.exclusive_rate, EXCLUSIVE, FOR_HOSTS)
        )
    return offers


def credit_items(bench: Bench, offer: Offer, parties: Pairs, codes: Rows, party: Words) -> None:
    """Credit the share of the price of as many items as each party allows, the dearest first.

    `parties` are those that have their buyers, `codes` their names among the words of `party`.
    """
    # Such items bring no commission, so they are looked for among all lines.
    rows, price = bench.computation.lines_of_volume(offer.volume)
    order = np.argsort(codes)
    place = np.minimum(np.searchsorted(codes[order], party.codes[rows]), max(len(codes) - 1, 0))
    if not len(codes):
        return
    of_party = order[place]
    inside = np.flatnonzero((codes[of_party] == party.codes[rows]) & (price.values > 0))
    rows, of_party, prices = rows[inside], of_party[inside], price.values[inside]
    owner = bench.computation.snapshot.positions.owner
    buyer = bench.computation.snapshot.lines.member[rows]
    is_strange = np.zeros(len(rows), dtype=bool)
    if offer.level == EXCLUSIVE:
        is_strange = owner[buyer] != owner[parties.payee[of_party]]
    sorted_ = np.lexsort((rows, -prices, is_strange, of_party))
    of_party, prices, is_strange = of_party[sorted_], prices[sorted_], is_strange[sorted_]
    allowed = as_numbers(bench.formula(offer.allowed), bench.environment(parties))
    most = allowed.to_places(0, Rounding.DOWN).spread(parties.size)
    turn = np.arange(len(of_party)) - np.searchsorted(of_party, of_party)
    is_credited = (turn < most[of_party]) & ~is_strange
    share = Numbers.constant(offer.share)
    for chosen, reason in (
        (is_credited, offer.reason),
        (~is_credited & ~is_strange, TOO_MANY),
        (is_strange, NOT_HOST),
    ):
        sums = _sums(of_party, prices, chosen, parties.size)
        items = replace(
            parties, base=Numbers(sums, price.places), level=np.full(parties.size, offer.level)
        ).at(np.flatnonzero(sums))
        if reason is offer.reason:
            bench.settle(items, share, reason)
        else:
            bench.skip(items, share, reason)


def _sums(groups: Rows, values: Column, chosen: Truths, count: int) -> Column:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups[chosen], values[chosen])
    return sums
