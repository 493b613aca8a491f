"""One line of the table in docs/performance.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what came out, and whether that keeps the budget (None: there is none)."""

    what: str
    measured: str
    budget: str = "-"
    is_kept: bool | None = None


def at_least(what: str, measured: float, budget: float, unit: str) -> Row:
    """A row where more is better."""
    budget_text = f"at least {_plain(budget)} {unit}"
    return Row(what, f"{_plain(measured)} {unit}", budget_text, measured >= budget)


def at_most(what: str, measured: float, budget: float, unit: str) -> Row:
    """A row where less is better."""
    budget_text = f"at most {_plain(budget)} {unit}"
    return Row(what, f"{_plain(measured)} {unit}", budget_text, measured <= budget)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) or number >= 100 else f"{number:,.1f}"
