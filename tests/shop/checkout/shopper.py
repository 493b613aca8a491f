"""A shopper with a browser: what most checkout tests do before they come to their point."""

from typing import Any

from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from tests.factories import make_country, make_product

ADDRESS = {
    "email": "dora@example.com",
    "first_name": "Dora",
    "last_name": "Lindt",
    "line1": "Lindenweg 4",
    "line4": "Jena",
    "postcode": "07743",
    "country": "DE",
}


def make_address(user: Any, **fields: Any) -> Any:
    """An address in somebody's book."""
    said = {**ADDRESS, **fields, "country": make_country(fields.get("country", "DE"))}
    del said["email"]
    return get_model("address", "UserAddress").objects.create(user=user, **said)


class Shopper:
    """Walks through the shop by its pages, as a guest or signed in."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        make_country("DE", "Germany")
        make_country("AT", "Austria")

    def put_into_basket(self, product: Any = None, quantity: int = 1) -> Any:
        product = product or make_product()
        answer = self.client.post(reverse("basket:add", args=[product.pk]), {"quantity": quantity})
        assert answer.status_code == 302, answer.content
        return product

    def post(self, name: str, fields: dict[str, Any]) -> Any:
        return self.client.post(reverse(f"checkout:{name}"), fields)

    def get(self, name: str) -> Any:
        return self.client.get(reverse(f"checkout:{name}"))

    def say_everything(self, **address: str) -> None:
        """E-mail, address and delivery; what is left is paying."""
        answer = self.post("shipping-address", {**ADDRESS, **address})
        assert answer.status_code == 302, answer.context["form"].errors
        self.post("shipping-method", {"method_code": "standard"})

    def pay(self, card: str = "", **fields: Any) -> Any:
        """Send the payment form as the page shows it."""
        page = self.get("payment-details")
        said = {
            "method": "card",
            "payment_method": card,
            "seen_total": page.context["total_minor"],
            "seen_wallet": page.context["wallet_share"],
            "seen_legal": page.context["seen_legal"],
            **fields,
        }
        return self.post("payment-details", said)
