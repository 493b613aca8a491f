"""A new membership taken back in time."""

from datetime import timedelta

import pytest

from mlm_plugin.network.models import StatusChange
from mlm_plugin.volumes.cooling_off import TooLate, end_in_cooling_off
from tests.factories import make_member, make_user
from tests.network.applying import NOW, apply, send

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_the_membership_can_be_taken_back_in_time_and_once():
    emma = make_user("emma")
    member = send(apply(emma, make_member("ada"))).member
    with pytest.raises(TooLate):
        end_in_cooling_off(member=member, ended_at=NOW + timedelta(days=14))
    assert end_in_cooling_off(member=member, ended_at=NOW + timedelta(days=13))
    assert not end_in_cooling_off(member=member, ended_at=NOW + timedelta(days=13))
    change = StatusChange.objects.latest("pk")
    assert (change.after, change.author) == ("terminated", emma)
