"""One thing that was found in a document."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """`error`: the plan does not do what it says; `warning`: look at it; `note`: good to know.

    `code` names the kind of finding for programs, `place` is where in the document.
    """

    severity: Severity
    code: str
    place: str
    text: str
