"""Markup that staff may write, without what could run in somebody's browser."""

from typing import Any

from wagtail.whitelist import Whitelister


def clean_html(text: str) -> str:
    """Text with headings, lists and links; anything else is taken out."""
    return Whitelister().clean(text).strip()


def description_to_be_saved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Doorbell of models whose description is shown as HTML."""
    if instance.description:
        instance.description = clean_html(instance.description)
