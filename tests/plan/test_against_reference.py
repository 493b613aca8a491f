"""The engine and the slow reference agree on random networks, rates and conditions, line by line."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.running import Result
from tests.plan import reference
from tests.plan.networks import VOLUMES, Line, run, snapshot

NAMES = [f"m{number:02d}" for number in range(14)]
RATES = st.lists(st.sampled_from(["0", "0.02", "0.035", "0.05", "0.1"]), min_size=1, max_size=5)
STEPS = ["0", "0.03", "0.06", "0.09", "0.12"]


@st.composite
def networks(draw: st.DrawFn) -> reference.Network:
    """Up to 14 members in any shape, several roots included, some without volume."""
    size = draw(st.integers(1, len(NAMES)))
    members = draw(st.permutations(NAMES[:size]))
    sponsor = {members[0]: ""}
    for place, member in enumerate(members[1:], start=1):
        sponsor[member] = draw(st.sampled_from(["", *members[:place]]))
    cents = st.integers(0, 50_000)
    volume = {member: Decimal(draw(cents)).scaleb(-2) for member in members}
    return reference.Network(sponsor, volume)


def computed(result: Result, bonus: str) -> list[reference.Paid]:
    """The engine's lines as the reference writes them."""
    ids = result.computation.snapshot.positions.ids
    awards = result.awards[bonus].in_order()
    return [
        (str(ids[payee]), str(ids[source]), int(level), from_minor(int(amount)))
        for payee, source, level, amount in zip(
            awards.payee, awards.source, awards.level, awards.amount, strict=True
        )
    ]


def calculate(
    network: reference.Network, bonus: str, **columns: dict[str, str]
) -> list[reference.Paid]:
    """Run one bonus called `it`, with text attributes by member."""
    members = list(network.sponsor)
    lines: list[Line] = [(member, str(pv)) for member, pv in network.volume.items() if pv]
    frozen = snapshot(
        parents=network.sponsor,
        lines=lines,
        columns={key: [values[each] for each in members] for key, values in columns.items()},
    )
    return computed(run(VOLUMES + bonus, frozen), "it")


def flags(network: reference.Network, data: st.DataObject) -> dict[str, str]:
    """Yes or no for every member."""
    return {member: data.draw(st.sampled_from(["yes", "no"])) for member in network.sponsor}


@settings(deadline=None)
@given(networks(), RATES, st.booleans(), st.booleans(), st.data())
def test_unilevel(
    network: reference.Network,
    rates: list[str],
    compresses: bool,
    dynamic: bool,
    data: st.DataObject,
) -> None:
    paid, kept = flags(network, data), flags(network, data)
    plan = f"""
[tables.rates]
levels = {rates}
[bonuses.it]
kind = "unilevel"
base = "cv"
levels = {len(rates)}
rate = "rates(level)"
payee = "payee.paid == 'yes'"
dynamic = {str(dynamic).lower()}
"""
    if compresses:
        plan += "compress = \"member.kept == 'yes'\"\n"
    expected = reference.unilevel(
        network,
        rates=[Decimal(rate) for rate in rates],
        may=lambda member, _level: paid[member] == "yes",
        kept=lambda member: not compresses or kept[member] == "yes",
        dynamic=dynamic,
    )
    assert calculate(network, plan, paid=paid, kept=kept) == sorted(expected)


@settings(deadline=None)
@given(networks(), st.data())
def test_differential(network: reference.Network, data: st.DataObject) -> None:
    paid = flags(network, data)
    rate = {member: data.draw(st.sampled_from(STEPS)) for member in network.sponsor}
    rows = ", ".join(f'"{step}" = "{step}"' for step in STEPS)
    plan = f"""
[tables.rates]
by = "member.step"
rows = {{ {rows} }}
[bonuses.it]
kind = "differential"
base = "cv"
rate = "rates(member.step)"
payee = "payee.paid == 'yes'"
"""
    expected = reference.differential(
        network,
        rate={member: Decimal(step) for member, step in rate.items()},
        may=lambda member: paid[member] == "yes",
    )
    assert calculate(network, plan, paid=paid, step=rate) == sorted(expected)


@settings(deadline=None)
@given(networks(), RATES, st.booleans(), st.data())
def test_generations(
    network: reference.Network, rates: list[str], rolls_up: bool, data: st.DataObject
) -> None:
    paid, leads = flags(network, data), flags(network, data)
    plan = f"""
[tables.rates]
levels = {rates}
[bonuses.it]
kind = "generation"
base = "cv"
boundary = "member.leads == 'yes'"
generations = {len(rates)}
rate = "rates(generation)"
payee = "payee.paid == 'yes'"
rolls_up = {str(rolls_up).lower()}
"""
    expected = reference.generations(
        network,
        rates=[Decimal(rate) for rate in rates],
        leads=lambda member: leads[member] == "yes",
        may=lambda member: paid[member] == "yes",
        rolls_up=rolls_up,
    )
    assert calculate(network, plan, paid=paid, leads=leads) == sorted(expected)


@settings(deadline=None)
@given(networks(), st.booleans(), st.sampled_from(["0.03", "0.1", "1"]), st.data())
def test_infinity(network: reference.Network, full: bool, most: str, data: st.DataObject) -> None:
    rate = {member: data.draw(st.sampled_from(STEPS)) for member in network.sponsor}
    rows = ", ".join(f'"{step}" = "{step}"' for step in STEPS)
    plan = f"""
[tables.rates]
by = "member.step"
rows = {{ {rows} }}
[bonuses.it]
kind = "infinity"
base = "cv"
rate = "rates(member.step)"
accumulator = "{"full" if full else "difference"}"
most = "{most}"
"""
    expected = reference.infinity(
        network,
        rate={member: Decimal(step) for member, step in rate.items()},
        full=full,
        most=Decimal(most),
    )
    assert calculate(network, plan, step=rate) == sorted(expected)


@settings(deadline=None, max_examples=40)
@given(networks())
def test_the_three_forms_agree_while_rates_rise_upwards(network: reference.Network) -> None:
    """A rate by the group's volume never falls going up, so all forms pay the same sums."""
    plan = """
[metrics.gv]
value = "total(pv, subtree)"
[tables.rates]
on = "gv"
steps = [[100, "3%"], [500, "6%"], [1000, "9%"]]
"""
    bonus = """
[bonuses.it]
kind = "differential"
base = "cv"
group = "gv"
rate = "rates"
form = "{form}"
"""
    lines: list[Line] = [(member, str(pv)) for member, pv in network.volume.items() if pv]
    frozen = snapshot(parents=network.sponsor, lines=lines)
    sums = []
    for form in ("source", "legs", "group"):
        result = run(VOLUMES + plan + bonus.format(form=form), frozen)
        exact: dict[int, Decimal] = {}
        awards = result.awards["it"]
        for payee, value in zip(awards.payee.tolist(), awards.exact.values.tolist(), strict=True):
            places = awards.exact.places
            exact[payee] = exact.get(payee, Decimal(0)) + Decimal(value).scaleb(-places)
        sums.append({payee: total for payee, total in exact.items() if total})
    assert sums[0] == sums[1] == sums[2]
