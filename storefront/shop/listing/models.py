"""What lists show of a product, beside Oscar's product: one row each, and texts per language."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.search import index


class ProductText(models.Model):
    """Title and description of a product in one more language; Oscar's own are the first."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=255, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        ordering = ["product", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"], name="one_text_per_product_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class CategoryText(models.Model):
    """Name and description of a category in one more language; Oscar's own are the first."""

    category = models.ForeignKey(
        "catalogue.Category", on_delete=models.CASCADE, related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("category text in another language")
        verbose_name_plural = _("category texts in other languages")
        ordering = ["category", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language"], name="one_text_per_category_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"


class ProductCard(index.Indexed, models.Model):
    """A product as lists and search see it: derived, rebuilt by `rebuild_listing`.

    Only products that stand by themselves have a card; a variant is part of its parent's. Prices
    and stock are read when a page is shown (they depend on the buyer); `price` is the lowest stored
    retail price, for sorting.
    """

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="card"
    )
    is_public = models.BooleanField()
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    # Title per language code, where it differs from `title`.
    titles = models.JSONField(default=dict)
    # Everything a search should find: texts of all languages, SKUs and UPCs, variants included.
    text = models.TextField(blank=True)
    # One entry per picture in order: name of the `original`, caption, and of `small` and `large`
    # path, width and height.
    pictures = models.JSONField(default=list)
    has_variants = models.BooleanField(default=False)
    tracks_stock = models.BooleanField(default=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # PV in 1/100 point of the cheapest variant, and of each product of the family by its number.
    pv = models.PositiveBigIntegerField(default=0)
    family_pv = models.JSONField(default=dict)
    # Mean score in 1/10 star, and how many reviews it comes from.
    rating = models.PositiveSmallIntegerField(null=True)
    reviews = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    # The services write the index with the card: a queued job would show new products late.
    search_auto_update = False
    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.AutocompleteField("text"),
        index.FilterField("is_public"),
    ]

    class Meta:
        verbose_name = _("product card")
        verbose_name_plural = _("product cards")
        indexes = [models.Index(fields=["is_public", "-created_at"], name="card_newest_first")]

    def __str__(self) -> str:
        return self.title

    @property
    def title_here(self) -> str:
        """The title in the language of the page."""
        return self.titles.get(get_language() or "", self.title)
