"""Legal thresholds by market as data: a TOML file each, with the source and the days a rule holds."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from mlm_plugin.plan.document.parts import Number, Part

PROFILES = ("us", "eu", "ru", "in", "cn")
Test = Literal[
    "sales_only", "no_own_purchases", "customer_share", "company_share", "own_use_share",
    "own_use_limit", "customers", "sold_share", "levels", "pay_share", "payout_bound", "returns",
    "hold", "first_orders",
]  # fmt: skip


class Rule(Part):
    """One rule of a market."""

    id: str
    title: str
    source: str
    """Where it is written."""
    first: date
    """The first day it held."""
    until: date | None = None
    """The last day it holds."""
    test: Test
    least: Number | None = None
    most: Number | None = None
    required: bool = True
    """Whether a plan that fails it fails the profile; otherwise it is warned."""


class Profile(Part):
    """The rules of one market."""

    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    title: str
    rules: tuple[Rule, ...]


def load_profile(name: str) -> Profile:
    """The rules of us, eu, ru, in or cn."""
    text = (files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    return Profile.model_validate(tomllib.loads(text, parse_float=Decimal))
