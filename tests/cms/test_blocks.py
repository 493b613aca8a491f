"""Blocks: each shown with and without what may be missing, all of a page read at once."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.utils import translation
from oscar.core.loading import get_model
from wagtail.images import get_image_model

from mlm_plugin.network.services import set_status
from storefront.cms.blocks import network
from storefront.cms.blocks.body import BodyBlock
from storefront.cms.models import ContactField, ContactPage, ContentPage
from storefront.cms.storefronts.services import set_listing
from storefront.shop.listing.services import rebuild_listing
from storefront.shop.prices.services import PriceRow, set_buyer_prices
from tests.cms.building import make_home, make_image, make_page, picture, stream
from tests.factories import JOINED, make_account, make_basket, make_family, make_product

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def home() -> Any:
    return make_home()


@pytest.fixture
def care() -> Any:
    return get_model("catalogue", "Category").add_root(name="Care", slug="care")


def stock(*titles: str) -> list[Any]:
    products = [make_product(title) for title in titles]
    rebuild_listing()
    return products


def show(client: Any, home: Any, *blocks: tuple[str, Any], query: str = "") -> Any:
    page = make_page(ContentPage, home, title="Page", body=stream(*blocks))
    answer = client.get(page.get_url() + query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").main


def names(page: Any) -> list[str]:
    return [each.text.strip() for each in page.select(".product-card-name")]


ROW = {"source": "newest", "count": "4", "products": []}
BUTTON = {"goes_to": "shop", "label": "", "page": None, "category": None, "address": ""}
EMPTY = {
    "hero": {"headline": "", "text": "", "picture": None, "tint": ""},
    "text": "",
    "text_with_picture": {"picture": None, "text": "<p>x</p>", "side": "left"},
    "picture": {"picture": None, "caption": ""},
    "gallery": {"heading": "", "pictures": []},
    "quote": {"quote": "", "name": "", "portrait": None},
    "numbers": {"heading": "", "numbers": []},
    "questions": {"heading": "", "questions": []},
    "table": {"columns": [], "rows": [], "caption": ""},
    "video": {"address": "", "title": "", "picture": None},
    "form": {"heading": "", "page": None},
    "product_row": {"source": "chosen", "products": [], "count": "4"},
    "category_tiles": {"heading": "", "tiles": []},
    "join_banner": {"headline": "", "text": "", "button": ""},
    "finder": {"heading": "", "text": ""},
}


@pytest.mark.parametrize("kind", sorted(EMPTY))
def test_a_block_without_anything_in_it_breaks_no_page(client: Any, home: Any, kind: str) -> None:
    show(client, home, (kind, EMPTY[kind]))


@pytest.mark.parametrize("kind", sorted(EMPTY))
def test_a_block_of_which_only_the_name_is_stored_breaks_no_page(
    client: Any, home: Any, kind: str
) -> None:
    show(client, home, (kind, EMPTY[kind] if kind in {"text", "table"} else {}))


def test_every_block_is_tested_empty() -> None:
    assert set(EMPTY) == set(BodyBlock().child_blocks)


# --- products ------------------------------------------------------------------------------------


def test_a_row_shows_the_newest_of_everything_or_of_a_category(
    client: Any, home: Any, care: Any
) -> None:
    soap, _tea, cream = stock("Soap", "Tea", "Cream")
    care.add_child(name="Hands").product_set.add(soap)
    care.product_set.add(cream)
    assert names(show(client, home, ("product_row", ROW))) == ["Cream", "Tea", "Soap"]
    of_care = {**ROW, "source": "category", "category": care.pk}
    page = show(client, home, ("product_row", of_care))
    assert names(page) == ["Cream", "Soap"]
    assert page.h2.text == "Care"
    assert page.select_one(".section-heading a")["href"] == care.get_absolute_url()


def test_a_row_shows_what_was_bought_most(client: Any, home: Any) -> None:
    from django.utils import timezone

    soap, tea, _cream = stock("Soap", "Tea", "Cream")
    order = get_model("order", "Order").objects.create(
        number="1", basket=make_basket(soap), currency="EUR", total_incl_tax=1, total_excl_tax=1,
        date_placed=timezone.now(),
    )  # fmt: skip
    for product, quantity in ((soap, 1), (tea, 5)):
        get_model("order", "Line").objects.create(
            order=order, product=product, title=product.title, partner_name="", partner_sku="",
            num_allocated=0,
            quantity=quantity, line_price_incl_tax=1, line_price_excl_tax=1,
            line_price_before_discounts_incl_tax=1, line_price_before_discounts_excl_tax=1,
        )  # fmt: skip
    page = show(client, home, ("product_row", {**ROW, "source": "best"}))
    assert names(page) == ["Tea", "Soap", "Cream"]


def test_chosen_products_come_in_order_and_hidden_or_gone_ones_are_left_out(
    client: Any, home: Any
) -> None:
    soap, tea, cream = stock("Soap", "Tea", "Cream")
    body = [tea.pk, 999_999, cream.pk, soap.pk]
    page = make_page(
        ContentPage, home, body=stream(("product_row", {**ROW, "source": "chosen", "products": body}))
    )  # fmt: skip
    tea.is_public = False
    tea.save()
    cream_number = cream.pk
    get_model("catalogue", "Product").objects.filter(pk=cream_number).delete()
    rebuild_listing()
    shown = BeautifulSoup(client.get(page.get_url()).content, "html.parser").main
    assert names(shown) == ["Soap"]


def test_each_buyer_sees_the_own_price(client: Any, home: Any) -> None:
    [soap] = stock("Soap")
    row = PriceRow(
        stockrecord_id=soap.stockrecords.get().pk, buyer_kind="member", rank="", min_quantity=1,
        price=Decimal("9.00"),
    )  # fmt: skip
    set_buyer_prices(rows=[row])
    page = make_page(ContentPage, home, body=stream(("product_row", ROW)))
    assert "€12.00" in client.get(page.get_url()).content.decode()
    ada = make_family()[0]
    ada.user = make_account("ada")
    ada.save()
    client.force_login(ada.user)
    assert "€9.00" in client.get(page.get_url()).content.decode()


def make_long_page(home: Any) -> Any:
    products = stock(*(f"Product {number}" for number in range(16)))
    care = get_model("catalogue", "Category").add_root(name="Care", slug="care")
    care.product_set.add(*products[:6])
    images = [make_image(f"Scene {number}") for number in range(8)]
    pages = [make_page(ContentPage, home, title=f"Aim {number}") for number in range(3)]
    leads_to = [{**BUTTON, "goes_to": "page", "page": page.pk} for page in pages]
    numbers = [product.pk for product in products]
    blocks = (
        ("hero", {"headline": "Hello", "picture": picture(images[0]), "button": leads_to[0],
                  "second_button": leads_to[1]}),
        ("product_row", {**ROW, "source": "chosen", "products": numbers[:4]}),
        ("text_with_picture", {"picture": picture(images[1]), "text": "<p>x</p>", "button": leads_to[2]}),
        ("product_row", {**ROW, "source": "category", "category": care.pk}),
        ("gallery", {"pictures": [{"picture": picture(each)} for each in images[2:5]]}),
        ("product_row", {**ROW, "source": "newest", "count": "8"}),
        ("quote", {"quote": "Well made", "portrait": picture(images[5])}),
        ("category_tiles", {"tiles": [{"category": care.pk, "picture": picture(images[6])}]}),
        ("video", {"address": "https://video.example.com/x", "title": "Film",
                   "picture": picture(images[7])}),
        ("join_banner", {"headline": "Join", "button": "Join"}),
    )  # fmt: skip
    return make_page(ContentPage, home, title="Long", body=stream(*blocks))


def test_ten_blocks_of_all_kinds_with_three_rows_keep_to_12_queries(
    client: Any, home: Any, django_assert_max_num_queries: Any
) -> None:
    page = make_long_page(home)
    client.get(page.get_url())
    with django_assert_max_num_queries(12):
        shown = BeautifulSoup(client.get(page.get_url()).content, "html.parser").main
    assert len(names(shown)) == 16
    assert len(shown.select("source[type='image/avif']")) == 8
    assert [each["loading"] for each in shown.select("picture img[loading]")] == ["lazy"] * 7


# --- pictures ------------------------------------------------------------------------------------


def test_pictures_are_modern_sized_and_described(client: Any, home: Any) -> None:
    image = make_image()
    page = show(client, home, ("picture", {"picture": picture(image, alt_text="A long bench")}))
    tag = page.select_one("figure img")
    assert tag["alt"] == "A long bench"
    assert tag["width"] and tag["height"] and tag["sizes"] and tag["loading"] == "lazy"
    assert ".webp" in tag["src"]
    assert ".avif" in page.select_one("source")["srcset"]


def test_one_picture_may_say_different_things_in_two_places(client: Any, home: Any) -> None:
    image = make_image()
    page = show(
        client,
        home,
        ("picture", {"picture": picture(image, alt_text="First")}),
        ("picture", {"picture": picture(image, alt_text="Second")}),
        ("picture", {"picture": picture(image, decorative=True)}),
    )
    assert [each["alt"] for each in page.select("figure img")] == ["First", "Second", ""]


def test_a_deleted_picture_leaves_the_page_whole(client: Any, home: Any) -> None:
    image = make_image()
    page = make_page(ContentPage, home, body=stream(("picture", {"picture": picture(image)})))
    get_image_model().objects.all().delete()
    assert client.get(page.get_url()).status_code == 200


def test_a_picture_without_words_is_refused_unless_it_is_decoration() -> None:
    image = make_image()
    block = BodyBlock().child_blocks["picture"]
    for words, is_fine in (({"alt_text": ""}, False), ({"alt_text": "", "decorative": True}, True)):
        value = block.to_python({"picture": {**picture(image), **words}, "width": "text"})
        if is_fine:
            block.clean(value)
        else:
            with pytest.raises(ValidationError):
                block.clean(value)


# --- buttons, films, tables, forms ----------------------------------------------------------------


def clean_button(**fields: Any) -> Any:
    block = BodyBlock().child_blocks["hero"].child_blocks["button"]
    return block.clean(block.to_python({**BUTTON, **fields}))


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=c", "/about/", "mailto:a@example.com"]
)
def test_a_button_leads_to_an_address(address: str) -> None:
    assert clean_button(goes_to="address", address=address).url == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example", "http://example.com", "data:text/html,x", "/\\evil",
     "https://x\"onclick=y", "x" * 600, ""],
)  # fmt: skip
def test_no_button_leads_anywhere_dangerous(address: str) -> None:
    with pytest.raises(ValidationError):
        clean_button(goes_to="address", address=address)


def test_a_button_without_an_aim_is_no_button(client: Any, home: Any) -> None:
    aim = make_page(ContentPage, home, title="Aim")
    page = make_page(
        ContentPage, home, title="From",
        body=stream(("hero", {"headline": "x", "button": {**BUTTON, "goes_to": "page", "page": aim.pk}})),
    )  # fmt: skip
    assert b"Aim" in client.get(page.get_url()).content.split(b"<main")[1].split(b"</main")[0]
    aim.unpublish()
    assert b"Aim" not in client.get(page.get_url()).content.split(b"<main")[1].split(b"</main")[0]


def test_a_film_is_a_picture_and_a_link_and_nothing_else(client: Any, home: Any) -> None:
    film = {"address": "https://video.example.com/x", "title": "Soap", "duration": "2:40"}
    page = show(client, home, ("video", film))
    assert page.select_one("a.video")["rel"] == ["noopener", "noreferrer"]
    assert not page.select("iframe, video, script, embed, object")


def test_a_table_names_its_columns_on_phones(client: Any, home: Any) -> None:
    table = {
        "columns": [{"type": "text", "heading": "Country"}, {"type": "figure", "heading": "Cost"}],
        "rows": [{"values": ["Latvia", "€4.90"]}],
        "caption": "Delivery",
    }
    page = show(client, home, ("table", table))
    cell = page.select_one("td.number")
    assert (cell["data-label"], cell.text.strip()) == ("Cost", "€4.90")


def test_a_form_of_another_page_is_sent_there(client: Any, home: Any) -> None:
    contact = make_page(ContactPage, home, title="Contact", slug="contact")
    ContactField.objects.create(page=contact, label="Your mail", field_type="email")
    page = show(client, home, ("form", {"page": contact.pk}))
    assert page.select_one("form[method=post]")["action"] == "/contact/"
    assert page.select_one("form[method=post] input[type=email]")


# --- members ---------------------------------------------------------------------------------------

FINDER = ("finder", {"heading": "Find", "text": ""})


def test_without_a_yes_only_an_exact_code_finds_a_member(client: Any, home: Any) -> None:
    ada = make_family()[0]
    for asked, is_found in (
        ("ada", True),
        ("@ADA", True),
        ("ad", False),
        ("%", False),
        ("", False),
    ):
        page = make_page(ContentPage, home, title=f"Find {asked}", body=stream(FINDER))
        raw = client.get(page.get_url(), {"member": asked}).content.decode()
        assert ('href="/@ADA/"' in raw) == is_found, asked
    set_status(member_id=ada.pk, status="suspended")
    assert 'href="/@ADA/"' not in client.get(page.get_url(), {"member": "ada"}).content.decode()


def test_who_agreed_is_found_by_name_town_or_country(client: Any, home: Any) -> None:
    """Ada and Ben are listed, Cleo is not; each word typed has to fit."""
    ada, ben, cleo, _dora = make_family()
    set_listing(member_id=ada.pk, is_listed=True, city="Jena", country="DE", at=JOINED)
    set_listing(member_id=ben.pk, is_listed=True, city="Łódź", country="PL", at=JOINED)
    set_listing(member_id=cleo.pk, is_listed=False, city="Jena", country="DE", at=JOINED)
    page = make_page(ContentPage, home, body=stream(FINDER))

    def find(asked: str) -> set[str]:
        raw = client.get(page.get_url(), {"member": asked}).content.decode()
        return {code for code in ("ADA", "BEN", "CLEO") if f'href="/@{code}/"' in raw}

    assert find("ad") == find("jena") == find("germany") == find("ada jena") == {"ADA"}
    assert find("poland") == find("łódź") == {"BEN"}
    assert find("ada poland") == find("cle") == find("a") == find("e%") == set()
    set_status(member_id=ada.pk, status="suspended")
    assert find("jena") == set()
    set_listing(member_id=ben.pk, is_listed=False, city="Łódź", country="PL", at=JOINED)
    assert find("ben") == {"BEN"}  # the exact code
    assert find("poland") == set()


def test_finding_costs_two_queries_however_many_are_found(
    client: Any, home: Any, django_assert_num_queries: Any
) -> None:
    for member in make_family():
        set_listing(member_id=member.pk, is_listed=True, city="Jena", country="DE", at=JOINED)
    with django_assert_num_queries(2):
        assert len(network.find("jena")) == 4


@pytest.mark.parametrize("asked", [ATTACK, "x" * 10_000, "\0", "ада", "' OR 1=1 --", "% _"])
def test_nothing_typed_breaks_the_finder(client: Any, home: Any, asked: str) -> None:
    page = make_page(ContentPage, home, body=stream(FINDER))
    answer = client.get(page.get_url(), {"member": asked})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_members_are_not_invited_again(client: Any, home: Any) -> None:
    page = make_page(ContentPage, home, body=stream(("join_banner", {"headline": "Join us"})))
    assert b"Join us" in client.get(page.get_url()).content
    ada = make_family()[0]
    ada.user = make_account("ada")
    ada.save()
    client.force_login(ada.user)
    assert b"Join us" not in client.get(page.get_url()).content


def test_words_in_blocks_are_text(client: Any, home: Any) -> None:
    page = show(
        client,
        home,
        ("hero", {"headline": ATTACK}),
        ("quote", {"quote": ATTACK, "name": ATTACK, "role": ATTACK}),
        ("numbers", {"numbers": [{"figure": ATTACK, "label": ATTACK}]}),
        ("video", {"address": "https://example.com", "title": ATTACK}),
        ("questions", {"questions": [{"question": ATTACK, "answer": "<p>x</p>"}]}),
    )
    assert not page.select("script, img[src=x]")


def test_every_block_has_an_icon_that_there_is_and_its_words_in_russian() -> None:
    for kind, block in BodyBlock().child_blocks.items():
        get_template(f"wagtailadmin/icons/{block.meta.icon}.svg")
        with translation.override("ru"):
            assert not str(block.label).isascii(), kind
    chooser = BodyBlock().child_blocks["text_with_picture"].child_blocks["picture"]
    with translation.override("ru"):
        assert str(chooser.child_blocks["image"].label) == "Изображение"


def test_the_cms_previews_every_block_in_the_theme(admin_client: Any) -> None:
    from django.urls import reverse

    stock("Soap")
    for kind, block in BodyBlock().child_blocks.items():
        answer = admin_client.get(
            reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
        )
        assert answer.status_code == 200, kind
        assert b"theme/tokens" in answer.content, kind
