"""A saved look reaches pages, mails, paper, icons and other processes, and can be taken back."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from storefront.brand import selectors, services
from storefront.brand.models import BrandChange, BrandSettings, Corners, Footer, Header
from storefront.brand.palette import Unreadable
from storefront.brand.selectors import get_look, get_paper_style
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return Site.objects.get(is_default_site=True)


def change(site, **values):
    return services.change_brand(site=site, values=values, by=None, at=timezone.now())


def test_a_new_colour_has_a_new_address_and_old_pages_get_it_too(site, client):
    before = get_look().stylesheet
    change(site, accent="#24527a")
    after = get_look().stylesheet
    assert before != after
    page = client.get(reverse("account_login")).content.decode()
    assert f'href="{after}"' in page
    sheet = client.get(after)
    assert "--t-accent: #24527a" in sheet.content.decode()
    assert "immutable" in sheet["Cache-Control"] and sheet["Content-Type"].startswith("text/css")
    old = client.get("/brand/0123456789abcdef.css")
    assert "--t-accent: #24527a" in old.content.decode()
    assert old["Cache-Control"] == "no-store"


def test_a_warm_look_costs_no_query(site, django_assert_num_queries):
    change(site, accent="#24527a")
    get_look()
    with django_assert_num_queries(0):
        assert get_look().light["accent"] == "#24527a"


def test_a_stylesheet_that_another_process_made_is_found(site, client):
    get_look()
    old = cache.get(selectors.KEY)
    change(site, accent="#24527a")
    address = get_look().stylesheet
    cache.set(selectors.KEY, old)
    assert "#24527a" in client.get(address).content.decode()


def test_each_site_wears_its_own_look(site, client):
    root = site.root_page
    other = Site.objects.create(hostname="clay.example", port=80, root_page=root)
    change(other, accent="#9c452b")
    address = reverse("account_login")
    digest = get_look(site_id=other.pk).digest
    assert digest in client.get(address, headers={"host": "clay.example"}).content.decode()
    assert digest not in client.get(address).content.decode()


@pytest.mark.parametrize("part, variant", [
    *(("header", variant) for variant in Header.values),
    *(("footer", variant) for variant in Footer.values),
])  # fmt: skip
def test_every_header_and_footer_is_worn_by_pages_and_has_rules(site, client, part, variant):
    change(site, **{part: variant})
    page = client.get(reverse("account_login")).content.decode()
    assert f'class="site-{part} {part}-{variant}' in page
    is_plain = variant in (Header.CLASSIC, Footer.COLUMNS)
    rules = Path(finders.find("theme/shell.css")).read_text()
    assert is_plain or f".{part}-{variant}" in rules


def test_square_and_round_corners_reach_pages_and_mails(site, client):
    radii = {}
    for corners in Corners.values:
        change(site, corners=corners)
        sheet = client.get(get_look().stylesheet).content.decode()
        radii[corners] = sheet.partition("--t-radius: ")[2].partition(";")[0]
        mail = render_to_string("mail/base.html", {"subject": "Hello"})
        assert ("border-radius:12px" in mail.replace(": ", ":")) == (corners == Corners.SMALL)
    assert radii == {"none": "0px", "small": "", "round": "12px"}


def test_mails_take_colours_and_head(site):
    change(site, accent="#24527a", mail_head="band")
    html = render_to_string("mail/base.html", {"subject": "Hello"})
    assert "#24527a" in html and "#2c6a3b" not in html


def test_paper_takes_colours_fonts_and_logo(site):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M0 0h4v2z"/></svg>'
    change(
        site,
        accent="#24527a",
        text_font="source-sans",
        heading_font="text",
        logo=ContentFile(svg, name="a.svg"),
        logo_size="4x2",
    )
    style = get_paper_style()
    assert style.colours["accent"] == "#24527a" and "text_muted" in style.colours
    assert style.text_font == style.heading_font == "Source Sans Pro"
    assert all(folder.is_dir() for folder in style.font_folders)
    assert (style.logo, style.logo_format) == (svg, "svg")


def test_every_change_is_kept_and_can_be_taken_back_step_by_step(site):
    ada = make_user("ada")
    for accent in ("#24527a", "#9c452b"):
        services.change_brand(site=site, values={"accent": accent}, by=ada, at=timezone.now())
    services.undo_last_change(site=site, by=ada, at=timezone.now())
    assert BrandSettings.objects.get(site=site).accent == "#24527a"
    services.undo_last_change(site=site, by=ada, at=timezone.now())
    assert BrandSettings.objects.get(site=site).accent == ""
    with pytest.raises(services.NothingToUndo):
        services.undo_last_change(site=site, by=ada, at=timezone.now())
    first = BrandChange.objects.earliest("pk")
    assert services.restore(change=first, by=ada, at=timezone.now())
    assert get_look().light["accent"] == "#24527a"
    assert BrandChange.objects.count() == 5


def test_saving_the_same_again_writes_no_history(site):
    assert change(site, accent="#24527a")
    assert not change(site, accent="#24527a")
    assert BrandChange.objects.count() == 1


def test_what_cannot_be_read_is_not_saved(site):
    with pytest.raises(Unreadable):
        change(site, accent="#f5c518", exact=True)
    assert not BrandChange.objects.exists()


def test_a_preset_is_one_press_and_so_is_the_way_back(site):
    change(site, accent="#9c452b", logo="brand/kept.svg", logo_size="4x2")
    services.use_preset(site=site, code="nordic", by=None, at=timezone.now())
    assert (get_look().header, get_look().corners) == ("compact", "none")
    assert BrandSettings.objects.get(site=site).logo.name == "brand/kept.svg"
    services.use_preset(site=site, code="linden", by=None, at=timezone.now())
    assert BrandSettings.objects.get(site=site).accent == ""


@pytest.mark.parametrize("size", [32, 192, 512])
def test_icons_come_in_the_sizes_that_are_asked_for(client, size, tmp_path):
    digest = get_look().digest
    for name in ("brand-icon", "brand-icon-filled"):
        answer = client.get(reverse(name, args=[digest, size]))
        (tmp_path / "icon.png").write_bytes(answer.content)
        assert Image.open(tmp_path / "icon.png").size == (size, size)
        assert "immutable" in answer["Cache-Control"]


def test_browsers_find_their_icons_and_phones_a_manifest(client: Client):
    assert client.get("/favicon.ico").content[:4] == b"\x00\x00\x01\x00"
    assert client.get("/apple-touch-icon.png").status_code == 302
    manifest = client.get("/manifest.webmanifest").json()
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert client.get(reverse("brand-icon", args=[get_look().digest, 77])).status_code == 404


def test_a_logo_stands_in_header_footer_and_mail(site, client):
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v9z"/></svg>'
    )
    change(site, mail_head="logo", logo=ContentFile(svg, name="b.svg"), logo_size="1280x320")
    page = client.get(reverse("account_login")).content.decode()
    assert page.count('class="brand-logo on-plate"') == 2
    assert 'width="1280" height="320"' in page
    answer = client.get(reverse("brand-logo", args=[get_look().digest, "logo"]))
    assert answer.content.startswith(b"\x89PNG")
