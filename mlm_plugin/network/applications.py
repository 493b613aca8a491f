"""Writes of joining: an application grows step by step, is sent once, and becomes a member.

Every write locks the application's row first, so that the same form sent twice at once counts once.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day, get_content, get_setting
from mlm_plugin.conf.content import AgreementText
from mlm_plugin.conf.markets import get_market
from mlm_plugin.network import application_tasks
from mlm_plugin.network.application_steps import Step
from mlm_plugin.network.duplicate_pairs import note_pairs
from mlm_plugin.network.duplicates import find_duplicates
from mlm_plugin.network.models import Agreement, Application, Member, PersonalData
from mlm_plugin.network.personal import (
    erase_application,
    keep_fingerprints,
    read_secrets,
    write_secrets,
)
from mlm_plugin.network.personal_checks import NotValid, check_age
from mlm_plugin.network.placing import NO_WISH, Wish, place_new_member
from mlm_plugin.network.selectors import get_binding
from mlm_plugin.network.services import (
    AlreadyMember,
    NetworkError,
    change_status,
    join_member,
)

State = Application.State
# Beside the kinds of `Fingerprint` a reason why the staff look at an application.
MEMBER_BEFORE = "member_before"


class NotUnderWay(NetworkError):
    """The application was sent, has ended, or is not this person's."""


class Incomplete(NetworkError):
    """A step is missing; `step` says which one."""

    def __init__(self, message: str, *, step: str) -> None:
        super().__init__(message)
        self.step = step


def begin_application(
    *, language: str, started_at: datetime, user: Any = None, sponsor_id: int | None = None
) -> Application:
    """A new way into the network; whoever is signed in has one at a time and gets that one."""
    with transaction.atomic():
        if user is not None:
            get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
            if found := get_own_application(user.pk):
                return found
        application = Application.objects.create(
            user_id=user.pk if user else None,
            language=language,
            sponsor_id=sponsor_id,
            started_at=started_at,
            changed_at=started_at,
        )
        known = {"first_name": user.first_name, "last_name": user.last_name} if user else {}
        email = user.email if user else ""
        PersonalData.objects.create(application=application, email=email, **known)
    return application


def choose_sponsor(
    *, application_id: int, sponsor_id: int, is_fixed: bool, chosen_at: datetime
) -> None:
    """Step one: the member whose name was on the screen. Raises NotUnderWay."""
    with transaction.atomic():
        application = _take(application_id)
        present = application.sponsor
        is_other = present is not None and present.pk != sponsor_id
        may_choose = is_fixed or not application.is_sponsor_fixed
        # Who was invited by somebody that has gone since may choose.
        if is_other and not may_choose and present.may_be_credited:
            raise NotUnderWay(_("Your sponsor was decided before; please ask our service."))
        if application.sponsor_id != sponsor_id:
            application.placement_wish = {}
        application.sponsor_id = sponsor_id
        application.is_sponsor_fixed = is_fixed or application.is_sponsor_fixed
        _finish(application, Step.SPONSOR, at=chosen_at)


def save_person(
    *,
    application_id: int,
    kind: str,
    first_name: str,
    last_name: str,
    company: str,
    born_on: date,
    saved_at: datetime,
) -> None:
    """Step two: a person, or a company with the person who speaks for it."""
    with transaction.atomic():
        application = _take(application_id)
        personal = application.personal
        if personal.kind != kind:
            _undo(application, Step.PAYMENT)
            write_secrets(personal=personal, tax_number="", vat_number="")
        personal.kind, personal.company = kind, company
        personal.first_name, personal.last_name = first_name, last_name
        write_secrets(personal=personal, born_on=born_on)
        personal.save()
        _finish(application, Step.PERSON, at=saved_at)


def save_contact(
    *,
    application_id: int,
    country: str,
    address: Mapping[str, str],
    email: str,
    phone: str,
    saved_at: datetime,
) -> None:
    """Step three: where the person lives; another country asks for other numbers."""
    with transaction.atomic():
        application = _take(application_id)
        personal = application.personal
        if personal.country != country:
            _undo(application, Step.PAYMENT)
            write_secrets(
                personal=personal, tax_number="", vat_number="", account="", bank_code="", holder=""
            )
        personal.country, personal.address = country, dict(address)
        personal.email, personal.phone = email.strip(), phone
        personal.save()
        _finish(application, Step.CONTACT, at=saved_at)


