"""Both trees as they ever were: who stood below whom, from which moment to which.

Each edge holds from `since` on and ends before `until`; the one that holds now has no `until`. A
member has an edge from joining on, a root's says "below nobody". The database refuses two edges of a
member at one moment, and two members in one slot at one moment.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


class SponsorEdge(models.Model):
    """Who sponsored a member, from when to when; `sponsor` is empty for a root."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="sponsor_edges", db_index=False
    )
    sponsor = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("time below a sponsor")
        verbose_name_plural = _("times below sponsors")
        constraints = [
            models.CheckConstraint(
                condition=Q(sponsor__isnull=True) | ~Q(sponsor=F("member")),
                name="nobody_sponsored_themselves",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="sponsor_edge_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["member", "since"], name="sponsor_edge_begins_once"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(until__isnull=True), name="one_sponsor_now"
            ),
        ]
        indexes = [
            models.Index(fields=["sponsor", "since"], name="sponsor_edge_below"),
            # Who has moved since a moment: the few by which a past tree differs from the present.
            models.Index(
                fields=["until"], condition=Q(until__isnull=False), name="sponsor_edge_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} below {self.sponsor_id} since {self.since:%Y-%m-%d}"


class PlacementEdge(models.Model):
    """Where a member stood in the placement tree, from when to when; `parent` is empty at the top."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="placement_edges", db_index=False
    )
    parent = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    slot = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("time at a place")
        verbose_name_plural = _("times at places")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("member")),
                name="nobody_stood_below_themselves",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="placement_edge_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["member", "since"], name="placement_edge_begins_once"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(until__isnull=True), name="one_place_now"
            ),
        ]
        indexes = [models.Index(fields=["parent", "slot", "since"], name="placement_edge_below")]

    def __str__(self) -> str:
        return f"{self.member_id} below {self.parent_id} since {self.since:%Y-%m-%d}"
