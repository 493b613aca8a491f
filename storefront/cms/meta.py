"""What search engines and shared links say about a page, editable on its tab "Promote".

A page type takes it in as its first base: `class ContentPage(MetaFields, Page)`. Every field may
stay empty: then title, teaser and picture of the page itself are taken.
"""

from typing import Any

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string

DESCRIPTION_LENGTH = 160


class MetaFields(models.Model):
    """How a page appears in search results and where a link to it is shared."""

    # Names of fields a description is taken from, first filled one wins; texts or rich texts.
    teaser_fields: tuple[str, ...] = ("teaser", "summary", "intro", "introduction")
    # Names of picture fields of the page for its shared link, first filled one wins.
    picture_fields: tuple[str, ...] = ("picture", "image")

    share_title = models.CharField(
        _("title where it is shared"),
        max_length=120,
        blank=True,
        help_text=_("In messengers and social networks; the page title where it is empty."),
    )
    share_text = models.CharField(
        _("text where it is shared"),
        max_length=300,
        blank=True,
        help_text=_("The description for search engines where it is empty."),
    )
    share_picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture where it is shared"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At best 1200 × 630 pixels; the picture of the page where it is empty."),
    )
    is_hidden_from_search = models.BooleanField(
        _("hide from search engines"),
        default=False,
        help_text=_("The page stays open to whoever has its address."),
    )

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("is_hidden_from_search"),
            ],
            heading=_("For search engines"),
        ),
        MultiFieldPanel(
            [FieldPanel("share_title"), FieldPanel("share_text"), FieldPanel("share_picture")],
            heading=_("Where a link to this page is shared"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("In menus")),
    ]

    class Meta:
        abstract = True

    def get_teaser(self) -> str:
        """What the page says about itself, as text or rich text; page types may override it."""
        filled = (getattr(self, name, "") for name in self.teaser_fields)
        return next((str(text) for text in filled if text), "")

    def get_meta_description(self) -> str:
        """One or two sentences without markup; empty where the page says nothing."""
        own = getattr(self, "search_description", "")
        return own or shorten_to_description(self.get_teaser())

    def get_share_picture(self) -> Any:
        """The picture a shared link shows, or None; page types may override it."""
        if self.share_picture_id:
            return self.share_picture
        names = (name for name in self.picture_fields if getattr(self, f"{name}_id", None))
        return next((getattr(self, name) for name in names), None)


def shorten_to_description(text: str) -> str:
    """A text or rich text as one line that search engines show whole."""
    # A paragraph's end is a space, not nothing.
    plain = " ".join(strip_tags(text.replace("<", " <")).split())
    return str(Truncator(plain).chars(DESCRIPTION_LENGTH))
