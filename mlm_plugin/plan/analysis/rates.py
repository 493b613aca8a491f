"""Rates that fall where they should rise, and the other way round."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from mlm_plugin.plan.analysis.findings import Finding
from mlm_plugin.plan.document.parts import Table, TableVariant
from mlm_plugin.plan.plans import Plan


def check_rates(plan: Plan) -> Iterator[Finding]:
    """Tables whose numbers are not in one direction."""
    for name, table in plan.document.tables.items():
        yield from _check_form(plan, table, table, f"tables.{name}")
        for number, variant in enumerate(table.variants):
            yield from _check_form(plan, table, variant, f"tables.{name}.variants.{number}")


def _check_form(
    plan: Plan, table: Table, form: Table | TableVariant, place: str
) -> Iterator[Finding]:
    if form.steps is not None:
        for (_before, lower), (threshold, value) in pairwise(form.steps):
            if value < lower:
                yield Finding(
                    "warning", "rate_falls", f"{place}.steps",
                    f"at {threshold} the value falls from {percent(lower)} to {percent(value)}: "
                    "whoever reaches it is paid less",
                )  # fmt: skip
    if form.levels is not None:
        yield from _check_levels(form.levels, f"{place}.levels")
    ranks = _ranks_of(plan, table)
    rows = {
        name: row if isinstance(row, tuple) else (row,) for name, row in (form.rows or {}).items()
    }
    for name, row in rows.items():
        yield from _check_levels(row, f"{place}.rows.{name}")
    ordered = [rank for rank in ranks if rank in rows]
    for lower_rank, rank in pairwise(ordered):
        width = max(len(rows[lower_rank]), len(rows[rank]))
        for level in range(1, width + 1):
            one, two = (
                row[level - 1] if level <= len(row) else table.default
                for row in (rows[lower_rank], rows[rank])
            )
            if two < one:
                at = f" at level {level}" if width > 1 else ""
                yield Finding(
                    "warning", "rate_falls", f"{place}.rows.{rank}",
                    f"the higher rank has {percent(two)}{at}, {lower_rank} has {percent(one)}",
                )  # fmt: skip


def _check_levels(levels: Sequence[Decimal], place: str) -> Iterator[Finding]:
    rising = [number for number, (one, two) in enumerate(pairwise(levels), start=2) if two > one]
    if rising:
        yield Finding(
            "note", "rate_rises_with_depth", place,
            f"level {rising[0]} pays more than the one above it: with compression, a member below "
            "who becomes inactive can lower pay",
        )  # fmt: skip


def _ranks_of(plan: Plan, table: Table) -> list[str]:
    """The words of a table's rows from the lowest to the highest, where they have an order."""
    by = (table.by or "").partition(".")
    ladder = plan.document.ladders.get(by[0])
    if ladder is not None:
        return [rank.name for rank in ladder.ranks]
    attribute = plan.document.attributes.get(by[2]) if by[0] == "member" else None
    return list(attribute.words) if attribute is not None else []


def percent(number: Decimal) -> str:
    """A share as hundredths: 0.05 is 5%."""
    text = f"{number * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
