"""Members who gave the same things are paired, once, and stay told apart."""

from datetime import date

import pytest

from mlm_plugin.network import duplicate_pairs
from mlm_plugin.network.application_decisions import approve_application
from mlm_plugin.network.duplicate_pairs import NotDecidable, find_pairs, tell_apart
from mlm_plugin.network.models import DuplicatePair, Fingerprint, PersonalData
from mlm_plugin.network.services import set_status
from tests.factories import make_member, make_user
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]

BORN = [date(1980, 1, day) for day in range(1, 29)]


@pytest.fixture
def olga():
    return make_user("olga")


def join(name, sponsor, olga, **fields):
    """Send an application; where it waits, olga takes it."""
    application = send(apply(make_user(name), sponsor, **fields))
    if application.member is None:
        application = approve_application(
            application_id=application.pk, author_id=olga.pk, reason="", decided_at=NOW
        )
    return application.member


def pairs():
    return {
        (pair.first.user.email[:4], pair.second.user.email[:4]): pair.kinds
        for pair in DuplicatePair.objects.select_related("first__user", "second__user")
    }


def test_who_joins_with_the_account_of_another_is_paired_at_once(olga):
    ada = make_member("ada")
    join("emma", ada, olga, account=IBAN, born_on=BORN[0])
    join("fina", ada, olga, account=IBAN, born_on=BORN[1])
    assert pairs() == {("emma", "fina"): ["bank"]}


def test_the_same_name_and_birth_date_make_a_pair_and_hold_no_application_back(olga):
    """All applicants of these tests are called Emma Lindt."""
    ada = make_member("ada")
    assert send(apply(make_user("emma"), ada)).member
    assert send(apply(make_user("fina"), ada)).member
    assert pairs() == {("emma", "fina"): ["name"]}


def test_the_daily_comparison_finds_what_came_otherwise_and_finds_it_once(olga):
    ada = make_member("ada")
    for number, name in enumerate(("emma", "fina", "gina")):
        join(name, ada, olga, phone="+493641123456", born_on=BORN[number])
    DuplicatePair.objects.all().delete()
    assert find_pairs(at=NOW) == 3
    assert set(pairs()) == {("emma", "fina"), ("emma", "gina"), ("fina", "gina")}
    assert find_pairs(at=NOW) == 0


def test_what_many_share_is_nobodys_own(olga, monkeypatch):
    ada = make_member("ada")
    for number, name in enumerate(("emma", "fina", "gina")):
        join(name, ada, olga, phone="+493641123456", born_on=BORN[number])
    DuplicatePair.objects.all().delete()
    monkeypatch.setattr(duplicate_pairs, "MOST_ALIKE", 2)
    assert find_pairs(at=NOW) == 0


def test_ended_memberships_are_not_compared(olga):
    ada = make_member("ada")
    emma = join("emma", ada, olga)
    set_status(member_id=emma.pk, status="terminated")
    join("fina", ada, olga)
    assert find_pairs(at=NOW) == 0
    assert not DuplicatePair.objects.exists()


def test_told_apart_they_stay_apart_until_something_new_is_the_same(olga):
    ada = make_member("ada")
    join("emma", ada, olga)
    fina = join("fina", ada, olga)
    pair = DuplicatePair.objects.get()
    with pytest.raises(NotDecidable):
        tell_apart(pair_id=pair.pk, reason=" ", decided_by_id=olga.pk, decided_at=NOW)
    for _time in range(2):
        tell_apart(pair_id=pair.pk, reason="Twins", decided_by_id=olga.pk, decided_at=NOW)
    assert find_pairs(at=NOW) == 0
    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.decided_by) == ("different", "Twins", olga)
    digest = Fingerprint.objects.filter(personal__member=pair.first, kind="mail").get().digest
    Fingerprint.objects.create(
        personal=PersonalData.objects.get(member=fina), kind="mail", digest=digest
    )
    assert find_pairs(at=NOW) == 1
    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.kinds) == ("open", "Twins", ["mail", "name"])


def test_the_comparison_costs_the_same_for_any_number(olga, django_assert_max_num_queries):
    ada = make_member("ada")
    for number, name in enumerate(("emma", "fina", "gina", "hana", "ines")):
        join(name, ada, olga, phone="+493641123456", born_on=BORN[number])
    DuplicatePair.objects.all().delete()
    with django_assert_max_num_queries(8):
        assert find_pairs(at=NOW) == 10
