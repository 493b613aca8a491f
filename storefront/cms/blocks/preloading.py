"""Read what all blocks of a page refer to at once, instead of block by block.

Wagtail reads the objects of a StreamField type by type: ten blocks would be ten queries. Here the
raw content is walked first, each kind of object is read once, and the choosers below take from that.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChooserBlock, ListBlock, PageChooserBlock, StreamBlock, StructBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page

from storefront.cms.pictures import BLOCK_USES, find_images

Found = dict[Any, dict[int, Any]]
_read: ContextVar[Found | None] = ContextVar("_read", default=None)


class Preloaded(ChooserBlock):
    """A chooser that takes its object from what was read for the whole page, if anything was."""

    def to_python(self, value: Any) -> Any:
        found = _read.get()
        if found is None or value is None:
            return super().to_python(value)
        return self._take(found, value)

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        found = _read.get()
        if found is None:
            return super().bulk_to_python(values)
        return [None if value is None else self._take(found, value) for value in values]

    def _take(self, found: Found, value: int) -> Any:
        # Two blocks may show one picture with different words, so each has an object of its own.
        return copy.copy(found.get(self.model_class, {}).get(value))


class PreloadedImageChooser(Preloaded, ImageChooserBlock):
    """An image; gone ones are left out."""


class PreloadedPageChooser(Preloaded, PageChooserBlock):
    """A page of the site."""

    def _take(self, found: Found, value: int) -> Any:
        page = found.get(Page, {}).get(value)
        return page if page and issubclass(page.specific_class, self.model_class) else None


class PictureBlock(ImageBlock):
    """A picture with the words for who cannot see it, or marked as decoration."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        # Wagtail names it by its variable, in English whatever the editor's language.
        chooser = PreloadedImageChooser(required=required, label=_("Image"))
        chooser.set_name("image")
        self.child_blocks["image"] = chooser


@contextmanager
def preloaded(*streams: Any) -> Iterator[None]:
    """Inside, the streams' choosers cost one query per kind of object, however many there are."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for stream in streams:
        for item in stream.raw_data:
            block = stream.stream_block.child_blocks.get(item["type"])
            _collect(block, item["value"], wanted)
    token = _read.set({model: _find(model, ids) for model, ids in wanted.items()})
    try:
        yield
    finally:
        _read.reset(token)


def load(*streams: Any) -> None:
    """Turn the streams into their values, with everything they refer to."""
    with preloaded(*streams):
        for stream in streams:
            for _child in stream:
                pass


def find_uses(*streams: Any) -> dict[int, set[str]]:
    """For what the streams use each of their pictures, by the number of the image."""
    uses: dict[int, set[str]] = defaultdict(set)
    for stream in streams:
        for item in stream.raw_data:
            wanted: dict[Any, set[int]] = defaultdict(set)
            _collect(stream.stream_block.child_blocks.get(item["type"]), item["value"], wanted)
            for number in wanted[get_image_model()]:
                uses[number].update(BLOCK_USES.get(item["type"], ()))
    return uses


def _collect(block: Any, raw: Any, wanted: dict[Any, set[int]]) -> None:
    if isinstance(block, ChooserBlock):
        if isinstance(raw, int):
            model = Page if isinstance(block, PageChooserBlock) else block.model_class
            wanted[model].add(raw)
    elif isinstance(block, StructBlock):
        if isinstance(raw, dict):
            for name, child in block.child_blocks.items():
                _collect(child, raw.get(name), wanted)
    elif isinstance(block, ListBlock):
        for item in raw or ():
            is_wrapped = isinstance(item, dict) and "value" in item and "type" in item
            _collect(block.child_block, item["value"] if is_wrapped else item, wanted)
    elif isinstance(block, StreamBlock):
        for item in raw or ():
            _collect(block.child_blocks.get(item["type"]), item["value"], wanted)


def _find(model: Any, ids: set[int]) -> dict[int, Any]:
    if model is get_image_model():
        return find_images(image_ids=ids)
    if model is Page:
        pages = Page.objects.live().filter(pk__in=ids).select_related("locale")
        return {page.pk: page for page in pages}
    return model.objects.in_bulk(ids)
