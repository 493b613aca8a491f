"""What an open period would pay everybody if it ended now."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.commissions.models import Period
from mlm_plugin.network.models import Member


class PeriodEstimate(models.Model):
    """The latest estimate of an open period; derived, and replaced whole.

    `facts` says how far the facts went that it knows, `quiet` how far they went when it was last looked:
    a new one is made as soon as they have stopped moving, or have moved for too long.
    """

    period = models.OneToOneField(
        Period, on_delete=models.CASCADE, related_name="estimate", primary_key=True
    )
    at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    facts = models.CharField(max_length=64, blank=True)
    quiet = models.CharField(max_length=64, blank=True)
    # Since when something is known that the estimate lacks.
    behind_since = models.DateTimeField(null=True)
    # Since when one is under way; whoever is killed leaves it, so it counts for a while only.
    asked_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    currency = models.CharField(max_length=3, blank=True)
    places = models.PositiveSmallIntegerField(default=2)
    total = models.BigIntegerField(default=0)
    cv = models.BigIntegerField(default=0)
    payee_count = models.PositiveIntegerField(default=0)
    bonuses = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("estimate of a period")
        verbose_name_plural = _("estimates of periods")

    def __str__(self) -> str:
        return f"{self.period_id} at {self.at}"


class Estimate(models.Model):
    """What one member would have of it: money by bonus, ranks by ladder; in the smallest unit."""

    period = models.ForeignKey(
        Period, on_delete=models.CASCADE, related_name="estimates", db_index=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="estimates", db_index=False
    )
    total = models.BigIntegerField(default=0)
    bonuses = models.JSONField(default=dict)
    # By ladder: the rank held, the next one, and what of it is missing.
    ranks = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        constraints = [
            models.UniqueConstraint(fields=["member", "period"], name="estimate_of_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.period_id}: {self.total}"
