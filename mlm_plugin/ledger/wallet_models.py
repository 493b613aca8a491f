"""Adjustments of wallets: asked for by one person, above a limit posted by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class WalletAdjustment(models.Model):
    """Money that staff give to a wallet or take from it, with the reason its owner reads.

    Within the limit (`MLM["ADJUSTMENT_LIMIT"]`) it is posted at once; above it waits for a second
    person. What is posted or declined stays as it is: correct it by another one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        POSTED = "posted", _("posted")
        DECLINED = "declined", _("declined")

    # Of the form it came from: the same form sent twice is one adjustment.
    key = models.CharField(max_length=64, unique=True)
    # A member's primary key: ledger and network do not know each other.
    owner = models.BigIntegerField(db_index=True)
    unit = models.CharField(max_length=8)
    # Signed, in the smallest unit.
    amount = models.BigIntegerField(_("amount"))
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # The second person; empty for what was posted at once.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("adjustment of a wallet")
        verbose_name_plural = _("adjustments of wallets")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="wallet_adjustment_is_not_zero"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="nobody_approves_the_own_adjustment",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state="posted", decided_at__isnull=False)
                | Q(state="declined", decided_at__isnull=False, decided_by__isnull=False),
                name="wallet_adjustment_decided",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="wallet_adjustment_waiting",
                condition=Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} for {self.owner} ({self.state})"
