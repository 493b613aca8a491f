"""Awards and skips on random networks: nothing is lost between them, and one member's are the same."""

from decimal import Decimal

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.running import find_skips, run_plan
from tests.plan.networks import VOLUMES, Line, run, snapshot

NAMES = [f"m{number:02d}" for number in range(12)]
PLAN = (
    VOLUMES
    + """
[statuses.active]
when = "pv >= 100"
[ladders.rank]
ranks = [
    {name = "star", requires = ["pv >= 50"]},
    {name = "gold", requires = ["total(pv, subtree) >= 600"]},
]
[tables.rates]
by = "rank"
rows = {star = ["10%", "3%"], gold = ["10%", "5%", "2%"]}
[tables.share]
by = "rank"
rows = {star = "4%", gold = "9%"}
[bonuses.plain]
kind = "unilevel"
base = "cv"
levels = 4
rate = "rates(rank, level)"
payee = "active"
[bonuses.passing]
kind = "unilevel"
base = "cv"
levels = 3
rate = "rates(rank, level)"
compress = "active"
[bonuses.first]
kind = "unilevel"
base = "cv"
levels = 3
rate = "rates(rank, level)"
dynamic = true
[bonuses.rise]
kind = "differential"
base = "cv"
rate = "share(rank)"
payee = "active"
[bonuses.legs]
kind = "differential"
form = "legs"
base = "cv"
rate = "share(rank)"
group = "total(cv, subtree)"
[bonuses.leaders]
kind = "generation"
base = "cv"
boundary = 'rank >= "star"'
generations = 2
rate = "5%"
payee = "active"
[bonuses.all]
kind = "infinity"
base = "cv"
rate = "share(rank)"
[bonuses.match]
kind = "matching"
of = ["plain"]
generations = 2
rate = "10%"
payee = "active"
[bonuses.pool]
kind = "pool"
fund = "company(cv) * 2%"
share = "pv"
payee = "active"
[limits.each]
scope = "payee"
bonuses = ["plain", "rise"]
most = "20"
"""
)
Rows = list[tuple[int, int, int, str, str, int]]


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, str], list[Line]]:
    """Up to 12 members in any shape, with round volumes."""
    size = draw(st.integers(1, len(NAMES)))
    sponsor = {NAMES[0]: ""}
    for place in range(1, size):
        sponsor[NAMES[place]] = draw(st.sampled_from(["", *NAMES[:place]]))
    volumes = {name: draw(st.sampled_from([0, 7, 50, 120, 333, 900])) for name in sponsor}
    return sponsor, [(name, volume) for name, volume in volumes.items() if volume]


def rows_of(skips: Awards) -> Rows:
    """Everything about skips that files show, in their order."""
    ordered = skips.in_order()
    worth = ordered.exact.to_places(4).spread(ordered.size)
    reasons = [ordered.reasons[number] for number in ordered.reason.tolist()]
    return sorted(
        (int(payee), int(source), int(level), reason.code, reason.about, int(value))
        for payee, source, level, reason, value in zip(
            ordered.payee, ordered.source, ordered.level, reasons, worth, strict=True
        )
    )


@settings(max_examples=20, deadline=None)
@given(networks())
# Where awards of an infinity once stood in another order when skips were asked for.
@example(
    (
        {
            "m00": "", "m01": "m00", "m02": "", "m03": "m01", "m04": "m00", "m05": "m03",
            "m06": "m01",
        },
        [("m00", 50), ("m01", 50), ("m03", 50), ("m04", 120), ("m05", 7), ("m06", 333)],
    )
)  # fmt: skip
def test_one_members_skips_are_those_of_the_full_list(
    network: tuple[dict[str, str], list[Line]],
) -> None:
    frozen = snapshot(parents=network[0], lines=network[1])
    full = run(PLAN, frozen, wants_skips=True)
    plain = run(PLAN, frozen)
    for member in range(len(network[0])):
        found = find_skips(result=plain, member=member)
        for bonus, skips in full.skips.items():
            own = rows_of(skips.chosen(skips.payee == member))
            assert rows_of(found[bonus]) == own, bonus
    assert full.digest() == plain.digest()


@settings(max_examples=20, deadline=None)
@given(networks())
def test_whoever_is_skipped_is_not_paid_the_same_line(
    network: tuple[dict[str, str], list[Line]],
) -> None:
    """Per payee, source and level there is an award or a reason, unless a limit took a part."""
    frozen = snapshot(parents=network[0], lines=network[1])
    result = run(PLAN, frozen, wants_skips=True)
    for bonus in ("plain", "first", "rise", "legs", "leaders", "all", "match"):
        awards, skips = result.unbound[bonus], result.skips[bonus]
        of_limit = [number for number, reason in enumerate(skips.reasons) if reason.code == "limit"]
        own = skips.chosen(~np.isin(skips.reason, of_limit))
        paid = set(
            zip(awards.payee.tolist(), awards.source.tolist(), awards.level.tolist(), strict=True)
        )
        unpaid = set(zip(own.payee.tolist(), own.source.tolist(), own.level.tolist(), strict=True))
        assert not paid & unpaid, bonus


@settings(max_examples=20, deadline=None)
@given(networks())
def test_a_limit_loses_nothing(network: tuple[dict[str, str], list[Line]]) -> None:
    frozen = snapshot(parents=network[0], lines=network[1])
    result = run(PLAN, frozen, wants_skips=True)
    unlimited = run_plan(plan=result.computation.plan, snapshot=frozen)
    for bonus in ("plain", "rise"):
        skips = result.skips[bonus]
        of_limit = [number for number, reason in enumerate(skips.reasons) if reason.code == "limit"]
        taken = skips.chosen(np.isin(skips.reason, of_limit)).exact.to_places(2)
        paid = int(result.awards[bonus].amount.sum()) + int(taken.values.sum())
        assert paid == int(unlimited.unbound[bonus].amount.sum())
    assert all(int(total) <= 2_000 for total in sum(result.totals()[b] for b in ("plain", "rise")))


def test_the_example_bites() -> None:
    """The limit of 20.00 and every kind of reason are met by this plan: the tests above see them."""
    parents = {"m00": "", "m01": "m00", "m02": "m01", "m03": "m02", "m04": "m03"}
    lines: list[Line] = [("m04", 900), ("m03", 120), ("m02", 7), ("m01", 333), ("m00", 50)]
    result = run(PLAN, snapshot(parents=parents, lines=lines), wants_skips=True)
    codes = {
        skips.reasons[number].code
        for skips in result.skips.values()
        for number in set(skips.reason.tolist())
    }
    assert codes >= {"limit", "inactive", "compressed", "blocked"}
    assert Decimal(int(result.awards["plain"].amount.sum())) > 0
