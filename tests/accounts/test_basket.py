"""What a visitor put into the basket is still there after signing in."""

import pytest
from oscar.core.loading import get_model

from tests.factories import make_account, make_product

pytestmark = pytest.mark.django_db


def put_into_basket(client, product, quantity=1):
    answer = client.post(f"/shop/basket/add/{product.pk}/", {"quantity": quantity})
    assert answer.status_code == 302


def test_the_basket_of_a_visitor_is_kept_when_signing_in(client):
    ada, soap = make_account("ada"), make_product("Linden soap")
    put_into_basket(client, soap, 2)
    client.post("/accounts/login/", {"login": ada.email, "password": "lantern-ada"})
    assert client.get("/shop/basket/").status_code == 200
    basket = get_model("basket", "Basket").open.get(owner=ada)
    assert [(line.product, line.quantity) for line in basket.all_lines()] == [(soap, 2)]


def test_both_baskets_become_one(client):
    ada, soap, tin = make_account("ada"), make_product("Linden soap"), make_product("Tea tin")
    client.post("/accounts/login/", {"login": ada.email, "password": "lantern-ada"})
    put_into_basket(client, soap)
    client.post("/accounts/logout/")
    put_into_basket(client, tin)
    client.post("/accounts/login/", {"login": ada.email, "password": "lantern-ada"})
    client.get("/shop/basket/")
    basket = get_model("basket", "Basket").open.get(owner=ada)
    assert {line.product for line in basket.all_lines()} == {soap, tin}


def test_the_basket_is_not_left_behind_for_the_next_visitor(client):
    ada, soap = make_account("ada"), make_product("Linden soap")
    client.post("/accounts/login/", {"login": ada.email, "password": "lantern-ada"})
    put_into_basket(client, soap)
    client.post("/accounts/logout/")
    assert client.get("/shop/basket/").context["basket"].is_empty
