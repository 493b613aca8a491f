"""`manage.py payments_reconcile`: complete or give back what a crash left between money and order."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from storefront.shop.payments import gateway
from storefront.shop.payments.reconcile import find_unknown_payments, reconcile_payments


class Command(BaseCommand):
    help = "Complete or refund payments without an order, and finish refunds; the worker does too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--refund-unknown",
            action="store_true",
            help="Give back payments of the provider that this database knows nothing of.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = reconcile_payments(at=timezone.now())
        for name in ("placed", "given_up", "refunded", "unsettled"):
            for number in getattr(findings, name):
                self.stdout.write(f"{name.replace('_', ' ')}: {number}")
        unknown = find_unknown_payments()
        for payment in unknown:
            self.stdout.write(f"unknown payment: {payment.id} {payment.amount} {payment.currency}")
            if options["refund_unknown"]:
                self._give_back(payment)
        if not unknown and findings == type(findings)():
            self.stdout.write("Every payment has its order.")

    def _give_back(self, payment: gateway.Payment) -> None:
        key = f"unknown:{payment.id}"
        if gateway.find_refund(payment_id=payment.id, key=key) is None:
            gateway.create_refund(payment_id=payment.id, amount=payment.amount, key=key)
            self.stdout.write(f"given back: {payment.id}")
