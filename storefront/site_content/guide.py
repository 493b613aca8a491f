"""The marketer's guide of `docs/`, with its pictures, where editors look for help: in the CMS."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

GUIDE = "marketing.md"
# In the reader's language where it has been written in it.
GUIDES = {"ru": "marketing.ru.md"}
PICTURE = re.compile(r"marketing-[a-z-]+\.png")


def has_guide() -> bool:
    """Whether the installation brought its guides along."""
    return (_docs() / GUIDE).is_file()


@lru_cache
def get_guide(*, language: str, picture_url: str) -> SafeString:
    """The guide as HTML without its first heading; `picture_url` takes the place of `pictures/`."""
    words = (_docs() / GUIDES.get(language, GUIDE)).read_text().split("\n", 1)[1]
    words = words.replace("](pictures/", f"]({picture_url}")
    # The text is the project's own, and HTML inside it stays text.
    return mark_safe(MarkdownIt("commonmark", {"html": False}).enable("table").render(words))  # noqa: S308


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """The whole guide on one page."""

    page_title = _("Guide")
    header_icon = "help"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": _("Guide")},
    ]
    template_name = "site_content/guide.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Not there where the guides were not brought along."""
        if not has_guide():
            raise Http404
        base = reverse("guide_picture", args=["x"]).removesuffix("x")
        guide = get_guide(language=get_language() or settings.LANGUAGE_CODE, picture_url=base)
        return super().get_context_data(guide=guide, **kwargs)


@require_safe
def show_picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guide, and nothing else of the folder."""
    picture = _docs() / "pictures" / name
    if not PICTURE.fullmatch(name) or not picture.is_file():
        raise Http404
    return FileResponse(picture.open("rb"), content_type="image/png")


def _docs() -> Path:
    return Path(settings.BASE_DIR) / "docs"
