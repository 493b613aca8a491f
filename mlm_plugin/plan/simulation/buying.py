"""Who buys what in a period of a simulation: members for themselves, and their customers."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.simulation.columns import WrittenLines, draw
from mlm_plugin.plan.simulation.hosting import note_bookings, with_items
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.snapshot import Ids, Lines
from mlm_plugin.plan.trees import Rows, Truths

PREFERRED, RETAIL = 1, 2
MOST_CUSTOMERS = 60
POINTS, MONEY = 4, 2


class Buying:
    """The customers of `members` positions, and the order lines of one period after the other.

    Chance is drawn as even numbers and compared with thresholds: nothing whose last digit could
    differ between machines decides anything.
    """

    def __init__(
        self, *, shape: Shape, members: int, seed: int,
        written: WrittenLines | None = None, ids: Ids | None = None,
    ) -> None:  # fmt: skip
        self.shape = shape
        self.written = written or WrittenLines()
        self.ids = np.arange(members).astype(np.str_) if ids is None else ids
        # What lines say besides is drawn apart, so that it changes nobody's purchases.
        self._saying = np.random.Generator(np.random.PCG64([seed, 2]))
        self._hosting = np.random.Generator(np.random.PCG64([seed, 3]))
        self.chance = np.random.Generator(np.random.PCG64([seed, 1]))
        self.customers = self._customer_counts(members)
        self._left = np.zeros(members, dtype=bool)

    def left(self, here: int) -> Truths:
        """Who of the first `here` members has stopped for good."""
        return self._left[:here].copy()

    def lose(self, here: int) -> None:
        """Some of those still there stop."""
        self._left[:here] |= self.chance.random(here) < float(self.shape.churn)

    def lines(self, *, here: int, period: Period, number: int) -> Lines:
        """The order lines of period `number`, one per order."""
        staying = ~self._left[:here]
        buys = staying & (self.chance.random(here) < float(self.shape.active))
        own = np.flatnonzero(buys)
        counts = np.where(staying, self.customers[:here], 0)
        of_customers = np.repeat(np.arange(here), counts)
        which = np.arange(len(of_customers)) - np.repeat(np.cumsum(counts) - counts, counts)
        # Whether a customer is registered must not change from period to period.
        registered = (of_customers * 7 + which * 13) % 100 < int(self.shape.preferred * 100)
        came = self.chance.random(len(of_customers)) < float(self.shape.customer_active)
        member = np.concatenate([own, of_customers[came]])
        kinds = np.where(registered[came], PREFERRED, RETAIL)
        buyer = np.concatenate([np.zeros(len(own), dtype=np.int64), kinds])
        first, last = period.days
        day = self.chance.integers(first, last + 1, size=len(member))
        customer = np.concatenate([np.full(len(own), -1), which[came]])
        texts = self._texts(member=member, customer=customer, number=number)
        lines = self._priced(member=member, buyer=buyer, day=day, number=number)
        prices = [
            int(one.amount.scaleb(MONEY)) for one in self.shape.orders for _ in range(one.weight)
        ]
        return with_items(
            self.written.hosting, replace(lines, texts=texts), number=number, chance=self._hosting,
            prices=Numbers(np.array(prices, dtype=np.int64), MONEY),
            share=float(self.shape.host_items),
        )  # fmt: skip

    def _texts(self, *, member: Rows, customer: Rows, number: int) -> dict[str, Words]:
        """What lines say besides numbers; `customer` is which one of a member's bought, -1 for itself."""
        count, written = len(member), self.written
        texts = {
            name: Words(draw(weights, self._saying, count), tuple(weights))
            for name, weights in written.texts.items()
        }
        if written.customers:
            pairs, codes = np.unique(member * MOST_CUSTOMERS + customer, return_inverse=True)
            names = [
                f"{self.ids[each // MOST_CUSTOMERS]}-{each % MOST_CUSTOMERS}"
                for each in pairs.tolist()
            ]
            codes = np.where(customer < 0, 0, codes + 1)
            texts["customer"] = Words(codes, ("", *names))
        if written.hosting.parties:
            invited = (customer >= 0) & (self._saying.random(count) < float(self.shape.parties))
            sellers, codes = np.unique(member, return_inverse=True)
            named = tuple(str(self.ids[each]) for each in sellers)
            at_party = np.where(invited, codes + 1, 0)
            for name in written.hosting.parties:
                texts[name] = Words(at_party, ("", *(f"{each}-{number}" for each in named)))
            for name in written.hosting.hosts:
                texts[name] = Words(at_party, ("", *named))
            note_bookings(
                written.hosting, texts, share=float(self.shape.bookings), chance=self._hosting
            )
        return texts

    def _customer_counts(self, members: int) -> Rows:
        """How many customers each member has: few have many."""
        mean = float(self.shape.customers)
        thresholds = np.cumprod(np.full(MOST_CUSTOMERS, mean / (1 + mean)))[::-1]
        drawn = self.chance.random(members)
        return (MOST_CUSTOMERS - np.searchsorted(thresholds, drawn)).astype(np.int64)

    def _priced(self, *, member: Rows, buyer: Rows, day: Rows, number: int) -> Lines:
        weights = np.cumsum([size.weight for size in self.shape.orders])
        drawn = self.chance.integers(0, weights[-1], size=len(member))
        size = np.searchsorted(weights, drawn, side="right")

        def worth(factor: Decimal, places: int) -> Numbers:
            each = [int((one.amount * factor).scaleb(places)) for one in self.shape.orders]
            return Numbers(np.array(each, dtype=np.int64)[size], places)

        numbers = {
            "pv": worth(self.shape.pv, POINTS),
            "cv": worth(self.shape.cv, POINTS),
            "amount": worth(Decimal(1), MONEY),
        }
        orders = np.char.mod(f"{number:03d}-%0{len(str(len(member)))}d", np.arange(len(member)))
        return Lines(orders, np.full(len(member), "1"), member, day, buyer, numbers)
