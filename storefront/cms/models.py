"""Pages of the site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from storefront.cms.storefronts.models import ChosenProduct, MemberStorefront

__all__ = ["ChosenProduct", "ContentPage", "HomePage", "MemberStorefront"]


class HomePage(Page):
    """The front of the shop, one per language."""

    headline = models.CharField(
        _("headline"),
        max_length=120,
        blank=True,
        help_text=_("What the front page says first; the title where it is empty."),
    )
    intro = RichTextField(_("introduction"), blank=True)
    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("intro")]
    template = "cms/home_page.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("home page")


class ContentPage(Page):
    """A page of text: about us, delivery, terms."""

    body = RichTextField(_("text"), blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "cms/content_page.html"

    class Meta:
        verbose_name = _("text page")
