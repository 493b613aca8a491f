"""Numbers and ages of applicants: what can be right is kept in one spelling, the rest is refused."""

from datetime import date

import pytest

from mlm_plugin.network.personal_checks import (
    BankAccount,
    NotValid,
    check_age,
    mask,
    read_bank_account,
    read_phone,
    read_tax_number,
    read_vat_number,
)

TODAY = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("text", "country", "is_company", "kept"),
    [
        ("36 574 261 809", "DE", False, "36574261809"),
        ("59-119/9013", "AT", False, "591199013"),
        ("500100732259", "RU", False, "500100732259"),
        (" 7707083893 ", "RU", True, "7707083893"),
        ("AB 12-34", "KZ", False, "AB1234"),
        ("", "DE", False, ""),
    ],
)
def test_a_tax_number_is_kept_without_blanks(text, country, is_company, kept):
    assert read_tax_number(text, country=country, is_company=is_company) == kept


@pytest.mark.parametrize(
    ("text", "country", "is_company"),
    [
        ("36 574 261 890", "DE", False),
        ("500100732258", "RU", False),
        ("500100732259", "RU", True),
        ("7707083893", "RU", False),
        ("x", "KZ", False),
        ("<script>", "KZ", False),
        ("1" * 10_000, "KZ", False),
    ],
)
def test_a_wrong_tax_number_is_refused_in_words(text, country, is_company):
    with pytest.raises(NotValid, match="tax number"):
        read_tax_number(text, country=country, is_company=is_company)


def test_a_vat_number_belongs_to_its_country():
    assert read_vat_number("DE 136 695 976", country="DE") == "136695976"
    with pytest.raises(NotValid):
        read_vat_number("DE 136 695 978", country="DE")


def test_an_iban_of_any_country_will_do():
    account = read_bank_account("de02 1203 0000 0000 2020 51", bank_code="", country="FR")
    assert account == BankAccount("DE02120300000000202051")
    assert read_bank_account("  ", bank_code="", country="DE") is None
    with pytest.raises(NotValid, match="IBAN"):
        read_bank_account("DE03120300000000202051", bank_code="", country="DE")


def test_a_russian_account_is_checked_with_its_bank():
    """Key of the Bank of Russia by hand: BIK 044525225, so 225 and the account 40702810?38000000000.

    Weights 7 1 3 over 22540702810?38000000000: 4+2+5 +8+0+1 +0+6+8 +7+0+3k … the key that ends in
    a zero is 4; any other digit there is refused.
    """
    right = [
        digit
        for digit in range(10)
        if _passes(f"40702810{digit}38000000000", bank_code="044525225")
    ]
    assert len(right) == 1
    with pytest.raises(NotValid, match="BIK"):
        read_bank_account("40702810438000000000", bank_code="", country="RU")


def _passes(account, *, bank_code):
    try:
        found = read_bank_account(account, bank_code=bank_code, country="RU")
    except NotValid:
        return False
    return found == BankAccount(account, bank_code)


def test_a_phone_number_is_kept_in_the_international_form():
    assert read_phone("03641 123456", country="DE") == "+493641123456"
    assert read_phone("+7 912 345-67-89", country="DE") == "+79123456789"
    with pytest.raises(NotValid):
        read_phone("12", country="DE")


@pytest.mark.parametrize(
    ("born_on", "is_right"),
    [
        (date(2008, 5, 17), True),
        (date(2008, 5, 18), False),
        (date(2004, 2, 29), True),
        (date(2027, 1, 1), False),
        (date(1890, 1, 1), False),
    ],
)
def test_nobody_joins_before_the_birthday_that_makes_them_old_enough(born_on, is_right):
    if is_right:
        check_age(born_on=born_on, today=TODAY, minimum=18)
    else:
        with pytest.raises(NotValid):
            check_age(born_on=born_on, today=TODAY, minimum=18)


def test_only_the_end_of_a_number_is_shown():
    assert mask("DE02120300000000202051") == "•••• 2051"
    assert mask("") == ""
