"""Refunds of volumes.csv: each names the line it gives back, and gives back no more than was sold.

Positive numbers with a `refund_of` undo an earlier refund: what was given back is sold again. So what
of a line is given back stays between nothing and what was sold, day by day.
"""

from collections.abc import Mapping

import numpy as np

from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.scopes import LINE_NUMBERS
from mlm_plugin.plan.sheets import Sheet
from mlm_plugin.plan.snapshot import ELSEWHERE
from mlm_plugin.plan.trees import Rows

NO_REFUND = -1


def read_refunds(sheet: Sheet, *, day: Rows, numbers: Mapping[str, Numbers]) -> Rows | None:
    """For each row of the file the row it gives back, -1 for none and ELSEWHERE for one not here.

    None where there are no refunds. `day` and `numbers` are by row of the file. Raises BadInput.
    """
    given = sheet.columns.get("refund_of")
    if given is None or not any(given):
        return None
    orders, lines = sheet.columns["order"], sheet.columns["line"]
    names = [f"{order}/{line}" for order, line in zip(orders, lines, strict=True)]
    known = {name: row for row, name in enumerate(names)}
    # An order a/b with line 1 and an order a with line b/1 are written alike.
    twice = {name for row, name in enumerate(names) if known[name] != row}
    refund = np.full(sheet.size, NO_REFUND, dtype=np.int64)
    for row, text in enumerate(given):
        if text and "/" not in text:
            raise sheet.bad(row, "refund_of is written like order/line")
        if text in twice:
            raise sheet.bad(row, f"{text} may be either of two lines; a “/” in an id is in the way")
        if text in known and given[known[text]]:
            raise sheet.bad(row, f"{text} is itself a refund; name the line that was sold")
        if text in known and day[row] < day[known[text]]:
            raise sheet.bad(row, f"the refund is of a day before {text} was sold")
        if text:
            refund[row] = known.get(text, ELSEWHERE)
    for name in LINE_NUMBERS:
        if name in numbers:
            _refuse_more_than_sold(sheet, name, refund, day=day, numbers=numbers[name])
    return refund


def _refuse_more_than_sold(
    sheet: Sheet, name: str, refund: Rows, *, day: Rows, numbers: Numbers
) -> None:
    """What is given back of each line, summed day by day, lies between nothing and what was sold."""
    values = numbers.values
    rows = np.flatnonzero(refund >= 0)
    # Of one day what is given back counts first: who sells it again has it back.
    rows = rows[np.lexsort((values[rows], day[rows], refund[rows]))]
    sold, back = values[refund[rows]], _running_sums(-values[rows], groups=refund[rows])
    wrong = np.flatnonzero((back < np.minimum(sold, 0)) | (back > np.maximum(sold, 0)))
    unknown = np.flatnonzero((refund == ELSEWHERE) & (values > 0))
    if len(unknown):
        raise sheet.bad(int(unknown[0]), f"a refund has a negative {name}, or 0; this is positive")
    if not len(wrong):
        return
    place = int(wrong[np.argmin(rows[wrong])])
    row, line = int(rows[place]), sheet.columns["refund_of"][int(rows[place])]
    given, was = (plain_number(int(each[place]), numbers.places) for each in (back, sold))
    if back[place] * max(int(sold[place]), 1) < 0:
        raise sheet.bad(
            row, f"a refund has a negative {name}; this is positive, and there is no refund of {line} "
            "before it that it could undo",
        )  # fmt: skip
    raise sheet.bad(row, f"with this {given} {name} of {line} are given back, and {was} were sold")


def _running_sums(values: Column, *, groups: Rows) -> Column:
    """The sum so far within each group; the rows of a group stand together."""
    sums = np.cumsum(values)
    first = np.searchsorted(groups, groups)
    return np.asarray(sums - (sums - values)[first])
