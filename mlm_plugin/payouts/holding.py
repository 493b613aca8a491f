"""What is taken off a payout and what holds it back, together: the same answer for every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mlm_plugin.conf.payouts import SEPA, PayoutSettings
from mlm_plugin.payouts.models import Payout
from mlm_plugin.payouts.payees import Hold, Payee
from mlm_plugin.payouts.taxes import withhold

# Counted for the tax of a year: what is decided and not sent back.
COUNTED = (
    Payout.State.IN_BATCH,
    Payout.State.APPROVED,
    Payout.State.HANDED_OVER,
    Payout.State.PAID,
)


@dataclass(frozen=True)
class Price:
    """What a payout of `amount` costs and brings, in the smallest unit, and what holds it back."""

    amount: int
    fee: int
    tax: int
    rule: str
    holds: tuple[Hold, ...]
    # Why the tax table pays nothing, if so (`taxes.Withheld.hold`).
    tax_hold: str = ""

    @property
    def net(self) -> int:
        """What reaches the bank account."""
        return self.amount - self.fee - self.tax


def price_payout(
    *, payee: Payee, amount: int, before: int, settings: PayoutSettings, day: date
) -> Price:
    """Fee, tax and holds of a payout on a day; `before` is what the year has brought so far."""
    withheld = withhold(
        country=payee.country,
        status=payee.status,
        day=day,
        amount=amount,
        before=before,
        places=settings.places,
    )
    holds = list(payee.holds)
    if withheld.hold and Hold.DATA not in holds:
        holds.append(Hold.TAX_RULE)
    # A bank that takes nothing but SEPA files pays nobody without an IBAN.
    if settings.files == (SEPA,) and payee.destination and not payee.destination.has_iban:
        holds.append(Hold.NOT_BY_THIS_BANK)
    return Price(
        amount=amount,
        fee=settings.fee,
        tax=withheld.tax,
        rule=withheld.rule,
        holds=tuple(holds),
        tax_hold=withheld.hold,
    )


def sums_of_year(
    *, member_ids: Iterable[int], currency: str, year: int, without: Sequence[int] = ()
) -> dict[int, int]:
    """What members took out in a calendar year so far, before fee and tax; one query.

    `without` leaves payouts out: those whose tax is being worked out.
    """
    rows = (
        Payout.objects.filter(
            member_id__in=list(member_ids),
            currency=currency,
            state__in=COUNTED,
            batch__execute_on__year=year,
        )
        .exclude(pk__in=list(without))
        .values_list("member_id")
        .annotate(total=Sum("amount"))
    )
    return dict(rows)


def write_hold(hold: Hold, *, payee: Payee) -> str:
    """The reason as a sentence for the member and for staff."""
    if hold == Hold.ACCOUNT_CHANGED and payee.waits_until:
        moment = date_format(localtime(payee.waits_until), "SHORT_DATETIME_FORMAT")
        return _("The bank account was changed; payouts to the new one begin on %(moment)s.") % {
            "moment": moment
        }
    return {
        Hold.DATA: _("Name or country are missing."),
        Hold.ACCOUNT: _("There is no bank account."),
        Hold.TAX_NUMBER: _("The tax number is missing."),
        Hold.NOT_VERIFIED: _("Bank and tax data are not checked by us yet."),
        Hold.SUSPENDED: _("The membership is suspended."),
        Hold.TAX_RULE: _("How tax is withheld in this case is decided by hand; please ask us."),
        Hold.NOT_BY_THIS_BANK: _("Our bank pays to accounts with an IBAN only."),
    }.get(hold, "")


def may_fix(hold: Hold) -> bool:
    """Whether the member can do something about it on the page with the own details."""
    return hold in (Hold.DATA, Hold.ACCOUNT, Hold.TAX_NUMBER)
