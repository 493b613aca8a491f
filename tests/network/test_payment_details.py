"""Tax and bank data after joining: sealed, told about, compared by the staff, opened for payouts only."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from mlm_plugin.network.application_mails import send_account_changed
from mlm_plugin.network.contact_consent import get_contact, set_contact_consent
from mlm_plugin.network.models import DuplicatePair, Member, PersonalData
from mlm_plugin.network.payment_details import (
    NothingToVerify,
    begin_personal,
    change_payment_details,
    get_bank_details,
    list_bank_details,
    verify_details,
    version_of,
)
from mlm_plugin.network.visibility import what_viewer_sees
from tests.factories import make_member, make_user
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE89370400440532013000"
TAX = "36574261809"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def emma():
    return send(apply(make_user("emma"), make_member("ada"), account=IBAN, tax_number=TAX)).member


def change(member, at=LATER, **fields):
    given = {
        "tax_number": TAX, "vat_number": "", "account": IBAN, "bank_code": "", "holder": ""
    }  # fmt: skip
    return change_payment_details(member_id=member.pk, changed_at=at, **{**given, **fields})


def told():
    """How many letters about another account wait to be written."""
    return DBTaskResult.objects.filter(task_path__endswith="mail_account_changed").count()


def verify(member, by, seen=None):
    personal = PersonalData.objects.get(member=member)
    return verify_details(
        member_id=member.pk,
        seen=version_of(personal=personal) if seen is None else seen,
        verified_by_id=by.pk,
        verified_at=LATER,
    )


def test_payouts_learn_where_the_money_goes(emma):
    bank = get_bank_details(member_id=emma.pk)
    assert (bank.account, bank.holder, bank.country) == (IBAN, "Emma Lindt", "DE")
    assert (bank.changed_at, bank.is_verified, bank.is_tax_data_complete) == (None, False, True)
    assert get_bank_details(member_id=make_member("ben").pk) is None


def test_the_details_of_many_take_one_query(emma, django_assert_num_queries):
    members = [emma.pk, make_member("ben").pk]
    with django_assert_num_queries(1):
        assert set(list_bank_details(member_ids=members)) == {emma.pk}


def test_another_account_is_sealed_and_its_time_kept(emma):
    personal = change(emma, account=OTHER_IBAN, holder="Anna Lindt")
    assert OTHER_IBAN not in personal.sealed
    bank = get_bank_details(member_id=emma.pk)
    assert (bank.account, bank.holder, bank.changed_at) == (OTHER_IBAN, "Anna Lindt", LATER)


@pytest.mark.parametrize("name", ["account", "holder"])
def test_the_member_is_told_of_another_account_by_mail(emma, mailoutbox, name):
    change(emma, **{name: {"account": OTHER_IBAN, "holder": "Anna Lindt"}[name]})
    assert told() == 1
    mailoutbox.clear()
    send_account_changed(member_id=emma.pk)
    [letter] = mailoutbox
    assert letter.to == ["emma@example.com"]
    assert "Your bank account was changed" in letter.subject
    assert "/my/details/" in letter.body
    assert "3000" not in letter.body


def test_the_same_again_changes_nothing_and_tells_nobody(emma):
    verify(emma, make_user("olga"))
    personal = change(emma)
    assert (personal.account_changed_at, personal.verified_at) == (None, LATER)
    assert told() == 0


def test_another_tax_number_delays_no_payout(emma):
    personal = change(emma, tax_number="86095742719")
    assert (personal.tax_changed_at, personal.account_changed_at) == (LATER, None)
    assert told() == 0


def test_the_staff_compare_once_and_any_change_takes_it_away(emma):
    olga = make_user("olga")
    for _time in range(2):
        personal = verify(emma, olga)
    assert (personal.verified_by, personal.verified_at) == (olga, LATER)
    assert get_bank_details(member_id=emma.pk).is_verified
    assert not get_bank_details(member_id=change(emma, account=OTHER_IBAN).member_id).is_verified


def test_what_changed_meanwhile_is_not_verified(emma):
    seen = version_of(personal=PersonalData.objects.get(member=emma))
    change(emma, account=OTHER_IBAN)
    with pytest.raises(NothingToVerify, match="changed since"):
        verify(emma, make_user("olga"), seen=seen)


def test_nobody_verifies_the_own_data_nor_what_is_not_there(emma):
    with pytest.raises(NothingToVerify, match="Somebody else"):
        verify(emma, emma.user)
    ben = make_member("ben")
    begin_personal(member=ben, country="DE")
    with pytest.raises(NothingToVerify, match="no tax or bank data"):
        verify(ben, make_user("olga"))


def test_a_member_who_brought_nothing_begins_with_the_country(emma):
    ben = make_member("ben", user_id=make_user("ben").pk)
    begin_personal(member=ben, country="DE")
    assert begin_personal(member=ben, country="FR").country == "DE"
    assert not get_bank_details(member_id=ben.pk).is_tax_data_complete
    change(ben, account=OTHER_IBAN, tax_number="86095742719")
    bank = get_bank_details(member_id=ben.pk)
    assert (bank.holder, bank.is_tax_data_complete) == ("Ben", True)


def test_an_account_that_another_member_gave_makes_a_pair(emma):
    ben = make_member("ben", user_id=make_user("ben").pk)
    begin_personal(member=ben, country="DE")
    change(ben, tax_number="")
    assert DuplicatePair.objects.get().kinds == ["bank"]


def test_contact_data_are_seen_from_above_with_consent_only(emma):
    ada = Member.objects.get(code="ADA")
    assert not what_viewer_sees(viewer=ada, of=emma).contact
    for changed in (True, False):
        assert set_contact_consent(member_id=emma.pk, agrees=True, at=LATER) == changed
    emma.refresh_from_db()
    assert emma.shows_contact_since == LATER
    assert what_viewer_sees(viewer=ada, of=emma).contact
    assert get_contact(member=emma).email == "emma@example.com"
    assert set_contact_consent(member_id=emma.pk, agrees=False, at=LATER)
    emma.refresh_from_db()
    assert not what_viewer_sees(viewer=ada, of=emma).contact
