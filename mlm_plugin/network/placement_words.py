"""The words for places and fill rules that members and staff read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mlm_plugin.conf.placement import get_placement_settings

RULES = {
    "chosen": gettext_lazy("outside of the chosen side"),
    "preference": gettext_lazy("as the enroller prefers"),
    "outside": gettext_lazy("outside of the own side"),
    "alternate": gettext_lazy("sides in turn"),
    "weaker": gettext_lazy("weaker side"),
    "stronger": gettext_lazy("stronger side"),
    "balanced": gettext_lazy("smallest branch all the way down"),
    "breadth_first": gettext_lazy("first free place, level by level"),
    "holding": gettext_lazy("waits for the enroller’s choice"),
    "qualified": gettext_lazy("waits until qualified"),
}
# These go by the figures that the background counted last.
COUNTED = ("weaker", "stronger", "balanced")


def name_side(*, slot: int) -> str:
    """A slot in words: left and right of two, else its number."""
    if get_placement_settings().width == 2:
        return _("left") if slot == 0 else _("right")
    return _("place {number}").format(number=slot + 1)


def list_sides() -> list[tuple[int, str]]:
    """All slots below a member with their words, for a form."""
    return [(slot, name_side(slot=slot)) for slot in range(get_placement_settings().width)]
