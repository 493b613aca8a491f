"""The placement tree as it is now: everybody's parent and slot, ends of straight lines, who waits.

Depth is unlimited, so there is neither a path nor a closure table. What makes a place at the outside
of a leg found at once, however deep the leg, are *lines*: going down from a member always by the same
slot ends somewhere, and that end is stored. A line is named by its head and slot; everybody in it knows
the head, so that one more at its end changes one row.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


class Placement(models.Model):
    """A member's place: below whom and in which slot (0 is the left one); the top has no parent."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.PROTECT, related_name="placement"
    )
    parent = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="placed_below", db_index=False
    )
    slot = models.PositiveIntegerField()
    # The head of the line by `slot` that this member is part of: the nearest member above who is the
    # top, or stands in another slot. Empty at the top.
    line_head = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Steps down from the line's head; two of one line are compared by it. 0 at the top.
    step = models.PositiveIntegerField()
    # Levels down to the nearest free slot: 1 where an own one is free. Kept for trees of width 2 and
    # more, where it never exceeds the logarithm of the tree's size; a line has its end instead.
    levels_to_free = models.PositiveIntegerField(default=1)
    # How many the rule "alternate" has placed below this member: whose turn the next side is.
    turns = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.UniqueConstraint(fields=["parent", "slot"], name="one_member_per_slot"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("member")),
                name="nobody_stands_below_themselves",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, line_head__isnull=True, step=0)
                | Q(parent__isnull=False, line_head__isnull=False, step__gt=0),
                name="the_top_is_in_no_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} below {self.parent_id}, slot {self.slot}"


class LineEnd(models.Model):
    """The last member of the line that begins below `head` in `slot`; no row while the slot is free."""

    head = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="line_ends", db_index=False
    )
    slot = models.PositiveIntegerField()
    end = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("end of a line")
        verbose_name_plural = _("ends of lines")
        constraints = [models.UniqueConstraint(fields=["head", "slot"], name="one_end_per_line")]

    def __str__(self) -> str:
        return f"{self.head_id}/{self.slot} ends at {self.end_id}"


class HeldPlacement(models.Model):
    """A member in the holding tank: waits for the enroller's choice until the deadline."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.PROTECT, related_name="held_placement"
    )
    # Who may choose the place: the enroller, whatever becomes of the sponsor later.
    enroller = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="held_below"
    )
    # The rule at the deadline; empty: waits for qualification, without a deadline.
    fallback = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField()
    deadline = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("waiting for a place")
        verbose_name_plural = _("waiting for places")

    def __str__(self) -> str:
        return f"{self.member_id} waits until {self.deadline}"


class LegFigures(models.Model):
    """What lay below one slot of a member when the background last counted; never from the order path.

    Volume is of the open period then, in 1/100 point. `LegCount` says when it was; only legs that
    differ are written, so that counting a quiet network again costs no writes.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="leg_figures", db_index=False
    )
    slot = models.PositiveIntegerField()
    members = models.PositiveIntegerField()
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()

    class Meta:
        verbose_name = _("figures of a leg")
        verbose_name_plural = _("figures of legs")
        constraints = [models.UniqueConstraint(fields=["member", "slot"], name="leg_counted_once")]

    def __str__(self) -> str:
        return f"{self.member_id}/{self.slot}: {self.members}"


class LegCount(models.Model):
    """One counting of all legs: of which moment and period the figures are, and how many there were."""

    counted_at = models.DateTimeField(unique=True)
    period = models.DateField()
    members = models.PositiveIntegerField()
    written = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counting of legs")
        verbose_name_plural = _("countings of legs")

    def __str__(self) -> str:
        return f"{self.counted_at:%Y-%m-%d %H:%M}: {self.members}"


class PlacementWish(models.Model):
    """The side a member wants new people of the own front line to be placed on, until changed."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.CASCADE, related_name="placement_wish"
    )
    rule = models.CharField(max_length=32)
    slot = models.PositiveIntegerField(null=True, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("preferred side")
        verbose_name_plural = _("preferred sides")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.rule} {self.slot}"
