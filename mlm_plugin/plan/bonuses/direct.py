"""Direct: a share of a member's own volume, such as a personal bonus or a rebate.

The rate may look at other figures than the base: decided by the group, paid on the personal volume.
"""

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs


def calculate(bench: Bench) -> Lines:
    """Lines of a direct bonus: payee and source are the same member, at level 0."""
    base = bench.numbers("base")
    members = bench.sources(base)
    pairs = Pairs.make(payee=members, source=members, level=0, base=base)
    bench.settle(pairs, bench.worked("rate", bench.environment(pairs)))
    return bench.finish()
