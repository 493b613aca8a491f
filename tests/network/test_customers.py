"""Customers given to another member by staff, and those of nobody given away by a rule."""

from datetime import timedelta

import pytest

from mlm_plugin.network.customers import (
    Candidate,
    NotBindable,
    Place,
    Unattributed,
    assign_unattributed,
    rebind_customer,
)
from mlm_plugin.network.models import BindingChange, CustomerBinding, Member
from mlm_plugin.network.services import bind_customer
from tests.factories import JOINED, make_family, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LATER = JOINED + timedelta(days=3)


@pytest.fixture
def olga():
    return make_user("olga")


def rebind(customer, member, olga, reason="Asked for it"):
    return rebind_customer(
        user_id=customer.pk,
        member_id=member.pk,
        reason=reason,
        author_id=olga.pk,
        changed_at=LATER,
    )


def bind(customer, member):
    return bind_customer(
        user_id=customer.pk, member_id=member.pk, source="cookie", campaign="", bound_at=JOINED
    )


def test_staff_gives_a_customer_to_another_member_and_it_is_kept_who_and_why(olga):
    _ada, ben, cleo, _dora = make_family()
    greta = make_user("greta")
    bind(greta, ben)
    change = rebind(greta, cleo, olga)
    assert (change.before, change.after, change.author) == (ben, cleo, olga)
    binding = CustomerBinding.objects.get()
    assert (binding.member, binding.source, binding.bound_at) == (cleo, "staff", LATER)
    assert rebind(greta, cleo, olga) is None
    assert BindingChange.objects.count() == 1


def test_a_customer_of_nobody_can_be_given_to_a_member(olga):
    _ada, ben, *_rest = make_family()
    change = rebind(make_user("greta"), ben, olga)
    assert (change.before, change.after) == (None, ben)


@pytest.mark.parametrize("fault", ["no reason", "long reason", "a member", "not active"])
def test_what_cannot_be_is_refused_and_nothing_changes(olga, fault):
    _ada, ben, cleo, _dora = make_family()
    greta = make_user("greta")
    bind(greta, ben)
    reason = {"no reason": "  ", "long reason": "x" * 501}.get(fault, "Asked for it")
    if fault == "a member":
        Member.objects.filter(pk=cleo.pk).update(user=greta)
    if fault == "not active":
        Member.objects.filter(pk=cleo.pk).update(status="suspended")
    with pytest.raises(NotBindable):
        rebind(greta, cleo, olga, reason)
    assert CustomerBinding.objects.get().member == ben
    assert not BindingChange.objects.exists()


def assign(customers, candidates, rule):
    return assign_unattributed(
        customers=customers, candidates=candidates, rule=rule, changed_at=LATER
    )


def members_of(users):
    bound = dict(CustomerBinding.objects.values_list("user_id", "member__code"))
    return [bound.get(user.pk) for user in users]


def test_taking_turns_evens_out_who_has_how_many():
    ada, ben, cleo, _dora = make_family()
    bind(make_user("greta"), ada)
    users = [make_user(f"customer{number}") for number in range(5)]
    candidates = [Candidate(member.pk) for member in (ada, ben, cleo)]
    assert assign([Unattributed(user.pk) for user in users], candidates, "round_robin") == 5
    assert members_of(users) == ["BEN", "CLEO", "ADA", "BEN", "CLEO"]
    assert BindingChange.objects.filter(author=None, reason="round_robin").count() == 5


def test_the_nearest_shares_most_of_the_post_code_in_the_same_country():
    ada, ben, cleo, dora = make_family()
    candidates = [
        Candidate(ada.pk, Place("DE", "07743")),
        Candidate(ben.pk, Place("DE", "07 749")),
        Candidate(cleo.pk, Place("FR", "07743")),
        Candidate(dora.pk),
    ]
    places = [
        Place("DE", "07749"),
        Place("DE", "07111"),
        Place("FR", "0"),
        Place("DE", "99"),
        Place(),
    ]
    users = [make_user(f"customer{number}") for number in range(len(places))]
    customers = [Unattributed(user.pk, place) for user, place in zip(users, places, strict=True)]
    assert assign(customers, candidates, "nearest") == 3
    assert members_of(users) == ["BEN", "ADA", "CLEO", None, None]


def test_nobody_is_given_to_who_is_not_active_or_taken_from_who_has_them():
    ada, ben, *_rest = make_family()
    Member.objects.filter(pk=ada.pk).update(status="suspended")
    greta, hanna = make_user("greta"), make_user("hanna")
    bind(greta, ada)
    customers = [Unattributed(greta.pk), Unattributed(hanna.pk)]
    assert assign(customers, [Candidate(ada.pk), Candidate(ben.pk)], "round_robin") == 1
    assert members_of([greta, hanna]) == ["ADA", "BEN"]


@pytest.mark.parametrize("rule", ["none", "round_robin", "nearest"])
def test_without_candidates_customers_stay_with_nobody(rule):
    assert assign([Unattributed(make_user("greta").pk)], [], rule) == 0


def test_a_rule_there_is_not_is_refused():
    with pytest.raises(ValueError, match="UNATTRIBUTED"):
        assign([], [], "lottery")
