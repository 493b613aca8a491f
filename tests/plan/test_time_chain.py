"""Twelve months one after the other through the command line, against a year in plain Python.

The year below keeps everything in dictionaries and loops over members as a person would: legs with
what is carried, the highest rank ever, grace, ranks paid once in two instalments, balances.
"""

import random
from collections import defaultdict
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from tests.plan.test_time_priors import Company

PLAN = """
[trees.binary]
parent = "parent"
side = "side"
[volumes.pv]
of = "line.pv"
[volumes.cv]
of = "line.cv"
[metrics.gv]
value = "total(pv, subtree)"
[tables.rates]
by = "rank"
rows = { Bronze = "5%", Silver = "7.5%", Gold = "10%" }
[tables.amounts]
by = "rank"
rows = { Bronze = 25, Silver = 75.55, Gold = 200 }
[ladders.rank]
grace_periods = 1
ranks = [
  { name = "Bronze", requires = ["pv >= 50"] },
  { name = "Silver", requires = ["gv >= 300"] },
  { name = "Gold", requires = ["gv >= 600", 'legs(rank >= "Silver") >= 1'] },
]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(rank.career)"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
payee = "pv > 0"
[bonuses.advance]
kind = "one_time"
key = "rank"
amount = "amounts(key)"
instalments = 2
while_held = "rank >= key"
[money]
payout_minimum = 40
deductions = { tax = "12.5%" }
"""
RANKS = ["", "Bronze", "Silver", "Gold"]
RATES = [0, 50, 75, 100]  # thousandths
AMOUNTS = [0, 2500, 7555, 20000]  # cents
Sale = tuple[str, str, int]


class Network:
    """Members with sponsor, parent and side, each below somebody who was there before."""

    def __init__(self, chance: random.Random, size: int) -> None:
        self.members = [f"m{number:02d}" for number in range(size)]
        self.sponsor = {self.members[0]: ""}
        self.place: dict[str, tuple[str, str]] = {self.members[0]: ("", "")}
        free = [(self.members[0], "left"), (self.members[0], "right")]
        for number, member in enumerate(self.members[1:], start=1):
            self.sponsor[member] = chance.choice(self.members[:number])
            place = free.pop(chance.randrange(len(free)))
            self.place[member] = place
            free += [(member, "left"), (member, "right")]

    def file(self) -> str:
        """members.csv."""
        rows = [f"{m},{self.sponsor[m]},{','.join(self.place[m])}" for m in self.members]
        return "\n".join(["member,sponsor,parent,side", *rows]) + "\n"

    def below(self, top: str, above: dict[str, str]) -> list[str]:
        """Everybody in the subtree of `top`, itself included."""
        found = []
        for member in self.members:
            walker = member
            while walker and walker != top:
                walker = above[walker]
            if walker:
                found.append(member)
        return found


