"""The front of the shop."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from storefront.cms.blocks.body import BodyBlock
from storefront.cms.pages.base import SitePage


class HomePage(SitePage):
    """The front page, one per language; empty, it shows the shop's categories and what is new."""

    body = StreamField(
        BodyBlock(),
        blank=True,
        verbose_name=_("content"),
        help_text=_(
            "Begin with an opening, then a row of products; three to seven blocks are enough."
        ),
    )

    streams = ("body",)
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    template = "cms/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 1
    page_description = _("The front of the shop: opening, products, ways in.")

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
