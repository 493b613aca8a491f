"""Keeps the sponsor tree's past: every change ends one edge and begins the next at the same moment.

Called by the services that change the tree, inside their transaction and under its lock.
"""

from datetime import datetime

from django.db.models import Max, Min

from mlm_plugin.network.models import Member, SponsorEdge


def begin_sponsor(*, member: Member) -> None:
    """The first edge of a member who has just joined, however long ago that is said to be.

    Nobody stands below a sponsor before the sponsor's own time begins.
    """
    above = SponsorEdge.objects.filter(member_id=member.sponsor_id)
    first = above.aggregate(first=Min("since"))["first"] if member.sponsor_id else None
    since = member.joined_at if first is None else max(member.joined_at, first)
    SponsorEdge.objects.create(member=member, sponsor_id=member.sponsor_id, since=since)


def earliest_moment(*, member_id: int, sponsor_ids: list[int], wanted: datetime) -> datetime:
    """From when on a member may stand below the last of these changes: `wanted`, or later.

    `sponsor_ids` is the new sponsor with everybody above. Nothing is changed before the member's own
    last move, nor before the last move of anybody above: then the chain above was another one, maybe
    one that led through the member itself, and a past moment would show a circle.
    """
    edges = SponsorEdge.objects.filter(member_id__in=[member_id, *sponsor_ids], until=None)
    newest = edges.aggregate(newest=Max("since"))["newest"]
    return wanted if newest is None else max(wanted, newest)


def change_sponsor(*, member_id: int, sponsor_id: int, since: datetime) -> None:
    """End the edge that holds now and begin one below another sponsor.

    A change at the very moment the present edge began replaces it: it never held for any time.
    Raises ValueError for a moment before the present edge began.
    """
    present = SponsorEdge.objects.select_for_update().get(member_id=member_id, until=None)
    if since < present.since:
        raise ValueError("a member cannot move before the last move")
    if since == present.since:
        SponsorEdge.objects.filter(pk=present.pk).update(sponsor_id=sponsor_id)
        return
    SponsorEdge.objects.filter(pk=present.pk).update(until=since)
    SponsorEdge.objects.create(member_id=member_id, sponsor_id=sponsor_id, since=since)
