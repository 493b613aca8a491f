"""Whether a tax number, a bank account, a phone number or an age can be right: no database, no clock.

Each `read_...` takes what a person typed and gives it back in the one spelling that is kept, or raises
NotValid with words for that person.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from stdnum import get_cc_module, iban
from stdnum.exceptions import ValidationError as Wrong
from stdnum.util import clean

OLDEST = 120
# What a tax number is called in the library, by country, for a person and for a company.
PERSONS_TAX = {
    "AT": "at.tin", "BE": "be.nn", "BG": "bg.egn", "CZ": "cz.rc", "DE": "de.idnr", "DK": "dk.cpr",
    "EE": "ee.ik", "ES": "es.nif", "FI": "fi.hetu", "FR": "fr.nif", "GB": "gb.utr", "GR": "gr.vat",
    "HR": "hr.oib", "IN": "in_.pan", "IT": "it.codicefiscale", "LT": "lt.asmens", "LV": "lv.pvn",
    "NL": "nl.bsn", "NO": "no.fodselsnummer", "PL": "pl.pesel", "PT": "pt.nif", "RO": "ro.cnp",
    "RU": "ru.inn", "SE": "se.personnummer", "SI": "si.emso", "SK": "sk.rc", "TR": "tr.tckimlik",
    "US": "us.tin",
}  # fmt: skip
COMPANIES_TAX = {"AT": "at.tin", "DE": "de.stnr", "GB": "gb.utr", "IN": "in_.pan", "US": "us.ein"}
PERSONS_OF_RUSSIA, COMPANIES_OF_RUSSIA = 12, 10
OTHER = re.compile(r"[0-9A-Z]{4,20}")
BIC_OF_RUSSIA = re.compile(r"04\d{7}")
ACCOUNT_OF_RUSSIA = re.compile(r"\d{20}")
WEIGHTS_OF_RUSSIA = (7, 1, 3)


class NotValid(Exception):
    """What was typed cannot be right; the text says what would be."""


@dataclass(frozen=True)
class BankAccount:
    """Where money can be sent: an IBAN, or a Russian account with its bank's code."""

    account: str
    bank_code: str = ""


def read_tax_number(text: str, *, country: str, is_company: bool) -> str:
    """A tax number of this country, without blanks; countries nobody wrote down take any short one."""
    number = clean(text, " -./").upper()
    if not number:
        return ""
    wrong = NotValid(_("This cannot be a tax number of that country. Please compare every digit."))
    try:
        check = _get_tax_check(country, is_company=is_company)
        number = check(text.strip()) if check else number
    except Wrong as error:
        raise wrong from error
    if country == "RU" and len(number) != (
        COMPANIES_OF_RUSSIA if is_company else PERSONS_OF_RUSSIA
    ):
        raise wrong
    if check is None and not OTHER.fullmatch(number):
        raise wrong
    return number


def read_vat_number(text: str, *, country: str) -> str:
    """A VAT number of this country, with the country's letters where it has them."""
    if not text.strip():
        return ""
    module = get_cc_module(country.lower(), "vat")
    try:
        number = module.validate(text.strip()) if module else clean(text, " -./").upper()
    except Wrong as error:
        raise NotValid(
            _("This cannot be a VAT number of that country. Please compare every digit.")
        ) from error
    if module is None and not OTHER.fullmatch(number):
        raise NotValid(_("A VAT number has 4 to 20 letters and digits."))
    return str(number)


def read_bank_account(account: str, *, bank_code: str, country: str) -> BankAccount | None:
    """An IBAN of any country, or in Russia an account of 20 digits with the bank's BIK; None for none."""
    account, bank_code = clean(account, " -./").upper(), clean(bank_code, " ")
    if not account:
        return None
    if country == "RU" and ACCOUNT_OF_RUSSIA.fullmatch(account):
        if not BIC_OF_RUSSIA.fullmatch(bank_code):
            raise NotValid(_("Please add the BIK of the bank: nine digits that begin with 04."))
        if not _is_account_of_russia(account, bank_code=bank_code):
            raise NotValid(_("Account and BIK do not belong together. Please compare every digit."))
        return BankAccount(account=account, bank_code=bank_code)
    try:
        return BankAccount(account=iban.validate(account))
    except Wrong as error:
        raise NotValid(_("This cannot be an IBAN. Please compare every digit.")) from error


def read_phone(text: str, *, country: str) -> str:
    """In the international form; a number without + is one of the country."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise NotValid(
            _("This is no phone number of that country. With + in front any country will do.")
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def check_age(*, born_on: date, today: date, minimum: int) -> None:
    """Raise NotValid for somebody younger than `minimum` years, and for a day nobody alive was born."""
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    if born_on > today or age > OLDEST:
        raise NotValid(_("Please check the year of your birth."))
    if age < minimum:
        raise NotValid(
            _("Joining is possible from the age of {age} in your country.").format(age=minimum)
        )


def normalise_mail(text: str) -> str:
    """The spelling under which the same mailbox is recognised: case has no meaning."""
    return text.strip().casefold()


def mask(text: str) -> str:
    """A number as it may be shown: its last four characters."""
    return f"•••• {text[-4:]}" if text else ""


def _get_tax_check(country: str, *, is_company: bool) -> Callable[[str], Any] | None:
    named = COMPANIES_TAX.get(country) if is_company else PERSONS_TAX.get(country)
    if named:
        module: Any = import_module(f"stdnum.{named}")
    else:
        code = country.lower()
        module = get_cc_module(code, "tin") or get_cc_module(code, "vat")
    return module.validate if module else None


def _is_account_of_russia(account: str, *, bank_code: str) -> bool:
    """The check digit of the Bank of Russia: last three digits of the BIK and the account, weighted."""
    digits = bank_code[-3:] + account
    weighted = (int(digit) * WEIGHTS_OF_RUSSIA[at % 3] for at, digit in enumerate(digits))
    return sum(each % 10 for each in weighted) % 10 == 0
