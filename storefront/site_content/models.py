"""Facts of the site's frame: menus, texts of the footer, notices, words of error pages.

All are edited in the CMS. A menu, the site texts and the words of an error page belong to a site and
a language; a notice belongs to a site and has a text per language.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Site, TranslatableMixin

from storefront.site_content.addresses import validate_address
from storefront.site_content.blocks import MenuBlock, SocialLinksBlock
from storefront.site_content.choices import ErrorCode, MenuPlace, NoticeKind, NoticeWhere


def default_site_id() -> int | None:
    """The site a new entry belongs to unless the editor says another."""
    return Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()


class OfSite(models.Model):
    """What belongs to one site of the CMS."""

    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="+",
        default=default_site_id,
    )

    class Meta:
        abstract = True


class OnePerLanguage(TranslatableMixin, OfSite):
    """What a site has once in each language: made apart or copied, they are translations of each other.

    Otherwise "Translate" would offer a language that has its own already.
    """

    # Names of the fields that, with the site, say which one it is.
    told_apart_by: tuple[str, ...] = ()

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one joins its counterparts in other languages."""
        if self._state.adding:
            key = self._counterparts().values_list("translation_key", flat=True).first()
            self.translation_key = key or self.translation_key
        super().save(*args, **kwargs)

    def has_another(self) -> bool:
        """Whether this site has one in this language already."""
        others = self._counterparts().exclude(pk=self.pk)
        return bool(self.locale_id) and others.filter(locale_id=self.locale_id).exists()

    def _counterparts(self) -> models.QuerySet[Any]:
        same = {name: getattr(self, name) for name in self.told_apart_by}
        return type(self)._default_manager.filter(site_id=self.site_id, **same)


class Menu(TranslatableMixin, OfSite):
    """The menu of the header, or one column of the footer, in one language.

    Without one, header and footer list the categories and the pages marked "show in menus".
    """

    place = models.CharField(_("place"), max_length=10, choices=MenuPlace.choices)
    title = models.CharField(
        _("heading"),
        max_length=40,
        blank=True,
        help_text=_("Stands above a column of the footer; the header shows none."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        validators=[MaxValueValidator(99)],
        help_text=_("Columns of the footer stand in this order."),
    )
    entries = StreamField(MenuBlock(), verbose_name=_("entries"), blank=True)

    panels = [
        FieldRowPanel([FieldPanel("place"), FieldPanel("title"), FieldPanel("position")]),
        FieldPanel("entries"),
        FieldPanel("site"),
    ]

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = ["-place", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key", "locale"], name="one_menu_per_translation"
            ),
            models.UniqueConstraint(
                fields=["site", "locale"],
                condition=models.Q(place="header"),
                name="one_header_menu_per_language",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_place_display())

    def clean(self) -> None:
        """A column needs its heading, and a language has one menu in the header."""
        super().clean()
        if self.place == MenuPlace.FOOTER and not self.title:
            raise ValidationError({"title": _("A column of the footer needs a heading.")})
        if self.place == MenuPlace.HEADER and self.locale_id:
            others = Menu.objects.exclude(pk=self.pk).filter(
                place=MenuPlace.HEADER, site_id=self.site_id, locale_id=self.locale_id
            )
            if others.exists():
                raise ValidationError(
                    {"place": _("The header has a menu in this language already; edit that one.")}
                )


class SiteTexts(OnePerLanguage):
    """What the footer says, and what search engines and shared links say of the whole site."""

    motto = models.CharField(
        _("motto"), max_length=120, blank=True, help_text=_("Below the mark in the footer.")
    )
    contact = RichTextField(
        _("contact"),
        blank=True,
        features=["bold", "link"],
        help_text=_("Address, telephone, hours: a few short lines."),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    social_links = StreamField(SocialLinksBlock(), verbose_name=_("social networks"), blank=True)
    payment_marks = models.CharField(
        _("ways to pay"),
        max_length=200,
        blank=True,
        help_text=_("Names with commas between them: Visa, Mastercard, bank transfer."),
    )
    legal_line = models.CharField(
        _("last line"),
        max_length=300,
        blank=True,
        help_text=_("Who answers for the site, register and tax number. The year comes by itself."),
    )
    description = models.CharField(
        _("description of the site"),
        max_length=300,
        blank=True,
        help_text=_("For search engines and shared links, where a page has none of its own."),
    )
    share_picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture where a page is shared"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At best 1200 × 630 pixels; for pages that have no picture."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("motto"),
                FieldPanel("contact"),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                FieldPanel("social_links"),
                FieldPanel("payment_marks"),
                FieldPanel("legal_line"),
            ],
            heading=_("Footer"),
        ),
        MultiFieldPanel(
            [FieldPanel("description"), FieldPanel("share_picture")],
            heading=_("For search engines and shared links"),
        ),
        FieldPanel("site"),
    ]

    class Meta:
        verbose_name = _("texts of the site")
        verbose_name_plural = _("texts of the site")
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key", "locale"], name="one_site_texts_per_translation"
            ),
            models.UniqueConstraint(fields=["site", "locale"], name="one_site_texts_per_language"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        """One set of texts per language: a second one would never be shown."""
        super().clean()
        if self.has_another():
            raise ValidationError(_("This language has its texts already; edit those."))


class Notice(OfSite, ClusterableModel):
    """A bar on top of the site: an announcement, for a while, on some or all pages."""

    name = models.CharField(
        _("name"), max_length=80, help_text=_("For you; visitors do not see it.")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=NoticeKind.choices, default=NoticeKind.INFO
    )
    starts_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("At once where it is empty.")
    )
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Until you take it away where it is empty.")
    )
    is_on = models.BooleanField(_("shown"), default=True)
    where = models.CharField(
        _("where"), max_length=10, choices=NoticeWhere.choices, default=NoticeWhere.EVERYWHERE
    )
    paths = models.TextField(
        _("addresses"),
        blank=True,
        max_length=2000,
        help_text=_("One in a line, without the name of the site: /shop/basket/ or /about/."),
    )
    is_dismissible = models.BooleanField(
        _("can be closed"), default=True, help_text=_("Whoever closes it does not see it again.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("is_on"), FieldPanel("is_dismissible")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        InlinePanel(
            "texts", label=_("text"), heading=_("Text in each language"), min_num=1,
            max_num=len(settings.LANGUAGES),
        ),
        MultiFieldPanel([FieldPanel("where"), FieldPanel("paths")], heading=_("On which pages")),
        FieldPanel("site"),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__isnull=True)
                | models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="notice_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """It ends after it begins, and names addresses where it stands below certain ones."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("This is before the beginning.")})
        lines = [line.strip() for line in self.paths.splitlines() if line.strip()]
        if self.where == NoticeWhere.PATHS and not lines:
            raise ValidationError({"paths": _("Write at least one address.")})
        if any(not line.startswith("/") for line in lines):
            raise ValidationError({"paths": _("Every address begins with /.")})
        self.paths = "\n".join(lines)


