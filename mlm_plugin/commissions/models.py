"""The books: plan versions, periods with their frozen inputs, runs, and what each run awards.

An approved version, a closed period, a committed run, and every award are never changed again; the
database itself sees to that (migration `0002_guards`).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import LineMovement


def _person(**fields: Any) -> Any:
    """Whoever did something; kept with what was done."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **fields
    )


class PlanVersion(models.Model):
    """A state of the compensation plan: a document, from its first draft to its approval.

    The document can be changed while it is a draft. Submitted, it waits for a second person; from the
    approval on, it stays as it is. It counts for the periods that begin on `effective_from` or later,
    until a later version's day. A version that is withdrawn is kept and counts for nothing.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.PositiveIntegerField(_("number"), unique=True)
    # By the document: its id and title. State is carried between versions with one id.
    plan = models.CharField(_("plan"), max_length=64)
    title = models.CharField(_("title"), max_length=200, blank=True)
    document = models.TextField(_("document"))
    # SHA-256 of what the document says, whatever spaces and comments it is written with.
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    # Who began the draft; all who had a hand in it since are its editors.
    author = _person()
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    submitted_by = _person(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by = _person(null=True)
    approved_at = models.DateTimeField(null=True)
    # The day that is asked for on submitting; the approval settles it.
    effective_from = models.DateField(_("effective from"), null=True)
    withdrawn_by = _person(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "withdrawn"],
                    submitted_by__isnull=True,
                    submitted_at__isnull=True,
                    effective_from__isnull=True,
                )
                | Q(
                    state__in=["submitted", "approved"],
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="plan_submitted_for_a_day",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state="approved") & Q(approved_by__isnull=True, approved_at__isnull=True)
                )
                | Q(state="approved", approved_by__isnull=False, approved_at__isnull=False),
                name="plan_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state="withdrawn") & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                )
                | Q(state="withdrawn", withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="plan_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("author")) & ~Q(approved_by=F("submitted_by"))),
                name="nobody_approves_the_own_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number} ({self.state})"


class PlanEditor(models.Model):
    """Somebody who wrote a part of a plan version, or submitted it, and so cannot approve it.

    Append-only: having had a hand in a draft does not pass when somebody else changes it later. A
    trigger (migration `0002_guards`) refuses an approval by one of them.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="editors")
    user = _person()
    # When for the first time.
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("editor of a plan version")
        verbose_name_plural = _("editors of plan versions")
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="plan_editor_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.version_id}"


