"""Two memberships that may be of one person, and what somebody decided about them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


class DuplicatePair(models.Model):
    """Two members who gave the same things; `kinds` says which, in the words of `Fingerprint.Kind`.

    The pair stays whatever is decided, so that nobody is asked twice. Something new in common asks
    again, with the earlier decision beside it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        DIFFERENT = "different", _("not the same")
        MERGED = "merged", _("merged")

    # The member with the smaller number is the first one, so that a pair is kept once.
    first = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="pair_in_order_of_members"
            ),
            models.UniqueConstraint(fields=["first", "second"], name="pair_kept_once"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="pair_queue")]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id} ({self.state})"


class Merge(models.Model):
    """One membership goes on, the other one ends: proposed with a reason, decided by a second person.

    Kept for good, whatever became of it. `effects` is what was shown to who decided, as
    `volumes.merging` says.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CARRIED_OUT = "carried_out", _("carried out")
        FAILED = "failed", _("failed")

    # The asker's own key: asking twice proposes once.
    key = models.CharField(max_length=64, unique=True)
    kept = models.ForeignKey(
        Member, verbose_name=_("goes on"), on_delete=models.PROTECT, related_name="merges_into"
    )
    ended = models.ForeignKey(
        Member, verbose_name=_("ends"), on_delete=models.PROTECT, related_name="merges_away"
    )
    reason = models.CharField(_("reason"), max_length=500)
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
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("ended")), name="merge_of_two_members"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_the_own_merge",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["carried_out", "declined", "failed"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_merge_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["ended"],
                condition=Q(state__in=["proposed", "carried_out"]),
                name="merged_away_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="merge_queue")]

    def __str__(self) -> str:
        return f"{self.ended_id} into {self.kept_id} ({self.state})"
