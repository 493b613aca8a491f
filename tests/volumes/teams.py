"""A team of 24 with different names, ranks, days and points, and what pages of it must hold."""

from datetime import date, timedelta

from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.team import get_team
from tests.factories import JOINED, make_member

MARCH = date(2026, 3, 1)
NAMES = ["Anna", "Boris", "", "Clara", "Dmitri", "Anna", "Eva"]
RANKS = ["", "silver", "gold"]


def make_team():
    """Ada with 24 below: three legs; beside her zoe, who sponsors yan."""
    ada = make_member("ada")
    people = [ada]
    for number in range(24):
        sponsor = people[number // 3] if number > 2 else ada
        sponsor.refresh_from_db()
        member = make_member(
            f"M{number:02}",
            sponsor,
            first_name=NAMES[number % len(NAMES)],
            last_name="Ott" if number % 2 else "",
            joined_at=JOINED + timedelta(days=number // 2),
        )
        Member.objects.filter(pk=member.pk).update(rank=RANKS[number % 3])
        if number % 4:
            PeriodTotal.objects.create(
                member=member,
                period=MARCH,
                personal_pv=100 * (number % 7),
                customers_pv=50,
                group_pv=1_000 * (number % 6),
            )
        people.append(member)
    Member.objects.filter(code__in=["M00", "M05", "M10", "M15"]).update(status="suspended")
    outside = make_member("zoe")
    make_member("yan", outside, first_name="Anna")
    ada.refresh_from_db()
    return ada


def pages(member, limit=7, **asked):
    """All rows, page by page."""
    rows, cursor = [], ""
    while True:
        page = get_team(member=member, period=MARCH, limit=limit, cursor=cursor, **asked)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows


def own(row):
    """Own points of a row."""
    return row.points.personal_pv + row.points.customers_pv


KEYS = {
    "joined": lambda row: (row.member.joined_at, row.member.pk),
    "name": lambda row: (row.member.last_name, row.member.first_name, row.member.pk),
    "level": lambda row: (row.level, row.member.pk),
    "points": lambda row: (row.points.group_pv, row.member.pk),
    "own": lambda row: (own(row), row.member.pk),
}
