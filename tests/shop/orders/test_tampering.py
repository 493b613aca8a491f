"""What a buyer sends in place of what the page's form would: keys, files and other people's orders."""

import io
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from storefront.shop.fulfilment.selectors import RETURN_KEY
from storefront.shop.order.selectors import get_page_url
from storefront.shop.returns.models import ReturnRequest
from tests.factories import make_user
from tests.shop.orders.buying import buy, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(client: Client) -> Any:
    user = make_user("dora")
    client.force_login(user)
    return user


def draw(kind: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((300, 300), 60).convert("RGB").save(file, kind)
    return file.getvalue()


def test_a_key_like_that_of_a_return_keeps_no_pieces_from_sale(client: Client, dora: Any) -> None:
    order = buy(user=dora, quantity=3)

    client.post(
        get_page_url(order=order, name="cancel"), {"key": f"{RETURN_KEY}R{order.number}-1:1"}
    )

    order.refresh_from_db()
    assert order.status == "Cancelled"
    record = order.lines.get().stockrecord
    assert (record.num_in_stock, record.num_allocated) == (20, 0)


def test_a_buyers_key_is_not_the_key_of_another_refund(client: Client, dora: Any) -> None:
    order, other = buy("Soap", user=dora), buy("Towel", user=dora)
    for each in (order, other):
        client.post(get_page_url(order=each, name="cancel"), {"key": "the same"})

    for each in (order, other):
        each.refresh_from_db()
        assert each.status == "Cancelled"


@pytest.mark.parametrize(
    "content",
    [
        draw("JPEG")[:4000],
        draw("PNG")[:4000],
        draw("GIF"),
        draw("TIFF"),
        draw("EPS"),
        b"no picture",
    ],
    ids=["cut JPEG", "cut PNG", "GIF", "TIFF", "EPS", "text"],
)
def test_what_is_no_whole_picture_is_refused_beside_its_field(
    client: Client, dora: Any, content: bytes
) -> None:
    order = buy(user=dora)
    send(order)
    url = get_page_url(order=order, name="return-new")
    name = "lid.eps" if content.startswith(b"%!PS") else "lid.jpg"

    page = client.post(
        url,
        {
            "key": "k",
            f"line_{order.lines.get().pk}": 1,
            "reason": "damaged",
            "picture": SimpleUploadedFile(name, content, "image/jpeg"),
        },
    )

    assert page.status_code == 200
    assert page.context["form"].errors["picture"]
    assert not ReturnRequest.objects.exists()


def test_a_picture_larger_than_any_camera_takes_is_refused(client: Client, dora: Any) -> None:
    order = buy(user=dora)
    send(order)
    file = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")

    page = client.post(
        get_page_url(order=order, name="return-new"),
        {
            "key": "k",
            f"line_{order.lines.get().pk}": 1,
            "reason": "damaged",
            "picture": SimpleUploadedFile("lid.png", file.getvalue(), "image/png"),
        },
    )

    assert page.context["form"].errors["picture"]


def test_a_whole_picture_is_kept(client: Client, dora: Any) -> None:
    order = buy(user=dora)
    send(order)

    client.post(
        get_page_url(order=order, name="return-new"),
        {
            "key": "k",
            f"line_{order.lines.get().pk}": 1,
            "reason": "damaged",
            "picture": SimpleUploadedFile("lid.webp", draw("WEBP"), "image/webp"),
        },
    )

    assert ReturnRequest.objects.get().picture.startswith("returns/")


def test_a_form_sent_twice_keeps_one_picture(client: Client, dora: Any) -> None:
    order = buy(user=dora, quantity=3)
    send(order)
    folder = storages["private"]
    for name in folder.listdir("returns")[1] if folder.exists("returns") else ():
        folder.delete(f"returns/{name}")

    for _time in range(2):
        client.post(
            get_page_url(order=order, name="return-new"),
            {
                "key": "k",
                f"line_{order.lines.get().pk}": 1,
                "reason": "damaged",
                "picture": SimpleUploadedFile("lid.webp", draw("WEBP"), "image/webp"),
            },
        )

    request = ReturnRequest.objects.get()
    assert folder.listdir("returns")[1] == [request.picture.removeprefix("returns/")]
