"""Says where a shopper goes in the demo company it runs in, and with which cookies (as JSON)."""

import json
import sys

import django

HOST = "127.0.0.1"


def main() -> None:
    """Put one piece of the first product into a visitor's basket."""
    django.setup()
    from django.test import Client
    from django.urls import reverse

    from storefront.shop.listing.models import ProductCard

    card = ProductCard.objects.order_by("pk").filter(product__structure="standalone").first()
    if card is None:
        sys.exit("There are no products.")
    visitor = Client(HTTP_HOST=HOST)
    add = reverse("basket:add", kwargs={"pk": card.product_id})
    visitor.post(add, {"quantity": 1}, secure=True)
    paths = {
        "home": "/",
        "list": reverse("catalogue:index"),
        "product": card.product.get_absolute_url(),
        "basket": reverse("basket:summary"),
        "checkout": reverse("checkout:shipping-address"),
    }
    for path in paths.values():
        answer = visitor.get(path, secure=True)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}.")
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in visitor.cookies.items())
    json.dump({"paths": paths, "cookies": cookies}, sys.stdout)


if __name__ == "__main__":
    main()