def save_payment(
    *,
    application_id: int,
    tax_number: str,
    vat_number: str,
    account: str,
    bank_code: str,
    holder: str,
    saved_at: datetime,
) -> None:
    """Step four: tax and bank data, sealed."""
    with transaction.atomic():
        application = _take(application_id)
        personal = application.personal
        write_secrets(
            personal=personal,
            tax_number=tax_number,
            vat_number=vat_number,
            account=account,
            bank_code=bank_code,
            holder=holder,
        )
        personal.save(update_fields=["sealed"])
        _finish(application, Step.PAYMENT, at=saved_at)


def accept_agreement(
    *, application_id: int, text: AgreementText, ip_address: str | None, accepted_at: datetime
) -> None:
    """Step five: this version was on the screen and was agreed to; the first yes to it counts."""
    with transaction.atomic():
        application = _take(application_id)
        Agreement.objects.get_or_create(
            application=application,
            text_key=text.key,
            defaults={
                "title": text.title,
                "version": text.version,
                "language": text.language,
                "digest": hashlib.sha256(text.body.encode()).hexdigest(),
                "accepted_at": accepted_at,
                "ip_address": ip_address,
            },
        )
        _finish(application, Step.AGREEMENT, at=accepted_at)


def choose_kit(*, application_id: int, wants_kit: bool, chosen_at: datetime) -> None:
    """Step six, where the company sells a starter kit: yes or no, and both lead on."""
    with transaction.atomic():
        application = _take(application_id)
        application.wants_kit = wants_kit
        _finish(application, Step.KIT, at=chosen_at)


def choose_place(*, application_id: int, slot: int | None, chosen_at: datetime) -> None:
    """Step seven, where new members may say a side; None leaves it to the rule."""
    with transaction.atomic():
        application = _take(application_id)
        application.placement_wish = {} if slot is None else {"slot": slot}
        _finish(application, Step.PLACE, at=chosen_at)


def send_application(
    *, application_id: int, user: Any, steps: Collection[str], sent_at: datetime
) -> Application:
    """The last step, once: it becomes a member at once, or waits for the staff.

    `steps` are those this application has. It waits where `MLM["APPROVAL"]` says so, wherever
    somebody else gave the same mail address, phone, tax number or account (who that is, only the
    staff see), and for whoever was a member before. Raises Incomplete with the step to go back to,
    AlreadyMember, NotUnderWay, and what joining raises.
    """
    with transaction.atomic():
        # The person before the application, as whoever begins or claims one does.
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        application = Application.objects.select_for_update().get(pk=application_id)
        if application.user_id != user.pk:
            raise NotUnderWay(_("This application is not yours."))
        if application.state in (State.SENT, State.JOINED):
            return application
        if application.state not in Application.UNDER_WAY:
            raise NotUnderWay(_("This application has ended. Please begin a new one."))
        earlier = Member.objects.filter(user_id=user.pk).first()
        if earlier is not None and earlier.status != Member.Status.TERMINATED:
            raise AlreadyMember(_("You are a member already."))
        _check_complete(application, steps=steps, at=sent_at)
        keep_fingerprints(personal=application.personal)
        found = find_duplicates(personal=application.personal, user_id=user.pk)
        application.checks = sorted({each.kind for each in found})
        if earlier is not None:
            # Who leaves and comes back may come below another sponsor: for the staff to judge.
            application.checks.append(MEMBER_BEFORE)
        application.state = State.SENT
        application.sent_at = application.changed_at = sent_at
        application.save()
        if get_setting("APPROVAL") == "at_once" and not application.checks:
            join_applicant(application=application, author_id=None, reason="", joined_at=sent_at)
        else:
            application_tasks.mail_received.enqueue(application_id=application.pk)
    return application


