"""A real network: imported, one order per member through the shop, group points against plain sums.

The file has 2,319 members on 13 levels, 652 of them with volume in one month, 163,135.73 points in
all. The sums it is compared with are added up here along the sponsors of the file, with decimals
and without any code of the product.
"""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.shop.attribution import Attribution
from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.volumes.models import PeriodTotal
from storefront.shop.payments.services import mark_transfer_paid, place_order_from_attempt
from tests.factories import make_attempt, make_basket, make_product

NETWORK = Path(__file__).parents[3] / "shared" / "data" / "network_2319.csv"
WHOLE = Decimal("163135.73")
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def read_network() -> list[dict[str, str]]:
    if not NETWORK.exists():
        pytest.skip("the real network (../shared/data/network_2319.csv) is not here")
    with NETWORK.open(newline="") as lines:
        return list(csv.DictReader(lines))


def plain_group_sums(rows: list[dict[str, str]]) -> dict[str, Decimal]:
    """Every member's own points and those of everybody below, added one sponsor at a time."""
    sponsor = {row["member"]: row["sponsor"] for row in rows}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        above = row["member"]
        while above:
            sums[above] += Decimal(row["pv"])
            above = sponsor[above]
    return sums


def make_point_product(title: str, points: int) -> Any:
    product = make_product(title, price="1.00", stock=1_000_000)
    ProductPoints.objects.create(product=product, pv=points, cv=points)
    return product


def order_exactly(points: Decimal, *, member: Member, whole: Any, hundredth: Any) -> None:
    """An own order of the member, paid, whose lines carry exactly these points."""
    hundredths = int(points * 100)
    basket = make_basket()
    if hundredths // 100:
        basket.add_product(whole, hundredths // 100)
    if hundredths % 100:
        basket.add_product(hundredth, hundredths % 100)
    attempt = make_attempt(
        basket,
        at=NOON,
        method="transfer",
        attribution=Attribution(member.pk, "own", "member", ""),
    )
    order = place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    mark_transfer_paid(order_id=order.pk, by=None, at=NOON)


def test_every_members_group_points_are_the_plain_sum_of_the_branch(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = None
    rows = read_network()
    call_command("mlm_import_network", str(NETWORK), stdout=StringIO())
    members = {member.code: member for member in Member.objects.all()}
    whole, hundredth = make_point_product("One point", 100), make_point_product("A bit", 1)
    with_volume = [row for row in rows if Decimal(row["pv"])]
    for row in with_volume:
        with django_capture_on_commit_callbacks(execute=True):
            order_exactly(
                Decimal(row["pv"]), member=members[row["member"]], whole=whole, hundredth=hundredth
            )

    assert len(rows) == len(members) == 2_319
    assert get_model("order", "Order").objects.count() == len(with_volume) == 652
    expected = {code: int(total * 100) for code, total in plain_group_sums(rows).items() if total}
    totals = PeriodTotal.objects.filter(period=date(2026, 3, 1)).select_related("member")
    assert {total.member.code: total.group_pv for total in totals} == expected
    roots = [total.group_pv for total in totals if total.member.is_root()]
    assert sum(roots) == int(WHOLE * 100)
    assert find_problems() == []
