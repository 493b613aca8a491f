"""A bonus with variants at work: each payee has the lines of its own form.

Formulas are merged when the plan is read, so one walk has everybody's own. Where forms also differ in
other fields (levels, what is carried), the bonus is worked once per form as if that form held for all,
and each payee keeps the lines and the carried state of its own. So whoever stands between counts by
the terms of the payee: an upline uses up a level of somebody else's form as it would without variants.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, join, join_awards
from mlm_plugin.plan.bonuses.base import Bench, Lines
from mlm_plugin.plan.document.bonuses import Bonus
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths
from mlm_plugin.plan.variant_formulas import settings_of

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


def work_forms(bench: Bench, work: Callable[[Bench], Lines]) -> Lines:
    """The lines of a bonus by the function of its kind, once per form that differs in settings."""
    plan = bench.computation.plan
    forms = plan.forms.get(bench.name, ())
    groups: dict[str, list[int]] = {}
    for number, form in enumerate(forms):
        groups.setdefault(repr(settings_of(plan, bench.name, form)), []).append(number)
    if len(groups) <= 1:
        return work(bench)
    numbers_of = form_of_members(bench.computation, bench.name)
    found: list[tuple[Truths, Lines]] = []
    for numbers in groups.values():
        own = np.isin(numbers_of, numbers)
        if bench.skips_of is not None and not bench.pays and not own[bench.skips_of]:
            continue
        found.append((own, work(replace(bench, bonus=forms[numbers[0]]))))
    keys = sorted({key for _own, lines in found for key in lines.state})
    return Lines(
        reduce(join_awards, [_of_payees(lines.awards, own) for own, lines in found]),
        reduce(join_awards, [_of_payees(lines.skips, own) for own, lines in found]),
        {key: _state(bench, key, found) for key in keys},
    )


def form_of(computation: "Computation", bonus: str, member: int) -> Bonus:
    """The form of a bonus that a member (its row) is paid by."""
    forms = computation.plan.forms.get(bonus)
    if forms is None:
        return computation.plan.document.bonuses[bonus]
    return forms[int(form_of_members(computation, bonus)[member])]


def form_of_members(computation: "Computation", bonus: str) -> Rows:
    """The number of each member's form; the bonus itself comes after its variants."""
    plan = computation.plan
    variants = len(plan.document.bonuses[bonus].variants)
    form = np.full(computation.size, variants, dtype=np.int64)
    for number in reversed(range(variants)):
        form[computation.truths(plan.formula(f"bonuses.{bonus}.variants.{number}.when"))] = number
    return form


def _of_payees(awards: Awards, own: Truths) -> Awards:
    return awards.chosen(own[awards.payee])


def _state(bench: Bench, key: tuple[str, str], found: list[tuple[Truths, Lines]]) -> StateRows:
    """Each member's state by its own form; what that form knows nothing of stays as it was."""
    before = bench.computation.snapshot.earlier.state.find(*key)
    parts = []
    for own, lines in found:
        rows = lines.state.get(key, before)
        if rows is not None:
            kept = np.flatnonzero(own[rows.member])
            parts.append((rows.member[kept], rows.leg[kept], rows.day[kept], rows.value.at(kept)))
    member, leg, day, value = zip(*parts, strict=True)
    return StateRows.make(
        member=np.concatenate(member),
        leg=np.concatenate(leg),
        day=np.concatenate(day),
        value=join(value),
    )
