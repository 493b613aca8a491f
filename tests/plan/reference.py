"""The slow, obvious way to work bonuses: one member at a time, decimals, no arrays.

It shares nothing with the engine but the rules, which it spells out along the sponsors of one
member after the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Payee, source, level and amount.
Paid = tuple[str, str, int, Decimal]


@dataclass(frozen=True)
class Network:
    """Sponsors and volume by member."""

    sponsor: Mapping[str, str]
    volume: Mapping[str, Decimal]

    def uplines(self, member: str) -> Iterator[str]:
        """The sponsor, the sponsor's sponsor, and so on."""
        above = self.sponsor[member]
        while above:
            yield above
            above = self.sponsor[above]

    def group(self, member: str) -> Decimal:
        """The volume of a member and everybody below."""
        below = (each for each in self.sponsor if member in {each, *self.uplines(each)})
        return sum((self.volume.get(each, Decimal(0)) for each in below), Decimal(0))


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def unilevel(
    network: Network,
    *,
    rates: list[Decimal],
    may: Callable[[str, int], bool],
    kept: Callable[[str], bool],
    dynamic: bool,
) -> list[Paid]:
    """Level by level up from each source: pass over who is not kept, lose what may not be paid."""
    lines = []
    for source, volume in network.volume.items():
        if not volume:
            continue
        level = 1
        for upline in network.uplines(source):
            if not kept(upline) or level > len(rates):
                continue
            qualified = may(upline, level) and rates[level - 1] != 0
            if dynamic and not qualified:
                continue
            if qualified:
                lines.append((upline, source, level, cents(volume * rates[level - 1])))
            level += 1
    return lines


def differential(
    network: Network, *, rate: Mapping[str, Decimal], may: Callable[[str], bool]
) -> list[Paid]:
    """Follow each source up; whoever has a higher rate than was paid so far takes the rise."""
    lines = []
    for source, volume in network.volume.items():
        if not volume:
            continue
        had = Decimal(0)
        for level, upline in enumerate([source, *network.uplines(source)]):
            if rate[upline] > had:
                if may(upline):
                    lines.append((upline, source, level, cents(volume * (rate[upline] - had))))
                had = rate[upline]
    return lines


def generations(
    network: Network,
    *,
    rates: list[Decimal],
    leads: Callable[[str], bool],
    may: Callable[[str], bool],
    rolls_up: bool,
) -> list[Paid]:
    """Leaders above the leader of the source's group; who may not be paid counts or does not."""
    lines = []
    for source, volume in network.volume.items():
        leaders = [
            each
            for each in (source, *network.uplines(source))
            if leads(each) and (may(each) or not rolls_up)
        ]
        if not volume:
            continue
        for generation, leader in enumerate(leaders[1 : len(rates) + 1], start=1):
            rate = rates[generation - 1]
            if rate and may(leader):
                lines.append((leader, source, generation, cents(volume * rate)))
    return lines


def infinity(
    network: Network, *, rate: Mapping[str, Decimal], full: bool, most: Decimal
) -> list[Paid]:
    """Uplines with a rate, each paid whole while it is higher, or its difference."""
    lines = []
    for source, volume in network.volume.items():
        before, left = Decimal(0), most
        for level, upline in enumerate(network.uplines(source), start=1):
            if not volume or not rate[upline] or not left:
                continue
            if rate[upline] <= before:
                if full:
                    break
                continue
            gained = min(rate[upline] if full else rate[upline] - before, left)
            lines.append((upline, source, level, cents(volume * gained)))
            before, left = rate[upline], left - gained
    return lines
