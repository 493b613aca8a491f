"""Reports: figures that agree with the books, worked out by hand for the family's March."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm_plugin.commissions import reports
from mlm_plugin.commissions.reports_tables import liability_table, period_table, year_table
from mlm_plugin.commissions.services import commit_run
from mlm_plugin.commissions.statements_details import write_details
from mlm_plugin.ledger.actions import SCHEDULE
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from tests.commissions.books import PLAN, locked_run, march_of_the_family
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db, pytest.mark.both]
RANKED = (
    PLAN
    + """
[ladders.rank]
[[ladders.rank.ranks]]
name = "Leader"
requires = ["pv >= 40"]
"""
)


def paid_march(document=PLAN):
    books = march_of_the_family(document)
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    write_details(run_id=run.pk, at=at(4, 4))
    return books


def move(key, member, amount, other, unit="EUR"):
    """Money between a member's wallet and an account of the company."""
    entry = NewEntry(
        key=key,
        happened_at=at(4, 10),
        postings=(
            NewPosting(member.pk, Account.Kind.WALLET, unit, amount),
            NewPosting(0, other, unit, -amount),
        ),
    )
    post_entries(entries=[entry])


def test_the_payout_ratio_of_a_month():
    """17.00 paid on 113.33 CV and on 100.00 of sales: 15.0 % and 17 %."""
    paid_march()
    (march,) = reports.list_periods()
    assert (march.cv, march.sales, march.total, march.payees) == (11_333, 10_000, 1_700, 3)
    assert march.of_cv == pytest.approx(0.15, abs=1e-4)
    assert march.of_sales == pytest.approx(0.17)
    (row,) = period_table(periods=[march], language="en").rows
    assert [cell.plain for cell in row[3:8]] == [
        "113.33", "100.00", "17.00", "0.150004", "0.170000",
    ]  # fmt: skip
    assert reports.list_periods(year=2025) == []
    assert reports.list_filters() == (["month"], [2026])


def test_by_bonus_by_rank_and_who_earned_most():
    """Of leaders, cleo (50 PV) and dora (100 PV), cleo has 8.00; ada and ben have 9.00 without a rank."""
    books = paid_march(RANKED)
    (bonus,) = reports.list_bonuses(period_id=books.march.pk)
    assert (bonus.bonus, bonus.count, bonus.payees, bonus.amount) == ("levels", 4, 3, 1_700)
    details = reports.get_details(period_id=books.march.pk)
    ranks = {row["rank"]: (row["members"], row["income"]) for row in details["ranks"]["rank"]}
    assert ranks == {"": (2, 900), "Leader": (2, 800)}
    top = reports.list_top_earners(figures=details)
    assert [(member.code, amount) for member, amount in top] == [
        ("CLEO", 800), ("BEN", 733), ("ADA", 167),
    ]  # fmt: skip


def test_liabilities_are_the_balances_and_debtors_those_below_zero():
    """Ada's 1.67 less 5.00: she owes 3.33. Ben and cleo are owed 15.33."""
    books = paid_march()
    move("fine", books.family.ada, -500, Account.Kind.ADJUSTMENTS)
    (wallets,) = [each for each in reports.list_balances() if each.kind == "wallet"]
    assert (wallets.positive, wallets.positive_count) == (1_533, 2)
    assert (wallets.negative, wallets.negative_count, wallets.total) == (-333, 1, 1_200)
    (debtor,) = reports.list_debtors()
    assert (debtor.member.code, debtor.amount) == ("ADA", -333)
    assert [each.total for each in reports.list_balances(on=at(4, 9).date())] == [1_700]
    table = liability_table(balances=[wallets], language="ru")
    assert table.rows[0][6].plain == "12.00"


def test_the_year_of_each_member_for_the_tax_office():
    """Cleo earns 8.00, is given 1.00, and is paid 6.00 out with a fee of 0.50 and 0.50 withheld."""
    books = paid_march()
    cleo = books.family.cleo
    move("gift", cleo, 100, Account.Kind.ADJUSTMENTS)
    post_entries(
        entries=[
            NewEntry(
                key="payout",
                happened_at=at(4, 11),
                postings=(
                    NewPosting(cleo.pk, Account.Kind.WALLET, "EUR", -700),
                    NewPosting(0, Account.Kind.PAID, "EUR", 600),
                    NewPosting(0, Account.Kind.FEES, "EUR", 50),
                    NewPosting(0, Account.Kind.TAXES, "EUR", 50),
                ),
            )
        ]
    )
    members = list(reports.list_year_members(year=2026))
    assert [member.code for member in members] == ["ADA", "BEN", "CLEO"]
    totals = reports.get_year_totals(members=members, year=2026)
    (row,) = [each for each in totals if each.member.code == "CLEO"]
    assert row.sums == {
        "commissions": 800, "adjustments": 100, "paid": 600, "fees": 50, "taxes": 50,
    }  # fmt: skip
    assert list(reports.list_year_members(year=2025)) == []
    assert [member.code for member in reports.list_year_members(year=2026, text="cle")] == ["CLEO"]
    heading, *rows = year_table(totals=totals, year=2026, language="en").as_rows()
    assert len(heading) == 9
    assert rows[2][3:] == ["8.00", "1.00", "0.00", "6.00", "0.50", "0.50"]


def test_checks_say_what_is_wrong_and_are_cut():
    good, bad = reports.check_books(
        checks=[
            ("nothing", list),
            ("much", lambda: (f"entry {number}" for number in range(1_000))),
        ]
    )
    assert (good.problems, good.more) == ((), False)
    assert (len(bad.problems), bad.more) == (100, True)
    paid_march()
    assert list(reports.find_ledger_sums()) == []


def test_more_periods_and_members_need_no_more_queries():
    books = paid_march()
    with CaptureQueriesContext(connection) as asked:
        reports.list_periods()
        reports.get_year_totals(members=list(books.family), year=2026)
        reports.list_debtors()
    assert len(asked) == 5
