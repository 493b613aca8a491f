"""Goods come back once, step by step, and their money with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from storefront.shop.accounting.services import issue_credit_note
from storefront.shop.fulfilment import services as fulfilment
from storefront.shop.payments.refunds import get_refundable
from storefront.shop.returns import services, tasks
from storefront.shop.returns.models import ReturnRequest
from storefront.shop.returns.selectors import get_returnable
from tests.factories import make_user
from tests.shop.orders.buying import DAY, NOON, buy, send

pytestmark = pytest.mark.django_db

State = ReturnRequest.State
THEN = NOON + 5 * DAY


@pytest.fixture
def order() -> Any:
    """Three soaps, sent and delivered."""
    order = buy(quantity=3)
    parcel = send(order)
    fulfilment.note_delivered(parcel_id=parcel.pk, by=None, at=NOON + 2 * DAY)
    return order


def ask(order: Any, pieces: int = 2, *, key: str = "form", at: Any = THEN) -> ReturnRequest:
    return services.request_return(
        order_id=order.pk,
        pieces={order.lines.get().pk: pieces},
        reason=ReturnRequest.Reason.DAMAGED,
        words="The lid is broken.",
        key=key,
        by=None,
        at=at,
    )


def receive(request: ReturnRequest, pieces: int, *, restock: bool = True) -> bool:
    arrived = services.Arrived(request.lines.get().line_id, pieces, "unopened", restock)
    return services.receive_return(
        return_id=request.pk, arrived=[arrived], note="", by=None, at=THEN + 2 * DAY
    )


def refund(request: ReturnRequest) -> Any:
    return services.refund_return(
        return_id=request.pk, with_shipping=False, by=make_user("olga"), at=THEN + 3 * DAY
    )


def state(request: ReturnRequest) -> str:
    request.refresh_from_db()
    return request.state


def test_a_return_goes_all_the_way_to_its_refund(order: Any) -> None:
    request = ask(order)
    assert services.approve_return(return_id=request.pk, by=None, at=THEN + DAY)
    assert receive(request, 2)
    done = refund(request)

    assert (done.state, done.amount) == ("done", 2400)
    assert state(request) == State.REFUNDED
    assert [(step.state, step.at) for step in request.steps.all()] == [
        ("requested", THEN),
        ("approved", THEN + DAY),
        ("received", THEN + 2 * DAY),
        ("refunded", THEN + 3 * DAY),
    ]
    assert request.steps.last().by.email == "olga@example.com"
    assert issue_credit_note(refund_id=done.pk, at=THEN).facts["total"]["gross"] == 2400
    assert order.payment_events.filter(event_type__name="Refunded").count() == 1


def test_every_step_happens_once(order: Any) -> None:
    assert ask(order) == ask(order)
    request = ask(order)
    for expected in (True, False):
        assert services.approve_return(return_id=request.pk, by=None, at=THEN) is expected
    for expected in (True, False):
        assert receive(request, 2) is expected
    first = refund(request)
    again = services.refund_return(
        return_id=request.pk, with_shipping=True, by=None, at=THEN + 4 * DAY
    )

    assert first == again
    assert ReturnRequest.objects.count() == 1
    assert order.lines.get().stockrecord.num_in_stock == 19


def test_more_than_was_bought_cannot_come_back(order: Any) -> None:
    ask(order, 2)

    with pytest.raises(services.CannotReturn):
        ask(order, 2, key="second")
    ask(order, 1, key="third")
    with pytest.raises(services.CannotReturn):
        ask(order, 1, key="fourth")


def test_what_was_refused_may_be_asked_for_again(order: Any) -> None:
    request = ask(order, 3)
    with pytest.raises(services.CannotReturn, match="why"):
        services.refuse_return(return_id=request.pk, answer=" ", by=None, at=THEN)
    services.refuse_return(return_id=request.pk, answer="It was used.", by=None, at=THEN)

    assert ask(order, 3, key="again").number.endswith("-2")
    with pytest.raises(services.CannotReturn, match="already"):
        services.approve_return(return_id=request.pk, by=None, at=THEN)


def test_only_what_was_sent_may_come_back_and_not_for_ever(order: Any, settings: Any) -> None:
    settings.SHOP_RETURN_DAYS = 14
    unsent = buy("Towel")
    last = NOON + 2 * DAY + timedelta(days=14)

    assert get_returnable(order=unsent, at=THEN) == []
    assert [each.pieces for each in get_returnable(order=order, at=last)] == [3]
    assert get_returnable(order=order, at=last + timedelta(seconds=1)) == []


def test_only_what_arrived_is_paid_for_and_only_good_pieces_are_sold_again(order: Any) -> None:
    request = ask(order, 2)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    receive(request, 1, restock=False)

    assert refund(request).amount == 1200
    assert order.lines.get().stockrecord.num_in_stock == 17
    assert get_refundable(order=order).pieces == {order.lines.get().pk: 2}
    assert [each.pieces for each in get_returnable(order=order, at=THEN)] == [2]


def test_nothing_is_refunded_before_the_parcel_is_here(order: Any) -> None:
    request = ask(order)
    with pytest.raises(services.CannotReturn, match="first"):
        refund(request)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    with pytest.raises(services.CannotReturn, match="announced"):
        receive(request, 3)
    receive(request, 0)
    with pytest.raises(services.CannotReturn, match="Nothing arrived"):
        services.refund_return(return_id=request.pk, with_shipping=False, by=None, at=THEN)


def close(request: ReturnRequest, answer: str = "The parcel was empty.") -> bool:
    return services.close_return(return_id=request.pk, answer=answer, by=None, at=THEN + 3 * DAY)


def test_a_return_that_gives_no_money_back_is_closed_with_a_reason(order: Any) -> None:
    request = ask(order)
    with pytest.raises(services.CannotReturn, match="already"):
        close(request)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    receive(request, 0)
    with pytest.raises(services.CannotReturn, match="why"):
        close(request, answer="  ")

    olga = make_user("olga")
    closing = {"return_id": request.pk, "answer": "The parcel was empty.", "by": olga, "at": THEN}
    assert [services.close_return(**closing) for _ in range(2)] == [True, False]

    assert state(request) == State.CLOSED
    last = request.steps.latest("pk")
    assert (last.state, last.note, last.by) == ("closed", "The parcel was empty.", olga)
    assert [each.pieces for each in get_returnable(order=order, at=THEN)] == [3]
    tasks.mail_return.call(return_id=request.pk, state="closed")
    assert "The parcel was empty." in mail.outbox[0].body
    assert "0 × Linden soap" in mail.outbox[0].body
    with pytest.raises(services.CannotReturn):
        services.refund_return(return_id=request.pk, with_shipping=True, by=None, at=THEN)


def test_a_parcel_that_never_came_is_closed_and_its_pieces_may_come_later(order: Any) -> None:
    request = ask(order, 3)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    assert get_returnable(order=order, at=THEN) == []
    assert close(request, "It never came.")
    assert [each.pieces for each in get_returnable(order=order, at=THEN)] == [3]
    assert not receive(request, 3)


def test_what_came_back_without_a_refund_cannot_come_back_again(order: Any) -> None:
    request = ask(order, 2)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    receive(request, 2, restock=False)
    assert close(request, "Both were used up.")
    assert [each.pieces for each in get_returnable(order=order, at=THEN)] == [1]


def test_a_return_whose_money_went_back_is_not_closed(order: Any) -> None:
    request = ask(order)
    services.approve_return(return_id=request.pk, by=None, at=THEN)
    receive(request, 2)
    refund(request)
    with pytest.raises(services.CannotReturn, match="goes back already"):
        services.close_return(return_id=request.pk, answer="No.", by=None, at=THEN)


@pytest.mark.parametrize(
    ("step", "words"),
    [("requested", "look at it"), ("approved", "slip"), ("received", "has arrived")],
)
def test_the_buyer_gets_a_mail_at_each_step(order: Any, step: str, words: str) -> None:
    request = ask(order)
    if step == "received":
        services.approve_return(return_id=request.pk, by=None, at=THEN)
        receive(request, 2)

    tasks.mail_return.call(return_id=request.pk, state=step)

    sent = mail.outbox[0]
    assert words in sent.body
    assert "2 × Linden soap" in sent.body
    files = [attachment[0] for attachment in sent.attachments]
    assert files == ([f"{request.number}.pdf"] if step == "approved" else [])
