"""Reads of plan versions: the list, one with its hands, when it may begin, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Max, QuerySet

from mlm_plugin.commissions.models import Period, PlanVersion
from mlm_plugin.plan.analysis.command import find_all, say_bound
from mlm_plugin.plan.analysis.findings import Finding
from mlm_plugin.plan.analysis.legal import Verdict, judge
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.calendars import period_of_day
from mlm_plugin.plan.document import read_document
from mlm_plugin.plan.library import list_plans
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.profiles import PROFILES, load_profile

PEOPLE = ("author", "submitted_by", "approved_by", "withdrawn_by", "based_on")
MOST_BEGINS = 12
# Gaps between listed periods are skipped up to this many days.
LONGEST_LOOK = 800


@dataclass(frozen=True)
class Market:
    """What the rules of one market say of a plan."""

    code: str
    title: str
    verdicts: tuple[Verdict, ...]

    @property
    def is_passed(self) -> bool:
        """Whether no required rule is broken."""
        return all(verdict.outcome != "failed" for verdict in self.verdicts)


@dataclass(frozen=True)
class Analysis:
    """What follows from a document alone: bounds by bonus ("" for all together), findings, the law."""

    bounds: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    markets: tuple[Market, ...]


@dataclass(frozen=True)
class ShippedPlan:
    """A plan of the library: its name, and what it calls itself."""

    name: str
    title: str


def list_versions(*, state: str = "") -> QuerySet[PlanVersion]:
    """The versions without their documents, the newest first; of one state, or all."""
    rows = PlanVersion.objects.defer("document", "based_on__document").select_related(*PEOPLE)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-number")


def get_version(*, number: int) -> PlanVersion:
    """One version with its people. Raises PlanVersion.DoesNotExist."""
    return PlanVersion.objects.select_related(*PEOPLE).get(number=number)


def get_editors(*, version: PlanVersion) -> Sequence[tuple[int, str]]:
    """Who had a hand in a version, and so cannot approve it: primary key and e-mail address."""
    return list(version.editors.order_by("at", "pk").values_list("user_id", "user__email"))


def find_begins(*, version: PlanVersion, today: date) -> list[date]:
    """The next first days of periods on which the version may begin, the soonest first.

    After the closed periods; without any, from the period in which today is.
    """
    plan = load_plan(version.document)
    key = plan.document.plan.calendar
    closed = Period.objects.filter(state=Period.State.CLOSED).aggregate(last=Max("last"))["last"]
    day = closed + timedelta(days=1) if closed else today
    end = max(day, today) + timedelta(days=LONGEST_LOOK)
    begins: list[date] = []
    while day <= end and len(begins) < MOST_BEGINS:
        period = period_of_day(day=day, key=key, calendar=plan.calendars[key])
        if period is None:
            day += timedelta(days=1)
            continue
        if closed is None or period.first > closed:
            begins.append(period.first)
        day = period.last + timedelta(days=1)
    return begins


@lru_cache(maxsize=1)
def list_shipped_plans() -> tuple[ShippedPlan, ...]:
    """The plans of the library as starting points; they do not change while the site runs."""
    return tuple(
        ShippedPlan(name, read_document(path).plan.title or name) for name, path in list_plans()
    )


@lru_cache(maxsize=32)
def analyse(*, document: str) -> Analysis:
    """What can be said of a plan before a run, with the rules of every market. Raises PlanError.

    Kept for the documents that were looked at last: nothing but the text decides.
    """
    plan = load_plan(document)
    return Analysis(
        bounds=tuple((name, say_bound(bound)) for name, bound in bound_payout(plan).items()),
        findings=tuple(find_all(plan)),
        markets=tuple(
            Market(code, load_profile(code).title, tuple(judge(plan, load_profile(code))))
            for code in PROFILES
        ),
    )
