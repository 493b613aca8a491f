"""The tax table: the most exact row of the day, bands of a year, and faults named."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.ledger.models import Action
from mlm_plugin.payouts.payees import Hold
from mlm_plugin.payouts.selectors import get_payee
from mlm_plugin.payouts.steps import PayoutError
from mlm_plugin.payouts.tax_statuses import set_tax_status
from mlm_plugin.payouts.taxes import find_rule, withhold
from tests.payouts.people import NOON, TODAY, make_payee, make_staff

DAY = date(2026, 5, 4)
MILLION = 100_000_000


def tax(country, status, amount, before=0, day=DAY):
    found = withhold(
        country=country, status=status, day=day, amount=amount, before=before, places=2
    )
    return found.hold or found.tax


@pytest.mark.parametrize(
    ("country", "status", "amount", "before", "expected"),
    [
        # Nobody named: nothing is withheld.
        ("DE", "person", 10_000, 0, 0),
        ("ZZ", "company", 10_000, 0, 0),
        # 23 % of 78 % of 100.00 and of 0.01.
        ("IT", "person", 10_000, 0, 1_794),
        ("IT", "person", 1, 0, 0),
        ("IT", "company", 10_000, 0, 0),
        ("ES", "vat_payer", 10_000, 0, 1_500),
        # 13 % of 1,000.50 is 130.065: in full roubles 130. Of 1,003.85 it is 130.5005: 131.
        ("RU", "person", 100_050, 0, 13_000),
        ("RU", "person", 100_385, 0, 13_100),
        # 2.4 million at 13 %, the next 100,000 at 15 %.
        ("RU", "person", 250_000_000, 0, 31_200_000 + 1_500_000),
        ("RU", "person", 10_000_000, 240_000_000, 1_500_000),
        ("RU", "self_employed", 10_000_000, 230_000_000, 0),
        ("RU", "self_employed", 10_000_001, 230_000_000, "above_limit"),
        ("RU", "company", 10_000_000, 0, 0),
        ("FR", "person", 10_000, 0, "contributions"),
        ("FR", "company", 10_000, 0, 0),
        ("IN", "person", 10_000_00, 0, 20_000),
    ],
)
def test_what_is_withheld(country, status, amount, before, expected):
    assert tax(country, status, amount, before) == expected


def test_parts_add_up_to_the_tax_of_the_whole():
    """Italy: 17.94 % of 1.00 is 0.1794; ten of them are 1.794 and not ten times 0.18."""
    parts = [tax("IT", "person", 100, before=100 * number) for number in range(10)]
    assert sum(parts) == tax("IT", "person", 1_000) == 179


def test_a_row_holds_from_its_day_to_its_last():
    """Russia: two bands until the end of 2024, five from 2025."""
    old, new = date(2024, 12, 31), date(2025, 1, 1)
    assert tax("RU", "person", 10_000_000, 240_000_000, day=old) == 1_300_000
    assert tax("RU", "person", 10_000_000, 240_000_000, day=new) == 1_500_000
    assert find_rule(country="IN", status="person", day=date(2024, 9, 30)).code.endswith(
        "2000-01-01"
    )
    assert tax("DE", "person", 10_000, day=date(1999, 1, 1)) == "no_rule"


def test_a_site_has_a_table_of_its_own(settings, tmp_path):
    table = tmp_path / "taxes.toml"
    table.write_text(
        '[[rule]]\ncountry = "DE"\nstatus = "*"\nfrom = 2026-01-01\nbands = [{rate = "10%"}]\n'
    )
    settings.MLM = {**settings.MLM, "PAYOUT_TAXES": str(table)}
    assert tax("DE", "person", 10_000) == 1_000
    assert tax("AT", "person", 10_000) == "no_rule"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('status = "*"\nfrom = 2026-01-01', "country"),
        ('country = "DE"\nstatus = "king"\nfrom = 2026-01-01', "king"),
        ('country = "DE"\nstatus = "*"\nfrom = 2026-01-01\nrates = 1', "rates"),
        ('country = "DE"\nstatus = "*"\nfrom = 2026-01-01\nbands = [{rate = "0.1"}]', "no share"),
        (
            'country = "DE"\nstatus = "*"\nfrom = 2026-01-01\nbands = [{rate = "1%", up_to = 5}]',
            "last",
        ),
        ("country = ", "cannot be read"),
    ],
    ids=["missing", "status", "field", "rate", "band", "syntax"],
)
def test_a_fault_of_the_table_says_where_and_what(settings, tmp_path, text, words):
    table = tmp_path / f"{words[:4]}.toml"
    table.write_text(f"[[rule]]\n{text}\n")
    settings.MLM = {**settings.MLM, "PAYOUT_TAXES": str(table)}
    with pytest.raises(ImproperlyConfigured, match=words):
        tax("DE", "person", 10_000)


@pytest.mark.django_db
def test_a_status_that_staff_wrote_down_goes_before_what_the_data_say():
    ada, staff = make_payee(kind="company"), make_staff()
    ben = make_payee("ben", sponsor=ada, vat_number="DE136695976")
    assert get_payee(member_id=ada.pk, at=NOON).status == "company"
    assert get_payee(member_id=ben.pk, at=NOON).status == "vat_payer"
    given = {"member_id": ben.pk, "status": "self_employed", "valid_from": TODAY}
    for _twice in range(2):
        set_tax_status(**given, note="certificate 17", actor=staff.finn, at=NOON)
    assert get_payee(member_id=ben.pk, at=NOON).status == "self_employed"
    assert Action.objects.filter(name="payee.tax_status").count() == 1
    with pytest.raises(PayoutError, match="paper"):
        set_tax_status(**given, note=" ", actor=staff.finn, at=NOON)
    assert Hold.DATA not in get_payee(member_id=ben.pk, at=NOON).holds
