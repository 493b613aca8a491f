"""The staff's pages about runs: started, looked through, locked by a second person, committed."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.commissions import jobs, run_selectors
from mlm_plugin.commissions.differences import NothingCommitted
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.runs import NotClosed
from mlm_plugin.commissions.services import CannotCommit, CannotLock, lock_run, release_run
from mlm_plugin.plan.money import from_minor, to_minor


class CommitForm(forms.Form):
    """The sum that is to be posted, typed in."""

    total = forms.CharField(
        label=gettext_lazy("Total"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_total(self) -> Decimal:
        """A number, however it is grouped."""
        text = self.cleaned_data["total"].replace("\u00a0", "").replace(" ", "").replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise forms.ValidationError(_("Type the sum as a number, like 1234.50."))
        return number


@books_page("prepare_books")
@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Let the worker run a closed period, or compute the differences of a committed one."""
    ask = jobs.ask_for_difference if request.POST.get("kind") == "difference" else jobs.ask_for_run
    try:
        run_selectors.get_period(period_id=number)
        ask(period_id=number, actor=actor_of(request), at=timezone.now())
    except (NotClosed, NothingCommitted, jobs.Busy) as reason:
        messages.error(request, str(reason))
    except (Period.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    return redirect("mlm:staff-period", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def run_page(request: HttpRequest, number: int) -> HttpResponse:
    """One run with its figures, differences and files; here it is locked and released."""
    if request.method == "POST":
        require(request, "approve_books")
        return _decide(request, _get_run(number))
    run = _get_run(number)
    latest = run_selectors.get_latest_jobs(period_id=run.period_id)
    context = {
        "run": run,
        "period": run.period,
        "ratio": run_selectors.ratio_to_cv(total=run.total, places=run.places, cv=run.cv),
        "bonuses": run_selectors.by_bonus(run=run),
        "payees": run_selectors.top_payees(run=run),
        "differences": run_selectors.first_differences(run=run),
        "job": next((job for job in latest if job.is_busy), None),
        "last_job": latest[0] if latest and not latest[0].is_busy else None,
        "now": timezone.now(),
        "last_run": run,
        "is_own": run.author_id == request.user.pk,
        "may_lock": may(request.user, "approve_books"),
        "may_commit": _may_commit(request),
    }
    return render(request, "mlm/backoffice/books/runs_page.html", context)


def _decide(request: HttpRequest, run: Run) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    try:
        match request.POST.get("action"):
            case "lock":
                lock_run(run_id=run.pk, actor=actor, at=now)
                messages.success(request, _("The run is locked; it can be committed now."))
            case "release":
                release_run(run_id=run.pk, actor=actor, at=now)
                messages.success(request, _("The run is released; another one can be locked."))
    except CannotLock as reason:
        messages.error(request, str(reason))
    return redirect("mlm:staff-run", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books", "approve_books")
def commit(request: HttpRequest, number: int) -> HttpResponse:
    """Say what committing does, have the sum typed, then let the worker post it."""
    run = _get_run(number)
    if run.state != Run.State.LOCKED:
        messages.error(request, _("A run is locked by a second person before it is committed."))
        return redirect("mlm:staff-run", run.pk)
    form = CommitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            total = to_minor(form.cleaned_data["total"], places=run.places)
            jobs.ask_for_commit(
                run_id=run.pk, total=total, actor=actor_of(request), at=timezone.now()
            )
        except (CannotCommit, jobs.Busy) as reason:
            form.add_error(None, str(reason))
        except ValueError:
            form.add_error("total", _("The sum has more decimals than the currency."))
        else:
            return redirect("mlm:staff-run", run.pk)
    context = {
        "run": run,
        "period": run.period,
        "form": form,
        "bonuses": run_selectors.by_bonus(run=run),
        "typed": f"{from_minor(run.total, places=run.places):f}",
    }
    return render(request, "mlm/backoffice/books/runs_commit.html", context)


@require_safe
@books_page()
def result_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """All files of a run's result in one archive."""
    run = _get_run(number)
    return FileResponse(
        storages["private"].open(run.result), as_attachment=True, filename=_name(run, "result.zip")
    )


@require_safe
@books_page()
def inputs_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The frozen file that a run was computed from."""
    run = _get_run(number)
    return FileResponse(
        storages["private"].open(run.inputs), as_attachment=True, filename=_name(run, "inputs.zip")
    )


@require_safe
@books_page()
def differences_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """What a run pays otherwise than the one before, whole."""
    run = _get_run(number)
    if not run_selectors.has_differences_file(run=run):
        raise Http404
    answer = StreamingHttpResponse(
        run_selectors.stream_differences(run=run), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_name(run, "differences.csv")}"'
    return answer


def _may_commit(request: HttpRequest) -> bool:
    return may(request.user, "prepare_books") or may(request.user, "approve_books")


def _name(run: Run, kind: str) -> str:
    return f"{slugify(run.period.calendar)}-{slugify(run.period.name)}-run-{run.number}-{kind}"


def _get_run(number: int) -> Run:
    try:
        return run_selectors.get_run(run_id=number)
    except (Run.DoesNotExist, OverflowError) as error:
        raise Http404 from error
