"""Reads for the staff's pages about moves and about what became of a member."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlm_plugin.backoffice.selectors import Page, cut_page
from mlm_plugin.network.models import BindingChange, Member, Move, SponsorEdge, StatusChange

# Of a member's past the newest so many are shown.
SHOWN = 20


@dataclass(frozen=True)
class Past:
    """What became of a member, the newest first."""

    edges: Sequence[SponsorEdge]
    statuses: Sequence[StatusChange]
    moves: Sequence[Move]


def find_moves(*, state: str = "", cursor: str = "") -> Page:
    """Moves in a state (all without one), the newest first; one query."""
    rows = Move.objects.select_related(
        "member", "parent_before", "parent_after", "proposed_by"
    ).defer("member__path", "parent_before__path", "parent_after__path")
    if state:
        rows = rows.filter(state=state)
    return cut_page(rows, cursor)


def get_move(*, number: int) -> Move:
    """A move with everybody who takes part in it. Raises Move.DoesNotExist."""
    people = ("member", "parent_before", "parent_after", "undoes")
    staff = ("proposed_by", "decided_by", "withdrawn_by")
    return Move.objects.select_related(*people, *staff).get(pk=number)


def get_past(*, member: Member) -> Past:
    """Sponsors, statuses and moves of a member; three queries."""
    edges = SponsorEdge.objects.filter(member=member).select_related("sponsor")
    statuses = StatusChange.objects.filter(member=member).select_related("author")
    moves = Move.objects.filter(member=member).select_related("parent_before", "parent_after")
    return Past(
        edges=edges.order_by("-since")[:SHOWN],
        statuses=statuses.order_by("-changed_at", "-pk")[:SHOWN],
        moves=moves.order_by("-pk")[:SHOWN],
    )


def get_binding_changes(*, user_id: int) -> Sequence[BindingChange]:
    """To whom a customer belonged before, the newest change first."""
    rows = BindingChange.objects.filter(user_id=user_id)
    return rows.select_related("before", "after", "author").order_by("-changed_at", "-pk")[:SHOWN]
