"""Pegs: what one unit is worth in money, by market and date (plan catalogue, 1.16)."""

from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import UnknownPeriod
from mlm_plugin.plan.document.figures import PegRate
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.tables import make_column

if TYPE_CHECKING:
    from datetime import date

    from mlm_plugin.plan.computing import Computation


class NoPeg(UnknownPeriod):
    """A market without a rate for the period, which is read on its last day."""


def look_up_peg(computation: "Computation", name: str) -> Numbers:
    """The rate of each member on the period's last day. Raises NoPeg where a market has none."""
    peg = computation.plan.document.pegs[name]
    day = computation.snapshot.period.last
    fits = [rate for rate in peg.rates if _holds(rate, day)]
    words: tuple[str, ...] = ("",)
    codes = np.zeros(computation.size, dtype=np.int64)
    if peg.by is not None:
        markets = computation.column(peg.by)
        if not isinstance(markets, Words):
            raise NoPeg(f"pegs.{name}.by: {peg.by} holds no words")
        words, codes = markets.words, markets.codes
    there = np.bincount(codes, minlength=len(words)) > 0
    chosen = []
    for word, is_there in zip(words, there.tolist(), strict=True):
        rates = [rate for rate in fits if rate.market in (None, word)]
        if is_there and not rates:
            raise NoPeg(f"pegs.{name}: there is no rate for “{word}” on {day}")
        chosen.append(max(rates, key=_rank).rate if rates else peg.rates[0].rate)
    rates_of_words = make_column(chosen)
    return Numbers(rates_of_words.values[codes], rates_of_words.places)


def _holds(rate: PegRate, day: "date") -> bool:
    return (rate.first is None or rate.first <= day) and (rate.until is None or day <= rate.until)


def _rank(rate: PegRate) -> tuple[bool, str]:
    """One for the market before one for all, then the one that began last."""
    return rate.market is not None, str(rate.first or "")
