"""Double entry for points and money alike: accounts, entries and their postings.

Nothing here is ever updated or deleted, and the database itself sees to that: triggers (migration
`0002_guards`) refuse UPDATE and DELETE, refuse an entry whose postings do not sum to zero per unit,
and refuse postings for an entry that is already there. Correct by adding.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

COMPANY = 0


class Account(models.Model):
    """Where postings lie: one owner, one kind, one unit.

    `owner` is a member's primary key, or `COMPANY`. It is a number and not a foreign key because
    ledger and network stand side by side and do not know each other.
    """

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("points of a member's own orders")
        CUSTOMERS = "customers", _("points of a member's customers' orders")
        ISSUED = "issued", _("points issued by the company")
        # Of the company: where points and money brought from elsewhere come from. Of a member: the
        # money that was brought along.
        OPENING = "opening", _("brought along from elsewhere")
        # Money: what a member has, what of it is held back for a while, and what the company paid.
        WALLET = "wallet", _("a member's wallet")
        HELD = "held", _("money of a member that is held back")
        COMMISSIONS = "commissions", _("commissions paid by the company")
        # Money of a member that is on its way out, or kept for an order that is being paid.
        RESERVED = "reserved", _("money of a member that is reserved")
        # Of the company: what left wallets, and where to.
        PAID = "paid", _("money paid out to members")
        FEES = "fees", _("fees kept by the company")
        TAXES = "taxes", _("tax withheld from payouts")
        PURCHASES = "purchases", _("orders paid from wallets")
        ADJUSTMENTS = "adjustments", _("money added or taken by hand")

    owner = models.BigIntegerField(default=COMPANY)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    unit = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "unit"], name="one_account_per_use")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.owner}:{self.unit}"


class Entry(models.Model):
    """One thing that happened, under a key that makes it happen once (`order:100023:paid`).

    `booked_on` is its business day in the plan's time zone, never a closed one; `counts_for` is
    the day whose period it belongs to, normally the same (design, section 5). What this table
    cannot catch is an entry that balances but should not exist: `mlm_reconcile` compares the facts
    with the orders.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    booked_on = models.DateField(db_index=True)
    counts_for = models.DateField(db_index=True)
    happened_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name_plural = _("entries")

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """One side of an entry: a signed amount in the smallest unit (points in 1/100, cents)."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_is_not_zero")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"


class BooksClosing(models.Model):
    """The books are closed through this day: no entry is booked on it or before it."""

    through = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name_plural = _("closings of the books")

    def __str__(self) -> str:
        return str(self.through)


class Action(models.Model):
    """What somebody did with the books: who, when, from where, why, and what it changed.

    Append-only like the books themselves. `name` is a thing and what was done to it (`run.lock`),
    `subject` the thing's name and number (`run:12`); `before` and `after` hold only what changed.
    The permissions of those who keep the books hang here, for none of them belongs to one table.
    """

    at = models.DateTimeField(db_index=True)
    # Empty where the schedule did it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The network address of the author's browser; empty for a command or the schedule.
    address = models.GenericIPAddressField(null=True)
    name = models.CharField(max_length=48, db_index=True)
    subject = models.CharField(max_length=64, db_index=True)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        permissions = [
            ("read_books", _("Can read the books")),
            ("prepare_books", _("Can prepare plans, periods, runs and payouts")),
            ("approve_books", _("Can approve plans, runs, overrides and payouts of others")),
            ("pay_out", _("Can hand over payouts to the bank and enter what became of them")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"
