"""What was sent of an order, in which parcel, and when it arrived."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Parcel(models.Model):
    """One parcel of an order; its number counts from 1 within the order.

    `key` makes sending it happen once, however often the form is sent.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="parcels")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64, unique=True)
    # A key of `settings.SHOP_CARRIERS`, or empty where nobody said.
    carrier = models.CharField(max_length=32, blank=True)
    tracking_number = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="parcel_number_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"


class ParcelLine(models.Model):
    """Pieces of an order line in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="parcel_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="line_once_per_parcel"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="parcel_line_has_pieces"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"
