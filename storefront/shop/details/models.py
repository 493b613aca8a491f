"""Structured facts of products, in every language.

Oscar keeps attributes, their options and their values in the first language. Beside them stand the
same words in the other languages, and where on the product's page an attribute is shown.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tab(models.TextChoices):
    """The parts of a product's page that attributes go to."""

    FACTS = "facts", _("Facts")
    INGREDIENTS = "ingredients", _("Ingredients")
    USE = "use", _("How to use")
    CARE = "care", _("Care and storage")


class AttributePlace(models.Model):
    """Where an attribute is shown; one without a row goes to the facts, last."""

    attribute = models.OneToOneField(
        "catalogue.ProductAttribute",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="place",
    )
    tab = models.CharField(_("shown under"), max_length=16, choices=Tab.choices, default=Tab.FACTS)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Small numbers come first.")
    )

    class Meta:
        verbose_name = _("place of an attribute")
        verbose_name_plural = _("places of attributes")
        ordering = ["position", "attribute"]

    def __str__(self) -> str:
        return f"{self.attribute_id}: {self.tab} {self.position}"


class AttributeText(models.Model):
    """What an attribute is called in one more language."""

    attribute = models.ForeignKey(
        "catalogue.ProductAttribute", on_delete=models.CASCADE, related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=128)

    class Meta:
        verbose_name = _("name of an attribute in another language")
        verbose_name_plural = _("names of attributes in other languages")
        ordering = ["attribute", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "language"], name="one_text_per_attribute_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"


class OptionText(models.Model):
    """What an option of an attribute is called in one more language."""

    option = models.ForeignKey(
        "catalogue.AttributeOption", on_delete=models.CASCADE, related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=255)

    class Meta:
        verbose_name = _("name of an option in another language")
        verbose_name_plural = _("names of options in other languages")
        ordering = ["option", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["option", "language"], name="one_text_per_option_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"


class ValueText(models.Model):
    """A product's written attribute (its ingredients, say) in one more language."""

    value = models.ForeignKey(
        "catalogue.ProductAttributeValue", on_delete=models.CASCADE, related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text of an attribute in another language")
        verbose_name_plural = _("texts of attributes in other languages")
        ordering = ["value", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["value", "language"], name="one_text_per_value_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"
