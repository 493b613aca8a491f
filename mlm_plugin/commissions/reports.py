"""Reads of reports: what periods paid against what they sold, what is owed, what a year came to.

Money is in the smallest unit of its currency, CV in 1/100. What was paid for a period is its run and
the difference runs that correct it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import (
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from mlm_plugin.commissions.models import Award, Period, Run
from mlm_plugin.commissions.statements_models import RunDetails
from mlm_plugin.ledger.models import COMPANY, Account, Posting
from mlm_plugin.network.models import Member
from mlm_plugin.plan.numbers import LARGEST

Kind = Account.Kind
OWED = (Kind.WALLET, Kind.HELD, Kind.RESERVED)
# What of the company's accounts a member's year is made of.
OF_YEAR = (
    Kind.COMMISSIONS, Kind.ADJUSTMENTS, Kind.PURCHASES, Kind.PAID, Kind.FEES, Kind.TAXES,
)  # fmt: skip
MOST_PROBLEMS = 100


@dataclass(frozen=True)
class PeriodFigures:
    """A committed period: what it sold and paid. `sales` is None until the details are written."""

    period: Period
    run_number: int
    currency: str
    places: int
    cv: int
    sales: int | None
    paid: int
    corrections: int
    payees: int

    @property
    def total(self) -> int:
        """Paid with all corrections."""
        return self.paid + self.corrections

    @property
    def of_cv(self) -> float | None:
        """Paid per unit of CV, a unit of CV being one of money; None where nothing was sold."""
        return _ratio(self.total, self.places, self.cv, 2)

    @property
    def of_sales(self) -> float | None:
        """Paid per unit of money that was sold for."""
        if self.sales is None:
            return None
        return _ratio(self.total, self.places, self.sales, self.places)


@dataclass(frozen=True)
class BonusFigures:
    """What one bonus paid in a period."""

    bonus: str
    count: int
    payees: int
    amount: int


@dataclass(frozen=True)
class Balances:
    """The accounts of one kind and currency: those above zero, and those below."""

    kind: str
    unit: str
    positive: int
    positive_count: int
    negative: int
    negative_count: int

    @property
    def total(self) -> int:
        """What all of them come to."""
        return self.positive + self.negative


@dataclass(frozen=True)
class Debtor:
    """A member whose wallet is below zero."""

    member: Member
    unit: str
    amount: int


@dataclass(frozen=True)
class Check:
    """One comparison of the books: what is wrong, and how long it took."""

    name: str
    problems: tuple[str, ...]
    more: bool
    milliseconds: int


@dataclass
class YearTotals:
    """A member's year in one currency, by what it was; amounts as the member has them."""

    member: Member
    unit: str
    sums: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> int:
        """Money of one kind: earned and adjusted as it came in, the others as they went out."""
        return self.sums.get(kind, 0)


def list_periods(*, calendar: str = "", year: int | None = None) -> list[PeriodFigures]:
    """Committed periods by their first day; three queries."""
    runs = _committed().select_related("period").order_by("period__first", "pk")
    if calendar:
        runs = runs.filter(period__calendar=calendar)
    if year is not None:
        runs = runs.filter(period__last__year=year)
    found = list(runs)
    corrections = dict(
        Run.objects.filter(
            kind=Run.Kind.DIFFERENCE,
            state=Run.State.COMMITTED,
            period__in=[run.period_id for run in found],
        )
        .values_list("period_id")
        .annotate(sum=Sum("total"))
    )
    sales = dict(RunDetails.objects.filter(run__in=found).values_list("run_id", "figures__sales"))
    return [_figures(run, corrections, sales) for run in found]


