"""The steps of joining: which of them an application has, and which one comes next. No database."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from mlm_plugin.conf.placement import PlacementSettings

# Wider trees have no sides with names; there the rule alone decides.
WIDEST_CHOICE = 5


class Step(StrEnum):
    """One page of joining, by the word in its address."""

    SPONSOR = "sponsor"
    PERSON = "person"
    CONTACT = "contact"
    PAYMENT = "payment"
    AGREEMENT = "agreement"
    KIT = "kit"
    PLACE = "place"
    SUMMARY = "summary"


def list_steps(
    *, has_agreement: bool, has_kit: bool, placement: PlacementSettings
) -> tuple[Step, ...]:
    """The steps in order; without a text, a kit or a choice of sides those are left out."""
    may_choose = (
        placement.is_used and placement.rule == "chosen" and 1 < placement.width <= WIDEST_CHOICE
    )
    left_out = {
        *(() if has_agreement else (Step.AGREEMENT,)),
        *(() if has_kit else (Step.KIT,)),
        *(() if may_choose else (Step.PLACE,)),
    }
    return tuple(step for step in Step if step not in left_out)


def next_step(*, steps: Sequence[Step], done: Collection[str]) -> Step:
    """The first one that is not finished; the summary when all are."""
    return next((step for step in steps if step not in done), Step.SUMMARY)


def may_enter(step: Step, *, steps: Sequence[Step], done: Collection[str]) -> bool:
    """Whether everything before this step is finished."""
    if step not in steps:
        return False
    return all(before in done for before in steps[: steps.index(step)])