class NoticeText(Orderable):
    """What a notice says in one language."""

    notice = ParentalKey(Notice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("text"), max_length=200)
    link_name = models.CharField(_("words of the link"), max_length=60, blank=True)
    link_address = models.CharField(
        _("address of the link"), max_length=500, blank=True, validators=[validate_address]
    )

    panels = [
        FieldPanel("language"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("link_name"), FieldPanel("link_address")]),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "language"],
                name="one_notice_text_per_language",
                violation_error_message=_("There is a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """A link needs words and an address."""
        super().clean()
        if bool(self.link_name) != bool(self.link_address):
            raise ValidationError(
                {"link_address": _("Fill in both words and address of the link, or neither.")}
            )


class ErrorText(OnePerLanguage):
    """What an error page says in one language; without one the theme's own words stand."""

    told_apart_by = ("code",)

    code = models.PositiveSmallIntegerField(_("page"), choices=ErrorCode.choices)
    heading = models.CharField(_("heading"), max_length=100)
    text = models.TextField(
        _("text"), max_length=1000, help_text=_("What happened, and what to do next.")
    )
    link_name = models.CharField(_("words of the button"), max_length=60, blank=True)
    link_address = models.CharField(
        _("address of the button"), max_length=500, blank=True, validators=[validate_address]
    )

    panels = [
        FieldPanel("code"),
        FieldPanel("heading"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("link_name"), FieldPanel("link_address")]),
        FieldPanel("site"),
    ]

    class Meta:
        verbose_name = _("error page")
        verbose_name_plural = _("error pages")
        ordering = ["code", "locale"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key", "locale"], name="one_error_text_per_translation"
            ),
            models.UniqueConstraint(
                fields=["site", "locale", "code"], name="one_error_text_per_language"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    def clean(self) -> None:
        """One text per page and language; a button needs words and an address."""
        super().clean()
        if bool(self.link_name) != bool(self.link_address):
            raise ValidationError(
                {"link_address": _("Fill in both words and address of the button, or neither.")}
            )
        if self.has_another():
            raise ValidationError(_("This page has its words in this language already."))
