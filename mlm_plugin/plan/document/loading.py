"""Reading a plan document: syntax and fields first, names and expressions in `compiling`."""

import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import ValidationError

from mlm_plugin.plan.document.guards import GUARD_KINDS
from mlm_plugin.plan.document.kinds import KINDS
from mlm_plugin.plan.document.model import PlanDocument

LARGEST_FILE = 2_000_000


class PlanError(ValueError):
    """A document that is no plan; `place` is where (bonuses.team.rate), the text what would be right."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


def read_document(source: Path | str) -> PlanDocument:
    """The document in a file, or in a text. Raises PlanError with every wrong field."""
    text = _read_text(source) if isinstance(source, Path) else source
    if len(text) > LARGEST_FILE:
        raise PlanError(f"a plan has at most {LARGEST_FILE} characters")
    try:
        data = tomllib.loads(text, parse_float=_read_decimal)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"this is no TOML: {error}") from None
    except (RecursionError, InvalidOperation, ValueError):
        raise PlanError("this is no TOML that can be read: numbers or nesting too large") from None
    try:
        return PlanDocument.model_validate(data)
    except ValidationError as error:
        lines = [_describe(each) for each in error.errors(include_url=False, include_context=False)]
        raise PlanError("\n".join(lines)) from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path.name} cannot be read: {error}") from None


def _read_decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _describe(error: "object") -> str:
    assert isinstance(error, dict)
    # A union adds the kind it tried to the place; in the document there is no such step.
    steps = [str(step) for step in error["loc"]]
    if len(steps) > 2 and steps[0] in ("bonuses", "guards") and steps[2] in (KINDS | GUARD_KINDS):
        del steps[2]
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(steps)}: {message}"
