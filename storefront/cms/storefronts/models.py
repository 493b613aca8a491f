"""What a member says and shows at `/@<code>/`, kept beside the member."""

from django.db import models
from django.utils.translation import gettext_lazy as _

GREETING_LENGTH = 1_000


class MemberStorefront(models.Model):
    """A member's own page of the shop; a member without a row has one too, only plainer.

    `listed_since` is the consent to be found by strangers: empty until the member says so, and again
    once the member takes it back. Place and country are what the member wants to be found by.
    """

    member = models.OneToOneField(
        "mlm_plugin.Member", on_delete=models.CASCADE, related_name="storefront"
    )
    greeting = models.TextField(_("greeting"), max_length=GREETING_LENGTH, blank=True)

    listed_since = models.DateTimeField(_("listed since"), null=True, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)

    class Meta:
        verbose_name = _("member's storefront")
        verbose_name_plural = _("members' storefronts")

    def __str__(self) -> str:
        return str(self.member_id)


class ChosenProduct(models.Model):
    """A product that a member shows, at its place."""

    storefront = models.ForeignKey(
        MemberStorefront, on_delete=models.CASCADE, related_name="chosen_products"
    )
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["storefront", "product"], name="product_chosen_once_per_storefront"
            )
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.storefront_id}: {self.product_id}"
