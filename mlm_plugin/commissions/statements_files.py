"""A statement as a file: rows for CSV, and what the paper (PDF) says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mlm_plugin.commissions.statements import Statement, get_statement
from mlm_plugin.commissions.statements_words import Told, ToldAward, ToldNeed, tell, texts_of
from mlm_plugin.conf import business_day, get_content
from mlm_plugin.network.models import Member
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.plan.money import from_minor

# The column that holds a number, which may begin with a minus.
AMOUNT = 9


class NoStatement(ValueError):
    """No run of the period is committed."""


def get_whole_statement(*, member_id: int, period_id: int) -> Statement:
    """A statement with all of its awards. Raises NoStatement."""
    statement = get_statement(member_id=member_id, period_id=period_id)
    if statement is None:
        raise NoStatement
    return statement


def draw_statement(*, member: Member, period_id: int, language: str) -> bytes:
    """The PDF of a statement, drawn by the site; empty where the site draws none.

    Raises NoStatement.
    """
    statement = get_whole_statement(member_id=member.pk, period_id=period_id)
    with override(language):
        data = paper_of(statement=statement, member=member, language=language)
    drawn: bytes = get_content().draw_statement(data=data, at=statement.committed_at)
    return drawn


def paper_of(*, statement: Statement, member: Member, language: str) -> dict[str, Any]:
    """What the paper says, word for word; the site adds its own name and look."""
    told = tell(statement=statement, language=language)
    texts = texts_of(language=language, currency=statement.currency, places=statement.places)
    period = statement.period
    return {
        "language": texts_language(language),
        "country": "",
        "title": _("Statement"),
        "number": f"{period.name} {member.code}",
        "about": [
            [_("Member"), f"{member.full_name}, {member.code}"],
            [_("Period"), period.name],
            [_("From – to"), f"{texts.date(period.first)} – {texts.date(period.last)}"],
            [_("Plan"), statement.plan],
            [_("Credited on"), texts.date(business_day(statement.committed_at))],
        ],
        "total": [_("Credited to the wallet"), told.received],
        "ladders": [
            {
                "title": f"{ladder.name}: {ladder.rank}",
                "needs": [_need_row(need) for need in ladder.needs],
                "notes": list(ladder.notes),
                "next": f"{_('Next rank')}: {ladder.next_rank}" if ladder.next_rank else "",
                "next_needs": [_need_row(need) for need in ladder.next_needs],
            }
            for ladder in told.ladders
        ],
        "bonuses": [
            {
                "title": bonus.title,
                "amount": bonus.amount,
                "awards": [_award_row(award) for award in bonus.awards],
            }
            for bonus in told.bonuses
        ],
        "earned": [_("Earned in all"), told.earned],
        "corrections": [
            [texts.date(each.day), each.award.bonus, each.award.source, each.award.amount]
            for each in told.corrections
        ],
        "settled": [list(row) for row in told.settled],
        "out": [list(row) for row in told.out],
        "skips": [
            {
                "title": skips.title,
                "amount": skips.amount,
                "rows": [
                    [skip.source, skip.reason, skip.base, skip.amount] for skip in skips.skips
                ],
                "rest": skips.rest,
            }
            for skips in told.skips
        ],
        "words": {
            "earned": _("What was earned"),
            "nothing": _("Nothing was earned in this period."),
            "ranks": _("Ranks"),
            "requirement": _("Requirement"),
            "is": _("Value"),
            "missing": _("Still missing"),
            "met": _("met"),
            "reason": _("Why"),
            "amount": _("Amount"),
            "corrections": _("Corrections"),
            "settled": _("What became of it"),
            "out": _("Paid out since"),
            "skips": _("What was not paid, and why"),
            "from": _("From member"),
            "base": _("Base"),
            "would_be": _("Would have been"),
            "page": _("Page"),
            "of": _("of"),
            "tax_id": _("Tax number"),
        },
    }


def texts_language(language: str) -> str:
    """The language without its country."""
    return language.partition("-")[0]


def _need_row(need: ToldNeed) -> list[str]:
    return [need.text, need.value, _("met") if need.met else need.missing or "–"]


def _award_row(award: ToldAward) -> dict[str, Any]:
    return {
        "reason": award.reason,
        "order": award.order,
        "amount": award.amount,
        "lines": [
            *(f"{line.order}, {line.date}: {line.base} → {line.amount}" for line in award.lines),
            *([award.rest] if award.rest else []),
        ],
    }


def csv_rows(*, statement: Statement, language: str) -> Iterator[list[str]]:
    """Headings, then a row per award, line behind it, skip, correction and line of the settlement.

    Amounts are plain decimals in the statement's currency. The rows of the kind `award` and
    `correction` sum to what the wallet received.
    """
    with override(language):
        told = tell(statement=statement, language=language)
        yield [
            _("Kind"), _("Bonus"), _("From member"), _("Level"), _("Order"), _("Line"), _("Date"),
            _("Base"), _("Rate"), _("Amount"), _("Currency"), _("Why"),
        ]  # fmt: skip
        for row in _rows(statement, told):
            yield [
                cell if place == AMOUNT else harmless_cell(cell) for place, cell in enumerate(row)
            ]


def _rows(statement: Statement, told: Told) -> Iterator[list[str]]:
    def money(amount: int) -> str:
        return f"{from_minor(amount, places=statement.places):f}"

    unit = statement.currency
    words = [award for bonus in told.bonuses for award in bonus.awards]
    # The awards of a bonus stand together, in the statement as in its words.
    facts = sorted(
        statement.awards, key=lambda award: [each.bonus for each in statement.bonuses].index(
            award.bonus
        )
    )  # fmt: skip
    for award, said in zip(facts, words, strict=True):
        yield [
            _("award"), said.bonus, award.source, str(award.level), award.order, award.line, "",
            award.base, award.rate, money(award.amount), unit, said.reason,
        ]  # fmt: skip
        for line in award.details.lines if award.details else ():
            yield [
                _("order line"), said.bonus, award.source, str(award.level), line.order, line.line,
                line.day, line.base, "", money(line.amount), unit, "",
            ]  # fmt: skip
    for each, told_correction in zip(statement.corrections, told.corrections, strict=True):
        yield [
            _("correction"), told_correction.award.bonus, each.award.source, str(each.award.level),
            each.award.order, each.award.line, _day(told_correction.day), each.award.base,
            each.award.rate, money(each.award.amount), unit, told_correction.award.reason,
        ]  # fmt: skip
    details = statement.details
    for skips, told_skips in zip(details.skips if details else (), told.skips, strict=True):
        for skip, told_skip in zip(skips.first, told_skips.skips, strict=True):
            yield [
                _("not paid"), told_skips.title, skip.source, str(skip.level), "", "", "",
                skip.base, "", money(skip.amount), unit, told_skip.reason,
            ]  # fmt: skip
    # What is not worth telling is left out as a whole.
    for (_name, amount), (label, _said) in zip(statement.settled, told.settled, strict=False):
        yield [_("settled"), label, "", "", "", "", "", "", "", money(amount), unit, ""]
    for (_kind, amount), (label, _said) in zip(statement.out, told.out, strict=True):
        yield [_("paid out since"), label, "", "", "", "", "", "", "", money(amount), unit, ""]


def _day(day: date) -> str:
    return day.isoformat()
