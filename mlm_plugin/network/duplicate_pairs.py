"""Pairs of members who may be one person: found by fingerprints, kept, and decided by the staff."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import combinations, islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mlm_plugin.network.duplicates import find_duplicates
from mlm_plugin.network.models import DuplicatePair, Fingerprint, Member, PersonalData
from mlm_plugin.network.services import NetworkError

State = DuplicatePair.State
# What more members share is nobody's own: an office's phone, a number that was made up.
MOST_ALIKE = 20
BATCH = 500
LONGEST_REASON = 500

Numbers = tuple[int, int]
Row = TypeVar("Row")


class NotDecidable(NetworkError):
    """The decision about a pair cannot be taken; the text says why."""


def find_pairs(*, at: datetime) -> int:
    """Keep every pair of present members who gave the same things; returns how many need a look.

    Reads the whole table of fingerprints once, so it is the background's. Members whose membership
    has ended, and what more than `MOST_ALIKE` members share, are left out.
    """
    present = Fingerprint.objects.filter(personal__member__isnull=False).exclude(
        personal__member__status=Member.Status.TERMINATED
    )
    shared = (
        present.order_by()
        .values("kind", "digest")
        .annotate(number=Count("pk"))
        .filter(number__gt=1, number__lte=MOST_ALIKE)
    )
    found: dict[Numbers, set[str]] = defaultdict(set)
    for some in _batches(shared.values_list("kind", "digest").iterator(BATCH)):
        for kind, members in _members_of(present, some):
            for pair in combinations(sorted(members), 2):
                found[pair].add(kind)
    return sum(_keep(dict(some), at=at) for some in _batches(found.items()))


def note_pairs(*, personal: PersonalData, at: datetime) -> int:
    """The same for one member who has just joined, or changed what is kept; three or four queries."""
    member = personal.member
    assert member is not None
    found: dict[Numbers, set[str]] = defaultdict(set)
    same = find_duplicates(personal=personal, user_id=member.user_id, with_names=True)
    for each in same:
        other = each.member
        if other is None or other.pk == member.pk or other.status == Member.Status.TERMINATED:
            continue
        found[min(member.pk, other.pk), max(member.pk, other.pk)].add(each.kind)
    return _keep(found, at=at) if found else 0


def tell_apart(
    *, pair_id: int, reason: str, decided_by_id: int, decided_at: datetime
) -> DuplicatePair:
    """Keep that the two are not the same person; saying so again changes nothing.

    Raises NotDecidable without a reason and for a pair that was merged.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise NotDecidable(_("Say why, in 500 characters at most."))
    with transaction.atomic():
        pair = DuplicatePair.objects.select_for_update().get(pk=pair_id)
        if pair.state == State.MERGED:
            raise NotDecidable(_("These two were merged already."))
        if pair.state == State.DIFFERENT:
            return pair
        pair.state, pair.reason = State.DIFFERENT, reason
        pair.decided_by_id, pair.decided_at = decided_by_id, decided_at
        pair.save()
        return pair


def close_pairs(*, kept_id: int, ended_id: int, decided_by_id: int, decided_at: datetime) -> None:
    """Note that two were merged, and drop the ended one's open pairs with others.

    Those others look like whoever goes on as well, if the data are really the same. Called inside
    the transaction that merges.
    """
    first, second = min(kept_id, ended_id), max(kept_id, ended_id)
    DuplicatePair.objects.filter(first=first, second=second).update(
        state=State.MERGED, decided_by=decided_by_id, decided_at=decided_at
    )
    rest = DuplicatePair.objects.filter(Q(first=ended_id) | Q(second=ended_id), state=State.OPEN)
    rest.delete()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some


def _members_of(
    present: QuerySet[Fingerprint], shared: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, set[int]]]:
    digests: dict[str, list[str]] = defaultdict(list)
    for kind, digest in shared:
        digests[kind].append(digest)
    for kind, some in digests.items():
        members: dict[str, set[int]] = defaultdict(set)
        rows = present.filter(kind=kind, digest__in=some)
        for digest, member_id in rows.values_list("digest", "personal__member"):
            members[digest].add(member_id)
        for each in members.values():
            yield kind, each


def _keep(found: Mapping[Numbers, set[str]], *, at: datetime) -> int:
    """Write new pairs, and ask again about those that have something new in common."""
    with transaction.atomic():
        known = {
            (pair.first_id, pair.second_id): pair
            for pair in DuplicatePair.objects.select_for_update()
            .filter(
                first__in={first for first, _second in found},
                second__in={second for _first, second in found},
            )
            .order_by("pk")
        }
        fresh = [
            DuplicatePair(first_id=pair[0], second_id=pair[1], kinds=sorted(kinds), found_at=at)
            for pair, kinds in found.items()
            if pair not in known
        ]
        # Two who join at once may keep the same pair: the first one stays.
        DuplicatePair.objects.bulk_create(fresh, ignore_conflicts=True)
        again = 0
        for numbers, pair in known.items():
            new = found.get(numbers, set()) - set(pair.kinds)
            if new and pair.state != State.MERGED:
                pair.kinds = sorted({*pair.kinds, *new})
                pair.state, pair.found_at = State.OPEN, at
                pair.save(update_fields=["kinds", "state", "found_at"])
                again += 1
    return len(fresh) + again
