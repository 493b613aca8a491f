"""Where joining is open and what each market asks: `MLM["MARKETS"]`, read and checked."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.conf import get_setting

ALL_OTHERS = "*"
ADULT = 18
TAX_NUMBER = ("optional", "required", "none")
KNOWN = {"minimum_age", "tax_number"}


@dataclass(frozen=True)
class Market:
    """What joining asks in one country. The law's least age is a matter of the setting."""

    country: str
    minimum_age: int = ADULT
    tax_number: str = "optional"


def get_market(country: str) -> Market | None:
    """The market of a country (two letters, in capitals), or None where joining is not open.

    Raises ImproperlyConfigured for a setting that cannot be right, saying where and what would be.
    """
    markets = get_setting("MARKETS")
    terms = markets.get(country, markets.get(ALL_OTHERS))
    if terms is None or len(country) != len("DE"):
        return None
    where = f'MLM["MARKETS"]["{country if country in markets else ALL_OTHERS}"]'
    if unknown := sorted(terms.keys() - KNOWN):
        raise ImproperlyConfigured(f"{where} has {unknown}; it knows {sorted(KNOWN)}.")
    age = terms.get("minimum_age", ADULT)
    if not isinstance(age, int) or not 0 < age < 100:
        raise ImproperlyConfigured(
            f'{where}["minimum_age"] is {age!r}; years such as 18 are right.'
        )
    tax_number = terms.get("tax_number", TAX_NUMBER[0])
    if tax_number not in TAX_NUMBER:
        raise ImproperlyConfigured(f'{where}["tax_number"] is {tax_number!r}, not in {TAX_NUMBER}.')
    return Market(country=country, minimum_age=age, tax_number=tax_number)


def list_open_countries(*, all_countries: list[str]) -> list[str]:
    """Those of `all_countries` where joining is open."""
    markets = get_setting("MARKETS")
    if ALL_OTHERS in markets:
        return [code for code in all_countries if get_market(code)]
    return [code for code in all_countries if code in markets]


def get_least_age() -> int:
    """The age below which nobody can join anywhere, for as long as the country is not known."""
    markets = get_setting("MARKETS")
    ages = [terms.get("minimum_age", ADULT) for terms in markets.values()]
    return min(ages, default=ADULT)
