"""The staff's pages about applications: who wants to join, who looks like somebody else, yes or no."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mlm_plugin.backoffice.permissions import staff_page
from mlm_plugin.network.agreements import open_paper
from mlm_plugin.network.application_decisions import approve_application, decline_application
from mlm_plugin.network.application_selectors import (
    count_waiting,
    find_applications,
    get_application,
    list_ended_memberships,
)
from mlm_plugin.network.duplicates import find_duplicates
from mlm_plugin.network.models import Application
from mlm_plugin.network.personal import read_secrets
from mlm_plugin.network.sealing import CannotOpen
from mlm_plugin.network.services import NetworkError

DECIDING = "mlm_plugin.change_member"


class ApplicationSearchForm(forms.Form):
    """Find applications by name, mail address or sponsor's code."""

    q = forms.CharField(
        label=gettext_lazy("Name, e-mail or sponsor’s code"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("begun and decided")), *Application.State.choices],
    )


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        choices=[("approve", gettext_lazy("Approve")), ("decline", gettext_lazy("Decline"))]
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the decision. Who is declined reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """A no needs a reason."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "decline" and not cleaned.get("reason"):
            self.add_error("reason", _("Please say why: the applicant reads it."))
        return cleaned


@require_safe
@staff_page
def application_list(request: HttpRequest) -> HttpResponse:
    """Applications, the newest first; those that wait are one click away."""
    form = ApplicationSearchForm(request.GET)
    page = None
    if form.is_valid():
        page = find_applications(
            text=form.cleaned_data["q"],
            state=form.cleaned_data["state"],
            cursor=request.GET.get("before", ""),
        )
    context = {"form": form, "page": page, "waiting": count_waiting()}
    return render(request, "mlm/backoffice/applications.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def application_page(request: HttpRequest, number: int) -> HttpResponse:
    """One application: everything but whole tax and bank numbers, who looks alike, and the decision."""
    application = _get(number)
    may_decide = request.user.has_perm(DECIDING)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        if form.is_valid() and _decide(request, application, form):
            return redirect("mlm:staff-application", number=number)
    return render(
        request,
        "mlm/backoffice/application.html",
        {
            "application": application,
            "form": form,
            "may_decide": may_decide and application.state == Application.State.SENT,
            **_describe(application),
        },
    )


@never_cache
@require_safe
@staff_page
def application_paper(request: HttpRequest, number: int, agreement: int) -> HttpResponseBase:
    """The PDF of what the applicant agreed to."""
    found = _get(number).agreements.filter(pk=agreement).exclude(paper="").first()
    if found is None:
        raise Http404
    try:
        name, file = open_paper(agreement=found)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")


def _decide(request: HttpRequest, application: Application, form: DecisionForm) -> bool:
    decide = (
        approve_application if form.cleaned_data["decision"] == "approve" else decline_application
    )
    author: Any = request.user
    try:
        decided = decide(
            application_id=application.pk,
            author_id=author.pk,
            reason=form.cleaned_data["reason"],
            decided_at=timezone.now(),
        )
    except NetworkError as error:
        form.add_error(None, str(error))
        return False
    if decided.state == Application.State.JOINED:
        messages.success(request, _("The applicant is a member now."))
    else:
        messages.success(request, _("The application is declined; the applicant gets a mail."))
    return True


def _describe(application: Application) -> dict[str, Any]:
    personal = getattr(application, "personal", None)
    described: dict[str, Any] = {
        "personal": personal,
        "agreements": application.agreements.order_by("-accepted_at"),
        "ended": list_ended_memberships(user_id=application.user_id),
    }
    if personal is None:
        return described
    try:
        secrets = read_secrets(personal=personal)
        duplicates = find_duplicates(
            personal=personal, user_id=application.user_id, with_names=True
        )
    except CannotOpen as error:
        return {**described, "problem": str(error)}
    return {
        **described,
        "secrets": secrets.shown,
        "born_on": secrets.born_on,
        "address": [value for value in personal.address.values() if value],
        "duplicates": duplicates,
    }


def _get(number: int) -> Application:
    try:
        return get_application(application_id=number)
    except (Application.DoesNotExist, OverflowError) as error:
        raise Http404 from error
