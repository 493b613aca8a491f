"""The member's pages: who sees what, for every page, role and foreign code."""

import io
import itertools
from datetime import timedelta

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mlm_plugin.network.models import Member
from mlm_plugin.volumes.services import credit_orders
from storefront.accounts.roles import OPERATORS
from tests.factories import make_account, make_member, make_user
from tests.volumes.orders import order_of

pytestmark = pytest.mark.django_db
HTML_PAGES = ("my-home", "my-points", "my-team", "my-share", "my-more")
PAGES = (*HTML_PAGES, "my-qr-svg", "my-qr-png")


def signed_in(name, sponsor=None, **fields):
    """A member with a sign-in, and a browser in which they are signed in."""
    member = make_member(name, sponsor, user_id=make_user(name).pk, **fields)
    client = Client()
    client.force_login(member.user)
    return member, client


class World:
    """Ada > ben > cleo > dora, and emil in another leg below ada; each signed in."""

    def __init__(self):
        self.ada, self.as_ada = signed_in("ada", last_name="Adler")
        self.ben, self.as_ben = signed_in("ben", self.ada, last_name="Biber")
        self.cleo, self.as_cleo = signed_in("cleo", self.ben, last_name="Coral")
        self.dora, self.as_dora = signed_in("dora", self.cleo, last_name="Drossel")
        self.emil, self.as_emil = signed_in("emil", self.ada, last_name="Elster")

    def browser(self, name):
        return getattr(self, f"as_{name}")


@pytest.fixture
def world():
    return World()


def order_now(member, **fields):
    now = timezone.now() - timedelta(minutes=5)
    return order_of(member, **{"placed_at": now, "paid_at": now, **fields})


def text_of(answer):
    return answer.content.decode()


VISIBLE = {
    "ada": {"ben", "cleo", "dora", "emil"},
    "ben": {"cleo", "dora"},
    "cleo": {"dora"},
    "dora": set(),
    "emil": set(),
}
NAMES = tuple(VISIBLE)


@pytest.mark.parametrize(("viewer", "other"), list(itertools.product(NAMES, NAMES)))
def test_a_card_opens_for_the_own_downline_only(world, viewer, other):
    answer = world.browser(viewer).get(reverse("mlm:my-team-member", args=[other.upper()]))
    assert answer.status_code == (200 if other in VISIBLE[viewer] else 404)
    if answer.status_code == 404:
        shown = getattr(world, other).last_name
        assert other == viewer or shown not in text_of(answer)


@pytest.mark.parametrize("viewer", NAMES)
@pytest.mark.parametrize("page", HTML_PAGES)
def test_no_page_names_anybody_outside_the_downline(world, viewer, page):
    credit_orders(facts=[order_now(getattr(world, name)) for name in NAMES])
    shown = text_of(world.browser(viewer).get(reverse(f"mlm:{page}")))
    for other in set(NAMES) - VISIBLE[viewer] - {viewer}:
        assert getattr(world, other).last_name not in shown, other


