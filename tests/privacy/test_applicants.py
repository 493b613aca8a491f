"""What people typed to join: in the copy of their data, and erased with the account."""

import pytest
from django.contrib.auth import get_user_model

from mlm_plugin.network.models import Application, Member, PersonalData
from mlm_plugin.network.services import set_status
from storefront.privacy.closing import close_account
from storefront.privacy.contents import read_contents
from tests.factories import make_account, make_member
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = pytest.mark.django_db


def close(user):
    close_account(user=get_user_model().objects.get(pk=user.pk), language="en", at=NOW)


def test_a_members_copy_holds_what_was_typed_to_join():
    emma = make_account("emma")
    send(apply(emma, make_member("ada"), account=IBAN))
    contents = read_contents(user=emma, at=NOW)
    assert contents["personal_data"][0]["account"] == IBAN
    assert contents["personal_data"][0]["line1"] == "Lindenweg 4"
    assert contents["applications"][0]["sponsor__code"] == "ADA"


def test_an_application_goes_with_the_account():
    emma = make_account("emma")
    apply(emma, make_member("ada"), account=IBAN)
    close(emma)
    assert not PersonalData.objects.exists()
    assert Application.objects.get().state == Application.State.EXPIRED


def test_of_an_ended_membership_the_place_stays_without_a_name():
    emma, ada = make_account("emma"), make_member("ada")
    member = send(apply(emma, ada, account=IBAN)).member
    set_status(member_id=member.pk, status="terminated")
    close(emma)
    assert not PersonalData.objects.exists()
    member = Member.objects.get(pk=member.pk)
    assert (member.full_name, member.sponsor) == (member.code, ada)
