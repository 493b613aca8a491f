"""What a move would change, before anybody decides: shown with the proposal and kept with it.

Of a sponsor move: whose group points of which open period become more or less. Above the first member
whom the old and the new upline share nothing changes. Of a placement move: the figures of the branch
as the background last counted them, with their time.
"""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Max, Sum

from mlm_plugin.network import lines
from mlm_plugin.network.lines import Place
from mlm_plugin.network.models import LegFigures, Member
from mlm_plugin.network.moving import check_placement_move, check_sponsor_move
from mlm_plugin.network.past import BEHIND_ALL
from mlm_plugin.network.placement_selectors import get_last_leg_count
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.rebuilding import first_open_period

# Of a long chain the members nearest to the branch are named, the others counted.
MOST_NAMED = 10

Effects = dict[str, Any]


def describe_sponsor_move(*, member: Member, sponsor: Member) -> Effects:
    """The effects of standing below another sponsor, as plain data; at most six queries.

    Raises what makes the move impossible: Cycle, SponsorNotActive, TooDeep, NothingToMove.
    """
    check_sponsor_move(member=member, sponsor=sponsor)
    branch = Member.objects.filter(path__gte=member.path, path__lte=member.path + BEHIND_ALL)
    deepest = branch.order_by().aggregate(deepest=Max("depth"))["deepest"]
    shared = _shared_levels(member, sponsor)
    step = Member.steplen
    losing = [member.path[: level * step] for level in range(shared + 1, member.depth)]
    gaining = [sponsor.path[: level * step] for level in range(shared + 1, sponsor.depth + 1)]
    totals = PeriodTotal.objects.filter(member=member, period__gte=first_open_period())
    shifts = {row.period: (row.group_pv, row.group_cv) for row in totals.order_by("-period")}
    return {
        "members": branch.count(),
        "levels": deepest - member.depth + 1,
        "level": [member.depth, sponsor.depth + 1],
        "periods": [
            {
                "period": period.isoformat(),
                "pv": pv,
                "cv": cv,
                "less": _changes(losing, period, -pv, -cv),
                "less_left_out": max(len(losing) - MOST_NAMED, 0),
                "more": _changes(gaining, period, pv, cv),
                "more_left_out": max(len(gaining) - MOST_NAMED, 0),
            }
            for period, (pv, cv) in shifts.items()
            if pv or cv
        ],
    }


def describe_placement_move(*, member: Member, parent: Member, slot: int, at: Any) -> Effects:
    """The effects of standing in another place; raises what makes the move impossible."""
    place = check_placement_move(member_id=member.pk, parent_id=parent.pk, slot=slot)
    lines.check_free(place=Place(parent.pk, slot), at=at, member_id=member.pk)
    figures = LegFigures.objects.filter(member=member).aggregate(
        members=Sum("members"), pv=Sum("pv"), cv=Sum("cv")
    )
    count = get_last_leg_count()
    own_pv, own_cv = _own_points(member, count.period) if count else (0, 0)
    return {
        "place": [[place.parent.code if place.parent else "", place.slot], [parent.code, slot]],
        "members": 1 + (figures["members"] or 0),
        "pv": own_pv + (figures["pv"] or 0),
        "cv": own_cv + (figures["cv"] or 0),
        "counted_at": count.counted_at.isoformat() if count else "",
    }


def _own_points(member: Member, period: date) -> tuple[int, int]:
    """PV and CV of the member and the own customers, which the figures of the legs leave out."""
    total = PeriodTotal.objects.filter(member=member, period=period).first()
    if total is None:
        return 0, 0
    return total.personal_pv + total.customers_pv, total.personal_cv + total.customers_cv


def _shared_levels(member: Member, sponsor: Member) -> int:
    """How many levels from the root both uplines share; the new sponsor may be one of them."""
    step = Member.steplen
    above = member.depth - 1
    ends = range(step, min(above, sponsor.depth) * step + 1, step)
    shared = 0
    for start, end in pairwise([0, *ends]):
        if member.path[start:end] != sponsor.path[start:end]:
            break
        shared += 1
    return shared


def _changes(paths: list[str], period: date, pv: int, cv: int) -> list[dict[str, Any]]:
    """The nearest members of a chain, with group points before and after."""
    near = Member.objects.filter(path__in=paths[-MOST_NAMED:]).order_by("-depth")
    members = list(near.only("code", "first_name", "last_name"))
    totals = _totals((member.pk for member in members), period)
    rows = []
    for member in members:
        group_pv, group_cv = totals.get(member.pk, (0, 0))
        rows.append(
            {
                "code": member.code,
                "name": member.full_name,
                "pv": [group_pv, group_pv + pv],
                "cv": [group_cv, group_cv + cv],
            }
        )
    return rows


def _totals(members: Iterable[int], period: date) -> dict[int, tuple[int, int]]:
    found = PeriodTotal.objects.filter(member_id__in=list(members), period=period)
    return {pk: (pv, cv) for pk, pv, cv in found.values_list("member_id", "group_pv", "group_cv")}
