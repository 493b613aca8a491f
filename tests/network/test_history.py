"""The sponsor tree's past: edges that follow each other without gap or overlap."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mlm_plugin.network import services
from mlm_plugin.network.importing import import_members
from mlm_plugin.network.member_files import read_member_file
from mlm_plugin.network.models import Member, PlacementEdge, SponsorEdge
from mlm_plugin.network.selectors import find_problems
from tests.factories import JOINED, make_family, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]

DAY = timedelta(days=1)


def edges(member):
    rows = SponsorEdge.objects.filter(member=member).order_by("since")
    return [(row.sponsor.code if row.sponsor else None, row.since, row.until) for row in rows]


def move(member, sponsor, moved_at):
    services.move_branch(member_id=member.pk, new_sponsor_id=sponsor.pk, moved_at=moved_at)


def test_joining_begins_an_edge():
    ada, ben, *_rest = make_family()
    assert edges(ada) == [(None, ada.joined_at, None)]
    assert edges(ben) == [("ADA", ben.joined_at, None)]


def test_a_move_ends_one_edge_and_begins_the_next():
    ada, ben, cleo, _dora = make_family()
    move(cleo, ada, JOINED + DAY)
    move(cleo, ben, JOINED + 2 * DAY)
    assert edges(cleo) == [
        ("BEN", JOINED, JOINED + DAY),
        ("ADA", JOINED + DAY, JOINED + 2 * DAY),
        ("BEN", JOINED + 2 * DAY, None),
    ]
    assert find_problems() == []


def test_a_move_at_the_moment_of_the_last_one_replaces_it():
    ada, _ben, cleo, _dora = make_family()
    move(cleo, ada, JOINED)
    assert edges(cleo) == [("ADA", JOINED, None)]


def test_history_is_not_changed_by_a_move_before_the_last_one():
    ada, ben, cleo, _dora = make_family()
    move(cleo, ada, JOINED + 2 * DAY)
    with pytest.raises(ValueError, match="before the last move"):
        move(cleo, ben, JOINED + DAY)
    cleo.refresh_from_db()
    assert cleo.sponsor_id == ada.pk


def test_an_import_begins_edges():
    lines = [b"member,sponsor,joined\n", b"ADA,,2026-01-05\n", b"BEN,ADA,2026-02-01\n"]
    import_members(rows=read_member_file(lines=lines).rows, joined_at=JOINED)
    assert SponsorEdge.objects.filter(until=None).count() == 2
    assert find_problems() == []


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (JOINED + DAY, None),
        (JOINED - DAY, JOINED + DAY),
        (JOINED + DAY, JOINED + 2 * DAY),
        (JOINED - DAY, None),
    ],
)
def test_the_database_refuses_two_sponsors_at_one_moment(since, until):
    ada, _ben, cleo, _dora = make_family()
    with pytest.raises(IntegrityError), transaction.atomic():
        SponsorEdge.objects.create(member=cleo, sponsor=ada, since=since, until=until)


def test_the_database_refuses_a_closed_edge_that_is_stretched_over_the_next():
    ada, _ben, cleo, _dora = make_family()
    move(cleo, ada, JOINED + DAY)
    first = SponsorEdge.objects.filter(member=cleo).exclude(until=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        first.update(until=JOINED + 2 * DAY)


def test_the_database_refuses_to_let_members_sponsor_themselves():
    ada = make_member("ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        SponsorEdge.objects.filter(member=ada).update(sponsor=ada)


def test_the_database_refuses_two_members_in_one_slot_at_one_moment():
    ada, ben, cleo, _dora = make_family()
    PlacementEdge.objects.create(member=ben, parent=ada, slot=0, since=JOINED)
    PlacementEdge.objects.create(member=cleo, parent=ada, slot=1, since=JOINED)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacementEdge.objects.filter(member=cleo).update(slot=0)


def test_history_that_contradicts_the_tree_is_a_problem():
    ada, _ben, cleo, _dora = make_family()
    SponsorEdge.objects.filter(member=cleo).update(sponsor=ada)
    assert [problem.code for problem in find_problems()] == ["CLEO"]


def test_a_member_without_history_is_a_problem():
    _ada, ben, *_rest = make_family()
    SponsorEdge.objects.filter(member=ben).delete()
    assert [problem.code for problem in find_problems()] == ["BEN"]


def test_whoever_joined_before_the_sponsor_stands_below_from_the_sponsors_joining_on():
    ada = make_member("ada")
    ben = make_member("ben", ada, joined_at=JOINED - 30 * DAY)
    assert edges(ben) == [("ADA", JOINED, None)]
    assert find_problems() == []


def test_an_import_begins_no_edge_before_the_sponsors_whether_in_the_file_or_in_the_network():
    """Ada is there since the 10th; of the file ben joined on the 1st, cleo on the 3rd, dora on the 20th."""
    make_member("ada")
    lines = [
        b"member,sponsor,joined\n",
        b"DORA,CLEO,2026-01-20\n",
        b"CLEO,BEN,2026-01-03\n",
        b"BEN,ADA,2026-01-01\n",
    ]
    import_members(rows=read_member_file(lines=lines).rows, joined_at=JOINED)
    members = {member.code: edges(member) for member in Member.objects.all()}
    assert members["BEN"] == [("ADA", JOINED, None)]
    assert members["CLEO"] == [("BEN", JOINED, None)]
    [(above, since, until)] = members["DORA"]
    assert (above, since > JOINED, until) == ("CLEO", True, None)
    assert find_problems() == []


def test_history_that_begins_before_the_sponsors_is_a_problem():
    _ada, ben, *_rest = make_family()
    SponsorEdge.objects.filter(member=ben).update(since=JOINED - DAY)
    assert [problem.code for problem in find_problems()] == ["BEN"]
