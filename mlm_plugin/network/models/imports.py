"""Networks brought along as files: each import with what became of it, and how headings are read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NetworkImport(models.Model):
    """One uploaded file on its way into the network; the row stays when the file is gone.

    What is wrong with the rows stands in `problems` up to a page's worth and whole in a file beside
    the uploaded one. `found` is what the dry run counted, `written` what the import did; both by the
    names of `volumes.opening.NetworkCounts`.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("columns to be matched")
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("has errors")
        READY = "ready", _("to be confirmed")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("broken off")
        CANCELLED = "cancelled", _("cancelled")

    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.UPLOADED
    )
    name = models.CharField(_("file"), max_length=200)
    # Where the file lies in the private store; empty when it has been removed.
    path = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=4)
    size = models.BigIntegerField()
    # SHA-256 of the content: the same file is known again.
    digest = models.CharField(max_length=64, db_index=True)
    heading = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    # Our name of each of the file's columns, in their order; empty for one that is left out.
    columns = models.JSONField(default=list)
    prefix = models.CharField(_("prefix"), max_length=16, blank=True)
    # The day that opening points count for.
    opens_on = models.DateField(_("opening points count for"), null=True, blank=True)
    # In which words the background writes what is wrong.
    language = models.CharField(max_length=16)
    found = models.JSONField(default=dict)
    written = models.JSONField(default=dict)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    failure = models.CharField(max_length=500, blank=True)
    # Rows read or written so far, and when the background last said so.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_index=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of a network")
        verbose_name_plural = _("imports of networks")

    def __str__(self) -> str:
        return f"{self.name}, {self.uploaded_at:%Y-%m-%d %H:%M}: {self.state}"

    @property
    def is_busy(self) -> bool:
        """Whether the background is at work on it."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)


class ColumnMapping(models.Model):
    """How the columns of one heading were matched last time; `heading` is a digest of its cells."""

    heading = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=list)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("matching of columns")
        verbose_name_plural = _("matchings of columns")

    def __str__(self) -> str:
        return ", ".join(name or "–" for name in self.columns)
