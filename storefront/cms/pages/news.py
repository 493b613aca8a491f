"""News: a list in pages, with tags and a feed for readers of feeds, and the news themselves."""

from datetime import datetime, time
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.search import index

from storefront.cms.blocks.body import StoryBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage
from storefront.cms.pages.events import EventPage
from storefront.cms.pictures import find_images

PER_PAGE = 9
IN_FEED = 20
NUMBER_LENGTH = 6


class NewsIndexPage(RoutablePageMixin, SitePage):
    """All news, newest first; dates to come stand above."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro")]
    search_fields = [*SitePage.search_fields, index.SearchField("intro")]
    template = "cms/news_index_page.html"
    parent_page_types = TEXT_PAGES
    subpage_types = ["cms.NewsPage", "cms.EventPage"]
    page_description = _("The list of news and dates; news are made below it.")

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def get_news(self) -> models.QuerySet:
        """Live news below, newest first."""
        return (
            NewsPage.objects.live()
            .child_of(self)
            .select_related("locale")
            .defer("body")
            .order_by("-date", "-pk")
        )

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """One page of news; `?tag=` narrows it down."""
        news = self.get_news()
        asked = request.GET.get("tag", "").replace("\0", "")[:100]
        tag = Tag.objects.filter(slug=asked).first() if asked else None
        if asked:
            news = news.filter(tags=tag) if tag else news.none()
        number = request.GET.get("page", "1")[:NUMBER_LENGTH]
        page_obj = Paginator(news, PER_PAGE).get_page(number)
        page_obj.object_list = _with_pictures(list(page_obj.object_list))
        context = {
            "page_obj": page_obj,
            "tag": tag,
            "asked_tag": asked,
            "tags": self.get_tags(),
            "events": self.get_events() if page_obj.number == 1 and not asked else [],
        }
        return self.render(request, context_overrides=context)

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """RSS of the latest news."""
        address = self.get_full_url(request)
        feed = Rss201rev2Feed(
            title=self.title,
            link=address,
            description=self.intro or self.title,
            language=self.locale.language_code,
            feed_url=f"{address}feed/",
        )
        for item in self.get_news()[:IN_FEED]:
            feed.add_item(
                title=item.title,
                link=item.get_full_url(request),
                description=item.teaser,
                pubdate=item.published_on,
                unique_id=item.translation_key.urn,
                unique_id_is_permalink=False,
            )
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        return response

    def get_tags(self) -> list[Tag]:
        """Tags of live news of this list, by name; one query."""
        tagged = NewsTag.objects.filter(content_object__in=self.get_news().order_by().values("pk"))
        return list(Tag.objects.filter(pk__in=tagged.values("tag_id")).order_by("name"))

    def get_events(self) -> list[EventPage]:
        """Dates to come below this list, the next one first."""
        coming = EventPage.objects.live().child_of(self).not_over(at=timezone.now())
        return list(coming.select_related("locale").defer("body").order_by("starts_at")[:3])


class NewsTag(TaggedItemBase):
    """A tag of a news page."""

    content_object = ParentalKey(
        "cms.NewsPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class NewsPage(SitePage):
    """Something that happened."""

    date = models.DateField(_("date"), default=timezone.localdate)
    teaser = models.CharField(
        _("teaser"), max_length=240, help_text=_("Two sentences; they stand in the list, too.")
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At least 1200 × 800 pixels, cut to 3:2 around its focal point."),
    )
    body = StreamField(StoryBlock(), blank=True, verbose_name=_("content"))
    tags = ClusterTaggableManager(through=NewsTag, blank=True, verbose_name=_("tags"))

    streams = ("body",)
    content_panels = [
        *SitePage.content_panels,
        FieldPanel("date"),
        FieldPanel("teaser"),
        FieldPanel("picture"),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("teaser"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    template = "cms/news_page.html"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    page_description = _("One piece of news, with date and teaser.")

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    @property
    def published_on(self) -> Any:
        """The date as a moment, for feeds."""
        return timezone.make_aware(datetime.combine(self.date, time(hour=12)))


def _with_pictures(news: list[NewsPage]) -> list[NewsPage]:
    """Pictures and their cuts for a page of news, in two queries."""
    images = find_images(image_ids=(item.picture_id for item in news if item.picture_id))
    for item in news:
        item.picture = images.get(item.picture_id)
    return news
