"""`/my/earnings/`: a member's own statements, on screen, as PDF and as CSV; nobody else's exist here."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.cabinet.access import cabinet_page
from mlm_plugin.commissions.statements import PAGE, get_statement, list_statements, read_page
from mlm_plugin.commissions.statements_files import (
    NoStatement,
    csv_rows,
    draw_statement,
    get_whole_statement,
)
from mlm_plugin.commissions.statements_words import tell, tell_head
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.exporting import write_csv


@never_cache
@require_safe
@cabinet_page
def earnings(request: HttpRequest, member: Member) -> HttpResponse:
    """The periods that were paid, the newest first."""
    heads = list_statements(member_id=member.pk, joined_at=member.joined_at)
    language = get_language() or "en"
    context = {
        "member": member,
        "page": "earnings",
        "statements": [tell_head(head=head, language=language) for head in heads],
    }
    return render(request, "mlm/cabinet/statements.html", context)


@never_cache
@require_safe
@cabinet_page
def statement(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """One period, line by line."""
    page = read_page(request.GET.get("page", ""))
    found = get_statement(member_id=member.pk, period_id=number, page=page)
    if found is None:
        raise Http404
    context = {
        "member": member,
        "page": "earnings",
        "statement": found,
        "told": tell(statement=found, language=get_language() or "en"),
        "page_obj": Paginator(range(found.award_count), PAGE).get_page(page),
    }
    return render(request, "mlm/cabinet/statement.html", context)


@never_cache
@require_safe
@cabinet_page
def statement_paper(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """The same as PDF."""
    try:
        content = draw_statement(member=member, period_id=number, language=get_language() or "en")
    except NoStatement as error:
        raise Http404 from error
    if not content:
        raise Http404
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="statement-{member.code}-{number}.pdf"'
        },
    )


@never_cache
@require_safe
@cabinet_page
def statement_file(request: HttpRequest, member: Member, number: int) -> StreamingHttpResponse:
    """The same as CSV."""
    try:
        found = get_whole_statement(member_id=member.pk, period_id=number)
    except NoStatement as error:
        raise Http404 from error
    rows = csv_rows(statement=found, language=get_language() or "en")
    answer = StreamingHttpResponse(write_csv(rows=rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{member.code}-{number}.csv"'
    return answer
