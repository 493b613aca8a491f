"""An application as its pages write it, finished up to the summary."""

from datetime import UTC, date, datetime
from typing import Any

from mlm_plugin.network import applications
from mlm_plugin.network.application_steps import Step
from mlm_plugin.network.models import Application, Member

NOW = datetime(2026, 5, 17, 10, 0, tzinfo=UTC)
STEPS = (Step.SPONSOR, Step.PERSON, Step.CONTACT, Step.PAYMENT, Step.SUMMARY)
IBAN = "DE02120300000000202051"


def apply(
    user: Any,
    sponsor: Member,
    *,
    at: datetime = NOW,
    born_on: date = date(1990, 5, 17),
    phone: str = "",
    tax_number: str = "",
    account: str = "",
    email: str = "",
) -> Application:
    """Everything filled in, nothing sent."""
    application = applications.begin_application(language="en", started_at=at, user=user)
    number = application.pk
    applications.choose_sponsor(
        application_id=number, sponsor_id=sponsor.pk, is_fixed=False, chosen_at=at
    )
    applications.save_person(
        application_id=number,
        kind="person",
        first_name="Emma",
        last_name="Lindt",
        company="",
        born_on=born_on,
        saved_at=at,
    )
    applications.save_contact(
        application_id=number,
        country="DE",
        address={"line1": "Lindenweg 4", "postcode": "07743", "line4": "Jena"},
        email=email or user.email,
        phone=phone,
        saved_at=at,
    )
    applications.save_payment(
        application_id=number,
        tax_number=tax_number,
        vat_number="",
        account=account,
        bank_code="",
        holder="",
        saved_at=at,
    )
    return Application.objects.get(pk=number)


def send(application: Application, *, at: datetime = NOW) -> Application:
    """The button at the end."""
    return applications.send_application(
        application_id=application.pk, user=application.user, steps=STEPS, sent_at=at
    )
