"""Readings of the whole network as columns, by which large downlines are filtered and sorted.

PostgreSQL only: a network kept in SQLite is small enough to be asked directly.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamReading(models.Model):
    """Everybody at one moment, in columns, so that each branch is one stretch of every column.

    Members who changed in the transaction `horizon` or later may stand in it as they were before;
    `MemberChange` names them. Points (of the periods named) are those of the reading in any case.
    """

    read_at = models.DateTimeField()
    horizon = models.BigIntegerField()
    members = models.PositiveIntegerField()
    # The number of the last entry of the books: as long as it stays, so do the points.
    last_entry = models.BigIntegerField()
    # First days of the periods whose points are columns (ISO); what the column of ranks counts.
    periods = models.JSONField(default=list)
    ranks = models.JSONField(default=list)

    class Meta:
        verbose_name = _("reading of the network")
        verbose_name_plural = _("readings of the network")

    def __str__(self) -> str:
        return f"{self.read_at:%Y-%m-%d %H:%M}: {self.members}"


class TeamColumn(models.Model):
    """A piece of a column: whole numbers of one NumPy type, from position `start` on."""

    reading = models.ForeignKey(
        TeamReading, on_delete=models.CASCADE, related_name="columns", db_index=False
    )
    name = models.CharField(max_length=32)
    start = models.BigIntegerField()
    kind = models.CharField(max_length=4)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("column of a reading")
        verbose_name_plural = _("columns of readings")
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "name", "start"], name="one_piece_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading_id}: {self.name} from {self.start}"


class MemberChange(models.Model):
    """A member joined, moved, or has another name, rank, status or day; written by a trigger.

    Without `member_id` so many did at once that no list of them is worth keeping. Names the
    transaction and no moment: what commits late must not be missed. Kept until the next reading.
    """

    transaction = models.BigIntegerField(db_index=True)
    member_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("change of a member")
        verbose_name_plural = _("changes of members")

    def __str__(self) -> str:
        return f"{self.transaction}: {self.member_id}"
