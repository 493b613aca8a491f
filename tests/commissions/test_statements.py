"""A member's statement: what it says is what the wallet received, down to the order lines."""

import csv
import io
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mlm_plugin.commissions import reports
from mlm_plugin.commissions.differences import run_difference
from mlm_plugin.commissions.overrides import decide_override, propose_override
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.commissions.statements import get_statement, list_statements
from mlm_plugin.commissions.statements_details import (
    list_missing,
    read_details,
    write_details,
    write_missing,
)
from mlm_plugin.commissions.statements_files import (
    csv_rows,
    draw_statement,
    get_whole_statement,
    paper_of,
)
from mlm_plugin.commissions.statements_models import RunDetails
from mlm_plugin.commissions.statements_words import tell
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.selectors import get_balance
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import PLAN, locked_run, march_of_the_family, wallet
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# Who has less than 40 PV of the own is not paid; a rank asks for group volume.
STRICT = (
    PLAN.replace("levels = 2\n", 'levels = 2\npayee = "payee.pv >= 40"\n')
    + """
title = "Levels & friends"

[ladders.rank]
[[ladders.rank.ranks]]
name = "Leader"
requires = ["pv >= 40"]
[[ladders.rank.ranks]]
name = "Director"
requires = ["pv >= 60", "cv >= 500"]
"""
)


def paid_march(document=PLAN):
    books = march_of_the_family(document)
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    return books, run


def statement_of(books, member, **more):
    return get_statement(member_id=member.pk, period_id=books.march.pk, **more)


def test_each_award_opens_down_to_its_order_lines():
    """Cleo buys twice for 10.00 and 23.33 CV, her customer for 33.33: ben has 10 % of 66.66.

    6.666 is 6.67; its lines share it exactly: 10.00 brings 1.00, 23.33 and 33.33 the rest.
    """
    books = march_of_the_family()
    credit_orders(
        facts=[order_of(books.family.cleo, cv=1_000), order_of(books.family.cleo, cv=2_333)]
    )
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    write_details(run_id=run.pk, at=at(4, 4))
    statement = statement_of(books, books.family.ben)
    of_cleo = next(award for award in statement.awards if award.source == "CLEO")
    assert of_cleo.base == "66.66"
    assert [line.base for line in of_cleo.details.lines] == ["33.33", "10", "23.33"]
    assert sum(line.amount for line in of_cleo.details.lines) == of_cleo.amount == 667
    assert {line.day for line in of_cleo.details.lines} == {"2026-03-15"}


def test_the_page_the_paper_and_the_file_say_what_the_wallet_received():
    books, run = paid_march()
    write_details(run_id=run.pk, at=at(4, 4))
    for member in books.family:
        statement = statement_of(books, member)
        paid = sum(award.amount for award in statement.awards)
        assert paid == statement.total == statement.received == wallet(member)
        for language in ("en", "ru"):
            told = tell(statement=statement, language=language)
            lines = sum(award.minor for bonus in told.bonuses for award in bonus.awards)
            assert lines == wallet(member)
            assert told.earned == told.received
            rows = list(csv_rows(statement=statement, language=language))
            with translation.override(language):
                kind = translation.gettext("award")
            amounts = [row[9] for row in rows if row[0] == kind]
            assert sum(round(float(each) * 100) for each in amounts) == wallet(member)
            paper = paper_of(statement=statement, member=member, language=language)
            assert paper["total"][1] == told.received
            on_paper = [award["amount"] for bonus in paper["bonuses"] for award in bonus["awards"]]
            assert on_paper == [award.amount for bonus in told.bonuses for award in bonus.awards]


def test_held_money_is_received_too():
    """Everything is held for a period: the wallet has nothing to spend and ben's 7.33 are his."""
    books, _run = paid_march(PLAN + "\n[money]\nhold_periods = 1\n")
    statement = statement_of(books, books.family.ben)
    held = get_balance(owner=books.family.ben.pk, kind=Account.Kind.HELD, unit="EUR")
    assert wallet(books.family.ben) == 0
    assert statement.received == statement.total == statement.held == held == 733


