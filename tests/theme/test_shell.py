"""One header and footer around every page, for whoever looks at it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from oscar.core.loading import get_model

from tests.factories import make_member, make_product, make_user

pytestmark = pytest.mark.django_db


def render(user: Any, **attributes: Any) -> str:
    request = RequestFactory().get("/shop/search/", {"q": '<b>"tea"</b>'})
    request.user = user
    request.COOKIES.update(attributes.pop("cookies", {}))
    for name, value in attributes.items():
        setattr(request, name, value)
    return render_to_string("base.html", {"title": "Here"}, request)


def test_a_visitor_sees_search_sign_in_basket_and_language() -> None:
    html = render(AnonymousUser())
    for address in ("search:search", "account_login", "basket:summary", "set_language"):
        assert f'"{reverse(address)}"' in html
    assert 'class="count"' not in html
    assert 'href="#content"' in html and 'id="content"' in html


def test_whoever_is_signed_in_sees_the_account_and_staff_the_dashboard() -> None:
    ada = make_user("ada")
    html = render(ada)
    assert reverse("customer:summary") in html
    assert reverse("dashboard:index") not in html
    ada.is_staff = True
    assert reverse("dashboard:index") in render(ada)


def test_a_member_finds_the_cabinet_and_a_customer_does_not() -> None:
    ada, ben = make_user("ada"), make_user("ben")
    make_member("ada", user_id=ada.pk)
    assert reverse("mlm:my-home") in render(ada)
    assert reverse("mlm:my-home") not in render(ben)


def test_looking_at_a_page_makes_no_basket(client: Client) -> None:
    client.force_login(make_user("ada"))
    assert client.get(reverse("mfa_index"), follow=True).status_code == 200
    assert not get_model("basket", "Basket").objects.exists()


def test_the_shell_costs_a_visitor_without_basket_no_query(django_assert_num_queries: Any) -> None:
    render(AnonymousUser())
    with django_assert_num_queries(0):
        render(AnonymousUser())


def test_the_basket_is_counted_by_one_query(django_assert_num_queries: Any) -> None:
    basket = get_model("basket", "Basket").objects.create()
    product = make_product()
    record = product.stockrecords.get()
    basket.lines.create(
        product=product, stockrecord=record, line_reference="soap", quantity=3, price_currency="EUR"
    )
    render(AnonymousUser())
    with django_assert_num_queries(1):
        html = render(AnonymousUser(), cookies={"oscar_open_basket": Signer().sign(basket.pk)})
    assert '<span class="count">3<' in html


def test_a_forged_basket_cookie_shows_no_number() -> None:
    assert 'class="count"' not in render(AnonymousUser(), cookies={"oscar_open_basket": "1:forged"})


def test_a_guest_is_told_quietly_of_whom_and_names_are_escaped() -> None:
    html = render(AnonymousUser(), referral=SimpleNamespace(first_name="<i>Ada</i>", code="ADA"))
    assert "&lt;i&gt;Ada&lt;/i&gt;" in html
    assert "<i>Ada" not in html


def test_what_was_searched_for_comes_back_escaped() -> None:
    html = render(AnonymousUser())
    assert "&lt;b&gt;&quot;tea&quot;&lt;/b&gt;" in html


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_account_pages_wear_the_shell(client: Client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()
    assert '<header class="site-header' in html and '<footer class="site-footer' in html


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "mfa_index", "customer:summary"]
)
def test_pages_of_the_signed_in_wear_the_shell(client: Client, name: str) -> None:
    client.force_login(make_user("ada"))
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert '<header class="site-header' in response.content.decode()


def test_staff_pages_wear_the_header_and_ask_no_other_host(admin_client: Client) -> None:
    html = admin_client.get(reverse("dashboard:index"), follow=True).content.decode()
    assert '<header class="site-header' in html and 'class="staff-menu"' in html
    assert "theme/dashboard.css" in html
    assert 'src="http' not in html and "googleapis" not in html


def test_a_missing_page_helps_on(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert reverse("catalogue:index") in response.content.decode()


def test_the_page_of_a_crash_needs_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        html = render_to_string("500.html")
    assert "<h1>" in html and "/static/theme/tokens.css" in html


def test_a_refused_form_is_answered_in_the_theme() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "ada@example.com"})
    assert response.status_code == 403
    assert '<header class="site-header' in response.content.decode()


def test_english_says_basket_as_our_own_texts_do() -> None:
    html = render(AnonymousUser())
    assert ">Basket<" in html and "Cart" not in html