class Year:
    """The same plan, month by month, with what stays in between as plain attributes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.legs: dict[tuple[str, str], int] = defaultdict(int)
        self.career: dict[str, int] = defaultdict(int)
        self.reached_before: dict[str, int] = defaultdict(int)
        self.once: set[tuple[str, int]] = set()
        self.owed: dict[tuple[str, int], int] = {}
        self.balance: dict[str, int] = defaultdict(int)

    def month(self, sales: list[Sale]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """What is paid out, and what each bonus comes to, in cents."""
        network = self.network
        pv = {m: sum(points for _o, who, points in sales if who == m) for m in network.members}
        rank = self._ranks(pv)
        earned: dict[tuple[str, str], int] = defaultdict(int)
        for member in network.members:
            upline = network.sponsor[member]
            for _level in range(2):
                if not upline:
                    break
                earned[upline, "team"] += half_up(pv[member] * RATES[self.career[upline]], 1000)
                upline = network.sponsor[upline]
        self._match_legs(pv, earned)
        self._advance(rank, earned)
        return self._settle(earned), {key: cents for key, cents in earned.items() if cents}

    def _match_legs(self, pv: dict[str, int], earned: dict[tuple[str, str], int]) -> None:
        network = self.network
        above = {m: parent for m, (parent, _side) in network.place.items()}
        for member in network.members:
            for child in network.members:
                if network.place[child][0] == member:
                    volume = sum(pv[each] for each in network.below(child, above))
                    self.legs[member, network.place[child][1]] += volume
            if pv[member] > 0:
                matched = min(self.legs[member, side] for side in ("left", "right"))
                earned[member, "legs"] += half_up(matched, 10)
                for side in ("left", "right"):
                    self.legs[member, side] -= matched

    def _advance(self, rank: dict[str, int], earned: dict[tuple[str, str], int]) -> None:
        for member in self.network.members:
            for number in (1, 2, 3):
                if (member, number) in self.owed:
                    rest = self.owed.pop((member, number))
                    if rank[member] >= number:
                        earned[member, "advance"] += rest
                if rank[member] >= number and (member, number) not in self.once:
                    self.once.add((member, number))
                    earned[member, "advance"] += AMOUNTS[number] // 2
                    self.owed[member, number] = AMOUNTS[number] - AMOUNTS[number] // 2

    def _ranks(self, pv: dict[str, int]) -> dict[str, int]:
        network = self.network
        gv = {m: sum(pv[each] for each in network.below(m, network.sponsor))
              for m in network.members}  # fmt: skip
        # Those below first: Gold asks for the ranks of the front line.
        depth = {m: len([1 for top in network.members if m in network.below(top, network.sponsor)])
                 for m in network.members}  # fmt: skip
        rank, reached = {}, {}
        for member in sorted(network.members, key=lambda each: -depth[each]):
            met = 0
            kept = self.reached_before[member]
            legs = [each for each in network.members if network.sponsor[each] == member]
            tests = [
                pv[member] >= 5000, gv[member] >= 30000,
                gv[member] >= 60000 and any(rank[leg] >= 2 for leg in legs),
            ]  # fmt: skip
            for number, test in enumerate(tests, start=1):
                if test and max(met, kept) >= number - 1:
                    met = number
            reached[member] = met
            rank[member] = max(met, kept)
        for member in network.members:
            self.reached_before[member] = reached[member]
            self.career[member] = max(self.career[member], rank[member])
        return rank

    def _settle(self, earned: dict[tuple[str, str], int]) -> dict[str, int]:
        paid = {}
        for member in self.network.members:
            self.balance[member] += sum(c for (who, _bonus), c in earned.items() if who == member)
            if self.balance[member] >= 4000:
                out = self.balance[member]
                paid[member] = out - half_up(out * 125, 1000)
                self.balance[member] = 0
        return paid


def half_up(amount: int, divisor: int) -> int:
    """Rounded, halves away from nothing; no amount here is below it."""
    return floor(Fraction(amount, divisor) + Fraction(1, 2))


def cents(text: str) -> int:
    """A decimal as cents."""
    whole, _dot, rest = text.lstrip("-").partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twelve_chained_months_are_a_year_in_plain_python(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    network = Network(chance, 9)
    company, year = Company(tmp_path, PLAN), Year(network)
    company.write("members.csv", network.file())
    done: list[str] = []
    for number in range(12):
        period = f"2026-{number + 1:02d}"
        sales = [
            (f"O{number:02d}{each}", chance.choice(network.members), chance.randrange(100, 30000))
            for each in range(chance.randrange(4, 12))
        ]
        lines = [f"{order},1,{who},self,{period}-15,{points / 100:.2f},{points / 100:.2f}"
                 for order, who, points in sales]  # fmt: skip
        chance.shuffle(done)
        assert company.run(period, lines, prior=done) == 0
        done.append(period)
        paid, earned = year.month(sales)
        totals = {key: cents(amount) for key, amount in company.totals(period).items()}
        assert totals == earned
        rows = company.rows(period, "payouts.csv")
        assert {row["payee"]: cents(row["amount"]) for row in rows if row["line"] == "paid"} == paid
        carried: dict[str, dict[tuple[str, ...], int]] = defaultdict(lambda: defaultdict(int))
        for row in company.rows(period, "carry.csv"):
            side = {"1": "left", "2": "right"}.get(row["leg"], row["name"])
            carried[row["kind"]][row["member"], side] += cents(row["value"])
        assert carried["binary"] == {key: left for key, left in year.legs.items() if left}
        assert carried["balance"] == {(m, ""): left for m, left in year.balance.items() if left}
        assert dict(list(carried["career"])) == {
            member: f"rank.{RANKS[number]}" for member, number in year.career.items() if number
        }
        assert {(m, RANKS[n]) for m, n in year.once} == {
            (member, name.partition(".")[2]) for member, name in carried["once"]
        }
        assert carried["instalment_sum"] == {
            (m, f"advance.{RANKS[n]}"): left for (m, n), left in year.owed.items()
        }
