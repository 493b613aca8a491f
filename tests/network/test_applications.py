"""Applications: sent once, decided once, duplicates found, left ones reminded of and erased."""

from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as site_settings
from django.db import connection

from mlm_plugin.conf.placement import PlacementSettings
from mlm_plugin.network import (
    application_decisions,
    application_invitations,
    applications,
    personal,
)
from mlm_plugin.network.application_steps import Step, list_steps, may_enter, next_step
from mlm_plugin.network.models import (
    Agreement,
    Application,
    Member,
    PersonalData,
    StatusChange,
)
from mlm_plugin.network.sealing import CannotOpen
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import (
    SponsorNotActive,
    WrongTransition,
    bind_customer,
    change_status,
    set_status,
)
from tests.factories import JOINED, make_member, make_user
from tests.network.applying import IBAN, NOW, apply, send
from tests.racing import run_together

pytestmark = pytest.mark.django_db
State = Application.State
BY_STAFF = {**site_settings.MLM, "APPROVAL": "staff"}


@pytest.fixture
def ada():
    return make_member("ada")


@pytest.fixture
def emma():
    return make_user("emma")


@pytest.mark.both
def test_an_application_becomes_a_member_with_a_history(ada, emma):
    application = send(apply(emma, ada, tax_number="36574261809", account=IBAN))
    member = application.member
    assert (member.sponsor, member.full_name, member.status) == (ada, "Emma Lindt", "active")
    change = StatusChange.objects.get(member=member)
    assert (change.before, change.after, change.author) == ("applicant", "active", None)
    assert member.personal.country == "DE"
    assert find_problems() == []


def test_sending_again_changes_nothing(ada, emma):
    application = apply(emma, ada)
    assert send(application).member == send(application).member
    assert Member.objects.filter(user=emma).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_application_sent_twice_at_once_joins_once():
    ada, emma = make_member("ada"), make_user("emma")
    application = apply(emma, ada)
    results = run_together([lambda: send(application).member_id for _time in range(6)])
    assert len(set(results)) == 1
    assert Member.objects.filter(user=emma).count() == 1
    assert StatusChange.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_approved_and_declined_at_once_is_one_of_the_two(settings):
    settings.MLM = BY_STAFF
    olga, application = make_user("olga"), send(apply(make_user("emma"), make_member("ada")))
    said = {
        "application_id": application.pk,
        "author_id": olga.pk,
        "reason": "so",
        "decided_at": NOW,
    }
    results = run_together(
        [
            lambda: application_decisions.approve_application(**said),
            lambda: application_decisions.decline_application(**said),
        ]
    )
    assert sum(isinstance(each, applications.NotUnderWay) for each in results) == 1
    application.refresh_from_db()
    assert (application.state == State.JOINED) == (application.member_id is not None)


def test_whoever_begins_twice_goes_on_with_the_first(ada, emma):
    begun = [
        applications.begin_application(language="en", started_at=NOW, user=emma) for _ in range(2)
    ]
    assert begun[0] == begun[1]


def test_a_missing_step_is_named(ada, emma):
    application = apply(emma, ada)
    application.steps = [step for step in application.steps if step != Step.CONTACT]
    application.save()
    with pytest.raises(applications.Incomplete) as caught:
        send(application)
    assert caught.value.step == Step.CONTACT


def test_too_young_on_the_day_of_sending(ada, emma):
    application = apply(emma, ada, born_on=date(2008, 5, 18))
    with pytest.raises(applications.Incomplete, match="age of 18"):
        send(application)
    assert send(application, at=NOW + timedelta(days=1)).state == State.JOINED


def test_a_closed_market_is_noticed(ada, emma, settings):
    application = apply(emma, ada)
    settings.MLM = {**site_settings.MLM, "MARKETS": {"AT": {}}}
    with pytest.raises(applications.Incomplete, match="not open"):
        send(application)


def test_a_market_may_demand_the_tax_number(ada, emma, settings):
    application = apply(emma, ada)
    settings.MLM = {**site_settings.MLM, "MARKETS": {"DE": {"tax_number": "required"}}}
    with pytest.raises(applications.Incomplete, match="tax number"):
        send(application)


