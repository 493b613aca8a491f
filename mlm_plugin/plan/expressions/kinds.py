"""What an expression can stand for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`name` is number, truth, date, text or choice; a choice has its words in rising order.

    Ranks are a choice whose first word is the empty one: no rank reached.
    """

    name: str
    words: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """The kind as a message names it."""
        return {
            "number": "a number",
            "truth": "yes or no",
            "date": "a date",
            "text": "a text",
        }.get(self.name, f"one of {', '.join(word or 'none' for word in self.words)}")


NUMBER = Kind("number")
TRUTH = Kind("truth")
DATE = Kind("date")
TEXT = Kind("text")
