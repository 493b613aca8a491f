"""Prices by buyer kind, rank and quantity; tax and shipping charges by destination.

Every amount here includes the tax of the home country, as Oscar's own `StockRecord.price` does in
this shop: a consumer sees the price that was typed in. See `docs/decisions.md`.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mlm_plugin.volumes.models import BuyerKind


class BuyerPrice(models.Model):
    """What one piece costs a kind of buyer from some quantity on.

    A retail buyer without a row pays `StockRecord.price`. Nobody pays more than a stranger: a buyer
    is charged the lowest of the retail price and the rows their kind, rank and quantity reach.
    """

    stockrecord = models.ForeignKey(
        "partner.StockRecord", on_delete=models.CASCADE, related_name="buyer_prices"
    )
    buyer_kind = models.CharField(_("buyer"), max_length=16, choices=BuyerKind.choices)
    rank = models.CharField(
        _("rank"), max_length=32, blank=True, help_text=_("Empty: members of every rank.")
    )
    min_quantity = models.PositiveIntegerField(
        _("from quantity"), default=1, validators=[MinValueValidator(1)]
    )
    price = models.DecimalField(
        _("price"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("price for a kind of buyer")
        verbose_name_plural = _("prices by kind of buyer")
        ordering = ["stockrecord", "buyer_kind", "rank", "min_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["stockrecord", "buyer_kind", "rank", "min_quantity"],
                name="one_price_per_kind_rank_and_quantity",
                violation_error_message=_(
                    "There is a price for this buyer, rank and quantity already."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(min_quantity__gte=1),
                name="price_from_one_piece",
                violation_error_message=_("The quantity must be at least 1."),
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0),
                name="price_not_below_zero",
                violation_error_message=_("A price cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=models.Q(rank="") | models.Q(buyer_kind=BuyerKind.MEMBER),
                name="only_members_have_a_rank",
                violation_error_message=_("Only a price for members can name a rank."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer_kind} {self.rank} {self.min_quantity}+: {self.price}"


class TaxRate(models.Model):
    """The tax of one destination. A country without a row is charged no tax (an export)."""

    country = models.OneToOneField(
        "address.Country",
        verbose_name=_("country"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="tax_rate",
    )
    basis_points = models.PositiveIntegerField(
        _("rate in 1/100 percent"),
        validators=[MaxValueValidator(10_000)],
        help_text=_("1900 is 19 percent."),
    )
    taxes_shipping = models.BooleanField(_("shipping is taxed"), default=True)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["country"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(basis_points__lte=10_000), name="tax_rate_at_most_100_percent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country_id}: {self.basis_points / 100:g} %"


class ShippingCharge(models.Model):
    """What a shipping method costs to one country, or (country empty) wherever no row says more.

    Without any row of a method the amounts of `settings.SHIPPING_CHARGES` hold.
    """

    class Method(models.TextChoices):
        STANDARD = "standard", _("Standard delivery")
        EXPRESS = "express", _("Express delivery")

    method = models.CharField(_("method"), max_length=16, choices=Method.choices)
    country = models.ForeignKey(
        "address.Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="shipping_charges",
        help_text=_("Empty: every country without a charge of its own."),
    )
    charge = models.DecimalField(
        _("charge"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    free_from = models.DecimalField(
        _("free from an order of"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("shipping charge")
        verbose_name_plural = _("shipping charges")
        ordering = ["method", "country"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "country"], name="one_charge_per_method_and_country"
            ),
            models.UniqueConstraint(
                fields=["method"],
                condition=models.Q(country__isnull=True),
                name="one_charge_per_method_elsewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(charge__gte=0), name="shipping_charge_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.country_id or '*'}: {self.charge}"
