"""Whom an order is credited to: own > chosen > bound > cookie > nobody."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import AnonymousUser
from oscar.core.loading import get_model

from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.network.services import bind_customer, set_status
from mlm_plugin.shop.attribution import (
    Attribution,
    bind_at_registration,
    record_attribution,
    resolve_attribution,
)
from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.shop.referrals import Referral
from mlm_plugin.shop.selectors import get_buyer_kind, get_member_for
from mlm_plugin.volumes.models import CreditedOrder
from tests.factories import JOINED, make_family, make_member, make_user
from tests.racing import run_together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def link_of(member, campaign="flyer"):
    return Referral(member.pk, member.code, member.first_name, campaign)


def bind(user, member):
    bind_customer(
        user_id=user.pk, member_id=member.pk, source="cookie", campaign="spring", bound_at=NOW
    )


def resolve(user=None, chosen="", referral=None):
    found = resolve_attribution(user=user, chosen_code=chosen, referral=referral, at=NOW)
    code = Member.objects.get(pk=found.member_id).code if found.member_id else None
    return code, found.source, found.campaign


def make_order(user=None, number="100023"):
    order_model = get_model("order", "Order")
    return order_model.objects.create(
        number=number,
        user=user,
        currency="EUR",
        total_incl_tax=0,
        total_excl_tax=0,
        shipping_incl_tax=0,
        shipping_excl_tax=0,
    )


@pytest.mark.parametrize(
    ("is_member", "chosen", "is_bound", "has_cookie", "expected"),
    [
        (True, "ben", True, True, ("ADA", "own", "")),
        (True, "", False, False, ("ADA", "own", "")),
        (False, "ben", True, True, ("BEN", "chosen", "")),
        (False, "BEN ", False, False, ("BEN", "chosen", "")),
        (False, "dora", False, True, ("DORA", "chosen", "flyer")),
        (False, "nobody", True, True, ("CLEO", "bound", "spring")),
        (False, "", True, True, ("CLEO", "bound", "spring")),
        (False, "", True, False, ("CLEO", "bound", "spring")),
        (False, "", False, True, ("DORA", "cookie", "flyer")),
        (False, "<b>" * 4_000, False, True, ("DORA", "cookie", "flyer")),
        (False, "", False, False, (None, "none", "")),
    ],
)
def test_precedence(is_member, chosen, is_bound, has_cookie, expected):
    ada, _ben, cleo, dora = make_family()
    emma = make_user("emma")
    if is_member:
        Member.objects.filter(pk=ada.pk).update(user=emma)
    if is_bound:
        bind(emma, cleo)
    assert resolve(emma, chosen, link_of(dora) if has_cookie else None) == expected


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_a_guest_is_credited_by_choice_or_link_only(nobody):
    _ada, _ben, cleo, dora = make_family()
    assert resolve(nobody) == (None, "none", "")
    assert resolve(nobody, "", link_of(dora)) == ("DORA", "cookie", "flyer")
    assert resolve(nobody, cleo.code, link_of(dora)) == ("CLEO", "chosen", "")


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_a_member_who_is_not_active_is_passed_over_everywhere(status):
    ada, ben, cleo, dora = make_family()
    emma = make_user("emma")
    bind(emma, cleo)
    Member.objects.filter(pk=ada.pk).update(user=emma)
    for member in (ada, ben, cleo):
        set_status(member_id=member.pk, status=status)
    emma = type(emma).objects.get(pk=emma.pk)
    assert resolve(emma, "ben", link_of(dora)) == ("DORA", "cookie", "flyer")
    set_status(member_id=dora.pk, status=status)
    assert resolve(emma, "ben", link_of(dora)) == (None, "none", "")


def test_a_cookie_of_a_member_who_is_gone_credits_nobody():
    assert resolve(referral=Referral(7, "ADA", "Ada", "")) == (None, "none", "")


def test_the_first_order_binds_the_customer_and_later_ones_do_not():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    first = resolve_attribution(user=emma, chosen_code="", referral=link_of(ada), at=NOW)
    record_attribution(order=make_order(emma), attribution=first, at=NOW)
    binding = CustomerBinding.objects.get(user=emma)
    assert (binding.member, binding.source, binding.campaign) == (ada, "cookie", "flyer")

    chosen = resolve_attribution(user=emma, chosen_code="ben", referral=None, at=NOW)
    record_attribution(order=make_order(emma, "100024"), attribution=chosen, at=NOW)
    assert OrderAttribution.objects.get(order__number="100024").member == ben
    assert CustomerBinding.objects.get(user=emma).member == ada


def test_an_order_is_attributed_once():
    ada, ben, *_rest = make_family()
    order = make_order()
    for member in (ada, ben):
        record_attribution(
            order=order, attribution=Attribution(member.pk, "cookie", "retail", ""), at=NOW
        )
    assert OrderAttribution.objects.get(order=order).member == ada
    assert not CustomerBinding.objects.exists()


def test_own_orders_and_orders_of_nobody_bind_nobody():
    ada = make_member("ada")
    emma, ivo = make_user("emma"), make_user("ivo")
    Member.objects.filter(pk=ada.pk).update(user=emma)
    own = resolve_attribution(user=emma, chosen_code="", referral=None, at=NOW)
    assert (own.member_id, own.buyer_kind) == (ada.pk, "member")
    record_attribution(order=make_order(emma), attribution=own, at=NOW)
    nobody = resolve_attribution(user=ivo, chosen_code="", referral=None, at=NOW)
    record_attribution(order=make_order(ivo, "100024"), attribution=nobody, at=NOW)
    assert OrderAttribution.objects.count() == 2
    assert not CustomerBinding.objects.exists()


def test_a_registration_binds_to_the_link_if_its_member_is_active():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    bind_at_registration(user=emma, referral=None, at=NOW)
    set_status(member_id=ada.pk, status="suspended")
    bind_at_registration(user=emma, referral=link_of(ada), at=NOW)
    assert not CustomerBinding.objects.exists()
    bind_at_registration(user=emma, referral=link_of(ben), at=NOW)
    assert CustomerBinding.objects.get(user=emma).member == ben


@pytest.mark.parametrize(
    ("rule", "paid", "cancelled", "kind"),
    [
        ("never", NOW, None, "retail"),
        ("registration", None, None, "preferred"),
        ("first_order", None, None, "retail"),
        ("first_order", NOW, None, "preferred"),
        ("first_order", NOW, NOW, "retail"),
    ],
)
def test_how_a_customer_becomes_a_preferred_one(settings, rule, paid, cancelled, kind):
    settings.MLM = {**site_settings.MLM, "PREFERRED": rule}
    emma = make_user("emma")
    CreditedOrder.objects.create(
        number="1", buyer=emma, buyer_kind="retail", source="none", placed_at=NOW,
        paid_at=paid, cancelled_at=cancelled,
    )  # fmt: skip
    assert get_buyer_kind(user=emma) == kind
    assert get_buyer_kind(user=AnonymousUser()) == "retail"


def test_who_a_buyer_is_is_asked_once(django_assert_num_queries):
    emma = make_user("emma")
    with django_assert_num_queries(1):
        for _time in range(3):
            assert get_member_for(user=emma) is None
            assert get_buyer_kind(user=emma) == "retail"
    with django_assert_num_queries(0):
        assert get_member_for(user=None) is None
        assert get_member_for(user=AnonymousUser()) is None


def test_a_suspended_member_buys_at_retail():
    emma = make_user("emma")
    member = make_member("emma", user_id=emma.pk, status="suspended")
    assert get_buyer_kind(user=emma) == "retail"
    assert get_member_for(user=emma) == member


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_orders_placed_at_once_bind_the_customer_once():
    ada, ben, *_rest = make_family()
    emma = make_user("emma")
    orders = [make_order(emma, str(number)) for number in range(8)]
    done = run_together(
        [
            partial(
                record_attribution,
                order=order,
                attribution=Attribution((ada, ben)[number % 2].pk, "cookie", "retail", ""),
                at=JOINED,
            )
            for number, order in enumerate(orders)
        ]
    )
    assert all(isinstance(answer, OrderAttribution) for answer in done), done
    assert CustomerBinding.objects.count() == 1
