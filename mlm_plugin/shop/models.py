"""What the network knows about Oscar's products and orders, kept beside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models import Member


class ProductPoints(models.Model):
    """PV and CV of one piece of a product, in 1/100 point; a variant without a row inherits."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, related_name="points"
    )
    pv = models.PositiveBigIntegerField(_("PV"), default=0)
    cv = models.PositiveBigIntegerField(_("CV"), default=0)

    class Meta:
        verbose_name = _("points of a product")
        verbose_name_plural = _("points of products")

    def __str__(self) -> str:
        return f"{self.product_id}: {self.pv}"


class OrderAttribution(models.Model):
    """Whom an order is credited to and why, written with the order and never changed."""

    class Source(models.TextChoices):
        OWN = "own", _("own order of the member")
        CHOSEN = "chosen", _("chosen at checkout")
        BOUND = "bound", _("the customer's member")
        COOKIE = "cookie", _("referral link")
        NONE = "none", _("nobody referred this order")

    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="attribution"
    )
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=16, choices=Source.choices)
    buyer_kind = models.CharField(max_length=16)
    campaign = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.order_id} → {self.member_id} ({self.source})"


class LinePoints(models.Model):
    """PV and CV of a whole order line, frozen when the order is placed, in 1/100 point."""

    line = models.OneToOneField(
        "order.Line", on_delete=models.PROTECT, related_name="frozen_points"
    )
    pv = models.PositiveBigIntegerField()
    cv = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.line_id}: {self.pv}"


class ReferralVisits(models.Model):
    """Visits of referral addresses, counted per member, campaign and day."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="referral_visits")
    campaign = models.CharField(max_length=64, blank=True)
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "campaign", "day"], name="one_count_per_member_campaign_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}: {self.visits}"


class VisitBuffer(models.Model):
    """A buffer of visits that has been counted, by name: written together with its counts.

    A worker that dies between counting and deleting the buffer leaves a name here, and the next
    flush deletes the buffer instead of counting it again.
    """

    name = models.CharField(max_length=64, unique=True)
    counted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
