"""Runs a plan period after period, each going on from what the one before left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

from mlm_plugin.plan.calendars import Period, find_period, period_of_day
from mlm_plugin.plan.carrying_on import carry_on
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.simulation.buying import Buying
from mlm_plugin.plan.simulation.columns import WrittenLines
from mlm_plugin.plan.simulation.growing import Growth
from mlm_plugin.plan.simulation.measuring import Takings, compare, histogram, summarise
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.simulation.words import ENGLISH
from mlm_plugin.plan.snapshot import Snapshot

BARS = 12


class Network(Protocol):
    """What gives the inputs of period after period."""

    def snapshot(self, *, number: int, period: Period, earlier: Earlier) -> Snapshot:
        """The inputs of period `number`, counted from 0."""


class RealNetwork:
    """A real network with its own order lines, or with purchases made up by a shape."""

    def __init__(
        self, *, frozen: Snapshot, shape: Shape | None = None, seed: int = 1,
        written: WrittenLines | None = None,
    ) -> None:  # fmt: skip
        self.frozen = frozen
        positions = frozen.positions
        self.buying = None
        if shape is not None:
            self.buying = Buying(
                shape=shape, members=positions.size, seed=seed, written=written, ids=positions.ids
            )

    def snapshot(self, *, number: int, period: Period, earlier: Earlier) -> Snapshot:
        """The same people in every period; purchases of the period."""
        if self.buying is None:
            return replace(self.frozen, period=period, earlier=earlier)
        if number:
            self.buying.lose(self.frozen.positions.size)
        lines = self.buying.lines(here=self.frozen.positions.size, period=period, number=number)
        return Snapshot(period, self.frozen.positions, lines, earlier)


def simulate(  # noqa: PLR0913 - what a simulation is asked
    *,
    plan: Plan,
    first: str,
    periods: int,
    members: int,
    seed: int,
    shape: Shape,
    network: Network | None = None,
    against: Plan | None = None,
    against_network: Network | None = None,
) -> dict[str, Any]:
    """The report of a plan over `periods` of its own calendar, beginning with `first`.

    A synthetic network of `members` grows by `shape` and `seed`, unless a `network` is given.
    `against` is a second plan for the same people (`against_network` where the network is real).
    Money in the report is in the smallest unit; `places` of each result says which. Raises
    UnknownPeriod, CannotGrow.
    """
    takings = _run_all(plan, network or _grown(plan, shape, members, periods, seed), first, periods)
    source = _source(members, seed, network)
    report: dict[str, Any] = {
        "plan": plan.document.plan.id,
        "currency": plan.document.plan.currency,
        "network": _describe(source),
        "source": source,
        "first": first,
        "periods": periods,
        "result": _result(takings, plan),
    }
    if against is not None:
        other = against_network or _grown(against, shape, members, periods, seed)
        second = _run_all(against, other, first, periods)
        report["against"] = {
            "plan": against.document.plan.id,
            "result": _result(second, against),
            "change": compare(takings, second),
        }
    return report


def _grown(plan: Plan, shape: Shape, members: int, periods: int, seed: int) -> Network:
    return Growth(plan=plan, shape=shape, members=members, periods=periods, seed=seed)


def _describe(source: dict[str, Any]) -> str:
    return ENGLISH[source["kind"]].format(members=f"{source['members']:,}", seed=source["seed"])


def _source(members: int, seed: int, network: Network | None) -> dict[str, Any]:
    """What the people and purchases are, for the page to say."""
    kind = "synthetic"
    if network is not None:
        made_up = isinstance(network, RealNetwork) and network.buying is not None
        kind = "made_up" if made_up else "real"
    return {"kind": kind, "members": members, "seed": seed}


def _result(takings: Takings, plan: Plan) -> dict[str, Any]:
    summary = summarise(takings, places=plan.document.plan.places)
    return {**summary, "bars": histogram(takings.income, bars=BARS)}


def _run_all(plan: Plan, network: Network, first: str, periods: int) -> Takings:
    takings = Takings()
    earlier = Earlier()
    for number, period in enumerate(periods_from(plan=plan, first=first, count=periods)):
        snapshot = network.snapshot(number=number, period=period, earlier=earlier)
        result = run_plan(plan=plan, snapshot=snapshot)
        takings.add(result=result)
        earlier = carry_on(result)
    return takings


def periods_from(*, plan: Plan, first: str, count: int) -> Iterator[Period]:
    """Consecutive periods of one calendar; a list calendar may end sooner. Raises UnknownPeriod."""
    period: Period | None = find_period(
        name=first, calendars=plan.calendars, preferred=plan.document.plan.calendar
    )
    for _number in range(count):
        if period is None:
            return
        yield period
        calendar = plan.calendars[period.calendar]
        day = period.last.fromordinal(period.last.toordinal() + 1)
        period = period_of_day(day=day, key=period.calendar, calendar=calendar)
