"""The tax arithmetic of the shop, rounded here and nowhere else."""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision

from mlm_plugin.plan.money import from_minor, scale, to_minor

WHOLE = 10_000
# What the columns of Oscar's prices hold. Currencies with three decimals are priced in two of them,
# which is also what card schemes take.
MOST_PLACES = 2


def price_places(currency: str) -> int:
    """How many decimals a price has in this currency: 0 in yen, 2 in euros, 2 in dinars."""
    return min(MOST_PLACES, get_currency_precision(currency))


def round_price(amount: Decimal, *, currency: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """An amount with the decimals that a price in this currency has."""
    return amount.quantize(Decimal(1).scaleb(-price_places(currency)), rounding)


def round_discount(amount: Decimal, currency: str) -> Decimal:
    """What an offer takes off, never more than it says; Oscar's OSCAR_OFFER_ROUNDING_FUNCTION."""
    return round_price(amount, currency=currency, rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Taxed:
    """A price of one destination: net amount and the tax on it, in the currency's decimals."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """What the buyer pays."""
        return self.net + self.tax


@dataclass(frozen=True)
class TaxTable:
    """Rates of all destinations in basis points, read once per request."""

    home_country: str
    rates: dict[str, int] = field(default_factory=dict)
    untaxed_shipping: frozenset[str] = frozenset()

    def get_rate(self, country_code: str) -> int:
        """Basis points of a destination; 0 for a country without a rate."""
        return self.rates.get(country_code, 0)

    def apply(self, stored: Decimal, country_code: str, *, currency: str) -> Taxed:
        """The price at a destination of an amount that was stored with the home country's tax.

        At home the stored amount is exactly what is paid. Elsewhere the home tax is taken out
        and the destination's put on. Rounded per piece to the decimals of a price in `currency`,
        halves to even.
        """
        return self._apply(stored, country_code, self.get_rate(country_code), currency)

    def apply_to_shipping(self, stored: Decimal, country_code: str, *, currency: str) -> Taxed:
        """As `apply`, for a shipping charge, which not every country taxes."""
        taxed = country_code not in self.untaxed_shipping
        rate = self.get_rate(country_code) if taxed else 0
        return self._apply(stored, country_code, rate, currency)

    def _apply(self, stored: Decimal, country_code: str, rate: int, currency: str) -> Taxed:
        places = price_places(currency)
        gross = to_minor(round_price(stored, currency=currency), places=places)
        net = scale(gross, part=WHOLE, whole=WHOLE + self.get_rate(self.home_country))
        if country_code == self.home_country and rate:
            tax = gross - net
        else:
            tax = scale(net, part=rate, whole=WHOLE)
        return Taxed(net=from_minor(net, places=places), tax=from_minor(tax, places=places))
