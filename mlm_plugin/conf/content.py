"""What the plugin asks of the site around it, and what it gets where no site answers.

`MLM["CONTENT"]` names a class with the methods of `NoContent`; a site's own extends it and answers
what it can. Whatever is left unanswered leaves a part of a page out, and no page breaks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class AgreementText:
    """The agreement with members that holds now; `key` finds this very version again for good."""

    key: str
    title: str
    version: str
    language: str
    body: str
    url: str = ""


@dataclass(frozen=True)
class SignedAgreement:
    """Who agreed to a text, when and from where, for the paper."""

    key: str
    number: str
    name: str
    details: Sequence[tuple[str, str]]
    language: str
    country: str
    accepted_at: datetime


@dataclass(frozen=True)
class StarterKit:
    """The product that a new member may buy; `price` as the shop writes it."""

    title: str
    price: str
    url: str


@dataclass(frozen=True)
class ListedMember:
    """What strangers may know of a member who agreed to be found."""

    name: str
    code: str
    place: str


@dataclass(frozen=True)
class Contact:
    """What the site knows of a person already; `address` by the names of the address rules."""

    phone: str = ""
    country: str = ""
    address: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlainAddress:
    """The fields of an address where no site knows the customs of a country."""

    rows: Sequence[Sequence[str]] = (("line1",), ("postcode", "line4"))
    required: frozenset[str] = frozenset({"line1", "line4"})
    upper: frozenset[str] = frozenset()
    labels: Mapping[str, Words] = field(
        default_factory=lambda: {"postcode": _("Post code"), "line4": _("City")}
    )
    postcode_example: str = ""
    regions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def is_postcode(self, text: str) -> bool:
        """Letters and digits, not many."""
        return re.fullmatch(r"[\w -]{2,12}", text) is not None

    def find_region(self, text: str) -> str | None:
        """No region is known."""
        return None

    def region_choices(self) -> list[tuple[str, str]]:
        """No region is known."""
        return []


class NoContent:
    """The plugin's own answers: nothing, so every page still works."""

    def get_news(self, *, language: str) -> list[Any]:
        """No news."""
        return []

    def get_agreement(self, *, language: str, at: datetime) -> AgreementText | None:
        """The agreement with members in force; without one joining asks for no signature."""
        return None

    def draw_agreement(self, *, signed: SignedAgreement) -> bytes:
        """The agreement as PDF, with who agreed to it and when."""
        return b""

    def draw_statement(self, *, data: dict[str, Any], at: datetime) -> bytes:
        """A member's statement as PDF; `data` has all its words, title, tables and amounts."""
        return b""

    def send_mail(
        self,
        *,
        kind: str,
        to: str,
        language: str,
        context: dict[str, Any],
        attachments: Sequence[tuple[str, bytes, str]] = (),
    ) -> None:
        """Send one of the mails that joining needs; `path` in the context is an address here."""

    def find_listed_members(self, *, query: str) -> list[ListedMember]:
        """Members who agreed to be found by strangers, by name or place."""
        return []

    def get_known_contact(self, *, user: Any) -> Contact:
        """What the account says already; of a visitor without one, the country that is likely."""
        return Contact()

    def get_address_rules(self, *, country: str) -> Any:
        """The fields of an address in a country; the attributes are those of `PlainAddress`."""
        return PlainAddress()

    def get_starter_kit(self, *, sku: str, request: Any) -> StarterKit | None:
        """The product with this SKU as this visitor would buy it; None if it cannot be had."""
        return None

    def put_kit_into_basket(self, *, user: Any, sku: str) -> bool:
        """Put one into the person's basket; whether it lies there now."""
        return False

    def refund_kit(self, *, user: Any, sku: str, since: datetime, key: str, at: datetime) -> bool:
        """Pay back every starter kit this person bought since; once. Whether there was any."""
        return False
