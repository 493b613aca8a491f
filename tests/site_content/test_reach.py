"""What search engines and shared links find: sitemap, robots, head of every page."""

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, PageViewRestriction, Site

from storefront.cms.models import ContentPage, HomePage
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.services import rebuild_listing
from storefront.site_content import sitemaps
from storefront.site_content.models import SiteTexts
from tests.factories import make_product

pytestmark = pytest.mark.django_db
Category = get_model("catalogue", "Category")


@pytest.fixture
def pages() -> dict[str, Any]:
    """An English home with two pages; home and the first page in Russian too."""
    site = Site.objects.get(is_default_site=True)
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Front", slug="front"))
    site.root_page = home
    site.save()
    found = {"home": home}
    for name in ("about", "story"):
        page = home.add_child(instance=ContentPage(title=name.title(), slug=name))
        page.save_revision().publish()
        found[name] = page
    for name in ("home", "about"):
        copy = found[name].copy_for_translation(russian)
        copy.title = f"По-русски {name}"
        copy.save_revision().publish()
        found[f"ru_{name}"] = copy
    Site.clear_site_root_paths_cache()
    return found


def head_of(client: Any, address: str, **extra: Any) -> BeautifulSoup:
    return BeautifulSoup(client.get(address, **extra).content, "html.parser").head


def content(head: BeautifulSoup, name: str) -> str:
    tag = head.select_one(f'meta[property="{name}"], meta[name="{name}"]')
    return tag["content"] if tag else ""


def test_the_index_lists_pages_categories_and_products(client: Any, pages: Any) -> None:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    found = re.findall(r"/sitemap-(\w+)\.xml", answer.content.decode())
    assert found == ["pages", "categories", "products"]


def test_pages_of_both_languages_name_each_other(client: Any, pages: Any) -> None:
    xml = client.get("/sitemap-pages.xml").content.decode()
    entries = dict(re.findall(r"<loc>[^<]*?//[^/]+(/[^<]*)</loc>(.*?)</url>", xml, re.DOTALL))
    assert set(entries) == {"/", "/about/", "/story/", "/ru/", "/ru/about/"}
    assert re.findall(r'hreflang="(\w+)"', entries["/about/"]) == ["en", "ru"]
    assert re.findall(r'hreflang="(\w+)"', entries["/ru/about/"]) == ["en", "ru"]
    assert "hreflang" not in entries["/story/"]


def test_drafts_private_and_hidden_pages_stay_out(client: Any, pages: Any) -> None:
    pages["story"].unpublish()
    PageViewRestriction.objects.create(page=pages["about"], restriction_type="login")
    hidden = pages["ru_about"]
    hidden.is_hidden_from_search = True
    hidden.save_revision().publish()
    xml = client.get("/sitemap-pages.xml").content.decode()
    assert "/about/" not in xml and "/story/" not in xml
    assert "noindex" in str(head_of(client, "/ru/about/"))


def test_hidden_categories_and_products_stay_out(client: Any) -> None:
    care = Category.add_root(name="Care")
    Category.add_root(name="Secret", is_public=False)
    soap, tea = make_product("Linden soap"), make_product("Mint tea")
    tea.is_public = False
    tea.save()
    rebuild_listing()
    categories = client.get("/sitemap-categories.xml").content.decode()
    assert care.get_absolute_url() in categories and "secret" not in categories
    products = client.get("/sitemap-products.xml").content.decode()
    assert soap.get_absolute_url() in products and tea.get_absolute_url() not in products


def make_cards(count: int) -> None:
    kind = make_product("Model").product_class
    Product = get_model("catalogue", "Product")
    Product.objects.bulk_create(
        [
            Product(title=f"Product {number}", slug=f"product-{number}", product_class=kind)
            for number in range(count)
        ],
        batch_size=5_000,
    )
    now = timezone.now()
    ProductCard.objects.all().delete()
    ProductCard.objects.bulk_create(
        [
            ProductCard(product_id=pk, is_public=True, slug=slug, title=slug, created_at=now)
            for pk, slug in Product.objects.exclude(title="Model").values_list("pk", "slug")
        ],
        batch_size=5_000,
    )


def test_many_products_come_in_parts_of_a_query_or_two(
    client: Any, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps.ProductSitemap, "limit", 100)
    make_cards(800)
    with django_assert_max_num_queries(12):
        index = client.get("/sitemap.xml").content.decode()
    assert index.count("/sitemap-products.xml") == 8
    assert "/sitemap-products.xml?p=8" in index
    with django_assert_max_num_queries(4):
        part = client.get("/sitemap-products.xml?p=8").content.decode()
    assert part.count("<loc>") == 100 and "/product-799_" in part
    assert client.get("/sitemap-products.xml?p=9").status_code == 404