class Period(models.Model):
    """A span of one calendar of the plan, closed and paid as one; both days are inside.

    Closing it freezes what it is computed from: `inputs` names the file in the private store,
    `file_digest` is the SHA-256 of its bytes, `inputs_digest` the engine's own of what is in it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    calendar = models.CharField(_("calendar"), max_length=32)
    name = models.CharField(_("period"), max_length=32)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    # Empty where the schedule closed it.
    closed_by = _person(null=True)
    plan_version = models.ForeignKey(
        PlanVersion, null=True, on_delete=models.PROTECT, related_name="periods"
    )
    inputs = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    member_count = models.PositiveIntegerField(default=0)
    line_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "name"], name="period_named_once"),
            models.UniqueConstraint(fields=["calendar", "first"], name="period_begins_once"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="period_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, inputs="")
                | (
                    Q(state="closed", closed_at__isnull=False, plan_version__isnull=False)
                    & ~Q(inputs="")
                    & ~Q(file_digest="")
                    & ~Q(inputs_digest="")
                ),
                name="closed_period_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} {self.name}"


class Run(models.Model):
    """One computation of a closed period on its frozen inputs.

    Any number of them may be kept; one is locked, by a second person, and then committed: its awards
    are posted to wallets. `inputs` names the frozen file it was computed from (the period's own, unless
    there are approved overrides or corrected facts) and `result` the archive of its files, both in the
    private store. Money is in the currency's smallest unit, `cv` what was sold, in 1/100 point.

    A difference run computes a committed period anew on what is known by now; its awards are only what
    differs from all that was committed for the period before.
    """

    class Kind(models.TextChoices):
        PERIOD = "period", _("run")
        DIFFERENCE = "difference", _("difference run")

    class State(models.TextChoices):
        COMPUTED = "computed", _("computed")
        LOCKED = "locked", _("locked")
        COMMITTED = "committed", _("committed")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.PERIOD)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.COMPUTED
    )
    # Empty where the schedule ran it.
    author = _person(null=True)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    inputs = models.CharField(max_length=200)
    inputs_file_digest = models.CharField(max_length=64)
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    places = models.PositiveSmallIntegerField()
    total = models.BigIntegerField()
    cv = models.BigIntegerField(default=0)
    award_count = models.PositiveIntegerField()
    payee_count = models.PositiveIntegerField()
    # How much each bonus pays in how many awards, and the payees who have most, by code.
    bonuses = models.JSONField(default=dict)
    top_payees = models.JSONField(default=dict)
    # The run before of the same period, the number of awards that differ, and by how much in all.
    compared_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    difference_count = models.PositiveIntegerField(default=0)
    difference_total = models.BigIntegerField(default=0)
    locked_by = _person(null=True)
    locked_at = models.DateTimeField(null=True)
    committed_by = _person(null=True)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="run_numbered_once"),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(kind="period", state__in=["locked", "committed"]),
                name="one_run_of_a_period_counts",
            ),
            # Each difference is one against everything that was committed before it.
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(kind="difference", state="locked"),
                name="one_difference_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="computed", locked_by__isnull=True, committed_at__isnull=True)
                | Q(state="locked", locked_by__isnull=False, committed_at__isnull=True)
                | Q(state="committed", locked_by__isnull=False, committed_at__isnull=False),
                name="run_is_locked_then_committed",
            ),
            models.CheckConstraint(
                condition=Q(locked_by__isnull=True) | ~Q(locked_by=F("author")),
                name="nobody_locks_the_own_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id}, run {self.number} ({self.state})"

    @property
    def seconds(self) -> str:
        """How long it took, in seconds with one decimal."""
        return f"{self.milliseconds / 1000:.1f}"


class Award(models.Model):
    """One line of a run: who is paid by which bonus on whose volume, and why that much.

    `base` and `rate` are exact decimals as the engine writes them, `amount` is in the currency's
    smallest unit. `order` and `line` are empty where the award is no finer than its source.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="awards", db_index=False)
    payee = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="awards")
    bonus = models.CharField(_("bonus"), max_length=64)
    source = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.CharField(max_length=128, blank=True)
    line = models.CharField(max_length=64, blank=True)
    level = models.IntegerField(_("level"))
    base = models.CharField(_("base"), max_length=32)
    rate = models.CharField(_("rate"), max_length=32)
    amount = models.BigIntegerField(_("amount"))
    because = models.TextField(_("because"))

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        indexes = [models.Index(fields=["run", "payee", "bonus"], name="award_of_payee")]

    def __str__(self) -> str:
        return f"{self.bonus}: {self.amount} for {self.payee_id}"


class SettledLine(models.Model):
    """What becomes of a payee's sum in a run: carried, earned, held, released, taken off, paid, left.

    As the engine's payouts.csv names them; amounts carry their sign, in the smallest unit.
    """

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="settled_lines", db_index=False
    )
    payee = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("settled line")
        verbose_name_plural = _("settled lines")
        constraints = [
            models.UniqueConstraint(fields=["run", "payee", "name"], name="settled_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount} of {self.payee_id}"


class TakenUp(models.Model):
    """A correction that a committed difference run took up: it counts in the old period and no other.

    `movement` was booked on a later, open day; from the commit on it belongs to `counts_for`.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="taken_up")
    movement = models.OneToOneField(
        LineMovement, on_delete=models.PROTECT, related_name="taken_up", primary_key=True
    )
    counts_for = models.DateField()

    class Meta:
        verbose_name = _("correction taken up")
        verbose_name_plural = _("corrections taken up")

    def __str__(self) -> str:
        return f"{self.movement_id} counts for {self.counts_for}"
