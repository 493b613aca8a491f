"""What hosts of parties bring besides their guests: items of their own, and who booked which party.

Drawn apart from everything else, so that it changes nobody's purchases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.snapshot import Ids, Lines
from mlm_plugin.plan.trees import Rows

SELF = 0


@dataclass(frozen=True)
class Hosting:
    """What lines of parties say: the columns that name the party, its host, who booked it.

    `items` are the words that mark each kind of items that hosts may buy, by column.
    """

    parties: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    booked_by: frozenset[str] = frozenset()
    items: Sequence[Mapping[str, str]] = field(default_factory=tuple)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that say the same on every line of a party."""
        return self.parties | self.hosts | self.booked_by


def note_bookings(
    hosting: Hosting, texts: dict[str, Words], *, share: float, chance: np.random.Generator
) -> None:
    """Name in some parties the host of the party before, at which it was booked."""
    if not hosting.booked_by:
        return
    parties = texts[min(hosting.parties)]
    held = np.unique(parties.codes[parties.codes > 0])
    before = np.zeros(len(parties.words), dtype=np.int64)
    before[held[1:]] = np.where(chance.random(len(held[1:])) < share, held[:-1], 0)
    # Parties are named after their sellers, who are the hosts; the first word is for no party.
    hosts = tuple(word.rpartition("-")[0] for word in parties.words[1:])
    for name in hosting.booked_by:
        texts[name] = Words(before[parties.codes], ("", *hosts))


def with_items(
    hosting: Hosting, lines: Lines, *, prices: Numbers, share: float, number: int,
    chance: np.random.Generator,
) -> Lines:  # fmt: skip
    """The lines with an item of each kind that some hosts buy at their own parties, without volume."""
    if not hosting.items or not hosting.parties:
        return lines
    parties = lines.texts[min(hosting.parties)]
    _codes, first = np.unique(parties.codes, return_index=True)
    first = first[parties.codes[first] > 0]
    for place, marks in enumerate(hosting.items):
        bought = first[chance.random(len(first)) < share]
        price = prices.at(chance.integers(0, len(prices.values), size=len(bought)))
        orders = np.char.mod(
            f"{number:03d}-i{place}-%0{len(str(lines.size))}d", np.arange(len(bought))
        )
        lines = _joined(hosting, lines, bought, marks=marks, price=price, orders=orders)
    return lines


def _joined(
    hosting: Hosting,
    lines: Lines,
    rows: Rows,
    *,
    marks: Mapping[str, str],
    price: Numbers,
    orders: Ids,
) -> Lines:
    """The lines with one more beside each of some: of the same day, party and seller, who is the host."""
    count = len(rows)
    texts = {}
    for name, words in lines.texts.items():
        if name in hosting.columns:
            listed, codes = words.words, words.codes[rows]
        else:
            # No guest, and of the plan's own words none but those that mark the item.
            word = marks.get(name, "")
            listed = words.words if word in words.words else (*words.words, word)
            codes = np.full(count, listed.index(word))
        texts[name] = Words(np.concatenate([words.codes, codes]), listed)
    numbers = {
        name: Numbers(
            np.concatenate(
                [
                    column.values,
                    price.to_places(column.places).values
                    if name == "amount"
                    else np.zeros(count, dtype=np.int64),
                ]
            ),
            column.places,
        )
        for name, column in lines.numbers.items()
    }
    return replace(
        lines,
        orders=np.concatenate([lines.orders, orders]),
        lines=np.concatenate([lines.lines, np.full(count, "1")]),
        member=np.concatenate([lines.member, lines.member[rows]]),
        day=np.concatenate([lines.day, lines.day[rows]]),
        buyer=np.concatenate([lines.buyer, np.full(count, SELF)]),
        numbers=numbers,
        texts=texts,
    )
