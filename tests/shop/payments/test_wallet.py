"""Orders paid from the wallet, whole or in part: reserved, settled once, given back where it came from."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from oscar.core.loading import get_model

from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.selectors import find_problems, get_balance
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.ledger.wallets import get_wallet
from mlm_plugin.network.models import Member
from mlm_plugin.shop.orders import read_orders
from storefront.shop.payments import refunds, services, tasks
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.reconcile import reconcile_payments
from storefront.shop.payments.selectors import get_transfer_details
from tests.factories import make_attempt, make_basket, make_member, make_product, make_user
from tests.localstripe import ASKS_BANK, DECLINED, LocalStripe

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
State = CheckoutAttempt.State
Kind = Account.Kind
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
NEXT_DAY = NOON + timedelta(days=1)


def post(
    member: Member, amount: int, *, key: str = "commission:1:levels", unit: str = "EUR"
) -> None:
    """A commission of so much, or below zero what a return took back."""
    sides = (
        NewPosting(member.pk, Kind.WALLET, unit, amount),
        NewPosting(COMPANY, Kind.COMMISSIONS, unit, -amount),
    )
    entry = NewEntry(key=f"{key}:{member.pk}", happened_at=NOON, postings=sides)
    post_entries(entries=[entry])


@pytest.fixture
def ada() -> Member:
    """A member who signs in and has 20.00 in the wallet."""
    member = make_member("ada", user_id=make_user("ada").pk)
    post(member, 2_000)
    return member


def amounts(member: Member) -> tuple[int, int]:
    """What is available and what is reserved."""
    wallet = get_wallet(owner=member.pk, unit="EUR")
    return wallet.available, wallet.reserved


def spent() -> int:
    return get_balance(owner=COMPANY, kind=Kind.PURCHASES, unit="EUR")


def begin(
    member: Member, *, price: str, from_wallet: int, at: datetime = NOON, **fields: Any
) -> Any:
    """One soap and delivery at 4.90."""
    basket = fields.pop("basket", None) or make_basket(make_product(price=price), user=member.user)
    return make_attempt(basket, at=at, user=member.user, from_wallet=from_wallet, **fields)


def by_card(attempt: CheckoutAttempt, card: str, at: datetime = NOON) -> CheckoutAttempt:
    return services.confirm_attempt(attempt_id=attempt.pk, payment_method=card, at=at)


def whole(member: Member) -> Any:
    """An order of 14.90, all of it from the wallet."""
    attempt = begin(member, price="10.00", from_wallet=1_490)
    return services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)


def in_part(member: Member, localstripe: LocalStripe) -> Any:
    """Three soaps at 10.00 and delivery at 4.90: 34.90, of which 20.00 from the wallet."""
    basket = make_basket(make_product(price="10.00"), quantity=3, user=member.user)
    attempt = begin(member, price="", from_wallet=2_000, basket=basket)
    return by_card(attempt, localstripe.card()).order


def send_back(order: Any, pieces: int, *, shipping: int = 0, key: str = "form-1") -> RefundRequest:
    asked = refunds.request_refund(
        order_id=order.pk,
        pieces={order.lines.get().pk: pieces} if pieces else {},
        shipping=shipping,
        reason="",
        key=key,
        by=None,
        at=NEXT_DAY,
    )
    return refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY)


def sources(order: Any) -> dict[str, tuple[Decimal, Decimal]]:
    """What each source was debited and got back."""
    return {
        each.source_type.code: (each.amount_debited, each.amount_refunded)
        for each in order.sources.select_related("source_type")
    }


def test_a_whole_order_is_paid_from_the_wallet(ada: Member, localstripe: LocalStripe) -> None:
    """Of 20.00 an order of 14.90 leaves 5.10; no card is asked for."""
    order = whole(ada)

    assert order.status == "Paid"
    assert amounts(ada) == (510, 0)
    assert spent() == 1_490
    assert sources(order) == {"wallet": (Decimal("14.90"), Decimal(0))}
    assert order.payment_events.get().amount == Decimal("14.90")
    assert CheckoutAttempt.objects.get().method == "wallet"
    assert localstripe.payments() == []
    assert find_problems() == []


def test_placing_it_again_takes_nothing_more(ada: Member) -> None:
    order = whole(ada)
    attempt = CheckoutAttempt.objects.get()
    assert services.place_order_from_attempt(attempt_id=attempt.pk, at=LATER) == order
    assert amounts(ada) == (510, 0)


def test_a_card_pays_what_the_wallet_does_not(ada: Member, localstripe: LocalStripe) -> None:
    order = in_part(ada, localstripe)

    assert localstripe.charged() == 1_490
    assert amounts(ada) == (0, 0)
    assert spent() == 2_000
    assert order.payment_events.get().amount == Decimal("34.90")
    assert sources(order) == {
        "card": (Decimal("14.90"), Decimal(0)),
        "wallet": (Decimal("20.00"), Decimal(0)),
    }


def test_the_share_is_reserved_while_the_bank_asks(ada: Member, localstripe: LocalStripe) -> None:
    attempt = by_card(begin(ada, price="30.00", from_wallet=2_000), localstripe.card(ASKS_BANK))
    assert amounts(ada) == (0, 2_000)

    localstripe.answer_bank(attempt.payment_id or "")
    for _once_more in range(2):
        services.settle_attempt(attempt_id=attempt.pk, at=LATER)

    assert amounts(ada) == (0, 0)
    assert spent() == 2_000


def test_a_declined_card_leaves_the_wallet_as_it_was(ada: Member, localstripe: LocalStripe) -> None:
    with pytest.raises(services.CannotPay):
        by_card(begin(ada, price="30.00", from_wallet=2_000), localstripe.card(DECLINED))
    assert amounts(ada) == (2_000, 0)
    assert not Order.objects.exists()


def test_an_attempt_that_is_left_behind_is_released(ada: Member, localstripe: LocalStripe) -> None:
    by_card(begin(ada, price="30.00", from_wallet=2_000), localstripe.card(ASKS_BANK))
    for _once_more in range(2):
        reconcile_payments(at=NEXT_DAY)
    assert amounts(ada) == (2_000, 0)


def slow_bank(ada: Member, localstripe: LocalStripe) -> CheckoutAttempt:
    """The attempt is given up while the bank still asks; then the bank says yes."""
    attempt = by_card(begin(ada, price="30.00", from_wallet=2_000), localstripe.card(ASKS_BANK))
    CheckoutAttempt.objects.filter(pk=attempt.pk).update(payment_id=None)
    reconcile_payments(at=LATER)
    CheckoutAttempt.objects.filter(pk=attempt.pk).update(payment_id=attempt.payment_id)
    assert amounts(ada) == (2_000, 0)
    localstripe.answer_bank(attempt.payment_id or "")
    return attempt


def test_a_bank_that_is_slow_takes_the_share_again(ada: Member, localstripe: LocalStripe) -> None:
    attempt = slow_bank(ada, localstripe)
    settled = services.settle_attempt(attempt_id=attempt.pk, at=NEXT_DAY)
    assert settled.state == State.PLACED
    assert amounts(ada) == (0, 0)


def test_where_the_share_is_spent_meanwhile_the_card_gets_its_money_back(
    ada: Member, localstripe: LocalStripe
) -> None:
    """Of 34.90 the card had paid 14.90, and that is what goes back; the wallet is not touched."""
    attempt = slow_bank(ada, localstripe)
    post(ada, -1, key="difference-commission:1:2:levels")

    settled = services.settle_attempt(attempt_id=attempt.pk, at=NEXT_DAY)

    assert settled.state == State.REFUNDED
    assert [each["amount"] for each in localstripe.refunds()] == [1_490]
    assert amounts(ada) == (1_999, 0)
    assert not Order.objects.exists()


def test_what_is_sold_out_takes_nothing(ada: Member) -> None:
    soap = make_product(price="10.00", stock=1)
    attempt = begin(ada, price="", from_wallet=1_490, basket=make_basket(soap, user=ada.user))
    soap.stockrecords.update(num_in_stock=0)
    assert services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON) is None
    assert amounts(ada) == (2_000, 0)


def test_what_was_taken_from_the_wallet_meanwhile_is_not_spent_twice(ada: Member) -> None:
    """The page said 14.90; by the time it is paid there are 14.89."""
    soap = make_product(price="10.00", stock=1)
    attempt = begin(ada, price="", from_wallet=1_490, basket=make_basket(soap, user=ada.user))
    post(ada, -511, key="difference-commission:1:2:levels")

    assert services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON) is None

    attempt.refresh_from_db()
    assert attempt.state == State.FAILED
    assert "wallet has less" in attempt.failure
    assert (soap.stockrecords.get().num_allocated or 0) == 0
    assert amounts(ada) == (1_489, 0)


@pytest.mark.parametrize("from_wallet", [2_001, 1_491])
def test_another_share_than_the_page_said_is_shown_before_it_is_taken(
    ada: Member, from_wallet: int
) -> None:
    """More than there is, and more than the order costs."""
    with pytest.raises(services.Changed, match="wallet"):
        begin(ada, price="10.00" if from_wallet < 2_000 else "90.00", from_wallet=from_wallet)


@pytest.mark.parametrize("who", ["suspended", "customer", "other currency"])
def test_only_an_active_member_pays_from_the_own_wallet_in_its_currency(
    ada: Member, who: str
) -> None:
    payer = ada
    if who == "suspended":
        Member.objects.filter(pk=ada.pk).update(status=Member.Status.SUSPENDED)
        payer = Member.objects.get(pk=ada.pk)
    elif who == "customer":
        payer = Member(user=make_user("dora"))
    else:
        payer = make_member("ben", user_id=make_user("ben").pk)
        post(payer, 2_000, unit="CHF")
    with pytest.raises(services.Changed):
        begin(payer, price="10.00", from_wallet=1_490)


def test_the_share_of_an_order_by_transfer_waits_for_the_transfer(ada: Member) -> None:
    """34.90: 20.00 are reserved, 14.90 are to be transferred, and then the 20.00 are spent."""
    attempt = begin(ada, price="30.00", from_wallet=2_000, method="transfer")
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    assert order.status == "Pending"
    assert amounts(ada) == (0, 2_000)
    transfer = get_transfer_details(order=order)
    assert transfer is not None
    assert transfer.amount == Decimal("14.90")

    for _once_more in range(2):
        services.mark_transfer_paid(order_id=order.pk, by=None, at=NEXT_DAY)

    assert amounts(ada) == (0, 0)
    assert sources(order)["transfer"] == (Decimal("14.90"), Decimal(0))
    assert sources(order)["wallet"] == (Decimal("20.00"), Decimal(0))


def test_a_transfer_that_never_comes_gives_the_share_back(ada: Member) -> None:
    attempt = begin(ada, price="30.00", from_wallet=2_000, method="transfer")
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    for _once_more in range(2):
        refunds.cancel_unpaid(order_id=order.pk, by=None, at=NEXT_DAY)
    assert amounts(ada) == (2_000, 0)


def test_refunds_fill_the_wallet_first_and_then_the_card(
    ada: Member, localstripe: LocalStripe
) -> None:
    """34.90, of which 20.00 from the wallet and 14.90 by card; three soaps at 10.00.

    One soap: 10.00 to the wallet. Two soaps: 10.00 to the wallet, which has all 20.00 again, and
    10.00 to the card. Delivery: 4.90 to the card. In all 20.00 and 14.90, as it was paid.
    """
    order = in_part(ada, localstripe)

    send_back(order, 1)
    assert amounts(ada) == (1_000, 0)
    assert localstripe.refunds() == []
    send_back(order, 2, key="form-2")
    assert amounts(ada) == (2_000, 0)
    assert [each["amount"] for each in localstripe.refunds()] == [1_000]
    send_back(order, 0, shipping=490, key="form-3")

    assert amounts(ada) == (2_000, 0)
    assert localstripe.charged() == 0
    assert spent() == 0
    assert sources(order) == {
        "card": (Decimal("14.90"), Decimal("14.90")),
        "wallet": (Decimal("20.00"), Decimal("20.00")),
    }
    with pytest.raises(refunds.CannotRefund):
        send_back(order, 1, key="form-4")


def test_the_same_refund_twice_fills_the_wallet_once(ada: Member, localstripe: LocalStripe) -> None:
    order = in_part(ada, localstripe)
    send_back(order, 1)
    again = send_back(order, 1)
    refunds.complete_refund(refund_id=again.pk, at=NEXT_DAY + timedelta(minutes=5))
    assert amounts(ada) == (1_000, 0)


def test_cancelling_gives_everything_back_to_where_it_came_from(ada: Member) -> None:
    order = whole(ada)
    asked = refunds.request_cancel(order_id=order.pk, reason="", key="c", by=None, at=NEXT_DAY)
    done = refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY)
    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert done.provider_id == "wallet:c"
    assert amounts(ada) == (2_000, 0)


def test_a_wallet_below_zero_is_filled_by_a_refund_too(ada: Member) -> None:
    order = whole(ada)
    post(ada, -1_000, key="difference-commission:1:2:levels")
    assert amounts(ada) == (-490, 0)
    send_back(order, 1)
    assert amounts(ada) == (510, 0)


def test_the_mail_about_a_refund_says_what_is_in_the_wallet(
    ada: Member, localstripe: LocalStripe
) -> None:
    order = in_part(ada, localstripe)
    refund = send_back(order, 3)
    tasks.mail_refunded.call(refund_id=refund.pk)
    assert "€20.00 are in your wallet again." in mail.outbox[-1].body
    assert "Your bank shows it" in mail.outbox[-1].body


def test_paying_from_the_wallet_earns_the_points_of_any_payment(
    ada: Member, localstripe: LocalStripe
) -> None:
    """The same soap, once from the wallet and once by card: the same facts but number and buyer."""
    soap = make_product(price="10.00")
    attempts = [
        begin(ada, price="", from_wallet=share, basket=make_basket(soap, user=ada.user))
        for share in (1_490,)
    ]
    first = services.place_order_from_attempt(attempt_id=attempts[0].pk, at=NOON)
    other = begin(ada, price="", from_wallet=0, basket=make_basket(soap, user=ada.user))
    second = by_card(other, localstripe.card()).order
    facts = read_orders(order_ids=[first.pk, second.pk])
    points = [[(line.pv, line.cv, line.paid) for line in each.lines] for each in facts]
    assert points[0] == points[1]
    assert facts[0].paid_at == facts[1].paid_at == NOON
