"""What shoppers ask about a product, and the language in which to tell them that it is back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """A question about a product, and its answer once there is one.

    Somebody without an account confirms the mail address first: until then nobody sees the question.
    """

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("address not confirmed")
        OPEN = "open", _("open")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="questions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="product_questions",
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    # Of somebody without an account; who has one is written to at the account's address.
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    text = models.TextField(_("question"), max_length=1000)
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.OPEN
    )
    # The secret of the link that confirms the address; empty once it did its work.
    key = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # The last time it was kept off the page; stays when it is published after all.
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)

    class Meta:
        verbose_name = _("question about a product")
        verbose_name_plural = _("questions about products")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["product", "status", "-asked_at"], name="questions_of_a_product"),
            models.Index(fields=["status", "-asked_at"], name="questions_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | ~models.Q(answer=""),
                name="published_question_has_an_answer",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def address(self) -> str:
        """Where the asker is written to."""
        return self.user.email if self.user else self.email


class AlertLanguage(models.Model):
    """The language in which somebody asked to be told that a product is back."""

    alert = models.OneToOneField(
        "customer.ProductAlert",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="asked_in",
    )
    language = models.CharField(max_length=12, choices=settings.LANGUAGES)

    class Meta:
        verbose_name = _("language of a stock alert")
        verbose_name_plural = _("languages of stock alerts")

    def __str__(self) -> str:
        return self.language