@pytest.mark.parametrize("part", ["x", "-1", "0", "9" * 40])
def test_a_part_that_does_not_exist_is_not_found(client: Any, part: str) -> None:
    assert client.get("/sitemap-products.xml", {"p": part}).status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_away_from_baskets(client: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /shop/accounts/" in text and "Disallow: /\n" not in text


@pytest.mark.parametrize("why", ["demo", "closed"])
def test_a_demo_and_a_closed_shop_keep_robots_out(client: Any, settings: Any, why: str) -> None:
    if why == "demo":
        settings.SEARCH_ENGINES = False
    else:
        settings.MLM = {**settings.MLM, "SALES": "closed"}
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    assert client.get("/sitemap.xml").status_code == 404
    assert content(head_of(client, "/accounts/login/"), "robots") == "noindex"


def test_a_page_without_meta_data_takes_its_own_words(client: Any, pages: Any) -> None:
    head = head_of(client, "/about/?utm_source=x")
    assert head.title.text.startswith("About – ")
    assert content(head, "og:title") == "About"
    assert content(head, "og:type") == "article"
    assert head.select_one('link[rel="canonical"]')["href"] == "http://testserver/about/"
    assert content(head, "og:image").startswith("http://testserver/brand/")
    languages = {link["hreflang"]: link["href"] for link in head.select("link[hreflang]")}
    assert languages["ru"].endswith("/ru/about/") and languages["en"].endswith("/about/")


def test_what_an_editor_writes_wins(client: Any, pages: Any) -> None:
    from wagtail.images import get_image_model

    about = pages["about"]
    about.seo_title, about.search_description = "Who we are", "Eleven workshops."
    about.share_title, about.share_text = 'Meet "us"', "<b>Hello</b>"
    about.share_picture = get_image_model().objects.create(
        title="Shop", file=get_test_image_file(size=(1400, 900))
    )
    about.save_revision().publish()
    head = head_of(client, "/about/")
    assert head.title.text.startswith("Who we are – ")
    assert content(head, "description") == "Eleven workshops."
    assert content(head, "og:title") == 'Meet "us"'
    assert content(head, "og:description") == "<b>Hello</b>"
    assert content(head, "og:image").endswith(".jpg")
    assert content(head, "twitter:card") == "summary_large_image"


def test_the_description_of_the_site_stands_in(client: Any, pages: Any) -> None:
    SiteTexts.objects.create(description="Things made to last.", email="us@example.com")
    head = head_of(client, "/shop/catalogue/")
    assert content(head, "og:description") == "Things made to last."


def test_the_front_page_says_who_we_are_and_how_to_search(client: Any, pages: Any) -> None:
    SiteTexts.objects.create(
        phone="+49 3641 1", email="us@example.com", description="</script><b>x"
    )
    data = [
        json.loads(tag.text) for tag in head_of(client, "/").select('[type="application/ld+json"]')
    ]
    organisation, website = (
        next(d for d in data if d["@type"] == kind) for kind in ("Organization", "WebSite")
    )
    assert organisation["telephone"] == "+49 3641 1"
    assert organisation["description"] == "</script><b>x"
    assert website["potentialAction"]["target"]["urlTemplate"].endswith(
        "/shop/search/?q={search_term_string}"
    )
    assert not head_of(client, "/about/").select('[type="application/ld+json"]')


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?page=3&sort=x", "?page=3"),
        ("?page=1", ""),
        ("?page=x", ""),
        ("?page=٣", ""),
        ("?a=1", ""),
    ],
)
def test_the_canonical_address_keeps_the_page_of_a_list(
    client: Any, rf: Any, query: str, expected: str
) -> None:
    from storefront.site_content.meta import get_canonical

    address = get_canonical(request=rf.get(f"/shop/catalogue/{query}"))
    assert address == f"http://testserver/shop/catalogue/{expected}"


def test_a_changed_slug_leads_on_in_both_languages(
    client: Any, pages: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for page, old, new in (
        (pages["about"], "/about/", "/who-we-are/"),
        (pages["ru_about"], "/ru/about/", "/ru/who-we-are/"),
    ):
        page.slug = "who-we-are"
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        answer = client.get(old)
        assert answer.status_code == 301 and answer.url.endswith(new)


def test_a_moved_page_leads_on(client: Any, pages: Any) -> None:
    pages["story"].move(Page.objects.get(pk=pages["about"].pk), pos="last-child")
    answer = client.get("/story/?from=mail")
    assert answer.status_code == 301 and "/about/story/" in answer.url
    assert Redirect.objects.get(old_path="/story").automatically_created


def test_a_page_of_the_cms_keeps_to_its_queries(
    client: Any, pages: Any, django_assert_max_num_queries: Any
) -> None:
    client.get("/about/")
    with django_assert_max_num_queries(12):
        client.get("/about/")


def test_a_new_translation_is_named_at_once(client: Any, pages: Any) -> None:
    assert "hreflang" not in str(head_of(client, "/story/"))
    copy = pages["story"].copy_for_translation(Locale.objects.get(language_code="ru"))
    copy.save_revision().publish()
    assert "/ru/story/" in str(head_of(client, "/story/"))
    copy.refresh_from_db()
    copy.unpublish()
    assert "hreflang" not in str(head_of(client, "/story/"))
