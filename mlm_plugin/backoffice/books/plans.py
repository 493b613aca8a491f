"""Plan versions as the staff reads and decides them."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.books.plans_forms import CompareForm, DecisionForm, StateForm
from mlm_plugin.backoffice.permissions import actor_of, books_page, may, require
from mlm_plugin.commissions import plan_versions
from mlm_plugin.commissions.models import PlanVersion
from mlm_plugin.commissions.plan_comparison import compare_documents, compare_lines
from mlm_plugin.commissions.plan_selectors import (
    Analysis,
    Market,
    analyse,
    find_begins,
    get_editors,
    get_version,
    list_versions,
)
from mlm_plugin.conf import business_day
from mlm_plugin.plan.document import PlanError

State = PlanVersion.State
# What may be decided, with the permissions of which one is enough.
ACTIONS = {
    "submit": ("prepare_books",),
    "return": ("prepare_books", "approve_books"),
    "withdraw": ("prepare_books",),
    "approve": ("approve_books",),
}


@require_safe
@books_page()
def plan_list(request: HttpRequest) -> HttpResponse:
    """All versions with their state, day, author, approver and digest."""
    form = StateForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    context = {
        "form": form,
        "versions": list_versions(state=state),
        "may_prepare": may(request.user, "prepare_books"),
    }
    return render(request, "mlm/backoffice/books/plans_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page()
def plan_page(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what it says, what follows from it, who had a hand in it, and what may be decided."""
    if request.method == "POST":
        _check_action(request)
    version = find_version(number)
    is_open = version.state in (State.DRAFT, State.SUBMITTED)
    today = business_day(timezone.now())
    begins = find_begins(version=version, today=today) if is_open else []
    form = DecisionForm(
        request.POST or None,
        begins=begins,
        initial={"digest": version.digest, "effective_from": _first_choice(version, begins)},
    )
    if request.method == "POST" and form.is_valid() and _decide(request, version, form):
        return redirect("mlm:staff-plan", number=version.number)
    editors = get_editors(version=version)
    analysis = _analyse(version)
    context = {
        "version": version,
        "editors": editors,
        "is_own": request.user.pk in [user for user, _email in editors],
        "form": form,
        "may_prepare": may(request.user, "prepare_books"),
        "may_approve": may(request.user, "approve_books"),
        "analysis": analysis,
        "market": _chosen_market(request, analysis.markets if analysis else ()),
        "lines": version.document.splitlines(),
        "in_force": _compared_with(version),
    }
    return render(request, "mlm/backoffice/books/plans_version.html", context)


@require_safe
@books_page()
def plan_file(request: HttpRequest, number: int) -> HttpResponse:
    """The document as a file, for `python -m mlm_plugin.plan`."""
    version = find_version(number)
    name = f"{version.plan}-{version.number}.toml"
    return HttpResponse(
        version.document,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@books_page()
def plan_compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side: the values that differ, and the lines."""
    form = CompareForm(request.GET or None, versions=list(list_versions()))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        before = find_version(int(form.cleaned_data["before"]))
        after = find_version(int(form.cleaned_data["after"]))
        texts = {"before": before.document, "after": after.document}
        context |= {
            "before": before,
            "after": after,
            "changes": compare_documents(**texts),
            "parts": compare_lines(**texts),
        }
    return render(request, "mlm/backoffice/books/plans_compare.html", context)


def find_version(number: int) -> PlanVersion:
    """The version of that number, or a page that was not found."""
    try:
        return get_version(number=number)
    except PlanVersion.DoesNotExist as error:
        raise Http404 from error


def _check_action(request: HttpRequest) -> None:
    permissions = ACTIONS.get(request.POST.get("action", ""), ())
    if not permissions:
        # Whoever may decide nothing learns nothing about versions either.
        require(request, "prepare_books")
    elif not any(may(request.user, each) for each in permissions):
        raise PermissionDenied


def _decide(request: HttpRequest, version: PlanVersion, form: forms.Form) -> bool:
    """Do what was asked for; False where the form now says why not."""
    given = {"version_id": version.pk, "actor": actor_of(request), "at": timezone.now()}
    asked = form.cleaned_data
    dated = {"digest": asked["digest"], "effective_from": asked["effective_from"]}
    action = request.POST.get("action", "")
    if action in ("submit", "approve") and not asked["effective_from"]:
        form.add_error("effective_from", _("Choose the day from which the plan counts."))
        return False
    if action in ("return", "withdraw") and not asked["reason"]:
        form.add_error("reason", _("Say why: the log keeps it."))
        return False
    try:
        match action:
            case "submit":
                plan_versions.submit_plan(**given, **dated)
                messages.success(request, _("The plan waits for the approval of a second person."))
            case "approve":
                plan_versions.approve_plan(**given, **dated)
                messages.success(request, _("The plan is approved."))
            case "return":
                plan_versions.return_plan(**given, reason=asked["reason"])
                messages.success(request, _("The plan is a draft again."))
            case "withdraw":
                plan_versions.withdraw_plan(**given, reason=asked["reason"])
                messages.success(request, _("The draft is withdrawn."))
            case _:
                form.add_error(None, _("Choose what is to be done."))
                return False
    except (plan_versions.CannotApprove, plan_versions.NotADraft) as error:
        form.add_error(None, str(error))
        return False
    return True


def _analyse(version: PlanVersion) -> Analysis | None:
    try:
        return analyse(document=version.document)
    except PlanError:
        # An old version that today's engine does not read any more is still shown.
        return None


def _first_choice(version: PlanVersion, begins: list[date]) -> str:
    """The day that was asked for; else the next period, for the one under way has begun."""
    if version.effective_from:
        return version.effective_from.isoformat()
    return begins[min(1, len(begins) - 1)].isoformat() if begins else ""


def _chosen_market(request: HttpRequest, markets: tuple[Market, ...]) -> Market | None:
    return next((each for each in markets if each.code == request.GET.get("market")), None)


def _compared_with(version: PlanVersion) -> PlanVersion | None:
    """What a reader wants to compare the version with: what it was made from, else what counts now."""
    if version.based_on is not None:
        return version.based_on
    approved = list_versions(state=State.APPROVED).exclude(pk=version.pk)
    return approved.order_by("-effective_from", "-approved_at").first()
