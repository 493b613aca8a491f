"""What became of payouts: a file is looked at, then entered whole or not at all, and once."""

from datetime import date

import pytest

from mlm_plugin.ledger.models import Account, Action, Entry
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.payouts.models import PayoutResult
from mlm_plugin.payouts.result_lines import read_lines
from mlm_plugin.payouts.results import (
    CannotEnter,
    apply_result,
    dry_run,
    enter_by_hand,
    keep_result,
)
from mlm_plugin.payouts.selectors import find_problems, list_entries
from tests.payouts.people import (
    IBANS,
    NOON,
    amounts,
    ask,
    company,
    hand_over,
    make_payee,
    make_staff,
    with_terms,
)

pytestmark = pytest.mark.django_db
Kind = Account.Kind
HEAD = "payout;result;date;amount;reason\n"


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


@pytest.fixture
def staff():
    return make_staff()


def upload(staff, text, name="answer.csv"):
    content = (HEAD + text).encode()
    return keep_result(name=name, content=content, actor=staff.paul, at=NOON)


def enter(staff, result):
    return apply_result(result_id=result.pk, actor=staff.paul, at=NOON)


def by_hand(staff, payout, result, reason=""):
    return enter_by_hand(
        payout_id=payout.pk,
        result=result,
        day=date(2026, 5, 4),
        reason=reason,
        actor=staff.paul,
        at=NOON,
    )


def sent(staff):
    """Ada's 50.00 from Italy and ben's 20.00 from Germany are with the bank."""
    ada = make_payee(country="IT", account="IT60X0542811101000000123456")
    ben = make_payee("ben", sponsor=ada, account=IBANS[1])
    payouts = ask(ada, 5_000), ask(ben, 2_000)
    hand_over(staff)
    return payouts


def books():
    return company(Kind.PAID), company(Kind.FEES), company(Kind.TAXES)


def test_paid_goes_to_bank_fee_and_tax_and_sent_back_goes_to_the_wallet(staff):
    """Ada: 50.00 are 40.53 paid, 0.50 fee, 8.97 tax. Ben: 20.00 come back, 3.00 of them are kept."""
    first, second = sent(staff)
    result = upload(
        staff,
        f"{first.reference};paid;2026-05-04;40,53;\n{second.pk};Bounced;2026-05-04;;AC04 closed\n",
    )
    judged = dry_run(result=result, at=NOON)
    assert [answer.effect for answer in judged.answers] == ["pays", "bounces"]
    assert books() == (0, 0, 0)
    enter(staff, result)
    assert books() == (4_053, 50 + 300, 897)
    assert amounts(first.member) == (5_000, 0)
    assert amounts(second.member) == (10_000 - 300, 0)
    second.refresh_from_db()
    assert (second.state, second.reason) == ("bounced", "AC04 closed")
    assert find_problems() == find_ledger_problems() == []


