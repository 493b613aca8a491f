"""Checkout attempts, what the payment provider said of them, and refunds asked for."""

import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_public_id() -> str:
    """An id that cannot be guessed, for addresses and the provider's idempotency keys."""
    return secrets.token_urlsafe(18)


class CheckoutAttempt(models.Model):
    """One try to pay one basket: everything the order will say is frozen here before money moves.

    The order is placed from `snapshot` and from nothing else, so that the browser's return, the
    webhook and `payments_reconcile` all place the very same order. A try that failed is never
    revived by the shopper: trying again starts a new attempt with a new number.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PAYING = "paying", _("being paid")
        REQUIRES_ACTION = "requires_action", _("waiting for the buyer's bank")
        PAID = "paid", _("paid, order not placed yet")
        PLACED = "placed", _("placed")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        REFUNDED = "refunded", _("refunded without an order")

    class Method(models.TextChoices):
        CARD = "card", _("Card")
        TRANSFER = "transfer", _("Bank transfer")
        FREE = "free", _("Nothing to pay")
        WALLET = "wallet", _("Wallet")

    # One of these per basket at a time: nobody pays the same basket in two tabs.
    LIVE = (State.OPEN, State.PAYING, State.REQUIRES_ACTION)

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    # Given right after the row has its id; empty only inside that transaction.
    number = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    method = models.CharField(max_length=16, choices=Method.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="checkout_attempts",
    )
    email = models.EmailField()
    basket = models.ForeignKey(
        "basket.Basket", null=True, on_delete=models.SET_NULL, related_name="checkout_attempts"
    )
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField(help_text=_("In the currency's smallest unit."))
    # What of the total its buyer pays from the own wallet, and the member whose it is.
    wallet_amount = models.BigIntegerField(default=0)
    wallet_owner = models.BigIntegerField(null=True, blank=True)
    # Under which key the share is reserved or, after that, spent; empty while it is neither.
    wallet_key = models.CharField(max_length=48, blank=True)
    wallet_tries = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=16)
    payment_id = models.CharField(  # noqa: DJ001 (unique, so none is null)
        max_length=255, unique=True, null=True, blank=True
    )
    # Pieces of this attempt are allocated in the stock records while this is set.
    stock_held = models.BooleanField(default=False)
    # The signed-in buyer asked to find this card again next time.
    keeps_card = models.BooleanField(default=False)
    failure = models.CharField(max_length=500, blank=True)
    order = models.OneToOneField(
        "order.Order",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checkout_attempt",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basket"],
                condition=models.Q(state__in=["open", "paying", "requires_action"]),
                name="one_live_attempt_per_basket",
            ),
            models.CheckConstraint(
                condition=models.Q(total__gte=0), name="attempt_total_not_below_0"
            ),
            models.CheckConstraint(
                condition=models.Q(wallet_amount=0)
                | models.Q(
                    wallet_amount__gt=0,
                    wallet_amount__lte=models.F("total"),
                    wallet_owner__isnull=False,
                ),
                name="attempt_takes_no_more_than_total_from_wallet",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="placed") | models.Q(order__isnull=False),
                name="placed_attempt_has_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["updated_at"],
                name="attempt_unfinished",
                condition=models.Q(state__in=["open", "paying", "requires_action", "paid"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @property
    def charged(self) -> int:
        """What is left for card or transfer: the total less the wallet's share."""
        return self.total - self.wallet_amount


class ProcessedEvent(models.Model):
    """A webhook event that was handled; the same id again changes nothing."""

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=100)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class PaymentCustomer(models.Model):
    """Who somebody is at the payment provider; made when the first card is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="payment_customer"
    )
    provider_id = models.CharField(max_length=255, unique=True)

    def __str__(self) -> str:
        return self.provider_id


class ForgottenCustomer(models.Model):
    """Somebody the payment provider is to forget, cards and all, because the account was closed.

    The row stands until the provider has done so.
    """

    provider_id = models.CharField(max_length=255, unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.provider_id


class SavedCard(models.Model):
    """A card somebody may pay with again: what is printed in lists, and the provider's id of it.

    The number itself never comes here. `fingerprint` is the provider's; the same card is kept once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_cards"
    )
    provider_id = models.CharField(max_length=255, unique=True)
    fingerprint = models.CharField(max_length=255)
    brand = models.CharField(max_length=32)
    last4 = models.CharField(max_length=4)
    expires_month = models.PositiveSmallIntegerField()
    expires_year = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "fingerprint"], name="one_row_per_card_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"

    @property
    def expires(self) -> str:
        """Month and year as on the card: 04/31."""
        return f"{self.expires_month:02}/{self.expires_year % 100:02}"


class RefundRequest(models.Model):
    """Money to give back, written down before the provider is asked.

    A crash between asking and writing loses nothing: `payments_reconcile` takes up what is still
    requested and asks again under the same key. Without `order` it gives back a payment whose
    order could not be placed.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        DONE = "done", _("done")
        FAILED = "failed", _("refused by the payment provider")

    key = models.CharField(max_length=64, unique=True)
    attempt = models.ForeignKey(
        CheckoutAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    order = models.ForeignKey(
        "order.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    amount = models.BigIntegerField()
    shipping = models.BigIntegerField(default=0)
    # What of the amount goes back to the wallet that had paid a share.
    wallet_amount = models.BigIntegerField(default=0)
    # [[order line id, pieces, amount], ...]
    lines = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    cancels_order = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    provider_id = models.CharField(  # noqa: DJ001 (unique, so none is null)
        max_length=255, unique=True, null=True, blank=True
    )
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    # When somebody last went to ask the provider: for a minute nobody else does.
    asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="refund_not_below_0"),
            models.CheckConstraint(
                condition=models.Q(wallet_amount__gte=0, wallet_amount__lte=models.F("amount")),
                name="refund_to_wallet_is_part_of_it",
            ),
            models.CheckConstraint(
                condition=models.Q(order__isnull=False) | models.Q(attempt__isnull=False),
                name="refund_of_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="refund_requested",
                condition=models.Q(state="requested"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount} ({self.state})"
