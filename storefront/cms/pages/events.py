"""A date: when, where, and a file that puts it into a calendar."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index

from storefront.cms.blocks.body import StoryBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage

# How long something lasts that has no end.
USUAL_LENGTH = timedelta(hours=2)


class EventQuerySet(PageQuerySet):
    """Events by time."""

    def not_over(self, *, at: datetime) -> "EventQuerySet":
        """Those that have not ended at this moment."""
        return self.filter(Q(ends_at__gte=at) | Q(ends_at=None, starts_at__gte=at - USUAL_LENGTH))


EventManager = PageManager.from_queryset(EventQuerySet)


class EventPage(RoutablePageMixin, SitePage):
    """An open day, a course, a talk online."""

    starts_at = models.DateTimeField(_("begins"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("Two hours later where it is empty.")
    )
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Name and address, in one line.")
    )
    online_link = models.URLField(
        _("link for those who join online"),
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )
    teaser = models.CharField(_("teaser"), max_length=240, blank=True)
    body = StreamField(StoryBlock(), blank=True, verbose_name=_("content"))

    objects = EventManager()

    streams = ("body",)
    content_panels = [
        *SitePage.content_panels,
        MultiFieldPanel([FieldPanel("starts_at"), FieldPanel("ends_at")], heading=_("When")),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("online_link")], heading=_("Where")),
        FieldPanel("teaser"),
        FieldPanel("body"),
    ]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("teaser"),
        index.SearchField("place"),
        index.SearchField("body"),
        index.FilterField("starts_at"),
    ]
    template = "cms/event_page.html"
    parent_page_types = [*TEXT_PAGES, "cms.NewsIndexPage"]
    subpage_types: list[str] = []
    page_description = _("A date with place, link and a file for calendars.")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self) -> None:
        """It ends after it began."""
        super().clean()
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end comes after the beginning.")})

    def get_end(self) -> datetime:
        """When it ends, or most likely ends."""
        return self.ends_at or self.starts_at + USUAL_LENGTH

    def is_over(self, *, at: datetime) -> bool:
        """Whether it has ended."""
        return self.get_end() < at

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Past events say so and offer no calendar file."""
        context = super().get_context(request, *args, **kwargs)
        context["is_over"] = self.is_over(at=timezone.now())
        context["ends_same_day"] = timezone.localdate(self.get_end()) == timezone.localdate(
            self.starts_at
        )
        return context

    @path("calendar/")
    def calendar_file(self, request: HttpRequest) -> HttpResponse:
        """The date for a calendar."""
        response = HttpResponse(self.make_calendar(request), content_type="text/calendar")
        response["Content-Disposition"] = f'attachment; filename="{self.slug[:60]}.ics"'
        return response

    def make_calendar(self, request: HttpRequest) -> bytes:
        """An iCalendar file of this one date; the same one however often it is asked for."""
        event = Event()
        event.add("uid", f"{self.translation_key}@{request.get_host()}")
        event.add("summary", self.title)
        event.add("dtstart", self.starts_at)
        event.add("dtend", self.get_end())
        event.add("dtstamp", self.last_published_at or self.starts_at)
        event.add("url", self.get_full_url(request))
        if self.place or self.online_link:
            event.add("location", self.place or self.online_link)
        if self.teaser or self.online_link:
            event.add("description", "\n".join(filter(None, [self.teaser, self.online_link])))
        calendar = Calendar()
        calendar.add("prodid", "-//storefront//events//EN")
        calendar.add("version", "2.0")
        calendar.add_component(event)
        file: bytes = calendar.to_ical()
        return file
