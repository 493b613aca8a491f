"""The form of the look in the CMS: what a marketer can do, and what others cannot."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from storefront.accounts.roles import MARKETERS, OPERATORS
from storefront.brand.models import BrandChange, BrandSettings
from storefront.brand.selectors import VALUES, get_look, get_values
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def mika(client: Client) -> Client:
    client.force_login(make_account("mika", MARKETERS))
    return client


@pytest.fixture
def site() -> Site:
    return Site.objects.get(is_default_site=True)


def form_of(site: Site) -> str:
    return reverse("wagtailsettings:edit", args=["brand", "brandsettings", site.pk])


def filled(**values: Any) -> dict[str, Any]:
    start = {name: value for name, value in get_values(brand=BrandSettings()).items() if value}
    return {**start, **values}


def test_the_form_shows_presets_preview_and_history(mika: Client, site: Site) -> None:
    html = mika.get(form_of(site)).content.decode()
    for word in ("Nordic", "data-brand-preview", "brand_editor.js", "Nothing was changed yet"):
        assert word in html


def test_saving_changes_the_site_and_names_who_did_it(mika: Client, site: Site) -> None:
    assert mika.post(form_of(site), filled(accent="#24527a")).status_code == 302
    assert get_look().light["accent"] == "#24527a"
    assert BrandChange.objects.get().by.email.startswith("mika")
    html = mika.get(form_of(site)).content.decode()
    assert "as the theme has it → #24527a" in html
    assert mika.post(reverse("brand-undo", args=[site.pk])).status_code == 302
    assert BrandSettings.objects.get().accent == ""


def test_an_exact_colour_that_cannot_be_read_is_refused_with_pair_and_ratio(
    mika: Client, site: Site
) -> None:
    html = mika.post(form_of(site), filled(accent="#f5c518", exact="on")).content.decode()
    assert "is 1.4 to 1 and needs 4.5" in html
    assert not BrandChange.objects.exists()


@pytest.mark.parametrize(
    "colour", ["red", "#12345", "#1234567", "<script>", "#gggggg\n", "x" * 9999]
)
def test_what_is_no_colour_is_refused_beside_its_field(
    mika: Client, site: Site, colour: str
) -> None:
    answer = mika.post(form_of(site), filled(accent=colour))
    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()
    found = mika.post(reverse("brand-check", args=[site.pk]), filled(accent=colour)).json()
    assert found["errors"]["accent"]


def test_the_open_form_is_told_how_its_colours_read_and_how_to_show_them(
    mika: Client, site: Site
) -> None:
    address = reverse("brand-check", args=[site.pk])
    found = mika.post(address, filled(accent="#f5c518", mode="dark")).json()
    assert "#f5c518 became" in found["colours"]["accent"]["changes"][0]
    page = mika.get(f"/shop/catalogue/?look={found['look']}")
    assert page["X-Frame-Options"] == "SAMEORIGIN" and page["Cache-Control"] == "no-store"
    assert "/brand/draft.css?look=" in page.content.decode()
    sheet = mika.get(f"/brand/draft.css?look={found['look']}").content.decode()
    assert "color-scheme: dark" in sheet and "prefers-color-scheme" not in sheet
    visitor = Client().get(f"/shop/catalogue/?look={found['look']}")
    assert visitor["X-Frame-Options"] == "DENY"
    assert "draft.css" not in visitor.content.decode()


def test_a_forged_draft_shows_nothing(mika: Client) -> None:
    assert "draft.css" not in mika.get("/shop/catalogue/?look=forged").content.decode()
    assert mika.get("/brand/draft.css?look=forged").status_code == 404


def test_a_logo_is_cleaned_kept_and_taken_away_again(mika: Client, site: Site) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" onload="alert(1)">'
    svg += b'<path d="M0 0h40v9z"/></svg>'
    upload = SimpleUploadedFile("Our logo.svg", svg, content_type="image/svg+xml")
    assert mika.post(form_of(site), filled(logo=upload)).status_code == 302
    logo = get_look().logo
    assert logo and logo.name.endswith(".svg") and logo.width == 4 * logo.height
    with BrandSettings.objects.get().logo.open() as kept:
        assert b"alert" not in kept.read()
    mika.post(form_of(site), filled(**{"logo-clear": "on"}))
    assert get_look().logo is None
    bad = SimpleUploadedFile("a.png", b"no picture", content_type="image/png")
    assert "Upload an SVG" in mika.post(form_of(site), filled(logo=bad)).content.decode()


def test_samples_of_a_product_and_a_mail_open(mika: Client) -> None:
    assert mika.get(reverse("brand-sample-product")).status_code == 302
    assert 'class="sheet"' in mika.get(reverse("brand-sample-mail")).content.decode()


def test_others_may_not_touch_it(client: Client, site: Site) -> None:
    client.force_login(make_account("oskar", OPERATORS))
    for address in (
        reverse("brand-check", args=[site.pk]),
        reverse("brand-preset", args=[site.pk, "nordic"]),
        reverse("brand-undo", args=[site.pk]),
    ):
        assert client.post(address, filled()).status_code in (302, 403)
    assert not BrandChange.objects.exists()


def test_an_unknown_preset_is_not_found_and_a_button_is_no_link(mika: Client, site: Site) -> None:
    assert mika.post(reverse("brand-preset", args=[site.pk, "gold"])).status_code == 404
    assert mika.get(reverse("brand-preset", args=[site.pk, "nordic"])).status_code == 405
    assert set(VALUES) <= set(get_values(brand=BrandSettings()))