def test_what_was_not_paid_says_why_and_what_it_would_have_been():
    """Nobody but dora and cleo has 40 PV of the own; cleo's 50 PV are her customer's.

    Ben has none: 10 % of cleo's 33.33 and 5 % of dora's 80.00 are skipped, 3.33 and 4.00.
    """
    books, run = paid_march(STRICT)
    write_details(run_id=run.pk, at=at(4, 4))
    told = tell(statement=statement_of(books, books.family.ben), language="en")
    assert told.bonuses == ()
    (skips,) = told.skips
    assert (skips.title, skips.count, skips.amount) == ("Levels & friends", 2, "7.33 EUR")
    assert [(skip.source, skip.amount) for skip in skips.skips] == [
        ("CLEO", "3.33 EUR"),
        ("DORA", "4.00 EUR"),
    ]
    assert all("pv" in skip.reason and "needed is 40" in skip.reason for skip in skips.skips)
    russian = tell(statement=statement_of(books, books.family.ben), language="ru")
    assert russian.skips[0].skips[0].reason != skips.skips[0].reason


def test_ranks_say_what_is_met_and_what_is_missing():
    """Cleo's 50 PV make her a leader; a director has 60 PV and 500 CV."""
    books, run = paid_march(STRICT)
    write_details(run_id=run.pk, at=at(4, 4))
    (ladder,) = tell(statement=statement_of(books, books.family.cleo), language="en").ladders
    assert (ladder.rank, ladder.next_rank) == ("Leader", "Director")
    assert [(need.text, need.met) for need in ladder.needs] == [("pv >= 40", True)]
    assert [(need.text, need.met, need.missing) for need in ladder.next_needs] == [
        ("pv >= 60", False, "10"),
        ("cv >= 500", False, "466.67"),
    ]


def test_before_the_details_are_written_the_awards_are_there():
    books, run = paid_march()
    statement = statement_of(books, books.family.ben)
    assert statement.details is None
    assert statement.total == 733
    assert list_missing() == [run.pk]
    write_missing(at=at(4, 4))
    assert list_missing() == []
    assert statement_of(books, books.family.ben).details is not None


def test_details_written_again_are_the_same_file():
    _books, run = paid_march()
    first = write_details(run_id=run.pk, at=at(4, 4))
    assert write_details(run_id=run.pk, at=at(4, 5)).pk == first.pk
    RunDetails.objects.all().delete()
    second = write_details(run_id=run.pk, at=at(4, 5))
    assert (second.file, second.file_digest) == (first.file, first.file_digest)


def test_a_stranger_to_the_file_has_no_details():
    _books, run = paid_march()
    write_details(run_id=run.pk, at=at(4, 4))
    nobody = read_details(run_id=run.pk, member_id=10**12)
    assert (nobody.ranks, nobody.skips) == ((), ())


def test_a_page_has_some_of_the_awards_and_all_of_the_sums(monkeypatch):
    books, _run = paid_march()
    monkeypatch.setattr("mlm_plugin.commissions.statements.PAGE", 1)
    first, second, beyond = (
        statement_of(books, books.family.ben, page=page) for page in (1, 2, 99)
    )
    assert [award.source for award in first.awards + second.awards] == ["CLEO", "DORA"]
    assert first.total == second.total == 733
    assert first.award_count == 2
    assert beyond.awards == second.awards


def test_more_awards_need_no_more_queries():
    books, run = paid_march()
    write_details(run_id=run.pk, at=at(4, 4))

    def count():
        with CaptureQueriesContext(connection) as asked:
            statement_of(books, books.family.ben, page=1)
            list_statements(member_id=books.family.ben.pk, joined_at=at(1, 1))
        return len(asked)

    first = count()
    assert first <= 15
    award = run.awards.first()
    for _number in range(3):
        award.pk = None
        award.payee_id = books.family.ben.pk
        award.save(force_insert=True)
    assert count() == first


@pytest.mark.parametrize("rows", [1, 3, 100_000])
def test_details_are_the_same_in_blocks_of_any_size(monkeypatch, rows):
    """Worked out member by member or all together, the file is the same to the byte."""
    _books, run = paid_march(STRICT)
    first = write_details(run_id=run.pk, at=at(4, 4))
    RunDetails.objects.all().delete()
    monkeypatch.setattr("mlm_plugin.commissions.statements_details.BLOCK", rows)
    assert write_details(run_id=run.pk, at=at(4, 4)).file_digest == first.file_digest


