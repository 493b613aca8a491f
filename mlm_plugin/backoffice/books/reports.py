"""Reports of the books: payout ratio, liabilities, year totals, and whether everything agrees."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
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
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlm_plugin.backoffice.permissions import books_page
from mlm_plugin.commissions import reports, reports_tables
from mlm_plugin.commissions import selectors as commission_reads
from mlm_plugin.commissions.reports_tables import Table
from mlm_plugin.commissions.statements_words import titles_of_bonuses
from mlm_plugin.ledger import selectors as ledger_reads
from mlm_plugin.network.bulk_writing import chunks
from mlm_plugin.network.models import Member
from mlm_plugin.payouts import selectors as payout_reads
from mlm_plugin.volumes.exporting import MOST_XLSX_ROWS, TooManyRows, write_csv, write_xlsx

MEMBERS = 50
CHUNK = 1_000


@never_cache
@require_safe
@books_page()
def payout_ratio(request: HttpRequest) -> HttpResponseBase:
    """Every paid period: what was sold, what was paid, and the ratio of both."""
    calendars, years = reports.list_filters()
    calendar = _choice(request, "calendar", calendars)
    chosen = _choice(request, "year", [str(each) for each in years])
    periods = reports.list_periods(calendar=calendar, year=int(chosen) if chosen else None)
    language = _language()
    table = reports_tables.period_table(periods=periods, language=language)
    if wanted := request.GET.get("format"):
        return _file(request, [table], wanted)
    labels, lines = reports_tables.lines_of(periods=periods)
    context = {
        "here": "ratio",
        "tables": [table],
        "bars": reports_tables.bars_of(periods=periods, language=language),
        "labels": labels,
        "lines": lines,
        "calendars": calendars if len(calendars) > 1 else [],
        "calendar": calendar,
        "years": years,
        "year": chosen,
    }
    return render(request, "mlm/backoffice/books/reports.html", context)


@never_cache
@require_safe
@books_page()
def period(request: HttpRequest, number: int) -> HttpResponseBase:
    """One period by bonus, by rank, and who earned most."""
    figures = reports.get_period(period_id=number)
    if figures is None:
        raise Http404
    language = _language()
    details = reports.get_details(period_id=number)
    bonuses = reports.list_bonuses(period_id=number)
    titles = titles_of_bonuses(period_id=number)
    tables = [
        reports_tables.bonus_table(
            figures=figures, bonuses=bonuses, titles=titles, language=language
        ),
        *(
            reports_tables.rank_table(
                figures=figures, ladder=ladder, ranks=ranks, language=language
            )
            for ladder, ranks in details.get("ranks", {}).items()
        ),
        reports_tables.earner_table(
            figures=figures,
            earners=reports.list_top_earners(figures=details),
            language=language,
        ),
    ]
    if wanted := request.GET.get("format"):
        return _file(request, tables, wanted)
    texts = reports_tables.texts_of(
        language=language, currency=figures.currency, places=figures.places
    )
    context = {
        "here": "ratio",
        "figures": figures,
        "stats": [
            (pgettext("sum", "Paid"), texts.money(figures.total)),
            (_("of CV"), reports_tables.share(figures.of_cv).shown),
            (_("of sales"), reports_tables.share(figures.of_sales).shown),
            (_("Payees"), reports_tables.count(figures.payees).shown),
        ],
        "tables": tables,
        "bars": [
            {
                "label": titles.get(each.bonus, each.bonus),
                "short": titles.get(each.bonus, each.bonus)[:6],
                "value": each.amount,
                "shown": texts.money(each.amount),
                "chosen": place == 0,
            }
            for place, each in enumerate(bonuses[:12])
        ],
        "has_details": bool(details),
    }
    return render(request, "mlm/backoffice/books/report_period.html", context)


@never_cache
@require_safe
@books_page()
def liabilities(request: HttpRequest) -> HttpResponseBase:
    """What members have in their wallets, held and reserved; today or on a past day."""
    text = request.GET.get("on", "")
    on = _read_day(text)
    language = _language()
    tables = [
        reports_tables.liability_table(balances=reports.list_balances(on=on), language=language),
        reports_tables.debtor_table(debtors=reports.list_debtors(on=on), language=language),
    ]
    if wanted := request.GET.get("format"):
        return _file(request, tables, wanted)
    context = {
        "here": "liabilities",
        "tables": tables,
        "on": on.isoformat() if on else "",
        "is_wrong": bool(text) and on is None,
    }
    return render(request, "mlm/backoffice/books/report_liabilities.html", context)


@never_cache
@require_safe
@books_page()
def year(request: HttpRequest) -> HttpResponseBase:
    """What each member earned, was paid, and had withheld in a year."""
    years = reports.list_years(at=timezone.now())
    chosen = int(_choice(request, "year", [str(each) for each in years]) or years[0])
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    members = reports.list_year_members(year=chosen, text=text)
    language = _language()
    if wanted := request.GET.get("format"):
        return _year_file(request, members.iterator(chunk_size=CHUNK), chosen, wanted)
    page = Paginator(members, MEMBERS).get_page(request.GET.get("page"))
    totals = reports.get_year_totals(members=list(page), year=chosen)
    context = {
        "here": "year",
        "tables": [reports_tables.year_table(totals=totals, year=chosen, language=language)],
        "years": years,
        "year": chosen,
        "q": text,
        "page_obj": page,
    }
    return render(request, "mlm/backoffice/books/report_year.html", context)


@never_cache
@require_safe
@books_page()
def check(request: HttpRequest) -> HttpResponse:
    """Whether wallets, ledger, awards and payouts agree; carried out when asked to."""
    found = None
    if "now" in request.GET:
        found = reports.check_books(
            checks=[
                (_("Every entry of the ledger balances and has postings"),
                 ledger_reads.find_problems),
                (_("All postings of a currency come to zero"), reports.find_ledger_sums),
                (_("What was awarded is what was posted to wallets"),
                 commission_reads.find_problems),
                (_("Payouts are what left the wallets"), payout_reads.find_problems),
            ]
        )  # fmt: skip
    context = {
        "here": "check",
        "checks": found,
        "is_good": found is not None and not any(each.problems for each in found),
        "at": timezone.now(),
    }
    return render(request, "mlm/backoffice/books/report_check.html", context)


def _language() -> str:
    return get_language() or "en"


def _choice(request: HttpRequest, name: str, known: Sequence[str]) -> str:
    """What the address chooses of what there is; nothing where it chooses anything else."""
    wanted = request.GET.get(name, "")
    return wanted if wanted in known else ""


def _read_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _file(request: HttpRequest, tables: Iterable[Table], wanted: str) -> HttpResponseBase:
    """The tables of a page below each other, as CSV or XLSX."""
    tables = list(tables)

    def rows() -> Iterator[list[str]]:
        for place, table in enumerate(tables):
            if place:
                yield []
            if len(tables) > 1:
                yield [table.title]
            yield from table.as_rows()

    return _answer(request, rows(), tables[0].name, wanted)


def _year_file(
    request: HttpRequest, members: Iterable[Member], year: int, wanted: str
) -> HttpResponseBase:
    language = _language()

    def rows() -> Iterator[list[str]]:
        heading = reports_tables.year_table(totals=[], year=year, language=language)
        yield from heading.as_rows()
        for chunk in chunks(members, CHUNK):
            totals = reports.get_year_totals(members=chunk, year=year)
            table = reports_tables.year_table(totals=totals, year=year, language=language)
            yield from list(table.as_rows())[1:]

    return _answer(request, rows(), f"year-{year}", wanted)


def _answer(
    request: HttpRequest, rows: Iterable[list[str]], name: str, wanted: str
) -> HttpResponseBase:
    answer: Any
    if wanted != "xlsx":
        answer = StreamingHttpResponse(write_csv(rows=rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    file = io.BytesIO()
    try:
        write_xlsx(rows=rows, file=file)
    except TooManyRows:
        words = _("More than {most} rows do not fit into XLSX here; take CSV.")
        messages.warning(request, words.format(most=MOST_XLSX_ROWS))
        return redirect(request.path)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
