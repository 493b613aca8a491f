"""Three months of orders, placed, paid, sent and given back by the services the shop uses."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from oscar.core.loading import get_class, get_model

from mlm_plugin.shop.attribution import resolve_attribution
from storefront.accounts.models import User
from storefront.demo.planning import Purchase
from storefront.demo.returns import Returning
from storefront.shop.accounting import services as accounting
from storefront.shop.fulfilment import services as fulfilment
from storefront.shop.payments import refunds, services

Basket = get_model("basket", "Basket")
ShippingAddress = get_model("order", "ShippingAddress")
StockRecord = get_model("partner", "StockRecord")
Voucher = get_model("voucher", "Voucher")

Event = tuple[datetime, int, Callable[[datetime], None]]


@dataclass
class History:
    """Lets everything happen in the order of time, as it did in the shop."""

    until: datetime
    operator: User
    records: dict[str, Any]
    say: Callable[[str], None]
    happenings: list[Event] = field(default_factory=list)
    placed: int = 0
    _numbers: Any = field(default_factory=itertools.count)

    def expect(self, moment: datetime, happening: Callable[[datetime], None]) -> None:
        """Something will happen then, unless that is in the future."""
        if moment <= self.until:
            heapq.heappush(self.happenings, (moment, next(self._numbers), happening))

    def run(self) -> None:
        """Let it happen, oldest first."""
        while self.happenings:
            moment, _number, happening = heapq.heappop(self.happenings)
            happening(moment)

    def count(self) -> None:
        """One more order."""
        self.placed += 1
        if self.placed % 50 == 0:
            self.say(f"    {self.placed}")


def live_through(*, purchases: list[Purchase], until: datetime, say: Callable[[str], None]) -> int:
    """Make the purchases and what follows from them; returns how many orders were placed."""
    history = History(
        until=until,
        operator=User.objects.get(email="operator@example.com"),
        records={
            record.partner_sku: record
            for record in StockRecord.objects.select_related("product__parent")
        },
        say=say,
    )
    for purchase in purchases:
        history.expect(purchase.at, _Buying(history, purchase).place)
    history.run()
    return history.placed


@dataclass
class _Buying:
    """One purchase from basket to parcel, and back."""

    history: History
    purchase: Purchase
    order: Any = None

    def place(self, at: datetime) -> None:
        purchase = self.purchase
        user = User.objects.get(email=purchase.email) if purchase.has_account else None
        basket = self._fill_basket(user)
        address = ShippingAddress(
            first_name=purchase.first_name,
            last_name=purchase.last_name,
            line1=purchase.street,
            line4=purchase.city,
            postcode=purchase.postcode,
            country_id=purchase.country,
        )
        methods = get_class("shipping.repository", "Repository")().get_shipping_methods(
            basket=basket, shipping_addr=address
        )
        attempt = services.start_attempt(
            basket=basket,
            user=user,
            email=purchase.email,
            shipping_address=address,
            shipping_method=next(each for each in methods if each.code == purchase.shipping),
            method="transfer",
            attribution=resolve_attribution(
                user=user, chosen_code="", referral=purchase.referral, at=at
            ),
            language=purchase.language,
            at=at,
        )
        self.order = services.place_order_from_attempt(attempt_id=attempt.pk, at=at)
        self.history.count()
        self._expect_what_follows(at)

    def _fill_basket(self, user: User | None) -> Any:
        basket = Basket.objects.create(owner=user)
        basket.strategy = get_class("partner.strategy", "Selector")().strategy(
            user=user, country_code=self.purchase.country
        )
        for sku, quantity in self.purchase.lines:
            basket.add_product(self.history.records[sku].product, quantity)
        if self.purchase.voucher:
            basket.vouchers.add(Voucher.objects.get(code=self.purchase.voucher))
        get_class("offer.applicator", "Applicator")().apply(basket, user)
        return basket

    def _expect_what_follows(self, at: datetime) -> None:
        expect, purchase = self.history.expect, self.purchase
        if purchase.ends == "waits for money":
            return
        if purchase.ends == "cancelled unpaid":
            expect(at + timedelta(days=8), self.cancel_unpaid)
            return
        paid = at + purchase.paid_after
        expect(paid, self.pay)
        if purchase.ends == "cancelled":
            expect(paid + timedelta(hours=5), self.cancel)
            return
        sent = paid + timedelta(days=2)
        if sent > self.history.until:
            expect(paid + timedelta(hours=20), self.pack)
        if int(self.order.number) % 7 == 0:
            expect(sent, self.send_first_line)
            sent += timedelta(days=3)
        expect(sent, self.send_the_rest)
        expect(paid + timedelta(days=9), self.arrive)
        if purchase.ends == "refunded":
            expect(paid + timedelta(days=6), self.give_back_all)
        elif purchase.ends == "refunded in part":
            expect(paid + timedelta(days=6), self.give_back_one_piece)
        elif purchase.ends.startswith("return "):
            Returning(self.order, self.history.operator).expect_all(
                expect, ends=purchase.ends.removeprefix("return "), asked=paid + timedelta(days=12)
            )

    def pay(self, at: datetime) -> None:
        services.mark_transfer_paid(order_id=self.order.pk, by=self.history.operator, at=at)
        accounting.issue_invoice(order_id=self.order.pk, at=at)

    def pack(self, at: datetime) -> None:
        fulfilment.pack_order(order_id=self.order.pk, by=self.history.operator, at=at)

    def send_first_line(self, at: datetime) -> None:
        line = self.order.lines.order_by("pk").first()
        fulfilment.send_parcel(
            order_id=self.order.pk,
            pieces={line.pk: 1},
            carrier="dhl",
            tracking_number=f"0034043{self.order.number}1",
            key=f"demo:{self.order.number}:first",
            by=self.history.operator,
            at=at,
        )

    def send_the_rest(self, at: datetime) -> None:
        self.order.refresh_from_db()
        if self.order.status in fulfilment.SENDS:
            fulfilment.send_the_rest(
                order_id=self.order.pk,
                carrier="dpd" if self.purchase.shipping == "express" else "dhl",
                tracking_number=f"0034043{self.order.number}9",
                by=self.history.operator,
                at=at,
            )

    def arrive(self, at: datetime) -> None:
        fulfilment.note_all_delivered(order_id=self.order.pk, by=self.history.operator, at=at)

    def cancel_unpaid(self, at: datetime) -> None:
        refunds.cancel_unpaid(order_id=self.order.pk, by=self.history.operator, at=at)

    def cancel(self, at: datetime) -> None:
        request = refunds.request_cancel(
            order_id=self.order.pk,
            reason="The customer ordered twice.",
            key=f"demo:{self.order.number}:cancel",
            by=self.history.operator,
            at=at,
        )
        refunds.complete_refund(refund_id=request.pk, at=at)
        accounting.issue_credit_note(refund_id=request.pk, at=at)

    def give_back_all(self, at: datetime) -> None:
        left = refunds.get_refundable(order=self.order)
        self._give_back(left.pieces, left.shipping, "The parcel was damaged on the way.", at)

    def give_back_one_piece(self, at: datetime) -> None:
        line = self.order.lines.order_by("pk").first()
        self._give_back({line.pk: 1}, 0, "One piece was returned unopened.", at)

    def _give_back(self, pieces: dict[int, int], shipping: int, reason: str, at: datetime) -> None:
        request = refunds.request_refund(
            order_id=self.order.pk,
            pieces=pieces,
            shipping=shipping,
            reason=reason,
            key=f"demo:{self.order.number}:refund",
            by=self.history.operator,
            at=at,
        )
        refunds.complete_refund(refund_id=request.pk, at=at)
        accounting.issue_credit_note(refund_id=request.pk, at=at)
