"""The address step: fields by country, errors in words, addresses of the account."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from storefront.shop.checkout.address_rules import get_address_rules
from storefront.shop.listing.services import rebuild_listing
from storefront.shop.payments.models import CheckoutAttempt
from tests.factories import make_country, make_product, make_user
from tests.localstripe import LocalStripe
from tests.shop.checkout.shopper import ADDRESS, Shopper, make_address

pytestmark = pytest.mark.django_db
PERSON = {"email": "dora@example.com", "first_name": "Dora", "last_name": "Lindt"}


@pytest.fixture
def shopper() -> Shopper:
    shopper = Shopper()
    for code in ("US", "RU", "IE", "AE", "GB", "JP"):
        make_country(code, code)
    shopper.put_into_basket()
    return shopper


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: list(map(str, found)) for name, found in answer.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("country", "fields", "label"),
    [
        ("DE", ["line1", "line2", "postcode", "line4"], "Post code"),
        ("US", ["line1", "line2", "line4", "state", "postcode"], "ZIP code"),
        ("IE", ["line1", "line2", "line3", "line4", "state", "postcode"], "Eircode"),
        ("AE", ["line1", "line2", "state"], "Emirate"),
        ("RU", ["line1", "line2", "line4", "state", "postcode"], "Region (oblast)"),
    ],
)
def test_each_country_asks_for_its_own_fields(
    shopper: Shopper, country: str, fields: list[str], label: str
) -> None:
    page = shopper.post("shipping-address", {"country": country, "refresh": "1", "line1": "Elm 4"})
    form = page.context["form"]
    assert [field.name for row in form.address_rows for field in row] == fields
    assert label in [str(field.label) for field in form.fields.values()]
    assert not form.errors
    assert 'value="Elm 4"' in page.content.decode()


def test_a_script_gets_the_fields_only(shopper: Shopper) -> None:
    said = {"country": "US", "refresh": "1"}
    address = "/shop/checkout/shipping-address/"
    part = shopper.client.post(address, said, headers={"X-Part": "address"}).content.decode()
    assert 'id="address-fields"' in part and "<html" not in part
    assert "California" in part


@pytest.mark.parametrize(
    ("country", "good", "bad"),
    [
        ("DE", "07743", "7743"),
        ("AT", "1010", "10100"),
        ("GB", "ec1y 8sy", "12345"),
        ("JP", "154-0023", "15"),
    ],
)
def test_a_post_code_is_checked_as_the_country_writes_it(
    shopper: Shopper, country: str, good: str, bad: str
) -> None:
    said = {**PERSON, "line1": "Elm 4", "line4": "Town", "country": country, "state": "北海道"}
    found = errors_of(shopper.post("shipping-address", {**said, "postcode": bad}))
    assert list(found) == ["postcode"]
    assert found["postcode"][0].startswith("This is no post code of the country you chose.")
    assert shopper.post("shipping-address", {**said, "postcode": good}).status_code == 302


def test_a_country_without_post_codes_asks_for_none(
    shopper: Shopper, localstripe: LocalStripe
) -> None:
    said = {**PERSON, "line1": "Palm 4", "country": "AE", "state": "Dubai"}
    assert "state" in errors_of(shopper.post("shipping-address", said))
    code = get_address_rules("AE").find_region("Dubai")
    assert shopper.post("shipping-address", {**said, "state": code}).status_code == 302
    shopper.post("shipping-method", {"method_code": "standard"})
    shopper.pay(localstripe.card())
    address = get_model("order", "ShippingAddress").objects.get()
    assert (address.country_id, address.state, address.postcode) == ("AE", code, "")


def test_what_is_missing_is_said_beside_its_field(shopper: Shopper) -> None:
    answer = shopper.post("shipping-address", {"country": "DE"})
    found = errors_of(answer)
    assert set(found) == {"email", "first_name", "last_name", "line1", "postcode", "line4"}
    assert found["email"] == ["Please enter your e-mail address."]
    html = answer.content.decode()
    assert html.count('class="errors"') == 6
    assert 'autocomplete="postal-code"' in html and 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("number", "kept"),
    [("03641 123456", "+493641123456"), ("+43 1 5880000", "+4315880000"), ("", "")],
)
def test_a_phone_number_is_kept_in_the_international_form(
    shopper: Shopper, localstripe: LocalStripe, number: str, kept: str
) -> None:
    shopper.say_everything(phone_number=number)
    shopper.pay(localstripe.card())
    snapshot = CheckoutAttempt.objects.get().snapshot
    assert snapshot["address"]["phone_number"] == kept


@pytest.mark.parametrize("number", ["12", "abc", "+49 1", "0" * 30])
def test_what_is_no_phone_number_is_refused(shopper: Shopper, number: str) -> None:
    answer = shopper.post("shipping-address", {**ADDRESS, "phone_number": number})
    assert list(errors_of(answer)) == ["phone_number"]


def test_addresses_of_the_account_are_choices_the_usual_one_first(shopper: Shopper) -> None:
    ada = make_user("ada")
    shopper.client.force_login(ada)
    shopper.put_into_basket(make_product("Oil"))
    other = make_address(ada, line1="Other road 1")
    usual = make_address(ada, line1="Usual road 2", is_default_for_shipping=True)
    page = shopper.get("shipping-address")
    assert page.context["addresses"] == [usual, other]
    assert page.context["chosen_address"] == usual.pk
    shopper.post("shipping-address", {"address_id": other.pk})
    assert shopper.get("shipping-address").context["chosen_address"] == other.pk
    # A new address beside them; its faults show it again.
    found = shopper.post("shipping-address", {**ADDRESS, "address_id": "", "postcode": "1"})
    assert list(errors_of(found)) == ["postcode"]
    assert found.context["chosen_address"] is None
    assert shopper.post("shipping-address", {**ADDRESS, "address_id": ""}).status_code == 302
    assert shopper.get("shipping-address").context["chosen_address"] is None


def test_a_basket_of_which_nothing_travels_asks_for_the_address_of_mails_only(
    localstripe: LocalStripe,
) -> None:
    shopper = Shopper()
    course = make_product("Course")
    course.product_class.requires_shipping = False
    course.product_class.save()
    shopper.put_into_basket(course)
    page = shopper.get("shipping-address")
    assert list(page.context["form"].fields) == ["email"]
    assert shopper.post("shipping-address", {"email": "dora@example.com"}).status_code == 302
    shopper.pay(localstripe.card())
    assert CheckoutAttempt.objects.get().snapshot["address"] is None


def test_countries_are_called_as_the_visitor_calls_them(shopper: Shopper) -> None:
    shopper.client.cookies["django_language"] = "ru"
    page = shopper.get("shipping-address").content.decode()
    assert "Германия" in page and "Австрия" in page
    shopper.say_everything()
    assert "Германия" in shopper.get("payment-details").content.decode()


def test_a_country_that_is_gone_from_the_shop_is_asked_for_again(shopper: Shopper) -> None:
    shopper.say_everything(country="AT", postcode="1010")
    get_model("address", "Country").objects.filter(pk="AT").delete()
    assert shopper.get("payment-details").url == "/shop/checkout/shipping-address/"
    assert shopper.get("shipping-address").status_code == 200


@pytest.mark.parametrize("step", ["shipping-address", "shipping-method", "payment-details"])
def test_each_step_takes_the_same_queries_for_few_and_many_lines(
    shopper: Shopper, step: str
) -> None:
    shopper.say_everything()
    counts = []
    for total in (2, 6):
        Line = get_model("basket", "Line")
        while Line.objects.count() < total:
            shopper.put_into_basket(make_product(f"Soap {Line.objects.count()}"))
        rebuild_listing()
        shopper.get(step)
        with CaptureQueriesContext(connection) as queries:
            assert shopper.get(step).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
