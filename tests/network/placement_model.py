"""The slow, obvious reference of placing: dictionaries, walked step by step."""

from collections import deque


class Model:
    """A placement tree as `places[member] = (parent, slot)`; every rule as one says it aloud."""

    def __init__(self, width):
        self.width = width
        self.places = {}
        self.turns = {}
        self.counted = {}

    def child(self, member, slot):
        """Who stands below a member in a slot."""
        for other, place in self.places.items():
            if place == (member, slot):
                return other
        return None

    def outside(self, member, slot):
        """Down always by the same slot until nobody is there."""
        while (below := self.child(member, slot)) is not None:
            member = below
        return member, slot

    def chain(self, member):
        """Everybody above."""
        above = []
        while (member := self.places[member][0]) is not None:
            above.append(member)
        return above

    def size(self, member):
        """How many stand in a branch, the head included."""
        return 1 + sum(member in self.chain(other) for other in self.places)

    def first_free(self, member):
        """Level by level from the left."""
        waiting = deque([member])
        while True:
            here = waiting.popleft()
            for slot in range(self.width):
                below = self.child(here, slot)
                if below is None:
                    return here, slot
                waiting.append(below)

    def levels_to_free(self, member):
        """How far down the first free place is."""
        parent, _slot = self.first_free(member)
        return 1 + ([parent, *self.chain(parent)].index(member))

    def count(self):
        """What the background does."""
        self.counted = {
            place: self.size(member)
            for member, place in self.places.items()
            if place[0] is not None
        }

    def free_slot(self, member):
        """The leftmost free slot of a member, or None."""
        return next((s for s in range(self.width) if self.child(member, s) is None), None)

    def find(self, rule, enroller, slot):
        """The place that a rule gives; every rule in its own words."""
        if rule in ("chosen", "outside") and slot is not None:
            return self.outside(enroller, slot)
        if rule == "outside":
            parent, own = self.places[enroller]
            return self.outside(enroller, 0 if parent is None else own)
        if rule == "alternate":
            return self.outside(enroller, self.turns.get(enroller, 0) % self.width)
        if rule == "breadth_first":
            return self.first_free(enroller)
        if rule == "balanced":
            return self.balanced(enroller)
        return self.by_weight(rule, enroller)

    def by_weight(self, rule, enroller):
        """The weaker or the stronger leg as last counted."""
        taken = [s for s in range(self.width) if self.child(enroller, s) is not None]
        weights = [(self.counted.get((enroller, s), 0), s) for s in taken]
        if rule == "weaker":
            free = self.free_slot(enroller)
            return (enroller, free) if free is not None else self.outside(enroller, min(weights)[1])
        heaviest = max((weight for weight, _slot in weights), default=0)
        best = [s for weight, s in weights if weight == heaviest]
        return self.outside(enroller, best[0] if best else 0)

    def balanced(self, member):
        """Down into the smallest branch until a slot is free."""
        while (free := self.free_slot(member)) is None:
            below = [(s, self.child(member, s)) for s in range(self.width)]
            member = min(
                below,
                key=lambda each: (
                    self.counted.get((member, each[0]), 0),
                    self.levels_to_free(each[1]) if self.width > 1 else 1,
                    each[0],
                ),
            )[1]
        return member, free

    def put(self, member, rule, enroller, slot):
        """Place somebody by a rule."""
        self.places[member] = self.find(rule, enroller, slot)
        if rule == "alternate":
            self.turns[enroller] = self.turns.get(enroller, 0) + 1
