"""Texts of mails that staff changed, who changed them, and reminders that were sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailText(models.Model):
    """What staff want one kind of mail to say in one language; an empty part is the default."""

    kind = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    subject = models.CharField(_("Subject"), max_length=200, blank=True)
    greeting = models.CharField(_("Greeting"), max_length=200, blank=True)
    intro = models.TextField(_("Opening"), max_length=4000, blank=True)
    closing = models.TextField(_("Closing"), max_length=4000, blank=True)
    note = models.TextField(_("Small print"), max_length=2000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="one_text_per_mail_language")
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class MailTextChange(models.Model):
    """One change of a text, kept for good: what it said before and after, and who did it.

    `before` and `after` hold the parts that differ from the default.
    """

    kind = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a mail's text")
        verbose_name_plural = _("changes of mails' texts")
        indexes = [models.Index(fields=["kind", "language", "-changed_at"], name="mail_changes")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}), {self.changed_at}"


class BasketReminder(models.Model):
    """The one reminder of a basket that was left behind; its row is taken before the mail goes."""

    basket = models.OneToOneField(
        "basket.Basket", on_delete=models.CASCADE, related_name="reminder"
    )
    reminded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder of a basket")
        verbose_name_plural = _("reminders of baskets")

    def __str__(self) -> str:
        return f"basket {self.basket_id}, {self.reminded_at}"