def get_period(*, period_id: int) -> PeriodFigures | None:
    """One committed period; None where there is none."""
    run = None
    if period_id <= LARGEST:
        run = _committed().filter(period_id=period_id).select_related("period").first()
    if run is None:
        return None
    corrected = Run.objects.filter(
        kind=Run.Kind.DIFFERENCE, state=Run.State.COMMITTED, period_id=period_id
    ).aggregate(sum=Sum("total"))["sum"]
    sales = dict(RunDetails.objects.filter(run=run).values_list("run_id", "figures__sales"))
    return _figures(run, {period_id: corrected or 0}, sales)


def list_filters() -> tuple[list[str], list[int]]:
    """The calendars and years that have committed periods."""
    calendars = _committed().order_by().values_list("period__calendar", flat=True).distinct()
    years = {day.year for day in _committed().values_list("period__last", flat=True)}
    return sorted(calendars), sorted(years, reverse=True)


def list_bonuses(*, period_id: int) -> list[BonusFigures]:
    """What each bonus paid in a period, corrections included; the largest first."""
    rows = (
        Award.objects.filter(run__in=_paid_for(period_id))
        .values_list("bonus")
        .annotate(count=Count("pk"), payees=Count("payee", distinct=True), total=Sum("amount"))
        .order_by("-total", "bonus")
    )
    return [BonusFigures(*row) for row in rows]


def get_details(*, period_id: int) -> dict[str, Any]:
    """What the worker found out about the period's run: `ranks` by ladder, `top`, and more."""
    found = RunDetails.objects.filter(run__in=_committed().filter(period_id=period_id))
    figures: dict[str, Any] = found.values_list("figures", flat=True).first() or {}
    return figures


def list_top_earners(*, figures: dict[str, Any]) -> list[tuple[Member, int]]:
    """Who earned most, as the details of a period's run have it."""
    top: list[list[int]] = figures.get("top", [])
    members = Member.objects.in_bulk([key for key, _amount in top])
    return [(members[key], amount) for key, amount in top]


def list_balances(*, on: date | None = None) -> list[Balances]:
    """What members have, by kind and currency; of a past day what was booked through it.

    A query per kind and currency.
    """
    kinds = Account.objects.filter(kind__in=OWED).values_list("kind", "unit").distinct()
    order = {str(kind): number for number, kind in enumerate(OWED)}
    found = []
    for kind, unit in sorted(kinds, key=lambda each: (order[each[0]], each[1])):
        sums = (
            _balances(on)
            .filter(account__kind=kind, account__unit=unit)
            .aggregate(
                positive=Sum("sum", filter=Q(sum__gt=0)),
                positive_count=Count("account", filter=Q(sum__gt=0)),
                negative=Sum("sum", filter=Q(sum__lt=0)),
                negative_count=Count("account", filter=Q(sum__lt=0)),
            )
        )
        found.append(Balances(kind, unit, **{name: each or 0 for name, each in sums.items()}))
    return found


def list_debtors(*, on: date | None = None, most: int = 50) -> list[Debtor]:
    """Wallets below zero, the deepest first."""
    # Of sums, which the types of the query know nothing of.
    balances: Any = _balances(on)
    rows = list(
        balances.filter(account__kind=Kind.WALLET, sum__lt=0)
        .order_by("sum", "account__owner")
        .values_list("account__owner", "account__unit", "sum")[:most]
    )
    members = Member.objects.in_bulk([owner for owner, _unit, _sum in rows])
    return [Debtor(members[owner], unit, amount) for owner, unit, amount in rows]


def check_books(*, checks: Iterable[tuple[str, Callable[[], Iterable[str]]]]) -> list[Check]:
    """Carry out comparisons, each a name and a function that gives what is wrong, in words."""
    found = []
    for name, find in checks:
        begun = time.perf_counter()
        problems = list(islice(find(), MOST_PROBLEMS + 1))
        found.append(
            Check(
                name=name,
                problems=tuple(problems[:MOST_PROBLEMS]),
                more=len(problems) > MOST_PROBLEMS,
                milliseconds=round((time.perf_counter() - begun) * 1000),
            )
        )
    return found


