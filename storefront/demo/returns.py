"""Returns of the demo: one for every state, by the services the shop uses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storefront.shop.accounting import services as accounting
from storefront.shop.returns import services
from storefront.shop.returns.models import ReturnLine, ReturnRequest

Expect = Callable[[datetime, Callable[[datetime], None]], None]


@dataclass
class Returning:
    """One piece of the first line comes back, as far as the story goes."""

    order: Any
    operator: Any
    request: Any = None

    def expect_all(self, expect: Expect, *, ends: str, asked: datetime) -> None:
        """Everything up to the state it ends in, a day between two steps."""
        day = timedelta(days=1)
        expect(asked, self.ask)
        if ends == "refused":
            expect(asked + day, self.refuse)
        if ends in ("approved", "received", "refunded", "closed"):
            expect(asked + day, self.approve)
        if ends in ("received", "refunded"):
            expect(asked + 4 * day, self.receive)
        if ends == "refunded":
            expect(asked + 5 * day, self.refund)
        if ends == "closed":
            expect(asked + 15 * day, self.close)

    def ask(self, at: datetime) -> None:
        """The buyer asks."""
        line = self.order.lines.order_by("pk").first()
        self.request = services.request_return(
            order_id=self.order.pk,
            pieces={line.pk: 1},
            reason=ReturnRequest.Reason.DISLIKED,
            words="It is a little too big for our bathroom.",
            key=f"demo:{self.order.number}:return",
            by=self.order.user,
            at=at,
        )

    def approve(self, at: datetime) -> None:
        """Staff say yes."""
        services.approve_return(return_id=self.request.pk, by=self.operator, at=at)

    def refuse(self, at: datetime) -> None:
        """Staff say no."""
        services.refuse_return(
            return_id=self.request.pk,
            answer="The piece was used up. We are sorry.",
            by=self.operator,
            at=at,
        )

    def close(self, at: datetime) -> None:
        """The parcel never came."""
        services.close_return(
            return_id=self.request.pk,
            answer="Nothing has reached us in two weeks. Write to us when it is on its way.",
            by=self.operator,
            at=at,
        )

    def receive(self, at: datetime) -> None:
        """The parcel is here."""
        line = self.request.lines.get()
        arrived = services.Arrived(
            line_id=line.line_id,
            quantity=1,
            condition=ReturnLine.Condition.UNOPENED,
            is_back_in_stock=True,
        )
        services.receive_return(
            return_id=self.request.pk, arrived=[arrived], note="", by=self.operator, at=at
        )

    def refund(self, at: datetime) -> None:
        """The money goes back."""
        refund = services.refund_return(
            return_id=self.request.pk, with_shipping=False, by=self.operator, at=at
        )
        accounting.issue_credit_note(refund_id=refund.pk, at=at)
