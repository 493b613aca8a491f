"""Plans that forgive what members would owe after returns (`returns.collect = "forgive"`).

The engine carries nothing below zero from such a period; without an entry the wallet would.
"""

import tomllib
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, F, Sum, When

from mlm_plugin.commissions.models import Run, SettledLine
from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.services import NewEntry, NewPosting

BALANCE = "balance"


def forgiven_entries(*, run: Run, author_id: int | None, at: datetime) -> Iterator[NewEntry]:
    """One entry per payee whose sum was below zero: the wallet gets it back from the company.

    A payee's settled lines come to the balance that is left; what is missing was forgiven. Of a
    difference run nothing is: what it takes back meets the earnings of the next period.
    """
    document = tomllib.loads(run.plan_version.document)
    if run.kind != Run.Kind.PERIOD or document.get("returns", {}).get("collect") != "forgive":
        return
    sums = (
        SettledLine.objects.filter(run=run)
        .values_list("payee_id")
        .annotate(missing=Sum(Case(When(name=BALANCE, then=F("amount")), default=-F("amount"))))
        .filter(missing__gt=0)
        .order_by("payee_id")
    )
    for payee, missing in sums.iterator():
        yield NewEntry(
            key=f"forgiven:{run.period_id}:{payee}",
            happened_at=at,
            postings=(
                NewPosting(payee, Account.Kind.WALLET, run.currency, missing),
                NewPosting(COMPANY, Account.Kind.ADJUSTMENTS, run.currency, -missing),
            ),
            author_id=author_id,
        )
