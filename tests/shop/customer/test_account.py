"""The account's own pages: overview, addresses with their defaults, wish lists."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.shop.customer.services import add_to_wish_list, save_address, set_default_address
from storefront.shop.listing.services import rebuild_listing
from tests.accounts.in_use import fill_account
from tests.factories import make_account, make_country, make_member, make_product
from tests.racing import run_together

pytestmark = pytest.mark.django_db
ACCOUNT = "/shop/accounts/"
UserAddress = get_model("address", "UserAddress")
HOME = {
    "first_name": "Dora",
    "last_name": "Lindt",
    "line1": "Lindenweg 4",
    "postcode": "07743",
    "line4": "Jena",
    "country": "DE",
}


@pytest.fixture
def dora(client: Client) -> Any:
    make_country()
    dora = make_account("dora", first_name="Dora")
    client.force_login(dora)
    return dora


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_new_account_is_told_what_to_do_next(client: Client, dora: Any) -> None:
    page = text(client.get(ACCOUNT))
    for words in ("not ordered anything yet", "Add an address", "Start a wish list"):
        assert words in page


def test_the_overview_shows_order_address_lists_and_cabinet(
    client: Client, dora: Any, django_assert_max_num_queries: Any
) -> None:
    fill_account(dora)
    make_member("dora", user_id=dora.pk)
    with django_assert_max_num_queries(22):
        page = text(client.get(ACCOUNT))
    for words in (dora.orders.get().number, "Lindenweg 4", "Winter", "To my cabinet"):
        assert words in page


def test_one_address_is_the_default_for_deliveries(client: Client, dora: Any) -> None:
    client.post(f"{ACCOUNT}addresses/add/", {**HOME, "is_default_for_shipping": "on"})
    client.post(
        f"{ACCOUNT}addresses/add/", {**HOME, "line1": "Am Bach 1", "is_default_for_shipping": "on"}
    )
    first, second = dora.addresses.order_by("pk")
    assert (first.is_default_for_shipping, second.is_default_for_shipping) == (False, True)
    change = f"{ACCOUNT}addresses/{first.pk}/default_for_shipping/"
    assert client.get(change).status_code == 405
    client.post(change)
    assert dora.addresses.get(is_default_for_shipping=True) == first


def test_an_address_that_is_known_is_refused_beside_the_form(client: Client, dora: Any) -> None:
    for _again in range(2):
        answer = client.post(f"{ACCOUNT}addresses/add/", HOME)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert dora.addresses.count() == 1


def test_no_deliveries_where_the_shop_sends_nothing(client: Client, dora: Any) -> None:
    country = make_country("CH", "Switzerland")
    country.is_shipping_country = False
    country.save()
    abroad = {**HOME, "country": "CH", "postcode": "8001"}
    sent = {**abroad, "is_default_for_shipping": "on"}
    assert (
        "is_default_for_shipping"
        in client.post(f"{ACCOUNT}addresses/add/", sent).context["form"].errors
    )
    client.post(f"{ACCOUNT}addresses/add/", abroad)
    address = dora.addresses.get()
    client.post(f"{ACCOUNT}addresses/{address.pk}/default_for_shipping/")
    address.refresh_from_db()
    assert not address.is_default_for_shipping
    client.post(f"{ACCOUNT}addresses/{address.pk}/default_for_billing/")
    address.refresh_from_db()
    assert address.is_default_for_billing


def test_addresses_of_others_are_not_found(client: Client, dora: Any) -> None:
    ben = make_account("ben")
    address = ben.addresses.create(line1="Elsewhere 1", country_id="DE")
    for path in (f"{address.pk}/default_for_shipping/", f"{10**30}/default_for_billing/"):
        assert client.post(f"{ACCOUNT}addresses/{path}").status_code == 404


class TestWishLists:
    """/shop/accounts/wishlists/"""

    LISTS = f"{ACCOUNT}wishlists/"

    @pytest.fixture
    def soap(self) -> Any:
        soap = make_product("Linden soap")
        rebuild_listing()
        return soap

    def test_looking_at_the_page_adds_nothing(self, client: Client, dora: Any, soap: Any) -> None:
        page = text(client.get(f"{self.LISTS}add/{soap.pk}/"))
        assert "Linden soap" in page
        assert not dora.wishlists.exists()

    def test_a_visitor_signs_in_and_comes_back_to_the_product(self, soap: Any) -> None:
        path = f"{self.LISTS}add/{soap.pk}/"
        assert Client().get(path).url == f"/accounts/login/?next={path}"

    def test_the_heart_adds_once(self, client: Client, dora: Any, soap: Any) -> None:
        for _again in range(2):
            client.post(f"{self.LISTS}add/{soap.pk}/")
        assert dora.wishlists.get().lines.get().quantity == 1

    def test_with_several_lists_it_asks_which(self, client: Client, dora: Any, soap: Any) -> None:
        winter, summer = (dora.wishlists.create(name=name) for name in ("Winter", "Summer"))
        path = f"{self.LISTS}add/{soap.pk}/"
        assert client.post(path).url == path
        client.post(path, {"wish_list": summer.key})
        assert (winter.lines.count(), summer.lines.count()) == (0, 1)
        client.post(path, {"wish_list": "new", "name": "Spring"})
        assert dora.wishlists.get(name="Spring").lines.get().product == soap
        assert "name" in client.post(path, {"wish_list": "new"}).context["form"].errors

    def test_a_product_goes_to_the_basket(self, client: Client, dora: Any, soap: Any) -> None:
        wish_list, _ = add_to_wish_list(user=dora, product=soap)
        line = wish_list.lines.get()
        page = text(client.get(f"{self.LISTS}{wish_list.key}/"))
        assert f"lines/{line.pk}/to-basket/" in page
        client.post(f"{self.LISTS}{wish_list.key}/lines/{line.pk}/to-basket/")
        assert not wish_list.lines.exists()
        assert dora.baskets.get().lines.get().product == soap
        again = client.post(f"{self.LISTS}{wish_list.key}/lines/{line.pk}/to-basket/")
        assert again.status_code == 404

    def test_a_variant_is_shown_at_its_own_price_and_stock(self, client: Client, dora: Any) -> None:
        """A candle at 12.00 and one at 34.00, sold out: the list shows 34.00, and no “from”."""
        small, large = make_product("Small", price="12.00"), make_product("Large", price="34.00")
        head = get_model("catalogue", "Product").objects.create(
            title="Candle", slug="candle", structure="parent", product_class=small.product_class
        )
        for variant in (small, large):
            variant.parent, variant.structure, variant.product_class = head, "child", None
            variant.save()
        large.stockrecords.update(num_in_stock=0)
        rebuild_listing()
        wish_list, _ = add_to_wish_list(user=dora, product=large)
        page = text(client.get(f"{self.LISTS}{wish_list.key}/"))
        assert "34.00" in page and "12.00" not in page
        assert "Sold out" in page and 'class="muted">from' not in page
        add_to_wish_list(user=dora, product=small)
        both = text(client.get(f"{self.LISTS}{wish_list.key}/"))
        assert "34.00" in both and "12.00" in both
        assert both.count("to-basket/") == 1

    def test_what_is_sold_out_stays_on_the_list(self, client: Client, dora: Any) -> None:
        gone = make_product("Gone", stock=0)
        wish_list, _ = add_to_wish_list(user=dora, product=gone)
        line = wish_list.lines.get()
        client.post(f"{self.LISTS}{wish_list.key}/lines/{line.pk}/to-basket/")
        assert wish_list.lines.exists() and not dora.baskets.filter(lines__gt=0).exists()

    def test_a_line_moves_to_another_list(self, client: Client, dora: Any, soap: Any) -> None:
        winter, summer = (dora.wishlists.create(name=name) for name in ("Winter", "Summer"))
        for _again in range(2):
            add_to_wish_list(user=dora, product=soap, key=winter.key)
            line = winter.lines.get()
            path = f"{self.LISTS}{winter.key}/lines/{line.pk}/move-to/{summer.key}/"
            assert client.get(path).status_code == 405
            client.post(path)
        assert (winter.lines.count(), summer.lines.count()) == (0, 1)

    def test_a_list_is_shared_with_an_address_however_it_is_written(
        self, client: Client, dora: Any
    ) -> None:
        wish_list = dora.wishlists.create(name="Winter")
        said = {
            "name": "Winter",
            "visibility": "Shared",
            "shared_emails-TOTAL_FORMS": "1",
            "shared_emails-INITIAL_FORMS": "0",
            "shared_emails-0-email": "Ben@Example.COM",
        }
        assert client.post(f"{self.LISTS}{wish_list.key}/update/", said).status_code == 302
        ben = Client()
        ben.force_login(make_account("ben"))
        assert ben.get(f"/shop/wishlists/{wish_list.key}/").status_code == 200

    def test_a_shared_list_opens_by_its_link_and_a_private_one_does_not(
        self, client: Client, dora: Any, soap: Any
    ) -> None:
        wish_list, _ = add_to_wish_list(user=dora, product=soap)
        shared = f"/shop/wishlists/{wish_list.key}/"
        assert Client().get(shared).status_code == 403
        form = {
            "name": "Presents",
            "visibility": "Public",
            "shared_emails-TOTAL_FORMS": "0",
            "shared_emails-INITIAL_FORMS": "0",
        }
        client.post(f"{self.LISTS}{wish_list.key}/update/", form)
        page = text(Client().get(shared))
        assert "Presents" in page and "Linden soap" in page and "noindex" in page
        assert "dora@example.com" not in page
        assert shared in text(client.get(f"{self.LISTS}{wish_list.key}/"))

    def test_lists_of_others_take_nothing(self, client: Client, dora: Any, soap: Any) -> None:
        theirs, _ = add_to_wish_list(user=make_account("ben"), product=soap)
        line = theirs.lines.get()
        mine = dora.wishlists.create(name="Mine")
        for path in (
            f"{theirs.key}/lines/{line.pk}/to-basket/",
            f"{theirs.key}/lines/{line.pk}/move-to/{mine.key}/",
            f"{theirs.key}/add/{soap.pk}/",
        ):
            assert client.post(f"{self.LISTS}{path}").status_code == 404
        answer = client.post(f"{self.LISTS}add/{soap.pk}/", {"wish_list": theirs.key})
        assert "wish_list" in answer.context["form"].errors

    def test_a_long_list_costs_no_more_queries(
        self, client: Client, dora: Any, soap: Any, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            add_to_wish_list(user=dora, product=make_product(f"Thing {number}"))
        rebuild_listing()
        with django_assert_max_num_queries(26):
            client.get(f"{self.LISTS}{dora.wishlists.get().key}/")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_keep_one_default_and_one_line() -> None:
    make_country()
    dora = make_account("dora")
    homes = [
        save_address(
            address=UserAddress(user=dora, line1=f"Lindenweg {n}", country_id="DE"), user=dora
        )
        for n in range(4)
    ]
    run_together(
        [
            partial(set_default_address, user=dora, address_id=home.pk, use="default_for_shipping")
            for home in homes
        ]
    )
    assert dora.addresses.filter(is_default_for_shipping=True).count() == 1
    soap = make_product()
    added = run_together([partial(add_to_wish_list, user=dora, product=soap)] * 4)
    assert sorted(is_new for _list, is_new in added) == [False, False, False, True]
    assert dora.wishlists.count() == 1
