"""Buyers of nobody are given to members who agreed to be listed, where the rule says so."""

import pytest
from django.utils import timezone

from mlm_plugin.network.models import CustomerBinding
from mlm_plugin.shop.unattributed import assign_waiting
from mlm_plugin.volumes.services import credit_orders
from storefront.cms.storefronts.models import MemberStorefront
from tests.factories import make_country, make_family, make_user
from tests.volumes.orders import order_of

pytestmark = pytest.mark.django_db


def live_at(user, postcode):
    user.addresses.create(
        first_name="G", last_name="G", line1="Lindenweg 4", line4="Jena", postcode=postcode,
        country=make_country(),
    )  # fmt: skip


def buy_of_nobody(user):
    credit_orders(facts=[order_of(None, buyer_kind="retail", buyer_id=user.pk, source="none")])


@pytest.fixture
def world():
    """Ben (07743) and cleo (10115) are listed, dora is not; greta of 10117 bought of nobody."""
    _ada, ben, cleo, dora = make_family()
    for member, postcode, listed in (
        (ben, "07743", True),
        (cleo, "10115", True),
        (dora, "10117", False),
    ):
        member.user = make_user(member.code.lower())
        member.save()
        live_at(member.user, postcode)
        MemberStorefront.objects.create(
            member=member, listed_since=timezone.now() if listed else None
        )
    greta = make_user("greta")
    live_at(greta, "10117")
    buy_of_nobody(greta)
    return greta


@pytest.mark.parametrize(
    ("rule", "expected"), [("none", []), ("round_robin", ["BEN"]), ("nearest", ["CLEO"])]
)
def test_the_rule_decides_who_gets_a_buyer_of_nobody(world, settings, rule, expected):
    settings.MLM = {**settings.MLM, "UNATTRIBUTED": rule}
    assert assign_waiting(at=timezone.now()) == len(expected)
    assert assign_waiting(at=timezone.now()) == 0
    bound = CustomerBinding.objects.filter(user=world)
    assert list(bound.values_list("member__code", flat=True)) == expected


def test_staff_and_visitors_who_never_bought_are_given_to_nobody(world, settings):
    settings.MLM = {**settings.MLM, "UNATTRIBUTED": "round_robin"}
    olga = make_user("olga")
    type(olga).objects.filter(pk=olga.pk).update(is_staff=True)
    buy_of_nobody(olga)
    make_user("hanna")
    assert assign_waiting(at=timezone.now()) == 1
