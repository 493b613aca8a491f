"""What if: a plan version or draft on the frozen inputs of closed periods, beside what was paid."""

import uuid
from typing import Any

from django import forms
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.permissions import actor_of, books_page, may
from mlm_plugin.commissions import what_if_tables
from mlm_plugin.commissions.models import Period, PlanVersion
from mlm_plugin.commissions.what_if import CannotAsk, ask_what_if
from mlm_plugin.commissions.what_if_models import WhatIf

LISTED = 100


class _Versions(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}: {obj.title or obj.plan} ({obj.get_state_display()})"


class _Periods(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.calendar})"


class WhatIfForm(forms.Form):
    """Which plan, and on which periods."""

    version = _Versions(PlanVersion.objects.none(), label=_("Plan version or draft"))
    first = _Periods(Period.objects.none(), label=_("First period"))
    last = _Periods(Period.objects.none(), label=_("Last period"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = Period.objects.filter(state=Period.State.CLOSED).order_by("-first", "calendar")
        versions = PlanVersion.objects.defer("document").order_by("-number")
        for name, rows in (("version", versions), ("first", closed), ("last", closed)):
            field: Any = self.fields[name]
            field.queryset = rows


@never_cache
@require_safe
@books_page()
def what_if_list(request: HttpRequest) -> HttpResponse:
    """What was asked, the latest first."""
    rows = WhatIf.objects.defer("document", "report", "plan_version__document")
    context = {
        "what_ifs": rows.select_related("plan_version", "first", "last", "author").order_by("-pk")[
            :LISTED
        ],
        "may_ask": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/whatif_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def what_if_new(request: HttpRequest) -> HttpResponse:
    """Choose a plan and periods; the worker answers."""
    version = request.GET.get("version", "")
    initial = {"key": uuid.uuid4(), "version": version if version.isdigit() else None}
    form = WhatIfForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            asked = ask_what_if(
                key=chosen["key"],
                version_id=chosen["version"].pk,
                first_id=chosen["first"].pk,
                last_id=chosen["last"].pk,
                language=get_language() or "en",
                actor=actor_of(request),
                at=timezone.now(),
            )
        except CannotAsk as error:
            form.add_error(None, str(error))
        else:
            return redirect("mlm:staff-what-if", asked.pk)
    return render(request, "mlm/backoffice/books/whatif_new.html", {"form": form})


@never_cache
@require_safe
@books_page()
def what_if(request: HttpRequest, number: int) -> HttpResponse:
    """The answer side by side with what was paid."""
    asked = _get(number)
    context: dict[str, Any] = {"asked": asked}
    if asked.state == WhatIf.State.DONE:
        language = get_language() or "en"
        labels, lines = what_if_tables.lines_of(report=asked.report)
        context |= {
            "figures": what_if_tables.figures_of(report=asked.report, language=language),
            "tables": what_if_tables.tables_of(report=asked.report, language=language),
            "bars": what_if_tables.bars_of(report=asked.report, language=language),
            "labels": labels,
            "lines": lines if len(labels) > 1 else [],
        }
    return render(request, "mlm/backoffice/books/whatif.html", context)


@never_cache
@require_safe
@books_page()
def what_if_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Every member on both sides, as CSV."""
    asked = _get(number)
    if not asked.file:
        raise Http404
    return FileResponse(
        storages["private"].open(asked.file),
        as_attachment=True,
        filename=f"what-if-{asked.pk}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _get(number: int) -> WhatIf:
    try:
        return WhatIf.objects.select_related("plan_version", "first", "last", "author").get(
            pk=number
        )
    except WhatIf.DoesNotExist as error:
        raise Http404 from error
