"""The staff's pages about files of members: bring a network along, and take members out as a file."""

import io
from typing import Any

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
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlm_plugin.backoffice import selectors
from mlm_plugin.backoffice.forms import MemberSearchForm
from mlm_plugin.backoffice.import_forms import MatchForm, UploadForm
from mlm_plugin.backoffice.permissions import import_page, staff_page
from mlm_plugin.backoffice.uploads import LimitedUpload
from mlm_plugin.conf import business_day, get_setting
from mlm_plugin.network.member_rows import currency_places
from mlm_plugin.network.models import Member, NetworkImport
from mlm_plugin.plan.money import from_minor
from mlm_plugin.volumes import exporting, import_selectors, network_imports

MEGABYTE = 1_000_000
STATE = NetworkImport.State


@require_safe
@import_page
def import_list(request: HttpRequest) -> HttpResponse:
    """Files that were brought, and what became of each."""
    context = {"imports": import_selectors.get_imports()}
    return render(request, "mlm/backoffice/imports.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@import_page
def import_new(request: HttpRequest) -> HttpResponse:
    """Upload a file. The limit must be in place before anything reads the form, its token too."""
    limit = LimitedUpload(most=get_setting("IMPORT_MEGABYTES") * MEGABYTE)
    request.upload_handlers.insert(0, limit)
    return _upload(request, limit)


@csrf_protect
def _upload(request: HttpRequest, limit: LimitedUpload) -> HttpResponse:
    most = limit.most // MEGABYTE
    if request.method != "POST":
        context = {"form": UploadForm(), "most": most}
        return render(request, "mlm/backoffice/import_new.html", context)
    form = UploadForm(request.POST, request.FILES)
    if limit.is_too_large:
        form.fields["file"].error_messages["required"] = _(
            "The file is larger than {most} MB. Import parts of it one by one, sponsors first."
        ).format(most=most)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = network_imports.keep_upload(
                file=file,
                name=file.name,
                author_id=request.user.pk,
                language=get_language() or "en",
                at=timezone.now(),
            )
        except network_imports.NoTable as error:
            form.add_error("file", str(error))
        else:
            return redirect("mlm:staff-import", kept.pk)
    return render(request, "mlm/backoffice/import_new.html", {"form": form, "most": most})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@import_page
def import_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One import at the step where it is: columns, errors, preview, progress, result."""
    kept = _get_import(number)
    form = MatchForm(request.POST or None, of=kept)
    if request.method == "POST" and form.is_valid():
        try:
            network_imports.match_columns(
                import_id=kept.pk,
                columns=form.columns(),
                prefix=form.cleaned_data["prefix"],
                opens_on=form.cleaned_data["opens_on"],
                at=timezone.now(),
            )
        except network_imports.WrongColumns as wrong:
            for reason in wrong.reasons:
                form.add_error(None, reason)
        except network_imports.WrongState as wrong:
            messages.warning(request, str(wrong))
            return redirect("mlm:staff-import", kept.pk)
        else:
            return redirect("mlm:staff-import", kept.pk)
    matching = kept.state == STATE.UPLOADED or "columns" in request.GET
    may_match = kept.path and not kept.is_busy and kept.state not in (STATE.DONE, STATE.CANCELLED)
    return render(
        request,
        "mlm/backoffice/import.html",
        {
            "kept": kept,
            "form": form if may_match and (matching or request.method == "POST") else None,
            "may_match": may_match,
            "earlier": import_selectors.get_earlier_import(of=kept),
            "counts": _describe(kept.written or kept.found),
            "more_problems": kept.problem_count - len(kept.problems),
            "has_problems_file": import_selectors.has_problems_file(of=kept),
            "percent": 100 * kept.done // kept.total if kept.total else None,
        },
    )


@import_page
@require_POST
def import_confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Let the background import what was checked."""
    kept = _get_import(number)
    try:
        network_imports.confirm_import(
            import_id=kept.pk, author_id=request.user.pk, at=timezone.now()
        )
    except network_imports.WrongState as wrong:
        messages.warning(request, str(wrong))
    return redirect("mlm:staff-import", kept.pk)


@import_page
@require_POST
def import_cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Give an import up."""
    kept = _get_import(number)
    try:
        network_imports.cancel_import(import_id=kept.pk, at=timezone.now())
    except network_imports.WrongState as wrong:
        messages.warning(request, str(wrong))
        return redirect("mlm:staff-import", kept.pk)
    messages.success(request, _("The import was cancelled and its file removed."))
    return redirect("mlm:staff-imports")


@require_safe
@import_page
def import_problems(request: HttpRequest, number: int) -> HttpResponseBase:
    """Everything that is wrong with a file, as a file."""
    kept = _get_import(number)
    if not import_selectors.has_problems_file(of=kept):
        raise Http404
    return FileResponse(
        storages["private"].open(import_selectors.problems_path(of=kept)),
        as_attachment=True,
        filename=f"import-{kept.pk}-errors.csv",
        content_type="text/csv; charset=utf-8",
    )


@require_safe
@staff_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Members of a search or of a branch, as CSV or XLSX with the columns an import reads."""
    form = MemberSearchForm(request.GET)
    if not form.is_valid():
        raise Http404
    head = None
    if code := request.GET.get("branch", ""):
        try:
            head = selectors.get_member(code=code)
        except Member.DoesNotExist as error:
            raise Http404 from error
        members = exporting.get_branch(head=head)
    else:
        members = selectors.search_members(
            text=form.cleaned_data["q"], status=form.cleaned_data["status"]
        )
    now = timezone.now()
    rows = exporting.export_members(members=members, at=now, head=head)
    name = "-".join(
        filter(None, ("members", slugify(head.code) if head else "", str(business_day(now))))
    )
    if request.GET.get("format") != "xlsx":
        answer = StreamingHttpResponse(
            exporting.write_csv(rows=rows), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    file = io.BytesIO()
    try:
        exporting.write_xlsx(rows=rows, file=file)
    except exporting.TooManyRows:
        words = _("More than {most} members do not fit into XLSX here; take CSV.")
        messages.warning(request, words.format(most=exporting.MOST_XLSX_ROWS))
        return redirect("mlm:staff-members")
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _describe(counts: dict[str, Any]) -> dict[str, Any]:
    """Counts with money as decimals, for the page."""
    money = [
        (from_minor(amount, places=currency_places(currency)), currency)
        for currency, amount in sorted((counts.get("money") or {}).items())
    ]
    return {**counts, "money": money} if counts else {}


def _get_import(number: int) -> NetworkImport:
    try:
        return import_selectors.get_import(import_id=number)
    except (NetworkImport.DoesNotExist, OverflowError) as error:
        raise Http404 from error
