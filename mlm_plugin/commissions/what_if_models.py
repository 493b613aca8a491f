"""What a plan would have paid on the inputs of closed periods; kept, and changing nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.commissions.models import Period, PlanVersion


class WhatIf(models.Model):
    """One question: this document on those periods, from `first` through `last` of one calendar.

    The document is kept as it was when it was asked, for a draft may change later. `report` has the
    comparison, money in the smallest unit; `file` names the table by member in the private store.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("working")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    # Asked for twice, it is there once.
    key = models.UUIDField(unique=True)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="what_ifs")
    document = models.TextField()
    first = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    last = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=16, default="en")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    file = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("what if")
        verbose_name_plural = _("what ifs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(file=""), name="what_if_done_has_its_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_version_id} on {self.first_id} to {self.last_id} ({self.state})"

    @property
    def is_busy(self) -> bool:
        """Whether it still waits or works."""
        return self.state in (self.State.WAITING, self.State.WORKING)
