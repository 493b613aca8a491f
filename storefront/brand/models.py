"""How the marketer wants the site to look, and every look it had before."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting

is_colour = RegexValidator(
    r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six digits, such as #2c6a3b.")
)


class TextFont(models.TextChoices):
    """Typefaces for reading; the codes are those of `theme.fonts`."""

    MANROPE = "manrope", "Manrope"
    SOURCE_SANS = "source-sans", "Source Sans"
    ROBOTO = "roboto", "Roboto"
    SYSTEM = "system", _("The visitor’s own system font")


class HeadingFont(models.TextChoices):
    """Typefaces for large headings."""

    SOURCE_SERIF = "source-serif", "Source Serif"
    AS_TEXT = "text", _("The same as the text")
    SYSTEM = "system", _("The visitor’s own serif font")


class Corners(models.TextChoices):
    """How round boxes, buttons and pictures are."""

    NONE = "none", _("Square")
    SMALL = "small", _("Slightly round")
    ROUND = "round", _("Round")


class Header(models.TextChoices):
    """How the head of a page is laid out."""

    CLASSIC = "classic", _("Two rows: mark, search and account above, menu below")
    CENTRED = "centred", _("Mark in the middle, menu below it")
    COMPACT = "compact", _("One narrow row")


class Footer(models.TextChoices):
    """How the foot of a page is laid out."""

    COLUMNS = "columns", _("Columns on a quiet ground")
    CENTRED = "centred", _("Mark in the middle, links below it")
    DEEP = "deep", _("Columns on the accent colour")


class MailHead(models.TextChoices):
    """What stands at the top of a mail."""

    NAME = "name", _("The name of the shop")
    LOGO = "logo", _("The logo")
    BAND = "band", _("The name on a band of the accent colour")


def _colour(label: Any, help_text: Any) -> models.CharField:
    return models.CharField(
        label, max_length=7, blank=True, validators=[is_colour], help_text=help_text
    )


class BrandSettings(BaseSiteSetting):
    """One row per site. An empty colour or file means: as the theme has it.

    Write through `services.change_brand`, which keeps the history.
    """

    accent = _colour(_("Accent colour"), _("Buttons, links and the mark."))
    accent_dark = _colour(
        _("Accent colour in the dark set"), _("Left empty, a lighter shade of the accent is made.")
    )
    second = _colour(_("Second colour"), _("Badges, pictures and the second line of charts."))
    surface = _colour(_("Tint of the paper"), _("The ground of every page: a very light colour."))
    exact = models.BooleanField(
        _("Use these colours exactly"),
        default=False,
        help_text=_(
            "Otherwise a colour that cannot be read is made lighter or darker by itself. "
            "Chosen, such a colour is refused."
        ),
    )
    text_font = models.CharField(
        _("Font of the text"),
        max_length=20,
        choices=TextFont.choices,
        default=TextFont.MANROPE,
    )
    heading_font = models.CharField(
        _("Font of large headings"),
        max_length=20,
        choices=HeadingFont.choices,
        default=HeadingFont.SOURCE_SERIF,
    )
    corners = models.CharField(
        _("Corners"), max_length=10, choices=Corners.choices, default=Corners.SMALL
    )
    header = models.CharField(
        _("Header"), max_length=10, choices=Header.choices, default=Header.CLASSIC
    )
    footer = models.CharField(
        _("Footer"), max_length=10, choices=Footer.choices, default=Footer.COLUMNS
    )
    mail_head = models.CharField(
        _("Head of mails"), max_length=10, choices=MailHead.choices, default=MailHead.NAME
    )
    logo = models.FileField(
        _("Logo"),
        upload_to="brand",
        blank=True,
        help_text=_("SVG, PNG, WebP or JPEG, up to 1 MB. It takes the place of mark and name."),
    )
    logo_dark = models.FileField(
        _("Logo on dark ground"),
        upload_to="brand",
        blank=True,
        help_text=_("Left empty, the logo above is shown on a light plate."),
    )
    icon = models.FileField(
        _("Icon of the site"),
        upload_to="brand",
        blank=True,
        help_text=_(
            "A square SVG or picture of at least 192 pixels, for browser tabs and phones. "
            "Left empty, the mark of the theme in the accent colour."
        ),
    )
    # Width and height of the logos in their own units, so that pages keep the place free.
    logo_size = models.CharField(max_length=20, blank=True, editable=False)
    logo_dark_size = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")


class BrandChange(models.Model):
    """One saved look: what holds from this moment. Rows are never edited; undo adds one.

    Files of earlier looks stay in the media store, so that every row can be brought back.
    """

    site = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.CASCADE, related_name="brand_changes"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=100, blank=True)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of the look")
        verbose_name_plural = _("changes of the look")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