@pytest.mark.parametrize("viewer", NAMES)
@pytest.mark.parametrize(
    "parameters",
    [
        {"whose": "1", "member": "1", "member_id": "1", "code": "ADA", "user": "1"},
        {"before": "9999999999999999.2.999999", "after": "999.0"},
        {"period": "2026-01", "state": "credited", "whose": "all"},
    ],
)
def test_no_parameter_opens_what_is_closed(world, viewer, parameters):
    credit_orders(facts=[order_now(getattr(world, name)) for name in NAMES])
    for page in HTML_PAGES:
        shown = text_of(world.browser(viewer).get(reverse(f"mlm:{page}"), parameters))
        for other in set(NAMES) - VISIBLE[viewer] - {viewer}:
            assert getattr(world, other).last_name not in shown, (page, other)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_signs_in_first(client, page):
    answer = client.get(reverse(f"mlm:{page}"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", PAGES[1:])
@pytest.mark.parametrize("role", ["customer", "staff", "applicant", "terminated"])
def test_who_is_no_member_is_led_to_the_explanation(client, world, role, page):
    person = make_account(role, OPERATORS if role == "staff" else "")
    if role in ("applicant", "terminated"):
        make_member(role, world.ada, user_id=person.pk, status=role)
    client.force_login(person)
    answer = client.get(reverse(f"mlm:{page}"))
    assert (answer.status_code, answer.url) == (302, reverse("mlm:my-home"))
    assert client.get(reverse("mlm:my-team-member", args=["DORA"])).status_code == 302


def test_a_customer_is_invited_to_join(client):
    client.force_login(make_user("greta"))
    answer = client.get(reverse("mlm:my-home"))
    assert answer.status_code == 200
    assert 'href="/join/"' in text_of(answer)


@pytest.mark.parametrize(
    ("status", "words"), [("applicant", "application"), ("terminated", "ended")]
)
def test_a_member_whose_cabinet_is_closed_learns_why(client, world, status, words):
    person = make_user("frida")
    make_member("frida", world.ada, user_id=person.pk, status=status)
    client.force_login(person)
    shown = text_of(client.get(reverse("mlm:my-home")))
    assert words in shown
    assert "referral-link" not in shown


@pytest.mark.parametrize("page", HTML_PAGES)
def test_a_suspended_member_reads_on_and_shares_nothing(world, page):
    Member.objects.filter(pk=world.ben.pk).update(status=Member.Status.SUSPENDED)
    answer = world.as_ben.get(reverse(f"mlm:{page}"))
    assert answer.status_code == 200
    assert "suspended" in text_of(answer)
    assert "/r/BEN/" not in text_of(answer)


@pytest.mark.parametrize("page", PAGES)
def test_the_cabinet_is_for_reading(world, page):
    assert world.as_ada.post(reverse(f"mlm:{page}")).status_code == 405


def test_home_shows_points_feed_and_first_line(world):
    credit_orders(
        facts=[
            order_now(world.ada, pv=123_450),
            order_now(world.ada, pv=2_000, buyer_kind="retail", source="cookie"),
            order_now(world.dora, pv=1_100, paid_at=None),
            order_now(world.cleo, pv=5_000),
        ]
    )
    shown = text_of(world.as_ada.get(reverse("mlm:my-home")))
    for words in (
        "1,234.50",
        "1,304.50",
        "Linden tea",
        "2 levels down",
        "3 levels down",
        "pending",
    ):
        assert words in shown, words
    assert "Ben Biber" in shown
    assert "credited" in shown


def test_the_customers_name_stays_with_their_own_member(world):
    greta = make_user("greta", first_name="Greta", last_name="Gold")
    credit_orders(facts=[order_now(world.ben, buyer_kind="retail", buyer_id=greta.pk)])
    for page in ("my-home", "my-points"):
        assert "Greta Gold" in text_of(world.as_ben.get(reverse(f"mlm:{page}")))
        above = text_of(world.as_ada.get(reverse(f"mlm:{page}")))
        assert "Greta" not in above
        assert "customer order" in above


def test_another_month_is_chosen_by_address_and_nonsense_means_this_one(world):
    now = timezone.now()
    credit_orders(facts=[order_now(world.ada, pv=777_700)])
    home = reverse("mlm:my-home")
    current = f"{now:%Y-%m}"
    last_month = f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    assert f'value="{last_month}" selected' in text_of(
        world.as_ada.get(home, {"period": last_month})
    )
    for wanted in ("", "1999-01", "9999-99", "<script>alert(1)</script>", "x" * 10_000, "\x00"):
        shown = text_of(world.as_ada.get(home, {"period": wanted}))
        assert f'value="{current}" selected' in shown, wanted[:20]
        assert "<script>alert" not in shown


def test_a_new_member_is_told_what_to_do_next(world):
    for page in ("my-home", "my-points", "my-team"):
        shown = text_of(world.as_dora.get(reverse(f"mlm:{page}")))
        assert 'class="empty"' in shown
        assert reverse("mlm:my-share") in shown


def test_the_feed_goes_on_over_pages(world):
    credit_orders(facts=[order_now(world.dora, pv=number) for number in range(1, 41)])
    first = world.as_ada.get(reverse("mlm:my-points"))
    cursor = first.context["feed"].next_cursor
    assert len(first.context["feed"].items) == 30
    assert f"before={cursor}" in text_of(first)
    second = world.as_ada.get(reverse("mlm:my-points"), {"before": cursor})
    assert len(second.context["feed"].items) == 10
    assert second.context["feed"].next_cursor == ""


def test_filters_of_the_feed_survive_paging(world):
    facts = [order_now(world.ada, pv=number) for number in range(1, 41)]
    credit_orders(facts=facts)
    answer = world.as_ada.get(reverse("mlm:my-points"), {"state": "credited", "whose": "own"})
    assert "state=credited&amp;whose=own&amp;before=" in text_of(answer)


HOSTILE = ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "x" * 10_000, "\x00"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:10]))
@pytest.mark.parametrize("parameter", ["state", "whose", "before", "after", "period", "c"])
def test_hostile_parameters_do_no_harm(world, parameter, hostile):
    for page in PAGES:
        answer = world.as_ada.get(reverse(f"mlm:{page}"), {parameter: hostile})
        assert answer.status_code == 200
        assert b"<script>alert(1)" not in answer.content
        assert b"<img src=x" not in answer.content


