"""Drafting plans: where to begin, the text, and the values as forms."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mlm_plugin.backoffice.books.plans import find_version
from mlm_plugin.backoffice.books.plans_fields import Fields, read_fields
from mlm_plugin.backoffice.books.plans_forms import LIBRARY, VERSION, DocumentForm, StartForm
from mlm_plugin.backoffice.permissions import actor_of, books_page
from mlm_plugin.commissions.models import PlanVersion
from mlm_plugin.commissions.plan_comparison import Line, compare_lines
from mlm_plugin.commissions.plan_grids import WrongValue, write_values
from mlm_plugin.commissions.plan_places import Problem, read_problems
from mlm_plugin.commissions.plan_selectors import list_versions
from mlm_plugin.commissions.plan_versions import (
    ChangedMeanwhile,
    NotADraft,
    change_draft,
    digest_of_text,
    draft_library_plan,
    draft_next_version,
)
from mlm_plugin.plan.document import PlanError


@dataclass(frozen=True)
class Refused:
    """Why a text was not kept: problems with their places, or what somebody else changed meanwhile."""

    problems: tuple[Problem, ...] = ()
    said: str = ""
    parts: tuple[list[Line], ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def plan_new(request: HttpRequest) -> HttpResponse:
    """Choose where a draft begins: a plan that comes along, or an earlier version."""
    form = StartForm(
        request.POST or None,
        versions=list_versions(),
        initial={"start": f"{VERSION}:{request.GET.get('version', '')}"},
    )
    if request.method == "POST" and form.is_valid():
        kind, which = form.read()
        given = {"actor": actor_of(request), "at": timezone.now()}
        if kind == LIBRARY:
            version = draft_library_plan(name=which, **given)
        else:
            version = draft_next_version(version_id=int(which), **given)
        messages.success(request, _("The draft is made; nothing counts before it is approved."))
        return redirect("mlm:staff-plan", number=version.number)
    return render(request, "mlm/backoffice/books/plans_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def plan_text(request: HttpRequest, number: int) -> HttpResponse:
    """The document as text. What is wrong is said with place and line; the text stays as typed."""
    version = _find_draft(number)
    form = DocumentForm(
        request.POST or None,
        initial={"document": version.document, "seen": digest_of_text(version.document)},
    )
    refused = None
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        refused = _keep(request, version, document, form.cleaned_data["seen"])
        if refused is None:
            messages.success(request, _("The draft is kept."))
            return redirect("mlm:staff-plan", number=version.number)
        if refused.parts:
            # Who has seen what the other one changed may put the own text in its place.
            form.data = form.data.copy()
            form.data["seen"] = digest_of_text(_find_draft(number).document)
    context = {"version": version, "form": form, "refused": refused}
    return render(request, "mlm/backoffice/books/plans_text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books_page("prepare_books")
def plan_values(request: HttpRequest, number: int) -> HttpResponse:
    """Tables, requirements and rates as fields, written back into the text."""
    version = _find_draft(number)
    fields = read_fields(document=version.document, typed=request.POST)
    said = ""
    if request.method == "POST":
        refused = _keep_values(request, version, fields)
        if refused is None:
            messages.success(request, _("The draft is kept."))
            return redirect("mlm:staff-plan-values", number=version.number)
        said = refused.said
    context = {
        "version": version,
        "fields": fields,
        "said": said,
        "seen": request.POST.get("seen") or digest_of_text(version.document),
    }
    return render(request, "mlm/backoffice/books/plans_values.html", context)


def _find_draft(number: int) -> PlanVersion:
    version = find_version(number)
    if version.state != PlanVersion.State.DRAFT:
        # Its page says what it is, and offers a new version from it.
        raise Http404
    return version


def _keep(request: HttpRequest, version: PlanVersion, document: str, seen: str) -> Refused | None:
    try:
        change_draft(
            version_id=version.pk,
            document=document,
            actor=actor_of(request),
            at=timezone.now(),
            seen=seen or None,
        )
    except PlanError as error:
        return Refused(problems=tuple(read_problems(error=error, document=document)))
    except ChangedMeanwhile as error:
        theirs = find_version(version.number).document
        parts = compare_lines(before=theirs, after=document)
        return Refused(said=str(error), parts=tuple(parts))
    except NotADraft as error:
        return Refused(said=str(error))
    return None


def _keep_values(request: HttpRequest, version: PlanVersion, fields: Fields) -> Refused | None:
    seen = request.POST.get("seen", "")
    if seen != digest_of_text(version.document):
        return Refused(
            said=_(
                "Somebody else changed the draft meanwhile. Your values stand here; look at the"
                " draft in another window, then open this page again."
            )
        )
    try:
        document = write_values(document=version.document, values=fields.typed)
    except WrongValue as error:
        fields.tell(error.problems)
        return Refused(said=_("Nothing is kept yet: look at the fields that are marked."))
    refused = _keep(request, version, document, seen)
    if refused and refused.problems:
        fields.tell_problems(refused.problems, document=document)
        return Refused(said=_("Nothing is kept yet: look at the fields that are marked."))
    return refused
