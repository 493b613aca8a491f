"""`/@<code>/`: a member's page of the shop, and the form behind it."""

import pytest
from django.conf import settings as site_settings
from django.test import Client
from oscar.core.loading import get_model

from mlm_plugin.network.services import set_status
from mlm_plugin.shop import visits
from mlm_plugin.shop.models import ReferralVisits
from storefront.cms.models import ChosenProduct, MemberStorefront
from storefront.cms.storefronts.services import save_storefront
from storefront.shop.listing.services import rebuild_listing
from tests.factories import JOINED, make_account, make_member, make_product, make_user

pytestmark = pytest.mark.django_db


def make_shelf(*titles):
    products = [make_product(title) for title in titles]
    rebuild_listing()
    return products


@pytest.fixture
def products():
    return make_shelf("Linden soap", "Oat cream", "Mint tea")


@pytest.fixture
def countries():
    return get_model("address", "Country").objects.create(
        iso_3166_1_a2="DE", printable_name="Germany", is_shipping_country=True
    )


@pytest.fixture
def ada():
    return make_member("ada", user_id=make_account("ada").pk, last_name="Linden")


@pytest.fixture
def signed_in(client, ada):
    client.force_login(ada.user)
    return client


def fill(ada, products, greeting="Hello from Ada"):
    save_storefront(
        member_id=ada.pk, greeting=greeting, product_ids=[product.pk for product in products]
    )


def main_of(response):
    return response.content.decode().split("<main")[1].split("</main")[0]


def test_the_page_shows_name_greeting_and_chosen_products_in_order(client, ada, products):
    fill(ada, [products[2], products[0]])
    page = main_of(client.get("/@ada/"))
    assert "Ada Linden" in page
    assert "Hello from Ada" in page
    assert page.index("Mint tea") < page.index("Linden soap")
    assert "Oat cream" not in page
    assert "€" in page


