"""The mail about an adjustment of a wallet; the site sends it in its look and language."""

from django.urls import reverse
from django.utils import translation

from mlm_plugin.conf import get_content
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.network.models import Application, Member
from mlm_plugin.payouts.money import write_money


def send_adjusted(*, adjustment_id: int) -> None:
    """How much and why; nothing to who has no sign-in."""
    adjustment = WalletAdjustment.objects.get(pk=adjustment_id)
    member = Member.objects.select_related("user").get(pk=adjustment.owner)
    if member.account is None:
        return
    application = Application.objects.filter(member=member).first()
    language = application.language if application else ""
    with translation.override(language or None):
        amount = write_money(adjustment.amount, adjustment.unit)
    get_content().send_mail(
        kind="wallet_adjusted",
        to=member.account.email,
        language=language,
        context={
            "name": member.first_name,
            "amount": amount,
            "reason": adjustment.reason,
            "path": reverse("mlm:my-wallet"),
        },
    )