def join_applicant(
    *, application: Application, author_id: int | None, reason: str, joined_at: datetime
) -> Member:
    """Make a member of an application that was sent; call it in the transaction that locked it."""
    personal = application.personal
    assert application.sponsor_id is not None
    member = join_member(
        sponsor_id=application.sponsor_id,
        joined_at=joined_at,
        first_name=personal.first_name,
        last_name=personal.last_name,
        user_id=application.user_id,
        status=Member.Status.APPLICANT,
    )
    change_status(
        member_id=member.pk,
        after=Member.Status.ACTIVE,
        reason=reason,
        author_id=author_id,
        changed_at=joined_at,
    )
    member.refresh_from_db()
    # An account that was made to sign in only has no name yet, and mails greet by it.
    get_user_model().objects.filter(pk=application.user_id, first_name="", last_name="").update(
        first_name=personal.first_name, last_name=personal.last_name
    )
    personal.member = member
    personal.save(update_fields=["member"])
    note_pairs(personal=personal, at=joined_at)
    application.state = State.JOINED
    application.member = member
    application.decided_at, application.decided_by_id = joined_at, author_id
    application.reason = reason
    application.save()
    application_tasks.mail_joined.enqueue(application_id=application.pk)
    if application.wants_kit:
        user, sku = application.user, get_setting("STARTER_KIT")
        transaction.on_commit(
            lambda: get_content().put_kit_into_basket(user=user, sku=sku), robust=True
        )
    for agreement in application.agreements.order_by("-accepted_at")[:1]:
        application_tasks.make_paper.enqueue(agreement_id=agreement.pk)
    wish = application.placement_wish
    placed = Wish(slot=wish["slot"]) if wish else NO_WISH
    place_new_member(member=member, placed_at=joined_at, wish=placed)
    return member


def withdraw_application(*, application_id: int) -> None:
    """The applicant wants no more of it: everything personal goes at once. Raises NotUnderWay."""
    with transaction.atomic():
        expire_application(application=_take(application_id))


def expire_application(*, application: Application) -> None:
    """End an application that came to nothing, with everything personal in it."""
    erase_application(application=application)
    Application.objects.filter(pk=application.pk, state__in=Application.UNDER_WAY).update(
        state=State.EXPIRED, user=None
    )


def _take(application_id: int) -> Application:
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.state not in Application.UNDER_WAY:
        raise NotUnderWay(_("This application has been sent already."))
    return application


def _finish(application: Application, step: str, *, at: datetime) -> None:
    if step not in application.steps:
        application.steps = [*application.steps, str(step)]
    application.state = State.OPEN
    application.changed_at = at
    application.save()


def _undo(application: Application, step: str) -> None:
    application.steps = [each for each in application.steps if each != step]


def get_own_application(user_id: int) -> Application | None:
    """The one that is under way or waits."""
    states = [*Application.UNDER_WAY, State.SENT]
    return Application.objects.filter(user_id=user_id, state__in=states).first()


def _check_complete(application: Application, *, steps: Collection[str], at: datetime) -> None:
    for step in steps:
        if step != Step.SUMMARY and step not in application.steps:
            raise Incomplete(_("One step is not finished yet."), step=step)
    if application.sponsor_id is None or not application.personal.country:
        raise Incomplete(_("One step is not finished yet."), step=Step.SPONSOR)
    binding = get_binding(user_id=application.user_id) if application.user_id else None
    if binding and binding.member.may_be_credited and binding.member_id != application.sponsor_id:
        raise Incomplete(_("You are a customer of another member already."), step=Step.SPONSOR)
    market = get_market(application.personal.country)
    if market is None:
        raise Incomplete(_("Joining is not open in your country."), step=Step.CONTACT)
    secrets = read_secrets(personal=application.personal)
    if secrets.born_on is None:
        raise Incomplete(_("One step is not finished yet."), step=Step.PERSON)
    try:
        check_age(born_on=secrets.born_on, today=business_day(at), minimum=market.minimum_age)
    except NotValid as error:
        raise Incomplete(str(error), step=Step.PERSON) from error
    if market.tax_number == "required" and not secrets.tax_number:
        raise Incomplete(_("Your country asks for a tax number."), step=Step.PAYMENT)
    text = get_content().get_agreement(language=application.language, at=at)
    if text and not application.agreements.filter(text_key=text.key).exists():
        raise Incomplete(
            _("The agreement has a new version. Please read it and agree again."),
            step=Step.AGREEMENT,
        )
