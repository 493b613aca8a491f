"""Fills the installation it runs in with 80,000 products in 50 categories; prints addresses (JSON)."""

import json
import sys
from typing import Any
from urllib.parse import quote

import django

PRODUCTS = 80_000
CATEGORIES = 50
PARTS = (
    ("Linden", "Липовое"),
    ("Rosemary", "Розмариновое"),
    ("Oat", "Овсяное"),
    ("Lavender", "Лавандовое"),
    ("Cedar", "Кедровое"),
    ("Honey", "Медовое"),
    ("Almond", "Миндальное"),
    ("Nettle", "Крапивное"),
)
THINGS = (
    ("soap", "мыло"),
    ("balm", "средство"),
    ("oil", "масло"),
    ("towel", "полотенце"),
    ("milk", "молочко"),
)
ATTRIBUTES = {
    "material": ("Linen", "Wool", "Cork", "Beech", "Steel", "Glass", "Hemp", "Clay"),
    "skin": ("All skin types", "Dry skin", "Sensitive skin", "Oily skin"),
    "colour": ("White", "Green", "Sand", "Blue", "Black", "Rust"),
}
TEXT = (
    "A mild one for every day, made in small batches and filled by hand. It leaves a faint smell of"
    " trees in June, and the large size is cheaper by the millilitre."
)

# Each product follows from its number, so every run loads the same. `n` is spread by a large prime.
PRODUCTS_SQL = """
INSERT INTO catalogue_product (structure, is_public, title, slug, description, priority,
    product_class_id, rating, date_created, date_updated, is_discountable)
SELECT 'standalone', true,
    (%(parts)s::text[])[1 + n %% 8] || ' ' || (%(things)s::text[])[1 + n / 8 %% 5] || ' ' || i,
    'thing-' || i, '<p>' || %(text)s || '</p>', 0, %(goods)s,
    (ARRAY[null, null, 2.5, 3.5, 4.2, 5.0])[1 + n %% 6],
    now() - i * interval '1 minute', now(), true
FROM (SELECT i, (i * 7919) %% 1000003 AS n FROM generate_series(1, %(count)s) i) numbers
"""
STOCK_SQL = """
INSERT INTO partner_stockrecord (product_id, partner_id, partner_sku, price_currency, price,
    num_in_stock, date_created, date_updated)
SELECT id, %(house)s, 'sku-' || id, 'EUR', 2 + (id * 7919 %% 19800) / 100.0,
    (ARRAY[0, 5, 20, 90])[1 + id %% 4], now(), now()
FROM catalogue_product
"""
PLACES_SQL = """
INSERT INTO catalogue_productcategory (product_id, category_id)
SELECT id, (%(boards)s::bigint[])[1 + id * 31 %% cardinality(%(boards)s::bigint[])]
FROM catalogue_product
"""
CARDS_SQL = """
INSERT INTO shop_listing_productcard (product_id, is_public, slug, title, titles, text, texts,
    pictures, has_variants, tracks_stock, in_stock, price, price_preferred, price_member, pv,
    family_pv, rating, reviews, sold, categories, choices, created_at, changed)
SELECT p.id, true, p.slug, p.title,
    jsonb_build_object('ru', (%(russian_parts)s::text[])[1 + n %% 8] || ' '
        || (%(russian_things)s::text[])[1 + n / 8 %% 5] || ' ' || p.id),
    p.title || chr(10) || %(text)s || chr(10) || s.partner_sku, '{}', '[]', false, true,
    s.num_in_stock > 0, s.price, s.price, s.price, 0, '{}', round(p.rating * 10),
    CASE WHEN p.rating IS NULL THEN 0 ELSE 3 END, n %% 50, c.category_id::text,
    concat_ws(' ', (%(material)s::bigint[])[1 + n %% 8], (%(skin)s::bigint[])[1 + n / 3 %% 4],
        (%(colour)s::bigint[])[1 + n / 7 %% 6],
        CASE WHEN n %% 2 = 0 THEN %(vegan)s::bigint END),
    p.date_created, 1
FROM (SELECT *, (id * 7919) %% 1000003 AS n FROM catalogue_product) p
JOIN partner_stockrecord s ON s.product_id = p.id
JOIN catalogue_productcategory c ON c.product_id = p.id
"""
SEARCH_SQL = """
INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title, autocomplete, body,
    title_norm, title_text, body_text)
SELECT %(kind)s, product_id, to_tsvector('russian', title),
    to_tsvector('simple', title || ' ' || (titles->>'ru') || ' sku-' || product_id),
    to_tsvector('russian', text || ' ' || (titles->>'ru')), 1, title, text
FROM shop_listing_productcard
"""


