"""The staff's pages about periods: opened ahead, closed for good, what they were computed from."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.backoffice.permissions import actor_of, books_page, may
from mlm_plugin.commissions import estimates, jobs, run_selectors
from mlm_plugin.commissions.models import Period
from mlm_plugin.commissions.periods import (
    CannotClosePeriod,
    CannotOpen,
    NoPlan,
    check_closing,
    find_version,
    open_periods,
)
from mlm_plugin.conf import business_day, get_setting

PAGE = 50
FURTHEST = timedelta(days=800)


class PeriodSearchForm(forms.Form):
    """Periods by calendar and state."""

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *Period.State.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = run_selectors.list_calendars()
        self.fields["calendar"].choices = [("", _("any")), *((name, name) for name in names)]


class OpenPeriodsForm(forms.Form):
    """Through which day periods are to be open."""

    through = forms.DateField(
        label=gettext_lazy("Open all that begin by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_through(self) -> Any:
        """Not further ahead than anybody plans."""
        through = self.cleaned_data["through"]
        if through > business_day(timezone.now()) + FURTHEST:
            raise forms.ValidationError(_("That is more than two years ahead."))
        return through


@require_safe
@books_page()
def period_list(request: HttpRequest) -> HttpResponse:
    """Periods of every calendar, latest first."""
    form = PeriodSearchForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"calendar": "", "state": ""}
    periods = run_selectors.find_periods(calendar=chosen["calendar"], state=chosen["state"])
    ahead = business_day(timezone.now()) + timedelta(days=get_setting("OPEN_PERIODS_DAYS_AHEAD"))
    context = {
        "form": form,
        "page": Paginator(periods, PAGE).get_page(request.GET.get("page")),
        "open_form": OpenPeriodsForm(initial={"through": ahead}),
        "may_prepare": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/periods_list.html", context)


@books_page("prepare_books")
@require_POST
def open_ahead(request: HttpRequest) -> HttpResponse:
    """Open the periods that are not there yet."""
    form = OpenPeriodsForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["through"]))
        return redirect("mlm:staff-periods")
    try:
        opened = open_periods(
            through=form.cleaned_data["through"], actor=actor_of(request), at=timezone.now()
        )
    except (NoPlan, CannotOpen) as reason:
        messages.error(request, str(reason))
    else:
        names = ", ".join(period.name for period in opened)
        messages.success(
            request,
            _("Opened: {names}").format(names=names) if names else _("They were open already."),
        )
    return redirect("mlm:staff-periods")


@never_cache
@require_safe
@books_page()
def period_page(request: HttpRequest, number: int) -> HttpResponse:
    """One period: its figures, estimate, runs, overrides, and what came too late for it."""
    period = _get_period(number)
    latest = run_selectors.get_latest_jobs(period_id=period.pk)
    is_open = period.state == Period.State.OPEN
    runs = [] if is_open else run_selectors.get_runs(period_id=period.pk)
    late_count = 0 if is_open else run_selectors.count_late_events(period=period)
    estimate = run_selectors.get_estimate_of(period_id=period.pk) if is_open else None
    currency, places = run_selectors.currency_of(period=period)
    context = {
        "period": period,
        "is_open": is_open,
        "is_over": period.last < business_day(timezone.now()),
        "job": next((job for job in latest if job.is_busy), None),
        "last_job": latest[0] if latest and not latest[0].is_busy else None,
        "now": timezone.now(),
        "last_run": runs[0] if runs else None,
        "committed": next((run for run in runs if run.state == "committed"), None),
        "runs": [
            (
                run,
                run_selectors.ratio_to_cv(
                    total=run.total if run.kind == "period" else 0, places=run.places, cv=run.cv
                ),
            )
            for run in runs
        ],
        "overrides": run_selectors.get_overrides(period_id=period.pk),
        "money_of": {"currency": currency, "places": places},
        "estimate": estimate,
        "estimate_ratio": (
            run_selectors.ratio_to_cv(total=estimate.total, places=estimate.places, cv=estimate.cv)
            if estimate
            else None
        ),
        "late_count": late_count,
        "late": run_selectors.get_late_events(period=period) if late_count else [],
        "may_prepare": may(request.user, "prepare_books"),
        "may_preview": may(request.user, "prepare_books") or may(request.user, "approve_books"),
    }
    return render(request, "mlm/backoffice/books/periods_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Say what closing does, then let the worker do it."""
    period = _get_period(number)
    now = timezone.now()
    problem = ""
    try:
        if request.method == "POST":
            jobs.ask_for_close(period_id=period.pk, actor=actor_of(request), at=now)
            return redirect("mlm:staff-period", period.pk)
        check_closing(period=period, at=now)
        version = find_version(day=period.first)
    except (CannotClosePeriod, NoPlan, jobs.Busy) as reason:
        problem, version = str(reason), None
    if period.state != Period.State.OPEN:
        return redirect("mlm:staff-period", period.pk)
    context = {"period": period, "version": version, "problem": problem}
    return render(request, "mlm/backoffice/books/periods_close.html", context)


@books_page("prepare_books", "approve_books")
@require_POST
def estimate(request: HttpRequest, number: int) -> HttpResponse:
    """Let the worker compute an open period as it is now."""
    period = _get_period(number)
    if period.state == Period.State.OPEN:
        estimates.ask_for_estimate(period_id=period.pk, at=timezone.now())
    return redirect("mlm:staff-period", period.pk)


@require_safe
@books_page()
def inputs_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The frozen file of a closed period."""
    period = _get_period(number)
    if period.state == Period.State.OPEN:
        raise Http404
    name = f"{slugify(period.calendar)}-{slugify(period.name)}-inputs.zip"
    return FileResponse(storages["private"].open(period.inputs), as_attachment=True, filename=name)


def _get_period(number: int) -> Period:
    try:
        return run_selectors.get_period(period_id=number)
    except (Period.DoesNotExist, OverflowError) as error:
        raise Http404 from error
