"""Reads for the staff's pages about possible duplicates and merges."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from mlm_plugin.backoffice.selectors import Page, cut_page
from mlm_plugin.network.models import (
    CustomerBinding,
    DuplicatePair,
    Fingerprint,
    Member,
    Merge,
    PersonalData,
)
from mlm_plugin.network.personal import read_secrets
from mlm_plugin.network.sealing import CannotOpen

PAIR = ("first", "second")
STAFF = ("proposed_by", "decided_by", "withdrawn_by")


@dataclass(frozen=True)
class Side:
    """One member of a pair: what helps to tell two people apart, numbers by their ends only."""

    member: Member
    personal: PersonalData | None
    born_on: object
    tax_number: str
    account: str
    front_line: int
    customers: int


def find_pairs_of_members(*, state: str, cursor: str = "") -> Page:
    """Pairs in a state (all without one), the newest first; one query."""
    rows = DuplicatePair.objects.select_related(*PAIR, "decided_by")
    rows = rows.defer("first__path", "second__path")
    page = cut_page(rows.filter(state=state) if state else rows, cursor)
    for pair in page.rows:
        pair.kind_labels = name_kinds(pair.kinds)
    return page


def name_kinds(kinds: Sequence[str]) -> list[str]:
    """What the two have in common, in the reader's language."""
    labels = dict(Fingerprint.Kind.choices)
    return [str(labels.get(kind, kind)) for kind in kinds]


def get_pair(*, number: int) -> DuplicatePair:
    """A pair with both members. Raises DuplicatePair.DoesNotExist."""
    people = [f"{one}__{what}" for one in PAIR for what in ("user", "sponsor")]
    return DuplicatePair.objects.select_related(*people, "decided_by").get(pk=number)


def describe_pair(*, pair: DuplicatePair) -> list[Side]:
    """Both members side by side; three queries."""
    members = [pair.first, pair.second]
    kept = {row.member_id: row for row in PersonalData.objects.filter(member__in=members)}
    bound = CustomerBinding.objects.filter(member__in=members).order_by().values_list("member")
    customers = dict(bound.annotate(number=Count("pk")))
    return [
        _side(member, kept.get(member.pk), customers=customers.get(member.pk, 0))
        for member in members
    ]


def find_merges(*, state: str = "", cursor: str = "") -> Page:
    """Merges in a state (all without one), the newest first; one query."""
    rows = Merge.objects.select_related("kept", "ended", "proposed_by")
    rows = rows.defer("kept__path", "ended__path")
    return cut_page(rows.filter(state=state) if state else rows, cursor)


def get_merge(*, number: int) -> Merge:
    """A merge with everybody who takes part in it. Raises Merge.DoesNotExist."""
    return Merge.objects.select_related("kept", "ended", *STAFF).get(pk=number)


def count_merges_waiting() -> int:
    """How many merges wait for a second person."""
    return Merge.objects.filter(state=Merge.State.PROPOSED).count()


def _side(member: Member, personal: PersonalData | None, *, customers: int) -> Side:
    born_on, shown = None, {"tax_number": "", "account": ""}
    if personal is not None:
        try:
            secrets = read_secrets(personal=personal)
        except CannotOpen:
            # The page helps on without what no key opens any more.
            pass
        else:
            born_on, shown = secrets.born_on, secrets.shown
    return Side(
        member=member,
        personal=personal,
        born_on=born_on,
        tax_number=shown["tax_number"],
        account=shown["account"],
        front_line=member.numchild,
        customers=customers,
    )