def test_a_customer_joins_below_the_member_they_belong_to(ada, emma):
    ben = make_member("ben")
    application = apply(emma, ben)
    bind_customer(user_id=emma.pk, member_id=ada.pk, source="cookie", campaign="", bound_at=JOINED)
    with pytest.raises(applications.Incomplete) as caught:
        send(application)
    assert caught.value.step == Step.SPONSOR


def test_a_suspended_sponsor_stops_it_and_nothing_is_half_written(ada, emma):
    application = apply(emma, ada)
    set_status(member_id=ada.pk, status="suspended")
    with pytest.raises(SponsorNotActive):
        send(application)
    application.refresh_from_db()
    assert (application.state, application.sent_at) == (State.OPEN, None)


@pytest.mark.parametrize(
    "same",
    [
        {"phone": "+493641123456"},
        {"tax_number": "36574261809"},
        {"account": IBAN},
        {"email": "EMMA@Example.com"},
    ],
    ids=str,
)
def test_somebody_with_the_same_number_waits_for_the_staff(ada, emma, same):
    cleo = make_user("cleo")
    send(apply(cleo, ada, **same))
    application = send(apply(emma, ada, **same))
    assert (application.state, application.member) == (State.SENT, None)
    assert len(application.checks) == 1


def test_a_members_sign_in_is_a_known_mail_address(ada, emma):
    make_member("ben", ada, user_id=make_user("ben").pk)
    assert send(apply(emma, ada, email="BEN@example.com")).checks == ["mail"]


def test_staff_approve_with_reason_and_author(ada, emma, settings):
    settings.MLM = BY_STAFF
    olga, application = make_user("olga"), send(apply(emma, ada))
    assert application.state == State.SENT
    for _time in range(2):
        application_decisions.approve_application(
            application_id=application.pk, author_id=olga.pk, reason="Called her.", decided_at=NOW
        )
    change = StatusChange.objects.get()
    assert (change.author, change.reason, change.member.user) == (olga, "Called her.", emma)


def test_who_was_declined_may_apply_again_and_is_looked_at(ada, emma, settings):
    settings.MLM = BY_STAFF
    olga, application = make_user("olga"), send(apply(emma, ada))
    application_decisions.decline_application(
        application_id=application.pk, author_id=olga.pk, reason="Not yet.", decided_at=NOW
    )
    settings.MLM = site_settings.MLM
    assert send(apply(emma, ada)).state == State.SENT


