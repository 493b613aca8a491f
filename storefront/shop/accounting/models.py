"""Invoices and credit notes as they were issued, and money that went another way than planned."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceCounter(models.Model):
    """The last number of one kind of paper in one year; its row is locked to take the next.

    The number is taken in the transaction that writes the paper, so none is ever left out.
    """

    kind = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="one_counter_per_kind_and_year"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Invoice(models.Model):
    """An invoice or a credit note: everything it says is frozen in `facts` when it is issued.

    The PDF is made of the facts once and stays in `STORAGES["private"]`; `digest` is its SHA-256.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="invoices")
    refund = models.OneToOneField(
        "shop_payments.RefundRequest",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credit_note",
    )
    language = models.CharField(max_length=16)
    paper = models.CharField(max_length=16)
    facts = models.JSONField()
    issued_at = models.DateTimeField()
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["issued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "sequence"], name="invoice_number_once_a_year"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(kind="invoice"), name="one_invoice_per_order"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice", refund__isnull=True)
                | models.Q(kind="credit_note", refund__isnull=False),
                name="credit_note_has_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentTrouble(models.Model):
    """Money that went another way than written down: staff look at it and say how it ended.

    A refund the bank sent back later, or a payment the buyer's bank disputes. The order's books
    stay as they are: what is owed is paid another way, by people.
    """

    class Kind(models.TextChoices):
        REFUND_FAILED = "refund_failed", _("A refund came back")
        DISPUTE = "dispute", _("The buyer's bank disputes the payment")

    # The provider's id of the refund or dispute: the same event twice is one trouble.
    reference = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    order = models.ForeignKey(
        "order.Order",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payment_troubles",
    )
    refund = models.ForeignKey(
        "shop_payments.RefundRequest",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="troubles",
    )
    amount = models.BigIntegerField(help_text=_("In the currency's smallest unit."))
    text = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    solution = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("question of money")
        verbose_name_plural = _("questions of money")
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
