"""Totals put right: shifted with a moving branch, rebuilt from the books, compared with them.

Totals of closed periods are history: they stay as they were when the period closed. Only open
periods follow the tree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from mlm_plugin.ledger import locks as books
from mlm_plugin.ledger import selectors as ledger
from mlm_plugin.ledger.models import Posting
from mlm_plugin.network import locks as tree
from mlm_plugin.network import services as network
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.services import OWN_KINDS
from mlm_plugin.volumes.totals import COLUMNS, Delta, add_to_totals

CHUNK = 5_000


def first_open_period() -> date:
    """The first day of the earliest period that can still take an entry."""
    closed = ledger.closed_through()
    return date.min if closed is None else (closed + timedelta(days=1)).replace(day=1)


def move_branch(*, member_id: int, new_sponsor_id: int, moved_at: datetime) -> Member:
    """Put a member with the whole downline below another sponsor, and the open totals with them.

    Raises what `network.services.move_branch` raises. Closed periods keep their totals.
    """
    with transaction.atomic():
        tree.hold_tree()
        books.share_books()
        old_sponsor_id = Member.objects.values_list("sponsor_id", flat=True).get(pk=member_id)
        member = network.move_branch(
            member_id=member_id, new_sponsor_id=new_sponsor_id, moved_at=moved_at
        )
        open_totals = PeriodTotal.objects.filter(
            member_id=member_id, period__gte=first_open_period()
        )
        shifts = []
        for total in open_totals:
            for sponsor_id, sign in ((old_sponsor_id, -1), (new_sponsor_id, 1)):
                if sponsor_id is not None:
                    shifts.append(
                        Delta(
                            member_id=sponsor_id,
                            period=total.period,
                            group_pv=sign * total.group_pv,
                            group_cv=sign * total.group_cv,
                        )
                    )
        add_to_totals(deltas=shifts)
    return member


def rebuild_totals() -> int:
    """Write the totals of all open periods anew from the books; returns how many rows they have."""
    with transaction.atomic():
        tree.hold_tree()
        books.hold_books()
        since = first_open_period()
        PeriodTotal.objects.filter(period__gte=since).delete()
        for chunk in _chunks(own_deltas(since=since)):
            add_to_totals(deltas=chunk)
        return PeriodTotal.objects.filter(period__gte=since).count()


def find_differences() -> list[str]:
    """Totals of open periods that are not what the books and the tree say, in words.

    The comparison walks the tree its own way (children before parents, in memory) and shares no
    code with the statement that keeps the totals.
    """
    since = first_open_period()
    with transaction.atomic():
        tree.share_tree()
        books.hold_books()
        expected = _sum_up(own_deltas(since=since))
        problems = []
        for row in PeriodTotal.objects.filter(period__gte=since).iterator(chunk_size=CHUNK):
            found = tuple(getattr(row, column) for column in COLUMNS)
            wanted = expected.pop((row.period, row.member_id), (0,) * len(COLUMNS))
            if found != wanted:
                problems.append(
                    f"member {row.member_id}, {row.period}: totals are {found}, books say {wanted}"
                )
    problems += [
        f"member {member_id}, {period}: totals are missing, books say {wanted}"
        for (period, member_id), wanted in expected.items()
        if any(wanted)
    ]
    return problems


def own_deltas(*, since: date) -> Iterator[Delta]:
    """What each member's own accounts say per period, as if nothing had been added up yet."""
    sums: dict[tuple[date, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    rows = (
        Posting.objects.filter(entry__counts_for__gte=since)
        .filter(account__kind__in=OWN_KINDS)
        .annotate(period=TruncMonth("entry__counts_for"))
        .values(
            "period", owner=F("account__owner"), kind=F("account__kind"), unit=F("account__unit")
        )
        .annotate(total=Sum("amount"))
        .order_by()
    )
    for row in rows.iterator(chunk_size=CHUNK):
        unit = row["unit"].lower()
        amounts = sums[row["period"], row["owner"]]
        amounts[f"{row['kind']}_{unit}"] += row["total"]
        amounts[f"group_{unit}"] += row["total"]
    for (period, member_id), amounts in sums.items():
        yield Delta(member_id=member_id, period=period, **amounts)


def _sum_up(deltas: Iterable[Delta]) -> dict[tuple[date, int], tuple[int, ...]]:
    sums: dict[tuple[date, int], list[int]] = {}
    periods = set()
    for delta in deltas:
        periods.add(delta.period)
        sums[delta.period, delta.member_id] = [getattr(delta, column) for column in COLUMNS]
    group_pv, group_cv = COLUMNS.index("group_pv"), COLUMNS.index("group_cv")
    members = Member.objects.order_by("-depth").values_list("pk", "sponsor_id")
    for member_id, sponsor_id in members.iterator(chunk_size=CHUNK):
        if sponsor_id is None:
            continue
        for period in periods:
            amounts = sums.get((period, member_id))
            if amounts is None:
                continue
            above = sums.setdefault((period, sponsor_id), [0] * len(COLUMNS))
            above[group_pv] += amounts[group_pv]
            above[group_cv] += amounts[group_cv]
    return {place: tuple(amounts) for place, amounts in sums.items()}


def _chunks(deltas: Iterator[Delta]) -> Iterator[list[Delta]]:
    while chunk := list(islice(deltas, CHUNK)):
        yield chunk