def find_ledger_sums() -> Iterator[str]:
    """Units whose postings do not sum to zero over all accounts."""
    sums = Posting.objects.values_list("account__unit").annotate(sum=Sum("amount"))
    for unit, total in sums.order_by("account__unit"):
        if total:
            yield f"{unit}: all postings come to {total} instead of 0"


def list_year_members(*, year: int, text: str = "") -> QuerySet[Member]:
    """Members with money booked in a year, by code; `text` is part of a code or name."""
    owners = Account.objects.filter(
        kind__in=OWED,
        postings__entry__booked_on__gte=date(year, 1, 1),
        postings__entry__booked_on__lte=date(year, 12, 31),
    )
    members: QuerySet[Member] = Member.objects.filter(pk__in=owners.values("owner"))
    for word in text.split():
        members = members.filter(
            Q(code__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return members.order_by("code")


def get_year_totals(*, members: Sequence[Member], year: int) -> list[YearTotals]:
    """The year of some members, one row per currency; one query.

    By the day an entry is booked on. An entry of the books has money of one member at most.
    """
    own = Posting.objects.filter(
        account__owner__in=[member.pk for member in members],
        account__kind__in=OWED,
        entry__booked_on__gte=date(year, 1, 1),
        entry__booked_on__lte=date(year, 12, 31),
    )
    owner = own.filter(entry=OuterRef("entry")).values("account__owner")[:1]
    rows = (
        Posting.objects.filter(
            account__owner=COMPANY, account__kind__in=OF_YEAR, entry__in=own.values("entry")
        )
        .annotate(member=Subquery(owner))
        .values_list("member", "account__unit", "account__kind")
        .annotate(sum=Sum("amount"))
        .order_by("member", "account__unit", "account__kind")
    )
    by_key = {member.pk: member for member in members}
    found: dict[tuple[int, str], YearTotals] = {}
    for key, unit, kind, total in rows:
        totals = found.setdefault((key, unit), YearTotals(by_key[key], unit))
        # What came in left the company's account; what went out arrived on one.
        totals.sums[kind] = -total if kind in (Kind.COMMISSIONS, Kind.ADJUSTMENTS) else total
    return sorted(found.values(), key=lambda each: (each.member.code, each.unit))


def list_years(*, at: datetime) -> list[int]:
    """The years in which money was booked, the newest first; this year at least."""
    days = Posting.objects.filter(account__kind__in=OWED).values_list(
        "entry__booked_on__year", flat=True
    )
    return sorted({at.year, *days.distinct()}, reverse=True)


def _committed() -> QuerySet[Run]:
    return Run.objects.filter(kind=Run.Kind.PERIOD, state=Run.State.COMMITTED)


def _paid_for(period_id: int) -> list[int]:
    runs = Run.objects.filter(period_id=period_id, state=Run.State.COMMITTED)
    return list(runs.values_list("pk", flat=True))


def _figures(run: Run, corrections: dict[int, int], sales: dict[int, int | None]) -> PeriodFigures:
    return PeriodFigures(
        period=run.period,
        run_number=run.number,
        currency=run.currency,
        places=run.places,
        cv=run.cv,
        sales=sales.get(run.pk),
        paid=run.total,
        corrections=corrections.get(run.period_id, 0),
        payees=run.payee_count,
    )


def _ratio(paid: int, places: int, sold: int, sold_places: int) -> float | None:
    """A share for people to read; nothing is computed on with it."""
    if sold <= 0:
        return None
    return float((paid * 10**sold_places) / (sold * 10**places))


def _balances(on: date | None) -> QuerySet[Posting, Any]:
    postings = Posting.objects.filter(account__kind__in=OWED).exclude(account__owner=COMPANY)
    if on is not None:
        postings = postings.filter(entry__booked_on__lte=on)
    return (
        postings.values("account", "account__kind", "account__unit", "account__owner")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
    )
