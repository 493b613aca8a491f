"""What statements are opened down to: where the details of each committed run are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.commissions.models import Run


class RunDetails(models.Model):
    """Ranks, skips and the order lines behind awards of every member of a run, in one private file.

    `file` names it in the private store; it is an archive with a part for every so many members, so
    that a page reads one small part of it. Written once by the worker after the commit; everything in
    it can be worked out again from the frozen inputs.
    """

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="details")
    file = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    member_count = models.PositiveIntegerField()
    # For reports: what the engine's simulations say of a result, and who earned most.
    figures = models.JSONField(default=dict)
    milliseconds = models.PositiveIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("details of a run")
        verbose_name_plural = _("details of runs")

    def __str__(self) -> str:
        return f"{self.run_id}: {self.file}"
