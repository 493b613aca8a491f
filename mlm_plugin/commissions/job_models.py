"""Work on the books that somebody asked for and the background does."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.commissions.models import Period, Run


class Job(models.Model):
    """One step of a period that takes a while: who asked for it, from where, and what became of it.

    One at a time for each period. Whoever is killed leaves a job that is working; after a while it
    counts as broken off, and the step can be asked for again: each of them bears being repeated.
    """

    class Kind(models.TextChoices):
        CLOSE = "close", _("closing")
        RUN = "run", _("run")
        DIFFERENCE = "difference", _("difference run")
        COMMIT = "commit", _("commit")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("working")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="jobs")
    # What is committed, and of a run that was asked for what came out.
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(_("step"), max_length=16, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.GenericIPAddressField(null=True)
    language = models.CharField(max_length=16, default="en")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        verbose_name = _("job of the books")
        verbose_name_plural = _("jobs of the books")
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_job_of_a_period_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.period_id} ({self.state})"

    @property
    def is_busy(self) -> bool:
        """Whether it still waits or works."""
        return self.state in (self.State.WAITING, self.State.WORKING)
