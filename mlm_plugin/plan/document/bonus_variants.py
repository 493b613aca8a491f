"""Variants of a bonus: other terms for the payees that a condition names.

A form is a bonus with the fields of one variant in place of its own. What a bonus pays on, where it
walks and what is shared among all payees are the same for all of its forms.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mlm_plugin.plan.document.bonuses import Bonus

if TYPE_CHECKING:
    from mlm_plugin.plan.document.model import PlanDocument

# The same for every payee, because they say whose volume it is, or share one thing among payees.
SHARED = frozenset({
    "kind", "title", "calendar", "grain", "tree", "form", "of", "key", "by", "variants",
    "base", "source", "volume", "group", "fund", "counts", "boundary_rank", "entries", "party", "host",
    "item_price", "booked_by", "reported", "exclusive_price",
})  # fmt: skip
SHARED_BY_KIND: Mapping[str, frozenset[str]] = {
    "pool": frozenset({"normalise", "residue", "unclaimed", "above_most", "unpaid_of"}),
    "board": frozenset({"seat", "width", "height", "re_entry", "enter"}),
    # Levels that were paid once must stay known.
    "completion": frozenset({"levels"}),
    # The override leaves with the source, whoever is paid it.
    "guarantee": frozenset({"rate"}),
}
# What a field that is left out stands for, where a variant has it.
LEFT_OUT: Mapping[str, str] = {
    "payee": "True", "compress": "True", "while_held": "True", "until": "False",
    "flush_when": "False", "pay": "0", "first_pay": "0",
}  # fmt: skip


def forms_of(document: "PlanDocument", name: str) -> tuple[list[Bonus], list[str]]:
    """The forms of a bonus, that of each variant and the bonus itself at last; and what is wrong.

    Problems name the place as it is written: `bonuses.team.variants.0.rate: …`.
    """
    bonus: Bonus = document.bonuses[name]
    forms, problems = [], []
    own = bonus.model_dump(exclude={"variants"}, exclude_unset=True)
    for number, variant in enumerate(bonus.variants):
        place = f"bonuses.{name}.variants.{number}"
        problems += [f"{place}.{each}" for each in _wrong_fields(bonus, variant.replaced)]
        if not variant.replaced:
            problems.append(f"{place}: it replaces nothing; name a field of the bonus")
        try:
            forms.append(type(bonus).model_validate({**own, **variant.replaced}))
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                where = ".".join([place, *(str(step) for step in each["loc"])])
                problems.append(f"{where}: {each['msg'].removeprefix('Value error, ')}")
    return [*forms, bonus], problems


def _wrong_fields(bonus: Bonus, replaced: Mapping[str, object]) -> Iterator[str]:
    kind = str(getattr(bonus, "kind", ""))
    shared = SHARED | SHARED_BY_KIND.get(kind, frozenset())
    for field_name in replaced:
        if field_name in shared:
            yield (
                f"{field_name}: this is the same for every payee of a bonus; where it differs, write a "
                "bonus of its own with a “payee”"
            )
