"""Party: a credit for the host, by what the guests of a party bought (plan catalogue, 1.13).

The lines of a period that name the same party make one subtotal. With enough different customers the
host is given the share that the subtotal reaches. The credit is spent on goods: it is no volume. A host
may also buy some items at a lower price, have some that are for hosts alone, and a credit for each
party that a guest booked there.

An award is of level 0 for the subtotal, 1 for items, 2 for a party that was booked, 3 for items that
are for hosts alone.
"""

from dataclasses import replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.party_items import credit_items, offers_of
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.line_columns import UnknownColumn
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows

BOOKED = 2
BOOKING = Reason("booking")
TOO_FEW = Reason("too_few_buyers")
CAPPED = Reason("cap")


def calculate(bench: Bench) -> Lines:
    """Lines of a party bonus: one per party, the seller as its source, the subtotal as its base."""
    bonus = bench.bonus
    assert isinstance(bonus, Party)
    lines = bench.computation.snapshot.lines
    rows, brought = bench.computation.payable.lines_of_volume(bonus.base)
    party = _words(bench, bonus.party)
    named = np.flatnonzero(np.array([bool(word) for word in party.words])[party.codes[rows]])
    rows, brought = rows[named], brought.at(named)
    if not len(rows):
        return bench.finish()
    _codes, first, parties = np.unique(party.codes[rows], return_index=True, return_inverse=True)
    subtotal = np.zeros(len(first), dtype=np.int64)
    np.add.at(subtotal, parties, brought.values)
    buyers = _count_buyers(bench, rows, parties, len(first))
    seller = lines.member[rows[first]]
    host = seller if bonus.host is None else _members(bench, bonus.host, rows[first], "the host")
    pairs = Pairs(host, seller, np.zeros(len(host), dtype=np.int64),
                  Numbers(subtotal, brought.places))  # fmt: skip
    enough = (buyers >= bonus.buyers) & (subtotal > 0)
    few = np.flatnonzero(~enough & (subtotal > 0))
    bench.skip(pairs.at(few), _rates(bench, pairs.at(few)), TOO_FEW)
    held = np.flatnonzero(enough)
    _settle(bench, pairs.at(held))
    for offer in offers_of(bonus):
        credit_items(bench, offer, pairs.at(held), party.codes[rows[first]][held], party)
    if bonus.booked_by is not None:
        _credit_bookings(bench, pairs.at(held), bonus.booked_by, rows[first][held])
    return bench.finish()


def _credit_bookings(bench: Bench, pairs: Pairs, column: str, rows: Rows) -> None:
    """Pay those at whose parties these were booked; `rows` are a line of each party."""
    words = _words(bench, column)
    booked = np.flatnonzero(np.array([bool(word) for word in words.words])[words.codes[rows]])
    pairs, rows = pairs.at(booked), rows[booked]
    if not pairs.size:
        return
    pairs = replace(pairs, payee=_members(bench, column, rows, "the member who booked it"))
    worth = as_numbers(bench.formula("booking"), bench.environment(pairs))
    money = Numbers(worth.spread(pairs.size), worth.places)
    booked_at = np.full(pairs.size, BOOKED)
    due = replace(pairs, base=money, level=booked_at).at(np.flatnonzero(money.values))
    bench.settle(due, Numbers.constant(1), BOOKING)


def _settle(bench: Bench, pairs: Pairs) -> None:
    """Pay each party; above the bound the bound itself."""
    most = bench.optional("most")
    if most is None:
        bench.settle(pairs, _rates(bench, pairs))
        return
    env = bench.environment(pairs)
    bound = as_numbers(most, env)
    bound = Numbers(bound.spread(pairs.size), bound.places)
    rates = _rates(bench, pairs)
    over = (pairs.base * rates * bench.pegs(pairs)).compare(bound, np.greater)
    within, above = np.flatnonzero(~over), np.flatnonzero(over & bench.conditions.hold(env))
    bench.settle(pairs.at(within), rates.at(within))
    bounded = Pairs(pairs.payee, pairs.source, pairs.level, bound)
    bench.pay(bounded.at(above), Numbers.constant(1), CAPPED, exact=bound.at(above))


def _rates(bench: Bench, pairs: Pairs) -> Numbers:
    rate = bench.worked("rate", bench.environment(pairs))
    return Numbers(rate.spread(pairs.size), rate.places)


def _words(bench: Bench, column: str) -> Words:
    words = bench.computation.snapshot.lines.texts.get(column)
    if words is None:
        raise UnknownColumn(f"{bench.place}: the volumes' file has no column of texts “{column}”")
    return words


def _count_buyers(bench: Bench, rows: Rows, parties: Rows, count: int) -> Rows:
    """Different customers per party; a line without a customer is one of its own order."""
    lines = bench.computation.snapshot.lines
    customer = lines.texts.get("customer")
    _orders, order = np.unique(lines.orders[rows], return_inverse=True)
    who = order
    if customer is not None:
        is_named = np.array([bool(word) for word in customer.words])[customer.codes[rows]]
        who = np.where(is_named, customer.codes[rows], len(customer.words) + order)
    pairs = np.unique(np.stack([parties, who]), axis=1)
    return np.bincount(pairs[0], minlength=count)


def _members(bench: Bench, column: str, rows: Rows, what: str) -> Rows:
    """The members whom the lines name as `what`. Raises UnknownColumn for who is none."""
    words = _words(bench, column)
    ids = bench.computation.snapshot.positions.ids
    names = np.array(words.words, dtype=np.str_)[words.codes[rows]]
    place = np.minimum(np.searchsorted(ids, names), max(len(ids) - 1, 0))
    strange = np.flatnonzero(ids[place] != names)
    if len(strange):
        lines, row = bench.computation.snapshot.lines, rows[strange[0]]
        raise UnknownColumn(
            f"{bench.place}: line {lines.lines[row]} of order {lines.orders[row]} names {what} "
            f"“{names[strange[0]]}”, who is no member"
        )
    return place
