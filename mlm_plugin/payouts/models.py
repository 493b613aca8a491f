"""Payouts: money on its way from a wallet to the outside, in batches that two people answer for.

What a payout went through (`PayoutStep`) and the files a bank got (`PayoutFile`) are facts: never
changed, never taken out; the database itself sees to that (migration `0002_guards`).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mlm_plugin.network.models import Member


def _person(**fields: Any) -> Any:
    """Whoever did something; kept with what was done."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **fields
    )


class PayoutBatch(models.Model):
    """Payouts of one currency that go to the bank together.

    One person prepares it, another approves it; only then its files exist. `payout_count` and `total`
    (what leaves the company's account, in the smallest unit) are written down at the approval.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        APPROVED = "approved", _("approved")
        HANDED_OVER = "handed_over", _("handed over to the bank")
        CANCELLED = "cancelled", _("cancelled")

    # The key of the form that asked for it: sent twice it is prepared once.
    key = models.CharField(max_length=64, unique=True)
    currency = models.CharField(_("currency"), max_length=3)
    # The day on which the bank is asked to pay.
    execute_on = models.DateField(_("date of payment"))
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.PREPARED
    )
    prepared_by = _person()
    prepared_at = models.DateTimeField()
    approved_by = _person(null=True)
    approved_at = models.DateTimeField(null=True)
    handed_over_by = _person(null=True)
    handed_over_at = models.DateTimeField(null=True)
    payout_count = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="nobody_approves_the_own_batch",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["prepared", "cancelled"],
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                    handed_over_by__isnull=True,
                )
                | Q(
                    state="approved",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    handed_over_by__isnull=True,
                )
                | Q(
                    state="handed_over",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    handed_over_by__isnull=False,
                    handed_over_at__isnull=False,
                ),
                name="batch_is_approved_then_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"


class Payout(models.Model):
    """Money that a member takes out of the wallet; its primary key is its number.

    `amount` leaves the wallet; `fee` and `tax` stay behind, `net` reaches the bank account. All in the
    currency's smallest unit. `tax_rule` names the row of the tax table that was applied.
    `destination` is the sealed bank account as it was when the batch was prepared.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("payout", "requested")
        IN_BATCH = "in_batch", pgettext_lazy("payout", "in a batch")
        APPROVED = "approved", pgettext_lazy("payout", "approved")
        HANDED_OVER = "handed_over", pgettext_lazy("payout", "handed over to the bank")
        PAID = "paid", pgettext_lazy("payout", "paid")
        BOUNCED = "bounced", pgettext_lazy("payout", "sent back by the bank")
        CANCELLED = "cancelled", pgettext_lazy("payout", "cancelled")

    class Origin(models.TextChoices):
        MEMBER = "member", _("asked for by the member")
        SCHEDULE = "schedule", _("by the schedule")

    # The money is still reserved in these, and the file with it may be out in these.
    OPEN = (State.REQUESTED, State.IN_BATCH, State.APPROVED, State.HANDED_OVER)
    IN_A_BATCH = (State.IN_BATCH, State.APPROVED, State.HANDED_OVER, State.PAID, State.BOUNCED)

    # The key of the form, or of the schedule's turn: asked for twice it is one payout.
    key = models.CharField(max_length=80, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="payouts")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    fee = models.BigIntegerField(_("fee"))
    tax = models.BigIntegerField(_("tax withheld"))
    net = models.BigIntegerField(_("paid out"))
    tax_rule = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=16, choices=Origin.choices, default=Origin.MEMBER)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.REQUESTED
    )
    requested_at = models.DateTimeField(_("requested"))
    batch = models.ForeignKey(
        PayoutBatch, null=True, on_delete=models.PROTECT, related_name="payouts"
    )
    destination = models.TextField(blank=True)
    # The account's last four characters, as pages show it.
    destination_shown = models.CharField(max_length=16, blank=True)
    # The day the bank says; empty until it is paid.
    paid_on = models.DateField(null=True)
    # Why it was cancelled or sent back.
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("net") + F("fee") + F("tax"))
                & Q(net__gt=0, fee__gte=0, tax__gte=0),
                name="payout_adds_up",
            ),
            # One column, so never in two batches; and out of them it carries no bank account.
            models.CheckConstraint(
                condition=Q(
                    state__in=["in_batch", "approved", "handed_over", "paid", "bounced"],
                    batch__isnull=False,
                )
                | Q(state__in=["requested", "cancelled"], batch__isnull=True, destination=""),
                name="payout_is_in_a_batch_or_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False), name="paid_on_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="payout_by_state"),
            models.Index(fields=["member", "-id"], name="payout_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def reference(self) -> str:
        """What bank and member know it by; it comes back with the bank's answer."""
        return f"P{self.pk:07d}"


class PayoutStep(models.Model):
    """A payout became something: what, when, by whom. Never changed."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(_("state"), max_length=16, choices=Payout.State.choices)
    at = models.DateTimeField()
    # Empty where the schedule did it.
    author = _person(null=True, db_index=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of a payout")
        verbose_name_plural = _("steps of payouts")

    def __str__(self) -> str:
        return f"{self.payout_id}: {self.state}"


class PayoutFile(models.Model):
    """What the bank gets for a batch; `stored` names it in the private store, `digest` is its SHA-256."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=40)
    stored = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("payout file")
        verbose_name_plural = _("payout files")
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind"], name="one_payout_file_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.name


class PayoutResult(models.Model):
    """A bank's answer: a file that says what became of payouts. The same file is kept, and done, once."""

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("answer", "looked at")
        APPLIED = "applied", pgettext_lazy("answer", "entered")

    name = models.CharField(_("file"), max_length=120)
    stored = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.CHECKED
    )
    uploaded_by = _person()
    uploaded_at = models.DateTimeField()
    applied_by = _person(null=True)
    applied_at = models.DateTimeField(null=True)
    paid_count = models.PositiveIntegerField(default=0)
    bounced_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checked", applied_by__isnull=True, applied_at__isnull=True)
                | Q(state="applied", applied_by__isnull=False, applied_at__isnull=False),
                name="result_is_entered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class TaxStatus(models.Model):
    """What a member is to the tax office, from a day on, where the data do not say it already.

    Without a row a member is a company, a person with a VAT number, or a person, as the personal data
    say. The newest day up to a payout's counts; staff write a row when they have seen the paper.
    """

    class Status(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")
        VAT_PAYER = "vat_payer", _("trader with a VAT number")
        SELF_EMPLOYED = "self_employed", _("self-employed (professional income, Russia)")
        ENTREPRENEUR = "entrepreneur", _("sole trader")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tax_statuses")
    status = models.CharField(_("tax status"), max_length=16, choices=Status.choices)
    valid_from = models.DateField(_("valid from"))
    note = models.CharField(_("seen paper"), max_length=200)
    author = _person()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("tax status")
        verbose_name_plural = _("tax statuses")
        indexes = [models.Index(fields=["member", "-valid_from", "-id"], name="tax_status_of")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.status}"
