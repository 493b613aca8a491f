"""What we keep about a person beyond the name: written step by step, fingerprinted, erased."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from mlm_plugin.network.models import Agreement, Application, Fingerprint, Member, PersonalData
from mlm_plugin.network.personal_checks import mask, normalise_mail
from mlm_plugin.network.sealing import fingerprint, open_sealed, reseal, seal

Kind = Fingerprint.Kind


@dataclass(frozen=True)
class Secrets:
    """What is sealed: birth date, tax and bank data."""

    born_on: date | None = None
    tax_number: str = ""
    vat_number: str = ""
    account: str = ""
    bank_code: str = ""
    holder: str = ""

    @property
    def shown(self) -> dict[str, str]:
        """The numbers as a page may show them: their last four characters."""
        return {
            "tax_number": mask(self.tax_number),
            "vat_number": mask(self.vat_number),
            "account": mask(self.account),
        }


def read_secrets(*, personal: PersonalData) -> Secrets:
    """Open what is sealed. Raises sealing.CannotOpen."""
    values = open_sealed(personal.sealed)
    born_on = values.pop("born_on", "")
    return Secrets(born_on=date.fromisoformat(born_on) if born_on else None, **values)


def write_secrets(*, personal: PersonalData, **changes: Any) -> None:
    """Seal changed values with those that were there; the caller saves the row."""
    values = {**vars(read_secrets(personal=personal)), **changes}
    born_on = values["born_on"]
    personal.sealed = seal({**values, "born_on": born_on.isoformat() if born_on else ""})


def keep_fingerprints(*, personal: PersonalData) -> None:
    """Write the fingerprints of what is kept now, in place of earlier ones."""
    with transaction.atomic():
        personal.fingerprints.all().delete()
        Fingerprint.objects.bulk_create(
            Fingerprint(personal=personal, kind=kind, digest=digest)
            for kind, digest in make_fingerprints(personal=personal)
        )


def make_fingerprints(*, personal: PersonalData) -> Iterator[tuple[str, str]]:
    """Kind and digest of each thing that a person has alone; spelling makes no difference."""
    secrets = read_secrets(personal=personal)
    # First and last name in either order.
    name = " ".join(sorted(personal.full_name.casefold().split()))
    texts = {
        Kind.MAIL: normalise_mail(personal.email),
        Kind.PHONE: personal.phone,
        Kind.TAX: f"{personal.country}{secrets.tax_number}" if secrets.tax_number else "",
        Kind.BANK: f"{secrets.bank_code}{secrets.account}",
        Kind.NAME: f"{name} {secrets.born_on}" if name and secrets.born_on else "",
    }
    for kind, text in texts.items():
        if text:
            yield kind, fingerprint(kind=kind, text=text)


def erase_application(*, application: Application) -> None:
    """Take everything personal off an application; what happened when stays."""
    PersonalData.objects.filter(application=application, member=None).delete()
    PersonalData.objects.filter(application=application).update(application=None)
    _erase_agreements(application)


def erase_person(*, user_id: int) -> int:
    """Erase what we keep about whoever signs in as this user; returns how many records went.

    Of a membership that has ended place, points and the fact of an agreement stay, without a name. A
    member whose membership has not ended keeps the data that belong to it.
    """
    with transaction.atomic():
        members = _memberships(user_id).filter(status=Member.Status.TERMINATED)
        gone = PersonalData.objects.filter(member__in=members)
        gone |= PersonalData.objects.filter(application__user_id=user_id, member=None)
        found = list(gone.values_list("pk", flat=True).distinct())
        PersonalData.objects.filter(pk__in=found).delete()
        applications = Application.objects.filter(user_id=user_id)
        for application in applications.exclude(member__in=_living(user_id)):
            _erase_agreements(application)
        applications.filter(state__in=Application.UNDER_WAY).update(
            state=Application.State.EXPIRED, user=None
        )
        applications.filter(state=Application.State.SENT).update(state=Application.State.DECLINED)
        members.filter(user_id=None).update(first_name="", last_name="")
    return len(found)


def reseal_all(*, batch: int = 500) -> int:
    """Seal everything again with the first key; returns how many rows. Each row by itself."""
    changed = 0
    for pk in PersonalData.objects.exclude(sealed="").values_list("pk", flat=True).iterator(batch):
        with transaction.atomic():
            row = PersonalData.objects.select_for_update().get(pk=pk)
            row.sealed = reseal(row.sealed)
            row.save(update_fields=["sealed"])
        changed += 1
    return changed


def read_personal(*, user_id: int) -> list[dict[str, Any]]:
    """Everything we keep about this person, opened, for the copy that the person may have."""
    rows = PersonalData.objects.filter(member__in=_memberships(user_id))
    rows |= PersonalData.objects.filter(application__user_id=user_id)
    return [
        {
            "kind": row.kind,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "company": row.company,
            "email": row.email,
            "phone": row.phone,
            "country": row.country,
            **row.address,
            **vars(read_secrets(personal=row)),
            "account_changed_at": row.account_changed_at,
            "tax_changed_at": row.tax_changed_at,
            "verified_at": row.verified_at,
        }
        for row in rows.distinct().order_by("pk")
    ]


def read_agreements(*, user_id: int) -> list[dict[str, Any]]:
    """What this person agreed to, when, and from which address."""
    rows = Agreement.objects.filter(application__user_id=user_id).order_by("pk")
    return list(rows.values("title", "version", "language", "accepted_at", "ip_address"))


def read_applications(*, user_id: int) -> list[dict[str, Any]]:
    """The person's ways into the network."""
    rows = Application.objects.filter(user_id=user_id).order_by("pk")
    return list(
        rows.values("state", "sponsor__code", "started_at", "sent_at", "decided_at", "reason")
    )


def _memberships(user_id: int) -> Any:
    """The present one and those that ended before it."""
    return Member.objects.filter(Q(user_id=user_id) | Q(former_user_id=user_id))


def _living(user_id: int) -> Any:
    return Member.objects.filter(user_id=user_id).exclude(status=Member.Status.TERMINATED)


def _erase_agreements(application: Application) -> None:
    papers = list(application.agreements.exclude(paper="").values_list("paper", flat=True))
    application.agreements.update(ip_address=None, paper="")

    def remove_papers() -> None:
        for name in papers:
            storages["private"].delete(name)

    transaction.on_commit(remove_papers, robust=True)