@pytest.mark.parametrize("code", ["NOBODY", "x" * 300, "%00", "..%2F", "<b>", "1", "ben'--"])
def test_codes_of_nobody_are_not_found(world, code):
    assert world.as_ada.get(f"/my/team/{code}/").status_code == 404


def test_hostile_names_stay_text(world):
    Member.objects.filter(pk=world.ben.pk).update(first_name="<script>alert(1)</script>")
    credit_orders(facts=[order_now(world.ben)])
    for page in ("my-home", "my-points", "my-team"):
        shown = text_of(world.as_ada.get(reverse(f"mlm:{page}")))
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def modules_of(picture):
    """The matrix of a PNG that segno wrote: one row of booleans per row of modules."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("1")
    scale, border = 8, 4
    size = image.width // scale - 2 * border
    return [
        [
            not image.getpixel(((x + border) * scale + 4, (y + border) * scale + 4))
            for x in range(size)
        ]
        for y in range(size)
    ]


@pytest.mark.parametrize("campaign", ["", "fair-2026"])
def test_the_picture_is_the_code_of_the_link(world, campaign):
    parameters = {"c": campaign} if campaign else {}
    page = world.as_ada.get(reverse("mlm:my-share"), parameters)
    link = page.context["link"]
    assert link == "http://testserver/r/ADA/" + (f"?c={campaign}" if campaign else "")
    picture = world.as_ada.get(reverse("mlm:my-qr-png"), parameters)
    assert picture["Content-Type"] == "image/png"
    expected = segno.make(link, error="m", micro=False)
    assert modules_of(picture.content) == [[bool(cell) for cell in row] for row in expected.matrix]


def test_the_vector_picture_keeps_to_the_content_security_policy(world):
    answer = world.as_ada.get(reverse("mlm:my-qr-svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "private" in answer["Cache-Control"]
    assert b"style=" not in answer.content
    assert b"<script" not in answer.content
    drawn = io.BytesIO()
    segno.make("http://testserver/r/ADA/", error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, light="white"
    )
    assert answer.content == drawn.getvalue()


@pytest.mark.parametrize("page", HTML_PAGES)
def test_no_page_needs_inline_style_or_script(world, page):
    credit_orders(facts=[order_now(world.ada)])
    shown = text_of(world.as_ada.get(reverse(f"mlm:{page}")))
    assert " style=" not in shown
    assert "<script>" not in shown
    assert " onclick=" not in shown


@pytest.mark.parametrize("page", HTML_PAGES)
def test_queries_are_the_same_for_a_team_of_five_and_of_sixty(world, page):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert world.as_ada.get(reverse(f"mlm:{page}")).status_code == 200
        return len(queries)

    family = [getattr(world, name) for name in NAMES]
    credit_orders(facts=[order_now(member) for member in family])
    credit_orders(facts=[order_now(member, paid_at=None) for member in family])
    count()
    small = count()
    for number in range(55):
        sponsor = world.ada if number % 3 else family[-1]
        family.append(make_member(f"member{number}", sponsor))
    credit_orders(facts=[order_now(member) for member in family])
    credit_orders(facts=[order_now(member, paid_at=None) for member in family])
    assert count() == small
    assert small <= 15
