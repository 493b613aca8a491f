"""Pictures in the CMS: described when they are uploaded, cut before the first visitor comes."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.models import Collection, Page

from storefront.cms.models import ContentPage, NewsIndexPage, NewsPage
from storefront.cms.pictures import AVIF_SPEED, BLOCK_USES
from storefront.cms.tasks import make_cuts_of_page
from tests.cms.building import make_home, make_image, make_page, picture, stream

pytestmark = pytest.mark.django_db
BLOCKS = {
    "hero": lambda image: {"headline": "Hello", "picture": picture(image)},
    "text_with_picture": lambda image: {"picture": picture(image), "text": "<p>x</p>"},
    "picture": lambda image: {"picture": picture(image), "width": "wide"},
    "gallery": lambda image: {"pictures": [{"picture": picture(image), "caption": ""}]},
    "quote": lambda image: {"quote": "Well made", "portrait": picture(image)},
    "category_tiles": lambda image: {"tiles": [{"category": None, "picture": picture(image)}]},
    "video": lambda image: {
        "address": "https://video.example.com/x", "title": "Film", "picture": picture(image)
    },
}  # fmt: skip


def a_file(name: str = "bench.png") -> SimpleUploadedFile:
    buffer = BytesIO()
    Drawing.new("RGB", (80, 60), "#e6ecdc").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


def upload(client: Any, **fields: Any) -> Any:
    values = {"title": "Bench", "file": a_file(), "collection": Collection.objects.get().pk}
    return client.post(reverse("wagtailimages:add"), {**values, **fields})


def test_an_upload_without_a_description_is_refused_beside_its_field(admin_client: Any) -> None:
    answer = upload(admin_client, description="  ")
    assert answer.status_code == 200
    assert "description" in answer.context["form"].errors
    assert not get_image_model().objects.exists()
    assert upload(admin_client, description="A bench").status_code == 302
    assert get_image_model().objects.get().description == "A bench"


def test_a_description_cannot_be_taken_away_again(admin_client: Any) -> None:
    image = make_image()
    address = reverse("wagtailimages:edit", args=[image.pk])
    answer = admin_client.post(address, {"title": "Bench", "description": ""})
    assert "description" in answer.context["form"].errors
    image.refresh_from_db()
    assert image.description == "Workshop with a bench"


def test_several_uploads_at_once_wait_for_their_descriptions(admin_client: Any) -> None:
    answer = admin_client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Bench", "files[]": a_file(), "collection": Collection.objects.get().pk},
    ).json()
    assert answer["success"] and "description" in answer["form"]
    assert not get_image_model().objects.exists()
    number = answer["uploaded_file_id"]
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    values = {
        f"uploaded-image-{number}-title": "Bench",
        f"uploaded-image-{number}-collection": Collection.objects.get().pk,
    }
    assert not admin_client.post(address, values).json()["success"]
    described = {**values, f"uploaded-image-{number}-description": "A bench"}
    assert admin_client.post(address, described).json()["success"]
    assert get_image_model().objects.get().description == "A bench"


def test_the_window_of_pictures_asks_for_a_description_too(admin_client: Any) -> None:
    answer = admin_client.post(
        reverse("wagtailimages_chooser:create"),
        {
            "image-chooser-upload-title": "Bench",
            "image-chooser-upload-file": a_file(),
            "image-chooser-upload-collection": Collection.objects.get().pk,
        },
    )
    assert answer.json()["step"] == "reshow_creation_form"
    assert not get_image_model().objects.exists()


# --- cuts ------------------------------------------------------------------------------------


def count_cuts() -> int:
    return get_image_model().get_rendition_model().objects.count()


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_a_visitor_waits_for_no_cut_of_a_published_page(client: Any, kind: str) -> None:
    page = make_page(ContentPage, make_home(), body=stream((kind, BLOCKS[kind](make_image()))))
    make_cuts_of_page.func(page.pk)
    made = count_cuts()
    assert made > 1
    assert client.get(page.get_url()).status_code == 200
    make_cuts_of_page.func(page.pk)
    assert count_cuts() == made


def test_every_block_with_pictures_is_tested() -> None:
    assert set(BLOCKS) == set(BLOCK_USES)


def test_no_cut_is_made_that_the_page_does_not_show(client: Any) -> None:
    page = make_page(
        ContentPage, make_home(), body=stream(("gallery", BLOCKS["gallery"](make_image())))
    )
    make_cuts_of_page.func(page.pk)
    # Two sizes in two formats.
    assert count_cuts() == 4


def test_the_picture_of_news_is_cut_for_news_and_list(client: Any) -> None:
    index = make_page(NewsIndexPage, make_home(), title="News", slug="news")
    page = make_page(NewsPage, index, title="Soap", teaser="x", picture=make_image())
    make_cuts_of_page.func(page.pk)
    made = count_cuts()
    for path in ("/news/", page.get_url()):
        assert client.get(path).status_code == 200
    assert count_cuts() == made


def test_a_page_that_is_gone_needs_no_cuts() -> None:
    make_cuts_of_page.func(999_999)
    make_cuts_of_page.func(Page.get_first_root_node().pk)


def test_modern_files_are_written_with_little_effort() -> None:
    drawing = Drawing.radial_gradient("L").convert("RGB")

    def write(**options: int) -> bytes:
        buffer = BytesIO()
        drawing.save(buffer, "AVIF", quality=61, **options)
        return buffer.getvalue()

    assert write() == write(speed=AVIF_SPEED) != write(speed=6)
