"""What people decided otherwise than the plan for a member in a period."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.commissions.models import Period
from mlm_plugin.network.models import Member


class Override(models.Model):
    """A rank, a status or an amount for a member in a period, with its reason.

    One person proposes it and a second one approves it; from then on it is part of the inputs of every
    further run, and stays as it is. A later one of the same kind replaces it, and an empty `value` takes
    it back; amounts add up, so what was too much is taken back by one below nothing. `amount` is in the
    currency's smallest unit.
    """

    class Kind(models.TextChoices):
        RANK = "rank", _("rank")
        STATUS = "status", _("status")
        AMOUNT = "amount", _("amount")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # Asked for twice, it is there once.
    key = models.UUIDField(unique=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="overrides")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=64, blank=True)
    amount = models.BigIntegerField(_("amount"), default=0)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"])
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="nobody_approves_the_own_override",
            ),
            models.CheckConstraint(
                condition=(Q(kind="amount", value="") & ~Q(amount=0))
                | (~Q(kind="amount") & Q(amount=0)),
                name="override_is_a_value_or_an_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id} in {self.period_id} ({self.state})"
