"""Questions in groups, searched on the page, and known to search engines as such."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.rich_text import expand_db_html
from wagtail.search import index

from storefront.cms.blocks.words import QuestionBlock
from storefront.cms.pages.base import TEXT_PAGES, SitePage

QUERY_LENGTH = 100
# What would end the script element, or be read as its markup, is written as JSON escapes.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class QuestionGroupBlock(blocks.StructBlock):
    """Questions that belong together."""

    heading = blocks.CharBlock(max_length=80, label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=40, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Group of questions")


@dataclass(frozen=True)
class Group:
    """A group as the page shows it."""

    heading: str
    anchor: str
    questions: list[Any]


class FaqPage(SitePage):
    """Questions and answers."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    groups = StreamField(
        [("group", QuestionGroupBlock())], blank=True, verbose_name=_("groups of questions")
    )

    streams = ("groups",)
    content_panels = [*SitePage.content_panels, FieldPanel("intro"), FieldPanel("groups")]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("groups"),
    ]
    template = "cms/faq_page.html"
    parent_page_types = TEXT_PAGES
    subpage_types: list[str] = []
    page_description = _("Questions in groups, with a search on the page.")

    class Meta:
        verbose_name = _("questions page")
        verbose_name_plural = _("questions pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`?q=` leaves the questions that contain every word."""
        context = super().get_context(request, *args, **kwargs)
        query = " ".join(request.GET.get("q", "").split())[:QUERY_LENGTH]
        groups = self.find_groups(query)
        context |= {
            "query": query,
            "question_groups": groups,
            "found": sum(len(group.questions) for group in groups),
            "faq_data": self.get_structured_data(),
        }
        return context

    def find_groups(self, query: str) -> list[Group]:
        """Groups with the questions that contain every word of the query, in question or answer."""
        words = query.casefold().split()
        found = []
        for number, child in enumerate(self.groups, start=1):
            heading = child.value["heading"]
            questions = [
                each
                for each in child.value["questions"]
                if all(word in _plain(each, heading) for word in words)
            ]
            if questions:
                anchor = f"{slugify(heading, allow_unicode=True) or 'group'}-{number}"
                found.append(Group(heading, anchor, questions))
        return found

    def get_structured_data(self) -> SafeString:
        """The whole page as schema.org's FAQPage, safe inside a script element; or nothing."""
        questions = [
            {
                "@type": "Question",
                "name": each["question"],
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": expand_db_html(each["answer"].source),
                },
            }
            for child in self.groups
            for each in child.value["questions"]
        ]
        if not questions:
            return SafeString("")
        data = {
            "@context": "https://schema.org",
            "@type": "FAQPage",
            "mainEntity": questions,
        }
        return SafeString(json.dumps(data, ensure_ascii=False).translate(ESCAPES))


def _plain(question: Any, heading: str) -> str:
    answer = strip_tags(question["answer"].source.replace("<", " <"))
    return f"{heading} {question['question']} {answer}".casefold()
