"""The starter kit: bought like anything else, paid back when the membership is taken back in time."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings

from mlm_plugin.network.agreements import pay_back_kit
from storefront.joining.kits import put_kit_into_basket, refund_kit
from storefront.shop.payments.models import RefundRequest
from tests.factories import make_account, make_country, make_member, make_product
from tests.shop.orders.buying import NOON, buy

pytestmark = pytest.mark.django_db
SKU = "starter-kit"


@pytest.fixture
def emma():
    make_country()
    return make_account("emma")


def refund(user, *, since=NOON - timedelta(days=1)):
    return refund_kit(user=user, sku=SKU, since=since, key="cooling-off:1", at=NOON)


def test_a_kit_bought_alone_goes_back_with_its_delivery_once(emma):
    """One kit at 12.00 and delivery at 4.90: 16.90 goes back."""
    order = buy("Starter kit", quantity=1, user=emma, email=emma.email)
    assert refund(emma)
    refund(emma)
    given = RefundRequest.objects.get()
    assert (given.amount, given.shipping, given.order, given.state) == (1690, 490, order, "done")


def test_of_a_larger_order_the_kit_alone_goes_back(emma):
    buy("Starter kit", "Linden soap", quantity=1, user=emma, email=emma.email)
    assert refund(emma)
    assert RefundRequest.objects.get().amount == 1200


def test_an_order_that_waits_for_its_money_is_cancelled(emma):
    order = buy("Starter kit", quantity=1, is_paid=False, user=emma, email=emma.email)
    assert refund(emma)
    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert not RefundRequest.objects.exists()


def test_nothing_else_and_nobody_elses_goes_back(emma):
    buy("Linden soap", user=emma, email=emma.email)
    buy("Starter kit", quantity=1, user=make_account("cleo"), email="cleo@example.com")
    assert not refund(emma)
    assert not refund(emma, since=NOON + timedelta(days=1))


def test_the_workers_job_pays_back_through_the_shop(emma, settings):
    settings.MLM = {**site_settings.MLM, "STARTER_KIT": SKU}
    member = make_member(
        "emma", make_member("ada"), user_id=emma.pk, joined_at=NOON - timedelta(days=1)
    )
    buy("Starter kit", quantity=1, user=emma, email=emma.email)
    assert pay_back_kit(member_id=member.pk, at=NOON)
    assert RefundRequest.objects.get().amount == 1690


def test_the_basket_takes_one_kit_however_often(emma):
    make_product("Starter kit")
    for _time in range(2):
        assert put_kit_into_basket(user=emma, sku=SKU)
    assert emma.baskets.get().lines.get().quantity == 1
    assert not put_kit_into_basket(user=emma, sku="nothing")
