"""An account that has been in use for a while."""

from datetime import UTC, datetime
from typing import Any

from storefront.shop.payments.services import place_order_from_attempt
from tests.factories import make_attempt, make_basket, make_country, make_product


def fill_account(person: Any) -> list[str]:
    """Give the person an order, an address, a wish list, a notification and a mail.

    Returns the addresses of the pages that show them, for nobody else's eyes.
    """
    at = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    basket = make_basket(make_product("Tea tin"), user=person)
    attempt = make_attempt(basket, at=at, user=person, email=person.email, method="transfer")
    order = place_order_from_attempt(attempt_id=attempt.pk, at=at)
    address = person.addresses.create(
        line1="Lindenweg 4", line4="Jena", postcode="07743", country=make_country()
    )
    wish_list = person.wishlists.create(name="Winter")
    wish_list.add(make_product("Linen towel"))
    person.notifications.create(subject="Hello", body="<b>Hello</b>")
    mail = person.emails.create(subject="Hello", body_text="Hello", email=person.email)
    account = "/shop/accounts/"
    return [
        f"{account}orders/{order.number}/", f"{account}addresses/{address.pk}/",
        f"{account}addresses/{address.pk}/delete/", f"{account}wishlists/{wish_list.key}/",
        f"{account}wishlists/{wish_list.key}/update/", f"{account}wishlists/{wish_list.key}/delete/",
        f"{account}notifications/{person.notifications.get().pk}/", f"{account}emails/{mail.pk}/",
    ]  # fmt: skip
