"""The log of the books: who did what, when, from where, and what it changed. Nothing here writes."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.backoffice.books import log_selectors
from mlm_plugin.backoffice.permissions import books_page
from mlm_plugin.backoffice.selectors import Page, cut_page
from mlm_plugin.ledger.models import Action
from mlm_plugin.volumes.exporting import write_csv

# Far from the ends of time, which no other zone can express.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class LogForm(forms.Form):
    """Find actions by person, thing and day."""

    person = forms.CharField(label=gettext_lazy("Person (e-mail)"), max_length=100, required=False)
    thing = forms.CharField(
        label=gettext_lazy("Thing"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "plan, run.lock, run:12"}),
    )
    since = forms.DateField(
        label=pgettext_lazy("log", "Since"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("log", "Until"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """The days stand in their order."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


@require_safe
@books_page()
def log_list(request: HttpRequest) -> HttpResponse:
    """The actions, the newest first."""
    form = LogForm(request.GET)
    page = Page(rows=[], next_cursor="")
    if form.is_valid():
        found = log_selectors.find_actions(**form.cleaned_data)
        page = cut_page(found, request.GET.get("before", ""))
    parameters = request.GET.copy()
    parameters.pop("before", None)
    context = {"form": form, "page": page, "query": parameters.urlencode()}
    return render(request, "mlm/backoffice/books/log_list.html", context)


@require_safe
@books_page()
def log_entry(request: HttpRequest, number: int) -> HttpResponse:
    """One action with what it changed, before and after."""
    try:
        action = log_selectors.get_action(number=number)
    except Action.DoesNotExist as error:
        raise Http404 from error
    context = {"action": action, "changes": log_selectors.read_changes(action=action)}
    return render(request, "mlm/backoffice/books/log_entry.html", context)


@require_safe
@never_cache
@books_page()
def log_file(request: HttpRequest) -> HttpResponse:
    """All actions that the filters find, as CSV."""
    form = LogForm(request.GET)
    found = (
        log_selectors.find_actions(**form.cleaned_data)
        if form.is_valid()
        else Action.objects.none()
    )
    return StreamingHttpResponse(
        write_csv(rows=log_selectors.export_actions(actions=found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="log.csv"'},
    )