def test_whoever_opens_the_page_is_the_members_guest_and_counted(client, ada, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    response = client.get("/@ada/?c=card")
    assert "guest of <strong>Ada</strong>" in response.content.decode()
    assert "private" in response["Cache-Control"]
    referral = client.get("/healthz").wsgi_request.referral
    assert (referral.code, referral.campaign) == ("ADA", "card")
    assert visits.flush(at=JOINED) == 1
    assert ReferralVisits.objects.get().campaign == "card"


def test_the_own_page_is_no_referral(signed_in, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    page = signed_in.get("/@ada/")
    assert "/my/storefront/" in main_of(page)
    assert page.wsgi_request.referral is None
    assert visits.flush(at=JOINED) == 0


def test_a_plain_page_leads_to_the_shop(client, ada):
    page = main_of(client.get("/@ada/"))
    assert "/shop/catalogue/" in page


def test_hidden_products_are_left_out(client, ada, products):
    fill(ada, products)
    products[0].is_public = False
    products[0].save()
    rebuild_listing()
    page = main_of(client.get("/@ada/"))
    assert "Linden soap" not in page
    assert "Oat cream" in page


@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_the_page_of_a_member_who_is_not_active_leads_home(client, ada, status):
    set_status(member_id=ada.pk, status=status)
    response = client.get("/@ada/")
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/healthz").wsgi_request.referral is None


@pytest.mark.parametrize("code", ["nobody", "x" * 10_000, "ада", "<script>", "..", "%00"])
def test_an_unknown_page_is_a_friendly_404(client, code):
    response = client.get(f"/@{code}/")
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


def test_hostile_text_is_text(client, ada, products):
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    ada.first_name = attack[:100]
    ada.save()
    fill(ada, products, greeting=attack + "\n\njavascript:alert(3)")
    page = client.get("/@ada/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_without_consent_the_addresses_carry_the_code(client, ada, products, settings):
    settings.MLM = {**site_settings.MLM, "COOKIE_CONSENT": "always"}
    fill(ada, products[:1])
    response = client.get("/@ada/")
    assert "referral" not in response.cookies
    assert "?ref=ADA" in main_of(response)


def test_a_full_page_costs_at_most_12_queries(client, ada, django_assert_max_num_queries):
    fill(ada, make_shelf(*(f"Product {number}" for number in range(12))))
    client.get("/@ada/")
    with django_assert_max_num_queries(12):
        client.get("/@ada/")


def test_a_member_edits_the_own_page(signed_in, ada, products):
    page = main_of(signed_in.get("/my/storefront/"))
    assert "Mint tea" in page
    chosen = [products[1].pk, products[0].pk]
    response = signed_in.post("/my/storefront/", {"greeting": "Grüße 😀", "products": chosen})
    assert response.url == "/my/storefront/"
    page = main_of(signed_in.get("/@ada/"))
    assert "Grüße 😀" in page
    assert page.index("Oat cream") < page.index("Linden soap")
    signed_in.post("/my/storefront/", {"greeting": ""})
    assert not ChosenProduct.objects.exists()
    assert MemberStorefront.objects.get().greeting == ""


def test_a_member_agrees_to_be_found_and_takes_it_back(signed_in, ada, countries):
    said = {"is_listed": "on", "city": "Jena", "country": "DE"}
    assert signed_in.post("/my/storefront/listing/", said).url == "/my/storefront/"
    storefront = MemberStorefront.objects.get()
    assert storefront.listed_since
    assert (storefront.city, storefront.country) == ("Jena", "DE")
    assert 'value="Jena"' in main_of(signed_in.get("/my/storefront/"))

    signed_in.post("/my/storefront/listing/", {"city": "Jena", "country": "DE"})
    storefront.refresh_from_db()
    assert (storefront.listed_since, storefront.city, storefront.country) == (None, "", "")


@pytest.mark.parametrize("wrong", [{"city": "x" * 81}, {"country": "XX"}, {"city": "a\0"}])
def test_a_wrong_place_lists_nobody(signed_in, countries, wrong):
    said = {"is_listed": "on", "city": "Jena", "country": "DE", **wrong}
    assert signed_in.post("/my/storefront/listing/", said).url == "/my/storefront/"
    assert not MemberStorefront.objects.exists()


def test_products_are_found_by_name(signed_in, ada, products):
    fill(ada, [products[0]])
    page = main_of(signed_in.get("/my/storefront/?q=mint"))
    assert "Mint tea" in page
    assert "Linden soap" in page
    assert "Oat cream" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"greeting": "x" * 1_001},
        {"greeting": "<b>" * 4_000},
        {"greeting": "a\0b"},
        {"products": ["999999"]},
        {"products": ["-1"]},
        {"products": ["x" * 10_000]},
        {"products": ["9" * 40]},
        {"products": ["<script>alert(1)</script>"]},
        {"products": ["٣"]},
    ],
)
def test_a_bad_form_comes_back_and_changes_nothing(signed_in, ada, products, fields):
    fill(ada, products[:1])
    response = signed_in.post("/my/storefront/", {"greeting": "New", **fields})
    assert response.status_code == 200
    assert "has-error" in main_of(response)
    assert MemberStorefront.objects.get().greeting == "Hello from Ada"
    assert ChosenProduct.objects.count() == 1


def test_hidden_products_cannot_be_chosen_and_only_so_many(signed_in, ada):
    many = make_shelf(*(f"Product {number}" for number in range(13)))
    page = signed_in.post("/my/storefront/", {"products": [product.pk for product in many]})
    assert "at most 12" in main_of(page)
    many[0].is_public = False
    many[0].save()
    rebuild_listing()
    assert signed_in.post("/my/storefront/", {"products": [many[0].pk]}).status_code == 200
    assert not ChosenProduct.objects.exists()


def test_only_active_members_edit_a_page(client, ada):
    assert client.get("/my/storefront/").url.startswith("/accounts/login/")
    client.force_login(make_user("emma"))
    assert client.get("/my/storefront/").url == "/my/"
    set_status(member_id=ada.pk, status="suspended")
    client.force_login(ada.user)
    assert client.post("/my/storefront/", {"greeting": "x"}).url == "/my/"
    assert not MemberStorefront.objects.exists()


def test_the_form_cannot_be_sent_by_another_site(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada.user)
    assert strict.post("/my/storefront/", {"greeting": "x"}).status_code == 403