def test_the_same_file_is_entered_once(staff):
    first, second = sent(staff)
    text = f"{first.pk};paid;2026-05-04;;\n{second.pk};bounced;2026-05-04;;closed\n"
    result = upload(staff, text)
    enter(staff, result)
    entries, after = Entry.objects.count(), books()
    assert upload(staff, text, name="again.csv").pk == result.pk
    enter(staff, result)
    # The same said by another file: nothing is left to do.
    other = upload(staff, text.replace("closed", "account closed"))
    assert dry_run(result=other, at=NOON).counts == {"nothing": 2}
    enter(staff, other)
    assert (Entry.objects.count(), books()) == (entries, after)
    assert Action.objects.filter(name="payout_result.apply").count() == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("999999;paid;2026-05-04;;", "no payout"),
        ("{second};lost;2026-05-04;;", "paid or bounced"),
        ("{second};bounced;2026-05-04;;", "reason"),
        ("{second};paid;04.05.2026;;", "no date"),
        ("{second};paid;2026-05-05;;", "still to come"),
        ("{second};paid;2026-05-04;19.51;", "19.50, not 19.51"),
        ("{second};paid;2026-05-04;abc;", "no amount"),
        ("{first};paid;2026-05-04;;", "more than one line"),
        ("{waiting};paid;2026-05-04;;", "not with the bank"),
        ("9999999999999999999999;paid;2026-05-04;;", "no payout"),
    ],
    ids=["unknown", "result", "reason", "date", "future", "amount", "text", "twice", "early", "huge"],
)  # fmt: skip
def test_one_wrong_line_and_nothing_is_entered(staff, line, words):
    first, second = sent(staff)
    waiting = ask(first.member, 2_000)
    wrong = line.format(first=first.pk, second=second.pk, waiting=waiting.pk)
    result = upload(staff, f"{first.pk};paid;2026-05-04;;\n{wrong}\n")
    assert not dry_run(result=result, at=NOON).may_be_entered
    with pytest.raises(CannotEnter, match=words):
        enter(staff, result)
    assert books() == (0, 0, 0)
    assert PayoutResult.objects.get().state == "checked"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "columns"),
        (b"payout;result\n1;paid\n", "date"),
        (HEAD.encode(), "empty"),
        ("payout;result;date\n1;paid;ü".encode("latin-1"), "UTF-8"),
        (b"payout;result;date\n\0;paid;1\n", "no table"),
        (b'payout;result;date\n"1;paid;1\n', "cannot be read"),
        (b"x" * 4_000_001, "too large"),
    ],
    ids=["nothing", "column", "lines", "encoding", "binary", "quotes", "size"],
)
def test_what_is_no_answer_of_a_bank_is_refused(staff, content, words):
    with pytest.raises(CannotEnter, match=words):
        keep_result(name="x.csv", content=content, actor=staff.paul, at=NOON)
    assert not PayoutResult.objects.exists()


def test_commas_and_a_byte_order_mark_do_as_well():
    [line] = read_lines("\ufeffPayout,Result,Date\nP0000007,PAID,2026-05-04\n".encode())
    assert (line.payout, line.result, line.day, line.number) == (
        "P0000007", "paid", "2026-05-04", 2,
    )  # fmt: skip


def test_by_hand_and_back_again_days_after_it_was_paid(staff):
    """40.53, 0.50 and 8.97 go out; the bank sends it back: 50.00 are in the wallet, less 3.00."""
    first, _second = sent(staff)
    for _twice in range(2):
        assert by_hand(staff, first, "paid").state == "paid"
    assert books() == (4_053, 50, 897)
    for _twice in range(2):
        by_hand(staff, first, "bounced", "MD06 returned")
    assert books() == (0, 300, 0)
    assert amounts(first.member) == (10_000 - 300, 0)
    keys = [entry.key for entry in list_entries(payout_id=first.pk)]
    key = f"payout:{first.pk}"
    assert keys == [
        f"reserve:{key}", f"settle:{key}", f"return:{key}",
        f"reserve:{key}:bounce_fee", f"settle:{key}:bounce_fee",
    ]  # fmt: skip
    assert find_problems() == find_ledger_problems() == []
    with pytest.raises(CannotEnter, match="not with the bank"):
        by_hand(staff, first, "paid")


def test_what_a_bounce_costs_is_never_more_than_there_is(staff, settings):
    """20.00 come back into a wallet that is 19.00 below zero: 1.00 is kept of 3.00."""
    _first, second = sent(staff)
    from tests.payouts.people import earn

    earn(second.member, -8_000 - 1_900)
    by_hand(staff, second, "bounced", "closed")
    assert amounts(second.member) == (0, 0)
    assert company(Kind.FEES) == 100


def test_a_thousand_lines_take_a_few_queries(staff, django_assert_max_num_queries):
    ada = make_payee(money=100_000)
    payouts = [ask(ada, 2_000) for _each in range(12)]
    hand_over(staff)
    lines = "".join(f"{payout.pk};paid;2026-05-04;;\n" for payout in payouts)
    result = upload(staff, lines)
    with django_assert_max_num_queries(3):
        dry_run(result=result, at=NOON)
    # A job for each member's mail is among them.
    with django_assert_max_num_queries(22 + 12 * 2):
        enter(staff, result)