def main() -> None:
    """Load, then print what pages there are, and how many queries each takes."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    fill()
    client = Client(headers={"x-forwarded-proto": "https"}, SERVER_NAME="127.0.0.1")
    found = {}
    for name, path in addresses().items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise ValueError(f"{path} answered {answer.status_code}")
        found[name] = {"path": path, "queries": len(captured)}
    json.dump(found, sys.stdout)


def fill() -> None:
    """Rows straight into PostgreSQL's tables, as the services would leave them."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from oscar.core.loading import get_model

    from storefront.shop.listing.models import ProductCard, SearchWord
    from storefront.shop.listing.stamp import renew_lists

    if connection.vendor != "postgresql":
        raise SystemExit("Loading 80,000 products is written for PostgreSQL.")
    goods = get_model("catalogue", "ProductClass").objects.create(
        name="Goods", slug="goods", track_stock=True
    )
    house = get_model("partner", "Partner").objects.create(name="House", code="house")
    parameters: dict[str, Any] = {
        "count": PRODUCTS,
        "parts": [english for english, _russian in PARTS],
        "russian_parts": [russian for _english, russian in PARTS],
        "things": [english for english, _russian in THINGS],
        "russian_things": [russian for _english, russian in THINGS],
        "text": TEXT,
        "goods": goods.pk,
        "house": house.pk,
        "boards": make_categories(),
        "kind": ContentType.objects.get_for_model(ProductCard).pk,
        **make_choices(goods),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (PRODUCTS_SQL, STOCK_SQL, PLACES_SQL, CARDS_SQL, SEARCH_SQL):
            cursor.execute(statement, parameters)
    words = {word.lower() for pair in (*PARTS, *THINGS) for word in pair}
    SearchWord.objects.bulk_create(SearchWord(word=word) for word in sorted(words))
    renew_lists()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_categories() -> list[int]:
    """Ten at the top, four below each; the numbers of the lower ones."""
    from oscar.core.loading import get_model

    boards = []
    for top in range(CATEGORIES // 5):
        root = get_model("catalogue", "Category").add_root(name=f"Shelf {top}", slug=f"shelf-{top}")
        for below in range(4):
            board = root.add_child(name=f"Shelf {top}, board {below}", slug=f"shelf-{top}-{below}")
            boards.append(board.pk)
            root.refresh_from_db()
    return boards


def make_choices(goods: Any) -> dict[str, Any]:
    """Three attributes with options and one that is said yes to; the numbers of their choices."""
    from django.utils.text import slugify

    from storefront.shop.listing.models import FilterAttribute, FilterChoice

    numbers: dict[str, Any] = {}
    for position, (code, names) in enumerate(ATTRIBUTES.items()):
        goods.attributes.create(name=code.title(), code=code, type="text")
        FilterAttribute.objects.create(code=code, position=position)
        numbers[code] = [
            FilterChoice.objects.create(code=code, slug=slugify(name), label=name).pk
            for name in names
        ]
    goods.attributes.create(name="Vegan", code="vegan", type="boolean")
    FilterAttribute.objects.create(code="vegan", position=9)
    yes = FilterChoice.objects.create(code="vegan", slug="yes", label="", is_yes=True)
    return {**numbers, "vegan": yes.pk}


def addresses() -> dict[str, str]:
    """What visitors open."""
    from oscar.core.loading import get_model

    category = get_model("catalogue", "Category").objects.get(slug="shelf-3-1")
    product = get_model("catalogue", "Product").objects.order_by("pk")[PRODUCTS // 2]
    everything = "/shop/catalogue/"
    return {
        "all products": everything,
        "category": category.get_absolute_url(),
        "one filter": f"{everything}?attr_material=linen",
        "two filters, by price": f"{everything}?attr_material=linen&attr_material=wool"
        "&attr_vegan=yes&stock=1&sort=price",
        "span of prices": f"{everything}?price_from=20&price_to=40&rating=4",
        "page 2,000": f"{everything}?page=2000",
        "page 1,500 by name": f"{everything}?sort=name&page=1500",
        "search for a common word": "/shop/search/?q=soaps",
        "search, two words, filtered": "/shop/search/?q=lavender%20oil&attr_colour=green",
        "search in Russian": f"/shop/search/?q={quote('мыла липовые')}",
        "suggestions": "/shop/search/suggest/?q=lin",
        "product page": product.get_absolute_url(),
    }


if __name__ == "__main__":
    main()
