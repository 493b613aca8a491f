"""What the demo company says of one product."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

UNITS = {"ml": "мл", "cm": "см", "g": "г", "pieces": "шт."}


@dataclass(frozen=True)
class Text:
    """A product in one language: title, what it is, and facts such as ingredients."""

    title: str
    about: str
    facts: tuple[str, ...]

    @property
    def composition(self) -> str:
        """What it is made of: the first fact, without the word before the colon."""
        _word, _colon, substance = self.facts[0].partition(": ")
        return substance[:1].upper() + substance[1:]

    @property
    def is_material(self) -> bool:
        """Whether that is a material rather than ingredients, by the English word."""
        return self.facts[0].startswith("Material: ")

    @property
    def notes(self) -> tuple[str, ...]:
        """The other facts."""
        return self.facts[1:]


@dataclass(frozen=True)
class Size:
    """What goes into the basket: prices with the home country's tax, points of one piece."""

    name: str
    retail: Decimal
    preferred: Decimal
    member: Decimal
    pv: str
    cv: str
    stock: int
    # Members who take this many pay the second figure.
    step: tuple[int, Decimal] | None = None

    @property
    def russian_name(self) -> str:
        """The name with Russian units; a name without any is the same in both languages."""
        return " ".join(UNITS.get(word, word) for word in self.name.split())


@dataclass(frozen=True)
class Picture:
    """How the product is drawn: a shape of `storefront.demo.pictures`, its tint and colours."""

    shape: str
    tint: str
    body: str
    accent: str


@dataclass(frozen=True)
class Item:
    """A product; with more than one size, a parent with variants."""

    sku: str
    english: Text
    russian: Text
    picture: Picture
    sizes: tuple[Size, ...]


def size(
    name: str,
    retail: str,
    preferred: str,
    member: str,
    *,
    pv: str,
    cv: str,
    stock: int,
    step: tuple[int, str] | None = None,
) -> Size:
    """A size with its prices as they are written on a price list."""
    return Size(
        name=name,
        retail=Decimal(retail),
        preferred=Decimal(preferred),
        member=Decimal(member),
        pv=pv,
        cv=cv,
        stock=stock,
        step=(step[0], Decimal(step[1])) if step else None,
    )


def item(sku: str, english: Any, russian: Any, picture: Any, *sizes: Size) -> Item:
    """A product from plain tuples, so that a shelf reads like a catalogue."""
    return Item(
        sku=sku,
        english=Text(english[0], english[1], tuple(english[2:])),
        russian=Text(russian[0], russian[1], tuple(russian[2:])),
        picture=Picture(*picture),
        sizes=sizes,
    )
