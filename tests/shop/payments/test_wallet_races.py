"""Two orders at once from one wallet: what is there is spent once."""

from functools import partial

import pytest
from oscar.core.loading import get_model

from storefront.shop.payments import refunds, services
from tests.factories import make_basket, make_member, make_product, make_user
from tests.localstripe import LocalStripe
from tests.racing import run_together
from tests.shop.payments.test_wallet import (
    NEXT_DAY,
    NOON,
    amounts,
    begin,
    in_part,
    post,
    spent,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

Order = get_model("order", "Order")


@pytest.fixture
def ada():
    """Fixtures of another module are not found by name; she has 20.00."""
    member = make_member("ada", user_id=make_user("ada").pk)
    post(member, 2_000)
    return member


def test_two_orders_at_once_from_one_balance_leave_one(ada):
    """14.90 each, 20.00 in the wallet."""
    soap = make_product(price="10.00", stock=9)
    attempts = [
        begin(ada, price="", from_wallet=1_490, basket=make_basket(soap, user=ada.user))
        for _each in range(2)
    ]
    results = run_together(
        [
            partial(services.place_order_from_attempt, attempt_id=attempt.pk, at=NOON)
            for attempt in attempts
        ]
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Order.objects.count() == 1
    assert amounts(ada) == (510, 0)
    assert spent() == 1_490


def test_one_attempt_placed_by_eight_is_paid_once(ada):
    attempt = begin(ada, price="10.00", from_wallet=1_490)
    place = partial(services.place_order_from_attempt, attempt_id=attempt.pk, at=NOON)
    results = run_together([place] * 8)
    assert set(results) == {Order.objects.get()}
    assert amounts(ada) == (510, 0)


def test_two_refunds_at_once_give_the_share_back_once(ada, localstripe: LocalStripe):
    """Two soaps each of three: one is refused, the wallet gets its 20.00 and the card nothing."""
    order = in_part(ada, localstripe)
    line = order.lines.get().pk

    def send_back(key: str):
        asked = refunds.request_refund(
            order_id=order.pk,
            pieces={line: 2},
            shipping=0,
            reason="",
            key=key,
            by=None,
            at=NEXT_DAY,
        )
        return refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY).wallet_amount

    results = run_together([partial(send_back, "one"), partial(send_back, "two")])
    assert sorted(type(result).__name__ for result in results) == ["CannotRefund", "int"]
    assert amounts(ada) == (2_000, 0)
    assert localstripe.refunds() == []
