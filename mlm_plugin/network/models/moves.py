"""Moves in either tree: proposed with a reason, decided by a second person, carried out on a day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


class Move(models.Model):
    """One branch to another sponsor or place; kept for good, whatever became of it.

    `effects` is what was shown to who decided: open totals before and after, as `volumes.effects` says.
    """

    class Tree(models.TextChoices):
        SPONSOR = "sponsor", _("sponsor tree")
        PLACEMENT = "placement", _("placement tree")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CARRIED_OUT = "carried_out", _("carried out")
        FAILED = "failed", _("failed")

    # The asker's own key: asking twice proposes once.
    key = models.CharField(max_length=64, unique=True)
    tree = models.CharField(_("tree"), max_length=16, choices=Tree.choices)
    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="moves"
    )
    parent_before = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    slot_before = models.PositiveIntegerField(null=True)
    parent_after = models.ForeignKey(
        Member, verbose_name=_("below"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    slot_after = models.PositiveIntegerField(_("slot"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    # The day it counts from, in the plan's time zone.
    effective_on = models.DateField(_("effective from"))
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.PROPOSED
    )
    effects = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoings")

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        constraints = [
            models.CheckConstraint(
                condition=~Q(member=F("parent_after")), name="no_move_below_themselves"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_the_own_move",
            ),
            models.UniqueConstraint(
                fields=["member", "tree"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_move_under_way",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=["proposed", "approved", "carried_out"]),
                name="undone_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_on"], name="move_due")]

    def __str__(self) -> str:
        return f"{self.member_id} below {self.parent_after_id} ({self.state})"
