"""The inputs of a run, read from the network and the books as they stood at the end of a period.

Rows go through the very readers of the plan's command line, as sheets that never were files; so what is
refused there is refused here, and in the same words.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.db.models import Q, Sum

from mlm_plugin.commissions.models import Run, TakenUp
from mlm_plugin.commissions.stored_files import unpack_folder
from mlm_plugin.conf import plan_time_zone
from mlm_plugin.ledger.models import COMPANY, Account, Posting
from mlm_plugin.network.models import Member, PlacementEdge, SponsorEdge, StatusChange
from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.money import POINT_PLACES, from_minor, share_of_pieces
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.reading import read_members, read_volumes
from mlm_plugin.plan.reading_earlier import read_earlier
from mlm_plugin.plan.sheets import Sheet
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.volumes.models import BuyerKind, LineMovement

MEMBERS, VOLUMES = "members", "volumes"
MEMBER_COLUMNS = ("member", "sponsor", "joined", "status", "scheme")
PLACE_COLUMNS = ("placement", "side")
LINE_COLUMNS = ("order", "line", "member", "buyer", "date", "pv", "cv", "amount", "refund_of")
BUYERS = {
    BuyerKind.MEMBER.value: "self",
    BuyerKind.PREFERRED.value: "preferred",
    BuyerKind.RETAIL.value: "retail",
}
OWN = {Account.Kind.PERSONAL.value: "self", Account.Kind.CUSTOMERS.value: "retail"}
CHUNK = 5_000


NOTHING_TAKEN: Mapping[int, date] = {}


def take_snapshot(
    *, plan: Plan, period: Period, taken_up: Mapping[int, date] = NOTHING_TAKEN
) -> Snapshot:
    """Everything a run of the period is computed from: both trees as of its end, lines, what was earlier.

    `taken_up` are movements, by primary key, that count on another day than they were booked for. The
    caller sees to it that nothing of the period can change meanwhile, or knows that it may.
    Raises BadInput where facts and plan do not fit.
    """
    # Lines first: whoever they are credited to is in the network by the time members are read.
    lines = _sheet(VOLUMES, LINE_COLUMNS, _line_rows(plan, period.last, taken_up))
    members = _member_sheet(period.last)
    positions = read_members(plan=plan, sheet=members, on=period.last)
    volumes = read_volumes(plan=plan, sheet=lines, positions=positions)
    with tempfile.TemporaryDirectory() as folder:
        earlier = read_earlier(
            plan=plan,
            period=period,
            positions=positions,
            lines=volumes,
            history=None,
            prior=list(_unpack_results(plan, period, Path(folder))),
        )
    return Snapshot(period, positions, volumes, earlier)


def _unpack_results(plan: Plan, period: Period, folder: Path) -> Iterator[Path]:
    """The latest committed result of each earlier period under a plan of this id."""
    runs = Run.objects.filter(
        Q(period__calendar=period.calendar, period__first__lt=period.first)
        | (~Q(period__calendar=period.calendar) & Q(period__last__lte=period.last)),
        state=Run.State.COMMITTED,
        plan_version__plan=plan.document.plan.id,
    )
    # A committed difference run computed its period anew, so it stands for the runs before it.
    rows = runs.order_by("pk").values_list("period_id", "pk", "result", "file_digest")
    latest = {period_id: (number, name, digest) for period_id, number, name, digest in rows}
    for number, name, digest in latest.values():
        unpack_folder(name=name, digest=digest, folder=folder / str(number))
        yield folder / str(number)


def _member_sheet(last: date) -> Sheet:
    """Who was a member when the period ended, and where each stood."""
    zone = plan_time_zone()
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    places = {
        member: (parent or "", str(slot + 1) if parent else "")
        for member, parent, slot in PlacementEdge.objects.filter(_held_before(end))
        .values_list("member__code", "parent__code", "slot")
        .iterator(chunk_size=CHUNK)
    }
    has_places = bool(places) or PlacementEdge.objects.exists()
    columns = (*MEMBER_COLUMNS, *(PLACE_COLUMNS if has_places else ()))
    # Latest first, so that what stays of a member is the first change after the period.
    status_before = dict(
        StatusChange.objects.filter(changed_at__gte=end)
        .order_by("-changed_at", "-pk")
        .values_list("member_id", "before")
    )
    edges = (
        SponsorEdge.objects.filter(_held_before(end), member__joined_at__lt=end)
        .order_by("member__code")
        .values_list(
            "member_id", "member__code", "sponsor__code", "member__joined_at", "member__status",
            "member__scheme",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip

    def rows() -> Iterator[tuple[str, ...]]:
        for member, code, sponsor, joined, status, scheme in edges:
            row = (
                code,
                sponsor or "",
                joined.astimezone(zone).date().isoformat(),
                status_before.get(member, status),
                scheme,
            )
            yield (*row, *places.get(code, ("", ""))) if has_places else row

    return _sheet(MEMBERS, columns, rows())


def _held_before(end: datetime) -> Q:
    """An edge that held in the last moment before `end`."""
    return Q(since__lt=end) & (Q(until=None) | Q(until__gte=end))


def _line_rows(plan: Plan, last: date, taken_up: Mapping[int, date]) -> Iterator[tuple[str, ...]]:
    """Every line credited through a day and every refund of one, each a row; then points by hand.

    Lines of all earlier periods are among them: a plan may look back as far as it likes, and a refund
    names the line it gives back.
    """
    places = plan.document.plan.places
    moved = {**dict(TakenUp.objects.values_list("movement_id", "counts_for")), **taken_up}
    counting = Q(counts_for__lte=last)
    if early := [number for number, day in moved.items() if day <= last]:
        counting |= Q(pk__in=early)
    movements = (
        LineMovement.objects.filter(counting)
        .order_by("line_id", "pk")
        .values_list(
            "pk", "line__order__number", "line_id", "entry_id", "member__code", "line__order__buyer_kind",
            "counts_for", "pv", "cv", "quantity", "line__paid", "line__quantity",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    line, given_back = 0, 0
    for (
        number,
        order,
        line_id,
        entry,
        member,
        kind,
        day,
        pv,
        cv,
        quantity,
        paid,
        pieces,
    ) in movements:
        if line_id != line:
            line, given_back = line_id, 0
        is_refund = quantity < 0
        amount = paid
        if is_refund:
            amount = -share_of_pieces(paid, pieces=pieces, before=given_back, taken=-quantity)
            given_back -= quantity
        yield (
            order,
            f"{line_id}-{entry}" if is_refund else str(line_id),
            member,
            BUYERS[kind],
            moved.get(number, day).isoformat(),
            _decimal(pv, POINT_PLACES),
            _decimal(cv, POINT_PLACES),
            _decimal(amount, places),
            f"{order}/{line_id}" if is_refund else "",
        )
    yield from _rows_by_hand(last)


def _rows_by_hand(last: date) -> Iterator[tuple[str, ...]]:
    """PV that staff added or that was brought along: it qualifies, and is never paid on.

    Every award traces back to a sold line, so the CV of such entries stays outside.
    """
    sums = (
        Posting.objects.filter(
            entry__counts_for__lte=last,
            entry__line_movements__isnull=True,
            account__kind__in=list(OWN),
            account__unit="PV",
        )
        .exclude(account__owner=COMPANY)
        .order_by("entry__key", "account_id")
        .values_list("entry__key", "entry__counts_for", "account__owner", "account__kind")
        .annotate(total=Sum("amount"))
    )
    found: dict[int, list[tuple[str, date, str, int]]] = defaultdict(list)
    for key, day, owner, kind, total in sums:
        found[owner].append((key, day, kind, total))
    codes = _codes_of(list(found))
    for owner, rows in found.items():
        for key, day, kind, total in rows:
            points = _decimal(total, POINT_PLACES)
            yield key, kind, codes[owner], OWN[kind], day.isoformat(), points, "0", "0", ""


def _codes_of(members: Sequence[int]) -> dict[int, str]:
    codes: dict[int, str] = {}
    for start in range(0, len(members), CHUNK):
        chunk = members[start : start + CHUNK]
        codes.update(Member.objects.filter(pk__in=chunk).values_list("pk", "code"))
    return codes


@lru_cache(maxsize=100_000)
def _decimal(amount: int, places: int) -> str:
    """An amount in the smallest unit as files write it; prices come again and again."""
    return f"{from_minor(amount, places=places):f}"


def _sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Sheet:
    lists: list[list[str]] = [[] for _column in columns]
    for row in rows:
        for values, value in zip(lists, row, strict=True):
            values.append(value)
    return Sheet(name, dict(zip(columns, lists, strict=True)), len(lists[0]))
