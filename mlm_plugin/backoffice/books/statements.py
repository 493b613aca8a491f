"""A member's statements as the member sees them, for staff who read the books."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.backoffice.permissions import books_page
from mlm_plugin.backoffice.selectors import get_member
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
@books_page()
def statement_list(request: HttpRequest) -> HttpResponse:
    """The paid periods of a member, found by code."""
    code = request.GET.get("member", "").strip()[:64]
    member = None
    if code:
        try:
            member = get_member(code=code)
        except Member.DoesNotExist:
            member = None
    heads = list_statements(member_id=member.pk, joined_at=member.joined_at) if member else []
    language = get_language() or "en"
    context = {
        "code": code,
        "shown": member,
        "statements": [tell_head(head=head, language=language) for head in heads],
    }
    return render(request, "mlm/backoffice/books/statements.html", context)


@never_cache
@require_safe
@books_page()
def statement(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One period of a member, line by line."""
    member = _get_member(code)
    page = read_page(request.GET.get("page", ""))
    found = get_statement(member_id=member.pk, period_id=number, page=page)
    if found is None:
        raise Http404
    context = {
        "shown": member,
        "statement": found,
        "told": tell(statement=found, language=get_language() or "en"),
        "page_obj": Paginator(range(found.award_count), PAGE).get_page(page),
    }
    return render(request, "mlm/backoffice/books/statement.html", context)


@never_cache
@require_safe
@books_page()
def statement_paper(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The same as PDF."""
    member = _get_member(code)
    try:
        content = draw_statement(member=member, period_id=number, language=get_language() or "en")
    except NoStatement as error:
        raise Http404 from error
    if not content:
        raise Http404
    name = f"statement-{member.code}-{number}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_safe
@books_page()
def statement_file(request: HttpRequest, code: str, number: int) -> StreamingHttpResponse:
    """The same as CSV."""
    member = _get_member(code)
    try:
        found = get_whole_statement(member_id=member.pk, period_id=number)
    except NoStatement as error:
        raise Http404 from error
    rows = csv_rows(statement=found, language=get_language() or "en")
    answer = StreamingHttpResponse(write_csv(rows=rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{member.code}-{number}.csv"'
    return answer


def _get_member(code: str) -> Member:
    try:
        return get_member(code=code)
    except Member.DoesNotExist as error:
        raise Http404 from error
