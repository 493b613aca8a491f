"""Points and prices of all products as one table: on screen, as CSV out, and as CSV in.

A column of prices is named after whom it is for: `member`, `preferred`, `member/gold` (a rank),
`member from 10` (a quantity), `member/gold from 10`. `retail` is the shop's own price. An empty
cell takes that price or those points away (an empty `retail` changes nothing: nothing is sold
without a price); a column that is not in the file is left alone.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.core.loading import get_model

from mlm_plugin.plan.money import format_points, to_minor
from mlm_plugin.shop.points import PointsRow, import_product_points, parse_product_points
from mlm_plugin.volumes.models import BuyerKind
from storefront.shop.prices.models import BuyerPrice
from storefront.shop.prices.services import PriceRow, set_buyer_prices
from storefront.shop.prices.tax import price_places

SKU, TITLE, PV, CV, RETAIL = "sku", "title", "pv", "cv", "retail"
FIXED = (SKU, TITLE, PV, CV, RETAIL)
MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
PRICE_COLUMN = re.compile(
    r"^(?P<kind>retail|preferred|member)(?:/(?P<rank>[^/]{1,32}?))?(?: from (?P<step>\d{1,6}))?$"
)
# Short enough for the database; no exponents, which would make a huge number of few characters.
NUMBER = re.compile(r"^[0-9]{1,10}(\.[0-9]{0,20})?$")
# What a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class BadPriceList(ValueError):
    """The file was not imported; `problems` says why, as (line, reason), line 0 for the whole file."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class PriceColumn:
    """A column of prices by kind, rank and quantity."""

    kind: str
    rank: str = ""
    min_quantity: int = 1

    @property
    def name(self) -> str:
        """The column's heading."""
        name = self.kind if not self.rank else f"{self.kind}/{self.rank}"
        return name if self.min_quantity == 1 else f"{name} from {self.min_quantity}"


@dataclass(frozen=True)
class PriceListRow:
    """One product or variant: own points (None: inherited) and prices by column name."""

    product_id: int
    sku: str
    title: str
    pv: int | None
    cv: int | None
    prices: dict[str, Decimal]


@dataclass(frozen=True)
class PriceList:
    """The whole table."""

    columns: list[PriceColumn]
    rows: list[PriceListRow]


def get_price_list() -> PriceList:
    """Points and prices of every product and variant, in a fixed number of queries."""
    Product = get_model("catalogue", "Product")
    StockRecord = get_model("partner", "StockRecord")
    columns = {PriceColumn(BuyerKind.PREFERRED), PriceColumn(BuyerKind.MEMBER)}
    rows = []
    products = (
        Product.objects.select_related("points", "parent")
        .prefetch_related(
            Prefetch("stockrecords", StockRecord.objects.order_by("pk")),
            Prefetch("stockrecords__buyer_prices", BuyerPrice.objects.order_by("pk")),
        )
        .order_by("pk")
    )
    for product in sorted(products, key=lambda each: (each.parent_id or each.pk, each.pk)):
        record = next(iter(product.stockrecords.all()), None)
        prices = {}
        for row in record.buyer_prices.all() if record else ():
            column = PriceColumn(row.buyer_kind, row.rank, row.min_quantity)
            columns.add(column)
            prices[column.name] = row.price
        # A retail row for one piece would say what the stock record says already.
        if record and record.price is not None:
            prices.setdefault(RETAIL, record.price)
        points = getattr(product, "points", None)
        rows.append(
            PriceListRow(
                product_id=product.pk,
                sku=record.partner_sku if record else product.upc or "",
                title=_name(product),
                pv=points.pv if points else None,
                cv=points.cv if points else None,
                prices=prices,
            )
        )
    columns.discard(PriceColumn(BuyerKind.RETAIL))
    kinds = [BuyerKind.RETAIL, BuyerKind.PREFERRED, BuyerKind.MEMBER]
    ordered = sorted(columns, key=lambda c: (kinds.index(c.kind), c.rank, c.min_quantity))
    return PriceList(columns=ordered, rows=rows)


def write_price_list() -> str:
    """The table as CSV (UTF-8, commas); products without SKU and UPC cannot be named and are left out."""
    table = get_price_list()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*FIXED, *(column.name for column in table.columns)])
    for row in table.rows:
        if row.sku:
            prices = [row.prices.get(name, "") for name in _price_names(table.columns)]
            points = ["" if each is None else format_points(each) for each in (row.pv, row.cv)]
            writer.writerow([harmless_cell(row.sku), harmless_cell(row.title), *points, *prices])
    return out.getvalue()


