"""Goods that come back, from the buyer's wish to the refund."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnRequest(models.Model):
    """What a buyer wants to send back, and how far it has come.

    States change forwards only, each by one service that writes a `ReturnStep` beside it.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        RECEIVED = "received", _("received")
        REFUNDED = "refunded", _("refunded")
        CLOSED = "closed", _("closed without a refund")

    class Reason(models.TextChoices):
        DISLIKED = "disliked", _("I do not like it")
        WRONG = "wrong", _("It is not what I ordered")
        DAMAGED = "damaged", _("It arrived damaged")
        FAULTY = "faulty", _("It does not work as it should")
        LATE = "late", _("It came too late")
        OTHER = "other", _("Another reason")

    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    words = models.TextField(max_length=1000, blank=True)
    # A file of `STORAGES["private"]`.
    picture = models.CharField(max_length=200, blank=True)
    # What staff tell the buyer when they refuse, or close without a refund.
    answer = models.CharField(max_length=500, blank=True)
    refund = models.OneToOneField(
        "shop_payments.RefundRequest",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="return_request",
    )
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "requested_at"], name="return_state")]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Pieces of an order line that come back; what arrived is filled in when it is here."""

    class Condition(models.TextChoices):
        UNOPENED = "unopened", _("unopened")
        OPENED = "opened", _("opened")
        DAMAGED = "damaged", _("damaged")

    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.CASCADE, related_name="lines"
    )
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    received_quantity = models.PositiveIntegerField(null=True, blank=True)
    condition = models.CharField(max_length=16, choices=Condition.choices, blank=True)
    is_back_in_stock = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["return_request", "line"], name="line_once_per_return"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="return_line_has_pieces"
            ),
            models.CheckConstraint(
                condition=models.Q(received_quantity__isnull=True)
                | models.Q(received_quantity__lte=models.F("quantity")),
                name="received_at_most_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class ReturnStep(models.Model):
    """Who moved a return to which state, and when: its history, never changed."""

    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.CASCADE, related_name="steps"
    )
    state = models.CharField(max_length=16, choices=ReturnRequest.State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["return_request", "state"], name="state_once_per_return"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_request_id} {self.state}"