def test_awards_beyond_those_whose_lines_are_kept_are_listed_all_the_same(monkeypatch):
    monkeypatch.setattr("mlm_plugin.commissions.statements_details.MOST_AWARDS", 1)
    books, run = paid_march()
    write_details(run_id=run.pk, at=at(4, 4))
    statement = statement_of(books, books.family.ben)
    first, second = statement.awards
    assert first.details.lines
    assert second.details is None
    assert first.amount + second.amount == statement.received == 733


def test_the_list_has_every_paid_period_since_joining():
    books, _run = paid_march()
    (head,) = list_statements(member_id=books.family.ben.pk, joined_at=at(1, 1))
    assert (head.period.name, head.earned, head.total, head.held) == ("2026-03", 733, 733, 0)
    (empty,) = list_statements(member_id=books.family.dora.pk, joined_at=at(1, 1))
    assert empty.total == 0
    assert list_statements(member_id=books.family.dora.pk, joined_at=at(4, 2)) == []


def test_the_paper_is_a_pdf_in_both_languages():
    books, run = paid_march(STRICT)
    write_details(run_id=run.pk, at=at(4, 4))
    for language in ("en", "ru"):
        content = draw_statement(
            member=books.family.cleo, period_id=books.march.pk, language=language
        )
        assert content.startswith(b"%PDF")


def test_a_sheet_runs_nothing_that_a_reason_says():
    books, _run = paid_march()
    whole = get_whole_statement(member_id=books.family.ben.pk, period_id=books.march.pk)
    hostile = replace(whole.awards[0], because="adjusted:=1+1", bonus="adjustment")
    text = io.StringIO()
    csv.writer(text).writerows(
        csv_rows(
            statement=replace(
                whole,
                awards=(hostile,),
                bonuses=(replace(whole.bonuses[0], bonus="adjustment", count=1),),
            ),
            language="en",
        )
    )
    assert "'=1+1" in text.getvalue()


def test_corrections_and_what_was_adjusted_by_hand_are_lines_too():
    """Ben: 7.33 by the plan, 1.00 by hand, and 4.00 more when dora's late 80.00 CV are taken up: 12.33."""
    books = march_of_the_family()
    override = propose_override(
        key=uuid.uuid4(), period_id=books.march.pk, member_id=books.family.ben.pk, kind="amount",
        amount=100, reason="For the fair", actor=Actor(books.finn), at=at(4, 1),
    )  # fmt: skip
    decide_override(
        override_id=override.pk, is_approved=True, actor=Actor(books.greta), at=at(4, 1)
    )
    paid = locked_run(books)
    commit_run(run_id=paid.pk, actor=SCHEDULE, at=at(4, 4))
    write_details(run_id=paid.pk, at=at(4, 4))
    credit_orders(facts=[order_of(books.family.dora, paid_at=at(3, 31))])
    run = run_difference(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 6))
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 6))
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 7))

    statement = statement_of(books, books.family.ben)
    assert (statement.total, statement.corrected) == (833, 1_233)
    assert statement.received == statement.corrected == wallet(books.family.ben)
    (head,) = list_statements(member_id=books.family.ben.pk, joined_at=at(1, 1))
    assert (head.earned, head.corrections, head.total) == (833, 400, 1_233)
    told = tell(statement=statement, language="en")
    by_hand = next(each for each in told.bonuses if each.title == "Adjusted by hand")
    assert [award.reason for award in by_hand.awards] == ["For the fair"]
    assert [each.award.reason for each in told.corrections] == ["Was 4.00, is now 8.00."]
    rows = csv_rows(statement=statement, language="en")
    amounts = [row[9] for row in rows if row[0] in ("award", "correction")]
    assert sum(round(float(each) * 100) for each in amounts) == 1_233
    assert reports.get_details(period_id=books.march.pk)["top"][0] == [books.family.ben.pk, 833]