@transaction.atomic
def import_price_list(*, content: bytes) -> int:
    """Write points and prices from a CSV file, all or nothing; returns how many rows it had.

    Comma, semicolon or tab, UTF-8 with or without its mark. Raises BadPriceList with every bad
    line and the reason when anything is wrong; then nothing is written.
    """
    header, *body = _read(content)
    columns = _read_header(header)
    products = _find_products()
    problems: list[tuple[int, str]] = []
    read: dict[int, _ReadRow] = {}
    lines: dict[int, int] = {}
    for number, cells in enumerate(body, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _read_row(cells, columns, products)
            if row.product_id in lines:
                line = {"line": lines[row.product_id]}
                raise ValueError(_("the same product as in line %(line)d") % line)
        except ValueError as error:
            problems.append((number, str(error)))
        else:
            lines[row.product_id] = number
            read[row.product_id] = row
    if problems:
        raise BadPriceList(problems)
    import_product_points(rows=[row.points for row in read.values() if row.points])
    _set_retail({record: price for row in read.values() for record, price in row.retail})
    set_buyer_prices(rows=[price for row in read.values() for price in row.prices])
    return len(read)


@dataclass(frozen=True)
class TableRow:
    """One row of the table on screen: points and the prices of every buyer kind for one piece."""

    product_id: int
    pv: int | None
    cv: int | None
    retail: Decimal | None
    preferred: Decimal | None
    member: Decimal | None


@transaction.atomic
def save_table(*, rows: list[TableRow]) -> None:
    """Write rows of the table, all or nothing; a product without stock record takes points only."""
    StockRecord = get_model("partner", "StockRecord")
    Product = get_model("catalogue", "Product")
    ids = [row.product_id for row in rows]
    known = set(Product.objects.filter(pk__in=ids).values_list("pk", flat=True))
    first: dict[int, int] = {}
    found = StockRecord.objects.filter(product_id__in=ids).order_by("pk")
    for record_id, product_id in found.values_list("pk", "product_id"):
        first.setdefault(product_id, record_id)
    rows = [row for row in rows if row.product_id in known]
    import_product_points(rows=[PointsRow(row.product_id, row.pv, row.cv) for row in rows])
    priced = [(first[row.product_id], row) for row in rows if row.product_id in first]
    _set_retail({record: row.retail for record, row in priced if row.retail is not None})
    set_buyer_prices(
        rows=[
            PriceRow(record, kind, "", 1, price)
            for record, row in priced
            for kind, price in (
                (BuyerKind.PREFERRED.value, row.preferred),
                (BuyerKind.MEMBER.value, row.member),
            )
        ]
    )


def parse_price(text: str) -> Decimal | None:
    """A price as a person writes it; None for nothing. Raises ValueError with a readable text."""
    return _read_price(text.strip())


def _price_names(columns: Iterable[PriceColumn]) -> list[str]:
    return [RETAIL, *(column.name for column in columns)]


def _name(product: Any) -> str:
    if product.parent_id:
        return f"{product.parent.title} – {product.title or product.pk}"
    return product.title


def harmless_cell(text: str) -> str:
    """A text for a CSV cell; one that a spreadsheet would run gets an apostrophe in front."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _read(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise BadPriceList([(0, _("The file is too large."))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadPriceList([(line, _("is not UTF-8: save the file as CSV UTF-8"))]) from None
    if "\0" in text:
        raise BadPriceList([(0, _("This is not a CSV file."))])
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadPriceList([(0, _("This is not a CSV file: %s") % error)]) from None
    if not lines or len(lines) > MOST_ROWS:
        raise BadPriceList([(0, _("The file is empty or has too many lines."))])
    return lines


def _read_header(header: list[str]) -> dict[str, PriceColumn | None]:
    columns: dict[str, PriceColumn | None] = {}
    # The shop's own price has a column by itself, and "from 1" is every price: one meaning, once.
    meanings: dict[PriceColumn, str] = {}
    problems = []
    for cell in header:
        name = cell.strip()
        lowered = name.lower()
        match = PRICE_COLUMN.match(name)
        if lowered in columns or name in columns:
            problems.append(_("column “%s” comes twice") % name[:40])
        elif lowered in FIXED:
            columns[lowered] = None
        elif match and (not match["rank"] or match["kind"] == BuyerKind.MEMBER):
            column = PriceColumn(
                match["kind"], match["rank"] or "", max(int(match["step"] or 1), 1)
            )
            if column in meanings or column == PriceColumn(RETAIL):
                same = {"one": meanings.get(column, RETAIL)[:40], "other": name[:40]}
                problems.append(_("columns “%(one)s” and “%(other)s” mean the same") % same)
            meanings[column] = name
            columns[name] = column
        else:
            problems.append(_("column “%s” is not known") % name[:40])
    if SKU not in columns:
        problems.append(_("there is no column “sku”"))
    if (PV in columns) != (CV in columns):
        problems.append(_("columns “pv” and “cv” come together"))
    if problems:
        raise BadPriceList([(1, problem) for problem in problems])
    return columns


@dataclass(frozen=True)
class _Products:
    """Product and first stock record by SKU or UPC, and the names that mean two products."""

    by_name: dict[str, tuple[int, int | None]]
    doubled: set[str]

    def get(self, text: str) -> tuple[int, int | None]:
        # The export writes an apostrophe before what a spreadsheet would run.
        name = text[1:] if text.startswith("'") and text[1:] in self.by_name else text
        if not name:
            raise ValueError(_("has no SKU"))
        if name in self.doubled:
            raise ValueError(_("SKU “%s” means more than one product") % name[:40])
        if name not in self.by_name:
            raise ValueError(_("there is no product with SKU “%s”") % name[:40])
        return self.by_name[name]


@dataclass(frozen=True)
class _ReadRow:
    """What one good line says."""

    product_id: int
    points: PointsRow | None
    retail: list[tuple[int, Decimal]]
    prices: list[PriceRow]


def _find_products() -> _Products:
    Product = get_model("catalogue", "Product")
    StockRecord = get_model("partner", "StockRecord")
    found: dict[str, tuple[int, int | None]] = {}
    doubled: set[str] = set()
    first: dict[int, int] = {}
    rows = StockRecord.objects.order_by("pk").values_list("pk", "product_id", "partner_sku")
    for record_id, product_id, sku in rows:
        first.setdefault(product_id, record_id)
        if sku in found and found[sku][0] != product_id:
            doubled.add(sku)
        found.setdefault(sku, (product_id, first[product_id]))
    for product_id, upc in Product.objects.exclude(upc=None).values_list("pk", "upc"):
        found.setdefault(upc, (product_id, first.get(product_id)))
    return _Products(found, doubled)


def _read_row(
    cells: list[str], columns: dict[str, PriceColumn | None], products: _Products
) -> _ReadRow:
    if len(cells) != len(columns):
        raise ValueError(
            _("%(found)d cells where the first line has %(wanted)d")
            % {"found": len(cells), "wanted": len(columns)}
        )
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    product_id, record_id = products.get(row[SKU])
    points = None
    if PV in row:
        pv, cv = (parse_product_points(row[name]) if row[name] else None for name in (PV, CV))
        points = PointsRow(product_id, pv, cv)
    found = {name: _read_price(row[name]) for name in columns if name == RETAIL or columns[name]}
    if record_id is None:
        if any(price is not None for price in found.values()):
            raise ValueError(_("has variants: their prices count, not its own"))
        return _ReadRow(product_id, points, [], [])
    retail = found.pop(RETAIL, None)
    prices = []
    for name, price in found.items():
        column = columns[name]
        if column is not None:
            prices.append(PriceRow(record_id, column.kind, column.rank, column.min_quantity, price))
    return _ReadRow(product_id, points, [] if retail is None else [(record_id, retail)], prices)


def _read_price(text: str) -> Decimal | None:
    if not text:
        return None
    cleaned = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    if not NUMBER.match(cleaned):
        raise ValueError(_("“%s” is not a price, such as 12.50") % text[:40])
    price = Decimal(cleaned)
    places = price_places(settings.OSCAR_DEFAULT_CURRENCY)
    try:
        to_minor(price, places=places)
    except ValueError:
        raise ValueError(
            ngettext(
                "“%(price)s” has more than %(places)d decimal",
                "“%(price)s” has more than %(places)d decimals",
                places,
            )
            % {"price": text[:40], "places": places}
        ) from None
    return price


def _set_retail(prices: dict[int, Decimal]) -> None:
    StockRecord = get_model("partner", "StockRecord")
    for record in StockRecord.objects.filter(pk__in=prices):
        if record.price != prices[record.pk]:
            record.price = prices[record.pk]
            record.save(update_fields=["price", "date_updated"])
