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


def _person(**fields: Any) -> Any:
    """Whoever did something; kept with what was done."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **fields
    )


class PlanVersion(models.Model):
    """A state of the compensation plan: a document, from its first draft to its approval.

    The document can be changed while it is a draft; from its approval by a second person on, it stays
    as it is. It counts for the periods that begin on `effective_from` or later, until a later
    version's day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")

    number = models.PositiveIntegerField(_("number"), unique=True)
    # By the document: its id and title. State is carried between versions with one id.
    plan = models.CharField(_("plan"), max_length=64)
    title = models.CharField(_("title"), max_length=200, blank=True)
    document = models.TextField(_("document"))
    # SHA-256 of what the document says, whatever spaces and comments it is written with.
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    author = _person()
    changed_at = models.DateTimeField()
    approved_by = _person(null=True)
    approved_at = models.DateTimeField(null=True)
    effective_from = models.DateField(_("effective from"), null=True)

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                    effective_from__isnull=True,
                )
                | Q(
                    state="approved",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    effective_from__isnull=False,
                ),
                name="plan_approved_by_somebody_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="nobody_approves_the_own_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number} ({self.state})"


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
    are posted to wallets. `result` names the archive of its files in the private store. Money is in
    the currency's smallest unit.
    """

    class State(models.TextChoices):
        COMPUTED = "computed", _("computed")
        LOCKED = "locked", _("locked")
        COMMITTED = "committed", _("committed")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(_("number"))
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.COMPUTED
    )
    # Empty where the schedule ran it.
    author = _person(null=True)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    places = models.PositiveSmallIntegerField()
    total = models.BigIntegerField()
    award_count = models.PositiveIntegerField()
    payee_count = models.PositiveIntegerField()
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
                condition=Q(state__in=["locked", "committed"]),
                name="one_run_of_a_period_counts",
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
