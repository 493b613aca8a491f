"""The tax arithmetic of the shop, rounded here and nowhere else."""

from dataclasses import dataclass, field
from decimal import Decimal

from mlm_plugin.plan.money import from_minor, scale, to_minor

WHOLE = 10_000


@dataclass(frozen=True)
class Taxed:
    """A price of one destination: net amount and the tax on it, both with two decimals."""

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

    def apply(self, stored: Decimal, country_code: str) -> Taxed:
        """The price at a destination of an amount that was stored with the home country's tax.

        At home the stored amount is exactly what is paid. Elsewhere the home tax is taken out
        and the destination's put on. Rounded to cents per piece, halves to even.
        """
        return self._apply(stored, country_code, self.get_rate(country_code))

    def apply_to_shipping(self, stored: Decimal, country_code: str) -> Taxed:
        """As `apply`, for a shipping charge, which not every country taxes."""
        taxed = country_code not in self.untaxed_shipping
        return self._apply(stored, country_code, self.get_rate(country_code) if taxed else 0)

    def _apply(self, stored: Decimal, country_code: str, rate: int) -> Taxed:
        gross = to_minor(stored)
        net = scale(gross, part=WHOLE, whole=WHOLE + self.get_rate(self.home_country))
        if country_code == self.home_country and rate:
            tax = gross - net
        else:
            tax = scale(net, part=rate, whole=WHOLE)
        return Taxed(net=from_minor(net), tax=from_minor(tax))
