"""Who sees what of whom, as a table; and the same by the cabinet's doors."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.network.models import Member
from mlm_plugin.network.visibility import find_visible, what_viewer_sees
from mlm_plugin.volumes.rebuilding import move_branch
from mlm_plugin.volumes.services import credit_orders
from tests.factories import JOINED, make_family, make_member, make_user
from tests.volumes.orders import order_of

pytestmark = pytest.mark.django_db

ALL = {"names": None, "points": None, "contact": None}
NEAR = {"names": 2, "points": 1, "contact": 1}

# Ben looks. Eva, ada's own, agreed to contact, as cleo did; finn is below dora.
# settings, whom, then: page name points contact
TABLE = """
ALL   ada    no  yes no  no
ALL   ben    yes yes yes yes
ALL   cleo   yes yes yes yes
ALL   dora   yes yes yes no
ALL   eva    no  no  no  no
ALL   zoe    no  no  no  no
NEAR  ada    no  yes no  no
NEAR  cleo   yes yes yes yes
NEAR  dora   yes yes no  no
NEAR  finn   yes no  no  no
NEAR  eva    no  no  no  no
"""


@pytest.fixture
def world(settings):
    family = make_family()
    eva = make_member("eva", family[0])
    make_member("finn", family[3])
    make_member("zoe")
    agreed = [family[2].pk, eva.pk]
    Member.objects.filter(pk__in=agreed).update(shows_contact_since=timezone.now())

    def choose(shows):
        settings.MLM = {**settings.MLM, "TEAM_SHOWS": {"ALL": ALL, "NEAR": NEAR}[shows]}

    return choose


def member(code):
    return Member.objects.get(code=code.upper())


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_each_sees_what_the_table_says(world, line):
    shows, whom, *expected = line.split()
    world(shows)
    seen = what_viewer_sees(viewer=member("ben"), of=member(whom))
    told = [seen.page, seen.name, seen.points, seen.contact]
    assert told == [word == "yes" for word in expected]


@pytest.mark.parametrize("code", ["ADA", "EVA", "ZOE", "NOBODY", "<script>", ""])
def test_nobody_outside_the_downline_is_found_by_code(world, code):
    with pytest.raises(Member.DoesNotExist):
        find_visible(viewer=member("ben"), code=code)


def test_a_branch_that_left_is_out_of_sight_also_in_its_past(world):
    cleo = member("cleo")
    move_branch(member_id=cleo.pk, new_sponsor_id=member("eva").pk, moved_at=timezone.now())
    with pytest.raises(Member.DoesNotExist):
        find_visible(viewer=member("ben"), code="CLEO", at=JOINED)


def test_who_came_later_is_not_in_an_earlier_month(world):
    now = timezone.now()
    move_branch(member_id=member("eva").pk, new_sponsor_id=member("ben").pk, moved_at=now)
    assert find_visible(viewer=member("ben"), code="EVA").code == "EVA"
    with pytest.raises(Member.DoesNotExist):
        find_visible(viewer=member("ben"), code="EVA", at=JOINED)


@pytest.fixture
def ben_looks(world):
    user = make_user("ben")
    Member.objects.filter(code="BEN").update(user=user)
    for code, pv in (("CLEO", 11_100), ("DORA", 22_200), ("FINN", 33_300)):
        credit_orders(facts=[order_of(member(code), pv=pv, placed_at=JOINED, paid_at=JOINED)])
    client = Client()
    client.force_login(user)
    return client


def page(client, name, *arguments):
    return client.get(reverse(f"mlm:{name}", args=arguments)).content.decode()


def test_the_cabinet_shows_all_where_the_settings_say_so(world, ben_looks):
    world("ALL")
    feed = page(ben_looks, "my-points")
    assert all(words in feed for words in ("Cleo", "Dora", "Finn", "+333"))
    assert "Finn" in page(ben_looks, "my-team-member", "DORA")


def test_the_cabinet_hides_names_and_points_that_are_too_far_down(world, ben_looks):
    world("NEAR")
    feed = page(ben_looks, "my-points")
    assert "+111" in feed
    assert "+222" not in feed
    assert "+333" not in feed
    dora = page(ben_looks, "my-team-member", "DORA")
    assert "Dora" in dora
    assert "FINN" in dora
    assert "Finn" not in dora
    assert "stat-value" not in dora