def test_tax_and_bank_data_are_unreadable_in_the_database(ada, emma):
    send(apply(emma, ada, tax_number="36574261809", account=IBAN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mlm_plugin_personaldata")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT * FROM mlm_plugin_fingerprint")
        rows += str(cursor.fetchall())
    for secret in ("36574261809", IBAN, "1990"):
        assert secret not in rows


def test_keys_can_be_changed(ada, emma, settings):
    application = apply(emma, ada, account=IBAN)
    old = site_settings.MLM["ENCRYPTION_KEYS"]
    new = [Fernet.generate_key().decode()]
    settings.MLM = {**site_settings.MLM, "ENCRYPTION_KEYS": [*new, *old]}
    assert personal.reseal_all() == 1
    settings.MLM = {**site_settings.MLM, "ENCRYPTION_KEYS": new}
    kept = PersonalData.objects.get(application=application)
    assert personal.read_secrets(personal=kept).account == IBAN
    settings.MLM = {**site_settings.MLM, "ENCRYPTION_KEYS": old}
    with pytest.raises(CannotOpen, match="key missing"):
        personal.read_secrets(personal=kept)


def test_another_country_asks_for_its_own_numbers(ada, emma):
    application = apply(emma, ada, tax_number="36574261809", account=IBAN)
    applications.save_contact(
        application_id=application.pk, country="AT", address={}, email="", phone="", saved_at=NOW
    )
    application.refresh_from_db()
    assert Step.PAYMENT not in application.steps
    assert personal.read_secrets(personal=application.personal).tax_number == ""


def test_a_left_application_is_reminded_of_once_then_erased(ada, emma):
    application = apply(emma, ada, account=IBAN)
    remind, expire = (
        application_decisions.remind_of_applications,
        application_decisions.expire_applications,
    )
    assert remind(at=NOW + timedelta(days=2)) == 0
    assert remind(at=NOW + timedelta(days=3)) == 1
    assert remind(at=NOW + timedelta(days=4)) == 0
    assert expire(at=NOW + timedelta(days=29)) == 0
    assert expire(at=NOW + timedelta(days=30)) == 1
    application.refresh_from_db()
    assert (application.state, application.user) == (State.EXPIRED, None)
    assert not PersonalData.objects.exists()


def test_an_invitation_is_sent_once_and_not_to_everybody(ada):
    def ask(email):
        return application_invitations.invite(
            member=ada, first_name="Finn", last_name="", email=email, language="en", invited_at=NOW
        )

    assert ask("finn@example.com") == ask("FINN@example.com")
    for number in range(application_invitations.MOST_INVITATIONS_A_DAY - 1):
        ask(f"finn{number}@example.com")
    with pytest.raises(application_invitations.TooManyInvitations):
        ask("one-more@example.com")


def test_the_invited_cannot_take_another_sponsor(ada, emma):
    ben = make_member("ben")
    invited = application_invitations.invite(
        member=ada, first_name="Emma", last_name="", email="e@example.com", language="en",
        invited_at=NOW,
    )  # fmt: skip
    application_invitations.claim_application(token=invited.token, user=emma, claimed_at=NOW)
    with pytest.raises(applications.NotUnderWay):
        applications.choose_sponsor(
            application_id=invited.pk, sponsor_id=ben.pk, is_fixed=False, chosen_at=NOW
        )


def test_nobody_takes_over_an_application_that_is_somebodys(ada, emma):
    application = apply(make_user("cleo"), ada)
    assert (
        application_invitations.claim_application(
            token=application.token, user=emma, claimed_at=NOW
        )
        is None
    )
    with pytest.raises(applications.NotUnderWay):
        applications.send_application(
            application_id=application.pk, user=emma, steps=(), sent_at=NOW
        )


@pytest.mark.both
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("applicant", "suspended"),
        ("active", "applicant"),
        ("suspended", "applicant"),
        ("terminated", "active"),
        ("terminated", "suspended"),
    ],
)
def test_a_status_that_cannot_follow_is_refused(before, after):
    member = make_member("ada", status=before)
    with pytest.raises(WrongTransition, match="cannot become"):
        change_status(member_id=member.pk, after=after, reason="", author_id=None, changed_at=NOW)
    assert not StatusChange.objects.exists()


def test_an_ended_membership_is_erased_with_the_account(ada, emma):
    application = send(apply(emma, ada, account=IBAN))
    Agreement.objects.create(
        application=application, text_key="1", title="Agreement", version="1", language="en",
        digest="", accepted_at=NOW, ip_address="192.0.2.7",
    )  # fmt: skip
    assert personal.erase_person(user_id=emma.pk) == 0
    assert personal.read_personal(user_id=emma.pk)[0]["account"] == IBAN
    set_status(member_id=application.member_id, status="terminated")
    assert personal.erase_person(user_id=emma.pk) == 1
    assert not PersonalData.objects.exists()
    agreement = Agreement.objects.get()
    assert (agreement.version, agreement.ip_address) == ("1", None)
    assert Member.objects.get(user=emma).sponsor == ada


def test_steps_follow_what_the_company_has():
    binary = PlacementSettings(tree="binary", width=2, rule="chosen")
    everything = list_steps(has_agreement=True, has_kit=True, placement=binary)
    assert everything == tuple(Step)
    few = list_steps(has_agreement=False, has_kit=False, placement=PlacementSettings())
    assert few == (Step.SPONSOR, Step.PERSON, Step.CONTACT, Step.PAYMENT, Step.SUMMARY)
    assert next_step(steps=few, done=["sponsor", "contact"]) == Step.PERSON
    assert next_step(steps=few, done=[*few]) == Step.SUMMARY
    assert not may_enter(Step.CONTACT, steps=few, done=["sponsor"])
    assert not may_enter(Step.KIT, steps=few, done=[*few])
    assert may_enter(Step.SPONSOR, steps=few, done=[])
