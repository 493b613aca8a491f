"""The payouts of the demo: a paid batch, a request that waits, one that is held."""

from datetime import UTC, datetime

import pytest
from django_tasks_db.models import DBTaskResult

from mlm_plugin.payouts.models import Payout, PayoutBatch
from mlm_plugin.payouts.selectors import find_problems, get_payee
from storefront.demo.payouts import pay_members
from tests.factories import make_member, make_user
from tests.payouts.people import earn, with_terms

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_two_are_paid_one_waits_and_one_is_held(settings):
    """Ada and ben get 120.00 each less 0.50; cleo waits; dora gave no data."""
    with_terms(settings)
    for name in ("finance", "controller", "payer"):
        make_user(name)
    members = {}
    for name in ("Ada", "Ben", "Cleo", "Dora"):
        members[name] = make_member(name.lower(), user_id=make_user(name.lower()).pk)
        earn(members[name], 12_034)
    pay_members(members=members, at=AT)
    found = Payout.objects.order_by("pk").values_list("member__code", "state", "net")
    assert list(found) == [
        ("ADA", "paid", 11_950),
        ("BEN", "paid", 11_950),
        ("CLEO", "requested", 11_950),
        ("DORA", "requested", 11_950),
    ]
    assert PayoutBatch.objects.get().state == "handed_over"
    assert get_payee(member_id=members["Cleo"].pk, at=AT).holds == ()
    assert get_payee(member_id=members["Dora"].pk, at=AT).holds
    assert not DBTaskResult.objects.filter(task_path__endswith="mail_payout").exists()
    assert find_problems() == []
