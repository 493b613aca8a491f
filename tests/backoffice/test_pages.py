"""The staff's network pages: who enters, what they find, and what they may write."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.ledger.models import Action, BooksClosing, Entry
from mlm_plugin.network.services import bind_customer
from mlm_plugin.volumes.feed import get_feed
from mlm_plugin.volumes.selectors import get_period_totals, get_recent_periods
from mlm_plugin.volumes.services import credit_orders
from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS
from tests.factories import make_account, make_family, make_member, make_user
from tests.volumes.orders import order_of

pytestmark = pytest.mark.django_db

LISTS = ("staff-members", "staff-customers")
OF_MEMBER = ("staff-member", "staff-adjust")
HOSTILE = ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "%_\\", "x" * 10_000]


def address(name):
    return reverse(f"mlm:{name}", args=["CLEO"] if name in OF_MEMBER else [])


def text_of(answer):
    return answer.content.decode()


def bind(customer, member):
    bind_customer(
        user_id=customer.pk,
        member_id=member.pk,
        source="cookie",
        campaign="fair",
        bound_at=timezone.now(),
    )


def order_now(member, **fields):
    now = timezone.now() - timedelta(minutes=5)
    return order_of(member, **{"placed_at": now, "paid_at": now, **fields})


@pytest.fixture
def family():
    return make_family()


@pytest.fixture
def olga(client):
    """An operator, signed in."""
    olga = make_account("olga", OPERATORS)
    client.force_login(olga)
    return olga


@pytest.mark.parametrize("page", LISTS + OF_MEMBER)
def test_only_staff_enters(family, page):
    answers = {}
    sven = make_user("sven")
    type(sven).objects.filter(pk=sven.pk).update(is_staff=True)
    people = {
        "customer": make_account("greta"),
        "member": make_account("ada"),
        "marketer": make_account("mia", MARKETERS),
        "operator": make_account("olga", OPERATORS),
        "finance": make_account("fritz", FINANCE),
        "staff without a role": sven,
    }
    type(family[0]).objects.filter(pk=family[0].pk).update(user=people["member"])
    for role, person in people.items():
        browser = Client()
        browser.force_login(person)
        answers[role] = browser.get(address(page)).status_code
    assert answers == {
        "customer": 403,
        "member": 403,
        "marketer": 403,
        "operator": 200,
        "finance": 200,
        "staff without a role": 403,
    }
    answer = Client().get(address(page))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["staff-adjust", "staff-books-days"])
def test_nobody_else_writes(family, client, page):
    client.force_login(make_account("greta"))
    assert client.post(address(page), adjustment(confirmed="1")).status_code == 403
    assert not Entry.objects.exists()
    assert not BooksClosing.objects.exists()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("cleo", {"Cleo Coral"}),
        ("CORAL", {"Cleo Coral"}),
        ("cle cor", {"Cleo Coral"}),
        ("cleo ada", set()),
        ("emil@exam", {"Emil"}),
        ("", {"Ada", "Ben", "Cleo Coral", "Dora", "Emil"}),
        ("nobody", set()),
        ("%", set()),
    ],
)
def test_members_are_found_by_code_name_and_address(family, client, olga, search, found):
    type(family[2]).objects.filter(code="CLEO").update(last_name="Coral")
    make_member("emil", family[0], user_id=make_user("emil").pk)
    answer = client.get(reverse("mlm:staff-members"), {"q": search})
    assert {row.full_name for row in answer.context["page"].rows} == found


def test_members_are_filtered_by_status(family, client, olga):
    make_member("emil", family[0], status="suspended")
    answer = client.get(reverse("mlm:staff-members"), {"status": "suspended"})
    assert [row.code for row in answer.context["page"].rows] == ["EMIL"]
    answer = client.get(reverse("mlm:staff-members"), {"status": "<script>"})
    assert answer.status_code == 200
    assert not answer.context["page"].rows


def test_the_member_list_goes_on_over_pages(family, client, olga):
    for number in range(60):
        make_member(f"member{number}", family[0])
    first = client.get(reverse("mlm:staff-members"))
    cursor = first.context["page"].next_cursor
    second = client.get(reverse("mlm:staff-members"), {"before": cursor})
    codes = [row.code for answer in (first, second) for row in answer.context["page"].rows]
    assert len(codes) == len(set(codes)) == 64
    assert second.context["page"].next_cursor == ""


@pytest.mark.parametrize("hostile", [*HOSTILE, "\x00"], ids=lambda text: repr(text[:10]))
@pytest.mark.parametrize(
    "parameter", ["q", "status", "before", "after", "orders", "customers", "whose"]
)
def test_hostile_parameters_do_no_harm(family, client, olga, parameter, hostile):
    for page in ("staff-members", "staff-customers", "staff-member"):
        answer = client.get(address(page), {parameter: hostile})
        assert answer.status_code == 200
        assert b"<script>alert(1)" not in answer.content
        assert b"<img src=x" not in answer.content


@pytest.mark.parametrize("code", ["NOBODY", "x" * 300, "1", "%00", "cleo'--"])
@pytest.mark.parametrize("suffix", ["", "adjust/"])
def test_codes_of_nobody_are_not_found(family, client, olga, code, suffix):
    assert client.get(f"/dashboard/network/members/{code}/{suffix}").status_code == 404


def test_a_members_page_shows_place_points_customers_and_orders(family, client, olga):
    ada, _ben, cleo, _dora = family
    greta = make_user("greta")
    bind(greta, cleo)
    bought = order_now(cleo, pv=123_450, buyer_kind="retail", buyer_id=greta.pk, source="bound")
    credit_orders(facts=[bought])
    shown = text_of(client.get(address("staff-member")))
    for words in ("Ada", "Ben", "Dora", "greta@example.com", bought.number, "1,234.50", "paid"):
        assert words in shown, words
    assert reverse("mlm:staff-member", args=[ada.code]) in shown


def test_a_long_upline_shows_both_ends_and_counts_the_rest(client, olga):
    chain = [make_member("root")]
    for number in range(20):
        chain.append(make_member(f"level{number}", chain[-1]))
    answer = client.get(reverse("mlm:staff-member", args=[chain[-1].code]))
    upline = answer.context["upline"]
    assert [row.code for row in upline.top] == ["ROOT"]
    assert upline.left_out == 9
    assert [row.code for row in upline.near] == [f"LEVEL{number}" for number in range(9, 19)]


def adjustment(**fields):
    return {
        "kind": "personal",
        "pv": "12.50",
        "cv": "-3",
        "reason": "A parcel was lost",
        "key": str(uuid.uuid4()),
        **fields,
    }


def totals_of(member):
    period = get_recent_periods(now=timezone.now())[-1]
    return get_period_totals(member_id=member.pk, period=period)


def test_an_adjustment_is_asked_for_shown_and_then_booked(family, client, olga):
    ada, _ben, cleo, dora = family
    form = client.get(address("staff-adjust")).context["form"]
    data = adjustment(key=str(form["key"].value()))
    asked = client.post(address("staff-adjust"), data)
    assert "A parcel was lost" in text_of(asked)
    assert "+12.50" in text_of(asked)
    assert not Entry.objects.exists()
    done = client.post(address("staff-adjust"), {**data, "confirmed": "1"})
    assert done.status_code == 302
    entry = Entry.objects.get()
    assert (entry.reason, entry.author) == ("A parcel was lost", olga)
    action = Action.objects.get()
    assert (action.name, action.subject, action.author) == ("points.adjust", "member:CLEO", olga)
    assert (action.after["pv"], action.after["cv"]) == ("12.50", "-3.00")
    assert (totals_of(cleo).personal_pv, totals_of(cleo).personal_cv) == (1_250, -300)
    assert totals_of(ada).group_pv == 1_250
    assert totals_of(dora).group_pv == 0
    assert get_feed(member=cleo, limit=5).items[0].reason == "A parcel was lost"


def test_the_same_form_sent_twice_books_once(family, client, olga):
    data = adjustment(confirmed="1")
    for _ in range(3):
        client.post(address("staff-adjust"), data)
    assert Entry.objects.count() == 1
    assert totals_of(family[2]).personal_pv == 1_250


def test_an_adjustment_can_be_taken_back_to_the_form(family, client, olga):
    answer = client.post(address("staff-adjust"), adjustment(change="1"))
    assert "A parcel was lost" in text_of(answer)
    assert "confirmed" not in text_of(answer)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pv": "0", "cv": "0"},
        {"pv": "many"},
        {"pv": "1.234"},
        {"pv": "NaN"},
        {"pv": "Infinity"},
        {"pv": "1e30"},
        {"pv": "9" * 10_000},
        {"reason": ""},
        {"reason": "   "},
        {"reason": "x" * 10_000},
        {"reason": "a\x00b"},
        {"kind": "issued"},
        {"kind": "<script>"},
        {"key": "order:1:paid"},
        {"key": ""},
    ],
    ids=lambda wrong: repr(wrong)[:30],
)
def test_a_wrong_adjustment_books_nothing(family, client, olga, wrong):
    answer = client.post(address("staff-adjust"), adjustment(confirmed="1", **wrong))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Entry.objects.exists()


def test_a_hostile_reason_stays_text_for_staff_and_member(family, client, olga):
    reason = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)>"
    asked = client.post(address("staff-adjust"), adjustment(reason=reason))
    client.post(address("staff-adjust"), adjustment(reason=reason, confirmed="1"))
    cleo = family[2]
    cleo.user = make_user("cleo")
    cleo.save()
    browser = Client()
    browser.force_login(cleo.user)
    pages = (asked, client.get(address("staff-member")), browser.get(reverse("mlm:my-points")))
    for page in pages:
        assert "&lt;script&gt;alert(1)" in text_of(page)
        assert "<script>alert(1)" not in text_of(page)
        assert "<img src=x" not in text_of(page)


def test_points_can_be_typed_the_russian_way(family, client, olga):
    client.cookies["django_language"] = "ru"
    data = adjustment(pv="12,50", cv="0", confirmed="1")
    client.post(address("staff-adjust"), data)
    assert totals_of(family[2]).personal_pv == 1_250


def test_customers_are_listed_with_their_member(family, client, olga):
    for name, member in (("greta", family[1]), ("hanna", family[2])):
        person = make_user(name)
        bind(person, member)
    answer = client.get(reverse("mlm:staff-customers"))
    assert [row.user.email for row in answer.context["page"].rows] == [
        "hanna@example.com",
        "greta@example.com",
    ]
    answer = client.get(reverse("mlm:staff-customers"), {"q": "greta"})
    assert [row.member.code for row in answer.context["page"].rows] == ["BEN"]


@pytest.fixture
def fritz(client):
    """Who prepares the books, signed in."""
    fritz = make_account("fritz", FINANCE)
    client.force_login(fritz)
    return fritz


def close(client, day, again=None):
    data = {"through": day.isoformat(), "again": (again or day).isoformat()}
    return client.post(reverse("mlm:staff-books-days"), data)


def test_the_books_are_closed_through_a_day_typed_twice(client, fritz):
    today = timezone.localdate()
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    assert close(client, yesterday, again=before).context["form"].errors
    assert not BooksClosing.objects.exists()
    assert close(client, before).status_code == 302
    closing = BooksClosing.objects.get()
    assert (closing.through, closing.author) == (before, fritz)
    assert "fritz@example.com" in text_of(client.get(reverse("mlm:staff-books-days")))
    action = Action.objects.get()
    assert (action.name, action.author, action.address) == ("books.close", fritz, "127.0.0.1")
    assert action.after == {"closed_through": before.isoformat()}


@pytest.mark.parametrize("days", [0, 1, 400])
def test_a_day_that_is_not_over_is_not_closed(client, fritz, days):
    answer = close(client, timezone.localdate() + timedelta(days=days))
    assert "not over" in str(answer.context["form"].errors)
    assert not BooksClosing.objects.exists()


def test_a_closed_day_is_not_closed_again(client, fritz):
    day = timezone.localdate() - timedelta(days=3)
    close(client, day)
    answer = close(client, day)
    assert "already closed" in str(answer.context["form"].errors)
    assert BooksClosing.objects.count() == 1


def test_the_menu_names_the_pages(client, olga):
    shown = text_of(client.get(reverse("mlm:staff-members")))
    for page in LISTS:
        assert f'href="{reverse(f"mlm:{page}")}"' in shown


@pytest.mark.parametrize("page", ["staff-members", "staff-customers", "staff-member"])
def test_queries_are_the_same_for_five_members_and_for_sixty(family, client, olga, page):
    cleo = family[2]

    def grow(count):
        for _ in range(count):
            number = type(cleo).objects.count()
            member = make_member(f"member{number}", cleo, user_id=make_user(f"m{number}").pk)
            customer = make_user(f"customer{number}")
            bind(customer, cleo)
            bought = order_now(cleo, buyer_kind="retail", buyer_id=customer.pk)
            credit_orders(facts=[bought, order_now(member), order_now(member, paid_at=None)])

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(page)).status_code == 200
        return len(queries)

    grow(5)
    count()
    small = count()
    grow(55)
    assert count() == small
    assert small <= 20
