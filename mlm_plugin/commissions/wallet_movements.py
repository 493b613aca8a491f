"""What moved in a wallet, in words, and when held money is released; for members and staff alike.

An entry says what it is by its key; periods and bonuses are named as the plan names them. Several
entries take the same number of queries as one.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, Run, SettledLine
from mlm_plugin.commissions.overrides import ADJUSTMENT
from mlm_plugin.commissions.statements_words import names_of_bonuses
from mlm_plugin.ledger.selectors import known_keys
from mlm_plugin.ledger.wallet_selectors import (
    ADJUST,
    RELEASE,
    RESERVE,
    RETURN,
    SETTLE,
    Movement,
)

# More than any plan keeps waiting: a period each.
MOST_HELD = 61
# How the keys of entries begin that name a period; those of differences have a word before it.
OF_PERIOD = ("commission", "hold", "forgiven")


@dataclass(frozen=True, slots=True)
class ToldMovement:
    """A movement with its text; what it is about by number, where there is a page for that.

    `amount` and `balance` (what was available after it) are in the smallest unit.
    """

    day: date
    text: str
    reason: str
    amount: int
    balance: int
    period: int | None = None
    order: str = ""
    payout: int | None = None


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """What is held back of a period, and the day after which it is released, if that is known."""

    period: str
    amount: int
    until: date | None


def tell_movements(movements: Sequence[Movement]) -> list[ToldMovement]:
    """The movements in the words of the reader's language; two queries."""
    split = [(movement, movement.key.split(":")) for movement in movements]
    periods = _periods(
        int(words[1]) for _movement, words in split if _is_of_period(words) and words[1].isdigit()
    )
    reserved = {
        each.key.removeprefix(RESERVE) for each in movements if each.key.startswith(RESERVE)
    }
    settled = {
        key.removeprefix(SETTLE) for key in known_keys(keys=[SETTLE + key for key in reserved])
    }
    return [_tell(movement, words, periods, settled) for movement, words in split]


def list_held(*, member_id: int, currency: str) -> list[HeldMoney]:
    """What is held back for a member by period, the first to be released first; three queries.

    Money is released with the period that comes so many after its own as the plan says, when that
    one is committed.
    """
    lines = (
        SettledLine.objects.filter(
            payee_id=member_id,
            name="held",
            run__state=Run.State.COMMITTED,
            run__currency=currency,
        )
        .select_related("run__period__plan_version")
        .order_by("-run__period__last", "-run__pk")[:MOST_HELD]
    )
    sums: dict[Period, int] = {}
    for line in lines:
        period = line.run.period
        sums[period] = sums.get(period, 0) - line.amount
    if not sums:
        return []
    following = list(
        Period.objects.filter(
            calendar__in={period.calendar for period in sums},
            first__gt=min(period.first for period in sums),
        )
        .annotate(
            is_paid=Exists(Run.objects.filter(period=OuterRef("pk"), state=Run.State.COMMITTED))
        )
        .order_by("first")
    )
    held = []
    for period, amount in sums.items():
        wait = _hold_periods(period.plan_version.document) if period.plan_version else 0
        later = [
            each
            for each in following
            if each.calendar == period.calendar and each.first > period.first
        ]
        releasing = later[wait - 1] if 0 < wait <= len(later) else None
        if amount > 0 and not (releasing and releasing.is_paid):
            held.append(HeldMoney(period.name, amount, releasing.last if releasing else None))
    return sorted(held, key=lambda each: (each.until or date.max, each.period))


@lru_cache(maxsize=32)
def _hold_periods(document: str) -> int:
    return int(tomllib.loads(document).get("money", {}).get("hold_periods", 0))


def _is_of_period(words: Sequence[str]) -> bool:
    return len(words) > 2 and words[0].removeprefix("difference-") in OF_PERIOD


def _periods(numbers: Iterable[int]) -> dict[int, Period]:
    wanted = set(numbers)
    if not wanted:
        return {}
    found = Period.objects.filter(pk__in=wanted).select_related("plan_version")
    return {period.pk: period for period in found}


def _tell(
    movement: Movement, words: Sequence[str], periods: dict[int, Period], settled: set[str]
) -> ToldMovement:
    period = periods.get(int(words[1])) if _is_of_period(words) and words[1].isdigit() else None
    subject = words[1:3] if len(words) > 2 else ["", ""]
    order = subject[1] if subject[0] == "order" else ""
    payout = int(subject[1]) if subject[0] == "payout" and subject[1].isdigit() else None
    if period is not None:
        text = _of_period(movement, words, period)
    elif order:
        text = _of_order(movement, order, settled)
    elif payout is not None:
        text = _of_payout(movement, payout, is_fee=words[-1] == "bounce_fee")
    elif movement.key.startswith(ADJUST):
        text = _("Adjustment by our service")
    else:
        text = _("Entry")
    return ToldMovement(
        day=movement.booked_on,
        text=text,
        reason=movement.reason,
        amount=movement.amount,
        balance=movement.balance,
        period=period.pk if period else None,
        order=order,
        payout=payout,
    )


def _of_period(movement: Movement, words: Sequence[str], period: Period) -> str:
    is_difference = words[0].startswith("difference-")
    if words[0].endswith("hold"):
        if movement.amount < 0:
            return _("Held back until it can be paid out, %(period)s") % {"period": period.name}
        return _("Held money released, %(period)s") % {"period": period.name}
    if words[0].endswith("forgiven"):
        return _("Debt forgiven, %(period)s") % {"period": period.name}
    name = words[3] if is_difference else words[2]
    about = {"bonus": _title(name, period), "period": period.name}
    if is_difference:
        return _("Correction: %(bonus)s, %(period)s") % about
    return _("%(bonus)s, %(period)s") % about


def _title(name: str, period: Period) -> str:
    """The bonus as the plan calls it; where it has a name only, that one in plain letters."""
    if name == ADJUSTMENT:
        return _("Adjusted by hand")
    document = period.plan_version.document if period.plan_version else ""
    title = names_of_bonuses(document).get(name, (name, ""))[0]
    return title if title != name else name.replace("_", " ").capitalize()


def _of_order(movement: Movement, order: str, settled: set[str]) -> str:
    about = {"number": order}
    if movement.key.startswith(RETURN):
        return _("Refund of order %(number)s") % about
    if movement.key.startswith(RELEASE):
        return _("Given back: order %(number)s was not paid") % about
    if movement.key.removeprefix(RESERVE) in settled:
        return _("Order %(number)s paid from the wallet") % about
    return _("Reserved for order %(number)s") % about


def _of_payout(movement: Movement, payout: int, *, is_fee: bool) -> str:
    about = {"number": payout}
    if movement.key.startswith(RETURN):
        return _("Payout %(number)s came back") % about
    if movement.key.startswith(RELEASE):
        return _("Given back: payout %(number)s did not take place") % about
    if is_fee:
        return _("Bank charges for payout %(number)s") % about
    return _("Payout %(number)s") % about
