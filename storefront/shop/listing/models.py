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
    description = models.TextField(
        _("introduction"), blank=True, help_text=_("Stands above the list of products.")
    )
    long_description = models.TextField(
        _("longer text"), blank=True, help_text=_("Stands below the list of products.")
    )
    meta_title = models.CharField(_("title for search engines"), max_length=255, blank=True)
    meta_description = models.TextField(_("description for search engines"), blank=True)

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


class FilterAttribute(models.Model):
    """An attribute that lists can be narrowed down by, in all product types that have its code."""

    code = models.SlugField(
        _("code of the attribute"),
        max_length=128,
        unique=True,
        error_messages={"unique": _("Lists are filtered by this attribute already.")},
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Small numbers come first.")
    )

    class Meta:
        verbose_name = _("filter of lists")
        verbose_name_plural = _("filters of lists")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class FilterChoice(models.Model):
    """One value of an attribute as an address names it: `attr_material=linen`. Derived.

    Never deleted while cards may name it: `choices` of a card lists these numbers.
    """

    code = models.SlugField(max_length=128)
    slug = models.SlugField(max_length=120, allow_unicode=True)
    label = models.CharField(max_length=255)
    # Label per language code, of written values; those of options come with the option.
    labels = models.JSONField(default=dict)
    option = models.ForeignKey("catalogue.AttributeOption", null=True, on_delete=models.SET_NULL)
    is_yes = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("choice of a filter")
        verbose_name_plural = _("choices of filters")
        constraints = [
            models.UniqueConstraint(fields=["code", "slug"], name="one_choice_per_code_and_slug")
        ]

    def __str__(self) -> str:
        return f"{self.code}={self.slug}"


class ListingStamp(models.Model):
    """One row: the number of the last change of anything that lists show.

    Whoever changes a card takes the next number under this row's lock and keeps it until the
    commit, so numbers appear in their order: who has read everything up to 7 misses nothing by
    asking for what came after 7.
    """

    version = models.PositiveBigIntegerField(default=0)
    # The last change that an "everything after" cannot show: a card went, a name changed.
    renewed = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the lists")
        verbose_name_plural = _("states of the lists")

    def __str__(self) -> str:
        return str(self.version)


class SearchWord(models.Model):
    """A word that product and category names use, to guess what a mistyped one meant. Derived."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")

    def __str__(self) -> str:
        return self.word


class ProductCard(index.Indexed, models.Model):
    """A product as lists and search see it: derived, rebuilt by `rebuild_listing`.

    Only products that stand by themselves have a card; a variant is part of its parent's. What a
    page shows of prices and stock is read live; the ones here are for filters and sorting.
    """

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="card"
    )
    is_public = models.BooleanField()
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    # Title per language code, where it differs from `title`.
    titles = models.JSONField(default=dict)
    # Everything a search should find: texts of the first language, SKUs and UPCs, with variants.
    text = models.TextField(blank=True)
    # The same per further language code.
    texts = models.JSONField(default=dict)
    # One entry per picture in order: name of the `original`, caption, and of `small` and `large`
    # path, width and height.
    pictures = models.JSONField(default=list)
    has_variants = models.BooleanField(default=False)
    tracks_stock = models.BooleanField(default=True)
    in_stock = models.BooleanField(default=False)
    # The lowest price of one piece at home, tax included, by kind of buyer (of any rank).
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    price_preferred = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    price_member = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # PV in 1/100 point of the cheapest variant, and of each product of the family by its number.
    pv = models.PositiveBigIntegerField(default=0)
    family_pv = models.JSONField(default=dict)
    # Mean score in 1/10 star, and how many reviews it comes from.
    rating = models.PositiveSmallIntegerField(null=True)
    reviews = models.PositiveIntegerField(default=0)
    # Pieces sold lately, see `count_sales`.
    sold = models.PositiveIntegerField(default=0)
    # Numbers with spaces between: categories the product stands in, and its `FilterChoice`s.
    categories = models.TextField(blank=True)
    choices = models.TextField(blank=True)
    created_at = models.DateTimeField()
    # The number of the change (`ListingStamp`) that wrote this row.
    changed = models.PositiveBigIntegerField(default=0, db_index=True)

    # The services write the index with the card: a queued job would show new products late.
    search_auto_update = False
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("text"),
        index.SearchField("other_words"),
        index.AutocompleteField("names"),
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

    @property
    def names(self) -> str:
        """What somebody begins to type: titles of all languages, and numbers of articles."""
        numbers = [word for word in self.text.split("\n") if word and " " not in word]
        return "\n".join([self.title, *self.titles.values(), *numbers])

    @property
    def other_words(self) -> str:
        """Titles and texts of the further languages."""
        return "\n".join(word for words in self.words_by_language[1:] for word in words[1:])

    @property
    def words_by_language(self) -> list[tuple[str, str, str]]:
        """Language code, title and text, the first language first."""
        others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        return [
            (settings.LANGUAGE_CODE, self.title, self.text),
            *((code, self.titles.get(code, ""), self.texts.get(code, "")) for code in others),
        ]
