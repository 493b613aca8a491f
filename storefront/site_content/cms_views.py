"""Pages of the CMS's admin: the report on translations."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from storefront.site_content.translations import (
    NotCopied,
    State,
    copy_for_translation,
    list_translations,
)

ROWS_ON_A_PAGE = 50


class TranslationReport(WagtailAdminTemplateMixin, View):
    """Every page and how it stands in the other languages."""

    page_title = _("Translations")
    header_icon = "globe"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": _("Translations")},
    ]
    template_name = "site_content/translation_report.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """All rows, or those of one state."""
        state = request.GET.get("state", "")
        if state not in State.values:
            state = ""
        rows = list_translations()
        counts = [
            (each.value, each.label, sum(row.state == each for row in rows)) for each in State
        ]
        shown = [row for row in rows if not state or row.state == state]
        context = {
            "rows": Paginator(shown, ROWS_ON_A_PAGE).get_page(request.GET.get("p")),
            "states": counts,
            "chosen": state,
            "total": len(rows),
            "names": {
                code: get_language_info(code)["name_local"].capitalize()
                for code, _name in settings.LANGUAGES
            },
        }
        return self.render_to_response(self.get_context_data(**context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Languages by name for the template, which cannot look up by a variable."""
        context = super().get_context_data(**kwargs)
        context["shown"] = [(row, context["names"][row.language]) for row in context["rows"]]
        return context


@require_POST
def copy_page(request: HttpRequest, page_id: int, language: str) -> HttpResponse:
    """One click: the page in the other language, open to be translated."""
    try:
        page = copy_for_translation(page_id=page_id, language=language, by=request.user)
    except NotCopied as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("translation_report"))
    messages.success(request, _("This is the copy. Translate it, then publish or submit it."))
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
