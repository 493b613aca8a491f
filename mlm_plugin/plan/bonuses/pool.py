"""Pool: a fund shared among all who qualify, by their shares (plan catalogue, 1.12).

Normalised, the fund is handed out exactly: each gets the part of its shares rounded down, and what
is missing goes to the largest remainders. Not normalised, a share is a part of the whole fund, and
the sum may be more or less than it.
"""

from dataclasses import replace

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.bonuses import Pool
from mlm_plugin.plan.money import multiply_divide, share_out
from mlm_plugin.plan.numbers import Numbers


def calculate(bench: Bench) -> Lines:
    """Lines of a pool: the source is the payee, the base the fund, the rate the payee's part."""
    bonus = bench.bonus
    assert isinstance(bonus, Pool)
    computation = bench.computation
    places = computation.plan.document.plan.places
    fund = bench.worked("fund", bench.all)
    shares = bench.numbers("share")
    may = bench.conditions.hold(bench.all) & (shares.values > 0)
    members = np.flatnonzero(may)
    if not len(members):
        return bench.finish()
    # A fund is one number for the company, the same for every member.
    fund = Numbers(np.asarray(fund.values).flat[:1].reshape(()), fund.places)
    part = shares.at(members)
    pairs = Pairs.make(payee=members, source=members, level=0, base=fund)
    if not bonus.normalise:
        bench.pay(pairs, part)
        return bench.finish()
    money = fund.to_places(places)
    if bonus.residue == "keep":
        amounts, _rests = multiply_divide(
            np.broadcast_to(money.values, (len(members),)),
            part.values,
            np.broadcast_to(part.values.sum(), (len(members),)),
        )
    else:
        amounts = share_out(
            part.values,
            groups=np.zeros(len(members), dtype=np.int64),
            totals=np.atleast_1d(money.values),
        )
    bench.pay(replace(pairs, base=Numbers(amounts, places)), Numbers.constant(1))
    return bench.finish()
