"""A page of text and pictures."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from storefront.cms.blocks.body import BodyBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage


class ContentPage(SitePage):
    """About us, delivery, help: whatever is read at leisure."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("content"))

    streams = ("body",)
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    template = "cms/content_page.html"
    parent_page_types = TEXT_PAGES
    page_description = _("Text and pictures: about us, delivery, help.")

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
