"""The demo company is filled by the real services, once, and is whole afterwards."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Sum
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from mlm_plugin.commissions.estimate_models import PeriodEstimate
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.selectors import find_problems as find_wrong_books
from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.volumes.models import LineMovement, PeriodTotal
from storefront.accounts.models import User
from storefront.accounts.selectors import get_totp_code
from storefront.demo import DEMO_LOGINS
from storefront.demo.company import fill
from storefront.demo.logins import STAFF
from storefront.demo.planning import plan_purchases
from storefront.navigation import get_menu
from storefront.shop.accounting.models import Invoice
from storefront.shop.listing.models import ProductCard
from storefront.shop.returns.models import ReturnRequest
from tests import databases

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """Fills the company for all tests of this file; what the filling said on the way."""
    lines: list[str] = []
    preferred = {**settings.MLM, "PREFERRED": "first_order"}
    with django_db_blocker.unblock(), override_settings(MLM=preferred):
        assert fill(at=AT, say=lines.append)
    with override_settings(MLM=preferred):
        yield lines
    with django_db_blocker.unblock():
        connections.close_all()
        databases.get_database().renew()


def test_the_filling_says_how_far_it_is(said: list[str]) -> None:
    assert [line.strip() for line in said[:5]] == [
        "products and prices",
        "people",
        "three months of orders",
        "50",
        "100",
    ]


def test_ada_has_people_on_more_than_five_levels(said: list[str]) -> None:
    chain = Member.objects.filter(code__in=["ADA", "BEN", "CLEO", "DORA", "EMIL"]).order_by("depth")

    assert [member.first_name for member in chain] == ["Ada", "Ben", "Cleo", "Dora", "Emil"]
    assert [member.depth for member in chain] == [1, 2, 3, 4, 5]
    assert Member.objects.count() == 60
    assert Counter(Member.objects.values_list("status", flat=True)) == {
        "active": 57,
        "suspended": 3,
    }
    assert find_problems() == []


def test_every_month_has_points_of_members_and_customers(said: list[str]) -> None:
    ada = Member.objects.get(code="ADA")

    for month in MONTHS:
        total = PeriodTotal.objects.get(member=ada, period=month)
        assert 0 < total.personal_pv < total.group_pv
    assert PeriodTotal.objects.filter(member=ada, customers_pv__gt=0).exists()


def test_adas_group_points_are_all_points_there_are(said: list[str]) -> None:
    """Ada is above everybody, so her group is the plain sum of what was bought and given back."""
    ada = Member.objects.get(code="ADA")

    counted = PeriodTotal.objects.filter(member=ada).aggregate(
        pv=Sum("group_pv"), cv=Sum("group_cv")
    )

    assert counted == LineMovement.objects.aggregate(pv=Sum("pv"), cv=Sum("cv"))


def test_there_is_nothing_to_reconcile(said: list[str], capsys: pytest.CaptureFixture) -> None:
    call_command("mlm_reconcile")

    assert capsys.readouterr().out.splitlines() == [
        "0 waiting orders taken up",
        "orders, books, totals and trees agree",
    ]


def test_nothing_happens_before_its_time_or_after_now(said: list[str]) -> None:
    for order in Order.objects.prefetch_related("payment_events", "status_changes"):
        moments = [event.date_created for event in order.payment_events.all()]
        moments += [change.date_created for change in order.status_changes.all()]
        assert all(order.date_placed <= moment <= AT for moment in moments)


def test_orders_end_in_every_way(said: list[str]) -> None:
    statuses = Counter(Order.objects.values_list("status", flat=True))

    assert statuses["Pending"] == 1
    assert statuses["Cancelled"] == 2
    assert set(statuses) == {
        "Pending",
        "Paid",
        "Packed",
        "Partly shipped",
        "Shipped",
        "Complete",
        "Cancelled",
    }
    assert set(ReturnRequest.objects.values_list("state", flat=True)) == set(
        ReturnRequest.State.values
    )
    paid = Order.objects.filter(payment_events__event_type__name="Paid").count()
    assert Invoice.objects.filter(kind="invoice").count() == paid
    refunds = get_model("order", "PaymentEvent").objects.filter(event_type__name="Refunded")
    assert refunds.count() == 8
    assert LineMovement.objects.filter(quantity__lt=0).exists()
    assert set(OrderAttribution.objects.values_list("source", flat=True)) == {
        "own",
        "bound",
        "cookie",
        "none",
    }
    assert set(OrderAttribution.objects.values_list("buyer_kind", flat=True)) == {
        "member",
        "preferred",
        "retail",
    }
    assert get_model("voucher", "VoucherApplication").objects.exists()


def test_customers_belong_to_the_member_whose_link_they_followed(said: list[str]) -> None:
    assert CustomerBinding.objects.get(user__email="rosa@example.com").member.code == "DORA"
    assert not CustomerBinding.objects.filter(user__email="conrad@example.com").exists()


def test_nobody_gets_mail_about_the_past(said: list[str]) -> None:
    assert not DBTaskResult.objects.filter(task_path__contains="mail_").exists()


def test_the_plan_is_the_same_every_time(said: list[str]) -> None:
    members = {member.first_name: member for member in Member.objects.all()}

    first = plan_purchases(members=members, until=AT)

    assert first == plan_purchases(members=members, until=AT)
    assert len(first) == Order.objects.count()


def test_filling_again_changes_nothing(said: list[str]) -> None:
    def count() -> list[int]:
        return [model.objects.count() for model in (Order, Product, User, LineMovement)]

    before = count()

    assert not fill(at=AT, say=print)
    assert count() == before


@pytest.mark.parametrize(("role", "email", "password"), DEMO_LOGINS)
def test_everyone_who_is_printed_can_sign_in(
    said: list[str], client: Client, role: str, email: str, password: str
) -> None:
    response = client.post(reverse("account_login"), {"login": email, "password": password})
    assert response.status_code == 302
    if email in {login.email for login in STAFF}:
        user = User.objects.get(email=email)
        code = get_totp_code(user=user, at=datetime.now(tz=UTC))
        response = client.post(response["Location"], {"code": code})
        assert response.status_code == 302

    user = User.objects.get(email=email)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(response["Location"], follow=True).status_code == 200


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_public_page_answers_in_both_languages(
    said: list[str], client: Client, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    menu = get_menu(language=language)
    home = "/" if language == "en" else "/ru/"
    addresses = [home, reverse("catalogue:index")]
    addresses += [item.url for item in (*menu.categories, *menu.pages)]

    assert len(menu.categories) == 5
    assert len(menu.pages) == 4
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert f'lang="{language}"' in response.content.decode(), address


@pytest.mark.parametrize(("name", "most"), [("", 12), ("ada", 12), ("paul", 12)])
def test_the_front_page_shows_new_products_in_few_queries(
    said: list[str], client: Client, name: str, most: int
) -> None:
    if name:
        client.force_login(User.objects.get(email=f"{name}@example.com"))
    client.get("/")

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/").content.decode()

    assert page.count("product-card-name") == 12
    assert len(queries) <= most


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_product_has_a_picture_a_text_and_a_price(
    said: list[str], client: Client, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    cards = list(ProductCard.objects.select_related("product"))

    assert len(cards) >= 24
    for card in cards:
        page = client.get(card.product.get_absolute_url()).content.decode()
        assert card.titles.get(language, card.title) in page
        assert "€" in page
        assert card.pictures[0]["large"]["path"] in page


def test_one_product_is_sold_out_and_some_come_in_sizes(said: list[str], client: Client) -> None:
    cream = Product.objects.get(upc="care-day-cream")

    assert "add-to-basket" not in client.get(cream.get_absolute_url()).content.decode()
    assert cream.stockrecords.get().net_stock_level == 0
    assert Product.objects.filter(structure="parent").count() >= 6


def test_two_months_are_paid_and_the_running_one_is_estimated(said: list[str]) -> None:
    periods = Period.objects.order_by("first")
    runs = Run.objects.order_by("pk")

    assert [(period.name, period.state) for period in periods] == [
        ("2026-01", "closed"),
        ("2026-02", "closed"),
        ("2026-03", "open"),
    ]
    assert [(run.period.name, run.number, run.state) for run in runs] == [
        ("2026-01", 1, "committed"),
        ("2026-02", 1, "computed"),
        ("2026-02", 2, "committed"),
    ]
    assert runs[2].bonuses["adjustment"] == {"amount": 1_500, "awards": 1}
    assert runs[2].difference_total == 1_500
    assert {run.author.email for run in runs} == {"finance@example.com"}
    assert {run.locked_by.email for run in runs if run.locked_by} == {"controller@example.com"}
    assert PeriodEstimate.objects.get().total > 0
    assert list(Override.objects.order_by("pk").values_list("state", flat=True)) == [
        "approved",
        "proposed",
    ]
    assert list(find_wrong_books()) == []
