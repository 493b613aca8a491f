"""Items that the host of a party may buy at a lower price (plan catalogue, 1.13)."""

from dataclasses import replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Pairs
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column, Rounding
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths

ITEMS = 1
LOWER_PRICE = Reason("lower_price")
TOO_MANY = Reason("too_many_items")


def credit_items(bench: Bench, volume: str, parties: Pairs, codes: Rows, party: Words) -> None:
    """Credit the share of the price of as many items as each party allows, the dearest first.

    `parties` are those that have their buyers, `codes` their names among the words of `party`.
    """
    bonus = bench.bonus
    assert isinstance(bonus, Party)
    # Such items bring no commission, so they are looked for among all lines.
    rows, price = bench.computation.lines_of_volume(volume)
    order = np.argsort(codes)
    place = np.minimum(np.searchsorted(codes[order], party.codes[rows]), max(len(codes) - 1, 0))
    if not len(codes):
        return
    of_party = order[place]
    inside = np.flatnonzero((codes[of_party] == party.codes[rows]) & (price.values > 0))
    rows, of_party, prices = rows[inside], of_party[inside], price.values[inside]
    sorted_ = np.lexsort((rows, -prices, of_party))
    of_party, prices = of_party[sorted_], prices[sorted_]
    allowed = as_numbers(bench.formula("items"), bench.environment(parties))
    most = allowed.to_places(0, Rounding.DOWN).spread(parties.size)
    turn = np.arange(len(of_party)) - np.searchsorted(of_party, of_party)
    is_cheaper = turn < most[of_party]
    share = Numbers.constant(bonus.item_rate)
    for chosen, reason in ((is_cheaper, LOWER_PRICE), (~is_cheaper, TOO_MANY)):
        sums = _sums(of_party, prices, chosen, parties.size)
        items = replace(
            parties, base=Numbers(sums, price.places), level=np.full(parties.size, ITEMS)
        ).at(np.flatnonzero(sums))
        if reason is LOWER_PRICE:
            bench.settle(items, share, reason)
        else:
            bench.skip(items, share, reason)


def _sums(groups: Rows, values: Column, chosen: Truths, count: int) -> Column:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups[chosen], values[chosen])
    return sums
