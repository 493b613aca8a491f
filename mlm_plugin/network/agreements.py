"""The agreement of a new member on paper, and the starter kit paid back."""

import secrets
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mlm_plugin.conf import get_content, get_setting
from mlm_plugin.conf.content import SignedAgreement
from mlm_plugin.network.models import Agreement, Application, Member


def make_paper(*, agreement_id: int, at: datetime) -> bool:
    """Draw the PDF, keep it in the private store and send it to the member, once; True for who did it.

    The row is locked meanwhile, so a second worker finds it done. A site that draws nothing leaves it.
    """
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
        application = Application.objects.select_related("member__sponsor", "user", "personal").get(
            pk=agreement.application_id
        )
        personal = getattr(application, "personal", None)
        if agreement.mailed_at or application.member is None or personal is None:
            return False
        content = get_content().draw_agreement(signed=_sign(agreement, application))
        if not content:
            return False
        name = f"agreements/{secrets.token_urlsafe(24)}.pdf"
        agreement.paper = storages["private"].save(name, ContentFile(content))
        agreement.mailed_at = at
        agreement.save(update_fields=["paper", "mailed_at"])
        with translation.override(application.language):
            file_name = f"{_('agreement')}-{agreement.number}.pdf"
        get_content().send_mail(
            kind="member_agreement",
            to=application.user.email if application.user else "",
            language=application.language,
            context={"name": personal.first_name, "path": "", "title": agreement.title},
            attachments=[(file_name, content, "application/pdf")],
        )
    return True


def list_missing_papers(*, before: datetime) -> list[int]:
    """Agreements of members who joined before this moment and have no paper yet."""
    found = Agreement.objects.filter(
        mailed_at=None,
        application__state=Application.State.JOINED,
        application__decided_at__lte=before,
        application__personal__isnull=False,
    )
    return list(found.order_by("pk").values_list("pk", flat=True)[:100])


def list_agreements(*, member: Member) -> list[Agreement]:
    """What a member agreed to, the latest first."""
    return list(Agreement.objects.filter(application__member=member).order_by("-accepted_at"))


def open_paper(*, agreement: Agreement) -> tuple[str, File]:
    """The name and the file of an agreement's PDF. Raises FileNotFoundError where it has gone."""
    if not agreement.paper:
        raise FileNotFoundError(agreement.number)
    return f"{_('agreement')}-{agreement.number}.pdf", storages["private"].open(agreement.paper)


def pay_back_kit(*, member_id: int, at: datetime) -> bool:
    """Pay the starter kit back through the shop; whether there was one. Once, however often asked."""
    member = Member.objects.select_related("user", "former_user").get(pk=member_id)
    sku = get_setting("STARTER_KIT")
    if not sku or member.account is None:
        return False
    paid_back: bool = get_content().refund_kit(
        user=member.account, sku=sku, since=member.joined_at, key=f"cooling-off:{member.pk}", at=at
    )
    return paid_back


def _sign(agreement: Agreement, application: Application) -> SignedAgreement:
    personal, member = application.personal, application.member
    assert member is not None
    with translation.override(agreement.language):
        address = personal.address
        rows = [
            (_("Name"), personal.full_name),
            (_("Company"), personal.company),
            (_("Address"), ", ".join(filter(None, [*address.values(), personal.country]))),
            (_("E-mail"), personal.email),
            (_("Member code"), member.code),
            (_("Sponsor"), str(member.sponsor or "")),
            (_("Version"), agreement.version),
            (_("Agreed from"), agreement.ip_address or ""),
        ]
    return SignedAgreement(
        key=agreement.text_key,
        number=agreement.number,
        name=personal.full_name,
        details=[(label, value) for label, value in rows if value],
        language=agreement.language,
        country=personal.country,
        accepted_at=agreement.accepted_at,
    )
