"""Orders as points: what was frozen of each order, what moved, and the totals derived from it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.ledger.models import Entry
from mlm_plugin.network.models import Member


class BuyerKind(models.TextChoices):
    """Who bought: decides price and whose volume it is."""

    MEMBER = "member", _("member")
    PREFERRED = "preferred", _("preferred customer")
    RETAIL = "retail", _("customer")


class CreditedOrder(models.Model):
    """An order the network knows: written once, whether or not somebody is credited.

    Without `paid_at` it is pending: its points are shown and belong to no period. Orders that
    nobody referred are kept with `member` empty, so that reconciling does not find them again.
    `paid_at` and `cancelled_at` are the only fields that change, each from empty to a moment, once.
    """

    number = models.CharField(max_length=128, unique=True)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="credited_orders"
    )
    buyer_kind = models.CharField(max_length=16, choices=BuyerKind.choices)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Why this member: own, chosen, bound, cookie, none.
    source = models.CharField(max_length=16)
    campaign = models.CharField(max_length=64, blank=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["member", "placed_at"],
                name="credited_pending",
                condition=models.Q(paid_at__isnull=True, cancelled_at__isnull=True),
            ),
            # The newest of a large downline: read from the top until enough are found.
            models.Index(
                fields=["-placed_at"],
                name="credited_pending_newest",
                condition=models.Q(paid_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CreditedLine(models.Model):
    """One order line as it was on the day of the order; never changed.

    The primary key is the shop's own number of the line, so a line cannot be credited twice.
    `pv` and `cv` are of the whole line in 1/100 point, `paid` in the currency's smallest unit,
    after discounts and without tax.
    """

    order = models.ForeignKey(CreditedOrder, on_delete=models.PROTECT, related_name="lines")
    line_id = models.BigIntegerField(primary_key=True)
    sku = models.CharField(max_length=128, blank=True)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    paid = models.BigIntegerField()
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class LineMovement(models.Model):
    """Points of one line that were credited (quantity above zero) or reversed (below zero)."""

    line = models.ForeignKey(
        CreditedLine, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="line_movements")
    # Repeated from order and entry, so that a feed is one range of one index.
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    quantity = models.IntegerField()
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()
    happened_at = models.DateTimeField()
    counts_for = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "entry"], name="one_movement_per_line_and_entry"
            )
        ]
        indexes = [
            models.Index(fields=["member", "-happened_at"], name="movement_feed"),
            # A large downline's feed reads the newest of all until a page is full.
            models.Index(fields=["-happened_at", "-id"], name="movement_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+} of line {self.line_id}"


class PeriodTotal(models.Model):
    """A member's points in a period: derived, rebuilt by `mlm_rebuild_totals`.

    Personal: own orders; customers': orders of customers credited to the member; group: both, of
    the member and the whole sponsor downline. All in 1/100 point. A sponsor leg is its head's row.

    Member and period are the primary key and the only index: one order rewrites the row of
    everybody above, so each index more would be paid for at every level of every chain.
    """

    pk = models.CompositePrimaryKey("member_id", "period")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="period_totals", db_index=False
    )
    period = models.DateField(help_text=_("First day of the period."))
    personal_pv = models.BigIntegerField(default=0)
    personal_cv = models.BigIntegerField(default=0)
    customers_pv = models.BigIntegerField(default=0)
    customers_cv = models.BigIntegerField(default=0)
    group_pv = models.BigIntegerField(default=0)
    group_cv = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.member_id} {self.period}: {self.group_pv}"
