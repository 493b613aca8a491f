"""Why a line is not paid, in words with the figures that decided it."""

from collections.abc import Sequence
from decimal import Decimal

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.explaining.texts import Texts
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.reason_figures import Figure


def say_why(texts: Texts, reason: Reason, figures: Sequence[Figure] = ()) -> str:
    """A reason as part of a sentence, with what was compared in brackets."""
    if reason.code == "compressed":
        code, _colon, about = reason.about.partition(":")
        because = say_why(texts, Reason(code, about), figures)
        return texts.say("why.compressed", because=because)
    key = f"why.{reason.code}" if texts.has(f"why.{reason.code}") else "why.other"
    about = reason.about
    if reason.code == "blocked":
        share = Numbers.constant(Decimal(about))
        about = texts.percent(int(share.values), share.places)
    said = texts.say(key, about=about, code=reason.code).strip()
    compared = [
        texts.say(
            "is_needed", name=figure.name, value=texts.figure(figure.value),
            threshold=texts.figure(figure.threshold),
        )
        for figure in figures
    ]  # fmt: skip
    return f"{said} ({'; '.join(compared)})" if compared else said
