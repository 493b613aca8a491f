"""A language: its sentences with figures filled in, and how it writes numbers, money and days."""

from datetime import date
from types import ModuleType

from mlm_plugin.plan.explaining import english, russian
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import plain_number

LANGUAGES: dict[str, ModuleType] = {"en": english, "ru": russian}


class Texts:
    """The sentences of one language, for amounts of one currency."""

    def __init__(self, *, language: str, currency: str, places: int) -> None:
        self.words = LANGUAGES[language]
        self.currency = currency
        self.places = places

    def say(self, key: str, **figures: object) -> str:
        """A sentence; one with forms takes its `count`."""
        text = self.words.TEXTS[key]
        if isinstance(text, tuple):
            count = figures["count"]
            assert isinstance(count, int)
            text = text[self.words.form_of(count)]
            figures["count"] = self.words.write_number(str(count))
        return str(text).format(**figures)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.words.TEXTS

    def money(self, amount: int) -> str:
        """An amount in the smallest unit: 1,234.50 EUR."""
        plain = f"{from_minor(amount, places=self.places):f}"
        return f"{self.words.write_number(plain)} {self.currency}"

    def number(self, value: int, places: int) -> str:
        """A number without zeros that say nothing."""
        return str(self.words.write_number(plain_number(value, places)))

    def percent(self, value: int, places: int) -> str:
        """A rate as hundredths: 0.05 is 5%."""
        return str(self.words.write_percent(plain_number(value * 100, places)))

    def figure(self, text: str) -> str:
        """A figure of a file, where it is a number; a word as it is."""
        plain = text.removeprefix("-").replace(".", "", 1)
        return self.words.write_number(text) if plain.isdigit() else text

    def date(self, day: date) -> str:
        """A day in words."""
        return str(self.words.write_date(day.year, day.month, day.day))
