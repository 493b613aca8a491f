"""Mails about payouts: what each of them knows. The site sends them in its look and language."""

from django.urls import reverse
from django.utils import translation

from mlm_plugin.conf import get_content
from mlm_plugin.network.models import Application
from mlm_plugin.payouts.models import Payout
from mlm_plugin.payouts.money import write_money


def send_mail(*, payout_id: int, state: str) -> None:
    """Tell the member that a payout has become `state`; nothing to who has no sign-in."""
    payout = Payout.objects.select_related("member__user", "member__former_user").get(pk=payout_id)
    member = payout.member
    if member.account is None:
        return
    application = Application.objects.filter(member=member).first()
    language = application.language if application else ""
    with translation.override(language or None):
        amount = write_money(payout.net if state in ("handed_over", "paid") else payout.amount,
                             payout.currency)  # fmt: skip
    get_content().send_mail(
        kind=f"payout_{state}",
        to=member.account.email,
        language=language,
        context={
            "name": member.first_name,
            "number": payout.reference,
            "amount": amount,
            "account": payout.destination_shown,
            "reason": payout.reason if state in ("bounced", "cancelled") else "",
            "path": reverse("mlm:my-payout", args=[payout.pk]),
        },
    )
