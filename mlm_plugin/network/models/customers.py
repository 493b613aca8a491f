"""Which customer belongs to which member, and how that came to be."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.models.members import Member


class CustomerBinding(models.Model):
    """A customer belongs to the member who referred them, from registration or first order on."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="customer_binding",
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="customers")
    bound_at = models.DateTimeField()
    source = models.CharField(max_length=16)
    campaign = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("customer's member")
        verbose_name_plural = _("customers' members")

    def __str__(self) -> str:
        return f"{self.user_id} → {self.member_id}"


class BindingChange(models.Model):
    """Staff gave a customer to another member, or a rule gave one who belonged to nobody."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="binding_changes"
    )
    before = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    # Empty where a rule decided.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a customer's member")
        verbose_name_plural = _("changes of customers' members")
        indexes = [models.Index(fields=["user", "-changed_at"], name="binding_change_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.before_id} → {self.after_id}"
