"""Which member a customer belongs to, changed later: by staff with a reason, or by a rule."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from mlm_plugin.network.models import BindingChange, CustomerBinding, Member
from mlm_plugin.network.services import NetworkError

NONE, ROUND_ROBIN, NEAREST = "none", "round_robin", "nearest"
RULES = (NONE, ROUND_ROBIN, NEAREST)
STAFF, RULE, ROLL_UP = "staff", "rule", "roll_up"
LONGEST_REASON = 500
BATCH = 2_000


class NotBindable(NetworkError):
    """This customer cannot belong to that member."""


@dataclass(frozen=True)
class Place:
    """Where somebody lives, as far as it is known: the country's code and the post code."""

    country: str = ""
    postcode: str = ""


NOWHERE = Place()


@dataclass(frozen=True)
class Candidate:
    """A member who may be given customers: one who agreed to be listed."""

    member_id: int
    place: Place = NOWHERE


@dataclass(frozen=True)
class Unattributed:
    """A customer who belongs to nobody."""

    user_id: int
    place: Place = NOWHERE


def rebind_customer(
    *, user_id: int, member_id: int, reason: str, author_id: int, changed_at: datetime
) -> BindingChange | None:
    """Let a customer belong to another member from now on; None where it is the same one.

    Orders credited before stay credited. Works for a customer who belonged to nobody, too.
    Raises NotBindable without a reason, for members and for a member who is not active.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise NotBindable(_("Say why, in 500 characters at most."))
    if Member.objects.filter(user_id=user_id).exists():
        raise NotBindable(_("This person is a member, not a customer."))
    with transaction.atomic():
        # The member's row is locked as joining locks it: no customer comes to who has just ended.
        member = Member.objects.select_for_update().get(pk=member_id)
        if not member.may_be_credited:
            raise NotBindable(
                _("{member} is not active and gets no customers.").format(member=member)
            )
        binding, created = CustomerBinding.objects.select_for_update().get_or_create(
            user_id=user_id,
            defaults={"member_id": member_id, "bound_at": changed_at, "source": STAFF},
        )
        before_id = None if created else binding.member_id
        if before_id == member_id:
            return None
        if not created:
            binding.member_id, binding.bound_at = member_id, changed_at
            binding.source, binding.campaign = STAFF, ""
            binding.save()
        return BindingChange.objects.create(
            user_id=user_id,
            before_id=before_id,
            after_id=member_id,
            reason=reason,
            author_id=author_id,
            changed_at=changed_at,
        )


def hand_over_customers(*, from_id: int, to_id: int, reason: str, changed_at: datetime) -> int:
    """Give all customers of one member to another; called inside a transaction, returns how many."""
    bindings = CustomerBinding.objects.select_for_update().filter(member_id=from_id)
    users = list(bindings.order_by("pk").values_list("user_id", flat=True))
    bindings.update(member_id=to_id, bound_at=changed_at, source=ROLL_UP, campaign="")
    BindingChange.objects.bulk_create(
        [
            BindingChange(
                user_id=user_id,
                before_id=from_id,
                after_id=to_id,
                reason=reason,
                changed_at=changed_at,
            )
            for user_id in users
        ],
        batch_size=BATCH,
    )
    return len(users)


def assign_unattributed(
    *,
    customers: Sequence[Unattributed],
    candidates: Sequence[Candidate],
    rule: str,
    changed_at: datetime,
) -> int:
    """Bind customers who belong to nobody by a rule; returns how many were bound.

    "round_robin": each goes to the candidate with the fewest customers, the longest member first.
    "nearest": only to candidates of the customer's country whose post code begins like the
    customer's, of them to those with the longest common beginning; ties as above. Whoever was bound
    meanwhile keeps that member. Raises ValueError for a rule there is not.
    """
    if rule not in RULES:
        raise ValueError(f'MLM["UNATTRIBUTED"] is one of {RULES}, not {rule!r}')
    if rule == NONE or not customers:
        return 0
    with transaction.atomic():
        active = _lock_active(candidate.member_id for candidate in candidates)
        able = [candidate for candidate in candidates if candidate.member_id in active]
        load = _count_customers(active)
        bound = 0
        for customer in customers:
            chosen = _choose(customer, able, rule=rule, load=load)
            if chosen is None or not _bind(customer, chosen, rule=rule, at=changed_at):
                continue
            load[chosen] += 1
            bound += 1
        return bound


def _lock_active(numbers: Iterable[int]) -> set[int]:
    rows = Member.objects.select_for_update().filter(pk__in=set(numbers)).order_by("pk")
    return {member.pk for member in rows if member.may_be_credited}


def _count_customers(members: set[int]) -> Counter[int]:
    rows = CustomerBinding.objects.filter(member_id__in=members).values("member_id")
    counted = rows.annotate(number=Count("pk")).values_list("member_id", "number")
    return Counter(dict(counted.order_by()))


def _choose(
    customer: Unattributed, candidates: Sequence[Candidate], *, rule: str, load: Counter[int]
) -> int | None:
    near: Sequence[Candidate] = candidates
    if rule == NEAREST:
        shared = {each.member_id: _shared(each.place, customer.place) for each in candidates}
        most = max(shared.values(), default=0)
        near = [each for each in candidates if most and shared[each.member_id] == most]
    numbers = [each.member_id for each in near]
    return min(numbers, key=lambda number: (load[number], number), default=None)


def _shared(one: Place, other: Place) -> int:
    """How many signs both post codes begin with alike; 0 in different countries."""
    if not one.country or one.country != other.country:
        return 0
    length = 0
    for left, right in zip(_plain(one.postcode), _plain(other.postcode), strict=False):
        if left != right:
            break
        length += 1
    return length


def _plain(postcode: str) -> str:
    return "".join(sign for sign in postcode.upper() if sign.isalnum())


def _bind(customer: Unattributed, member_id: int, *, rule: str, at: datetime) -> bool:
    _binding, created = CustomerBinding.objects.get_or_create(
        user_id=customer.user_id,
        defaults={"member_id": member_id, "bound_at": at, "source": RULE},
    )
    if created:
        BindingChange.objects.create(
            user_id=customer.user_id, after_id=member_id, reason=rule, changed_at=at
        )
    return created
