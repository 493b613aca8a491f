"""What colours and changes are called when a person reads about them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront.brand.models import BrandSettings
from storefront.brand.palette import Change, Pair
from storefront.brand.presets import PRESETS

ROLES = {
    "text": gettext_lazy("text"),
    "text-muted": gettext_lazy("quiet text"),
    "accent": gettext_lazy("accent"),
    "accent-strong": gettext_lazy("accent when pointed at"),
    "accent-text": gettext_lazy("text on the accent"),
    "accent-soft": gettext_lazy("soft accent"),
    "accent-soft-text": gettext_lazy("text on the soft accent"),
    "second": gettext_lazy("second colour"),
    "second-text": gettext_lazy("text on the second colour"),
    "second-soft": gettext_lazy("soft second colour"),
    "second-soft-text": gettext_lazy("text on the soft second colour"),
    "surface": gettext_lazy("paper"),
    "surface-raised": gettext_lazy("raised paper"),
    "surface-sunken": gettext_lazy("sunken paper"),
    "line-strong": gettext_lazy("lines of fields"),
    "focus": gettext_lazy("ring around what is chosen"),
}
MODES = {"light": gettext_lazy("light"), "dark": gettext_lazy("dark")}


def describe_pair(pair: Pair) -> str:
    """“accent on paper (light)”."""
    return _("“%(ink)s” on “%(ground)s” (%(mode)s)") % {
        "ink": ROLES.get(pair.ink, pair.ink),
        "ground": ROLES.get(pair.ground, pair.ground),
        "mode": MODES[pair.mode],
    }


def describe_adjustment(change: Change) -> str:
    """What was made of a colour that could not be read, and why."""
    return _("%(asked)s became %(used)s: %(pair)s was %(ratio).1f to 1 and needs %(least).1f.") % {
        "asked": change.asked,
        "used": change.used,
        "pair": describe_pair(change.because),
        "ratio": change.because.ratio,
        "least": change.because.least,
    }


def describe_difference(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What changed between two looks, one line a field."""
    return [
        f"{BrandSettings._meta.get_field(name).verbose_name}: "
        f"{_shown(name, before.get(name))} → {_shown(name, value)}"
        for name, value in after.items()
        if value != before.get(name) and not name.endswith("_size")
    ]


def describe_reason(reason: str) -> str:
    """Why a line stands in the history."""
    if reason in PRESETS:
        return _("Preset “%(name)s”") % {"name": PRESETS[reason].name}
    words = {"undo": _("Taken back"), "restore": _("Brought back from the history")}
    return words.get(reason, _("Changed by hand"))


def describe_colours(pairs: Iterable[Pair], *, limit: int = 3) -> list[dict[str, Any]]:
    """The worst pairs of a colour, for the list beside its field."""
    return [
        {
            "text": describe_pair(pair),
            "ratio": f"{pair.ratio:.1f}",
            "least": f"{pair.least:.1f}",
            "is_readable": pair.is_readable,
        }
        for pair in list(pairs)[:limit]
    ]


def _shown(name: str, value: Any) -> str:
    if name in ("logo", "logo_dark", "icon"):
        return _("a file") if value else _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(BrandSettings._meta.get_field(name).flatchoices)
    return str(choices.get(value, value) or _("as the theme has it"))
