"""What a page is built from, in the order in which the CMS offers it."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from wagtail import blocks

from storefront.cms.blocks.categories import CategoryTilesBlock
from storefront.cms.blocks.form import FormBlock
from storefront.cms.blocks.hero import HeroBlock
from storefront.cms.blocks.network import FinderBlock, JoinBannerBlock
from storefront.cms.blocks.pictures import GalleryBlock, SinglePictureBlock
from storefront.cms.blocks.preloading import load
from storefront.cms.blocks.products import ProductRowBlock
from storefront.cms.blocks.table import DataTableBlock
from storefront.cms.blocks.text import FEATURES, TextBlock, TextWithPictureBlock
from storefront.cms.blocks.video import VideoBlock
from storefront.cms.blocks.words import NumbersBlock, QuestionsBlock, QuoteBlock
from storefront.cms.products import fill_rows


class BodyBlock(blocks.StreamBlock):
    """All blocks; pages of text take `StoryBlock`, which has no opening and no banners."""

    hero = HeroBlock()
    text = TextBlock(features=FEATURES)
    text_with_picture = TextWithPictureBlock()
    picture = SinglePictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    numbers = NumbersBlock()
    questions = QuestionsBlock()
    table = DataTableBlock()
    video = VideoBlock()
    form = FormBlock()
    product_row = ProductRowBlock()
    category_tiles = CategoryTilesBlock()
    join_banner = JoinBannerBlock()
    finder = FinderBlock()

    class Meta:
        block_counts = {"hero": {"max_num": 2}, "finder": {"max_num": 1}, "form": {"max_num": 1}}


class StoryBlock(blocks.StreamBlock):
    """What news and events are told with."""

    text = TextBlock(features=FEATURES)
    picture = SinglePictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    table = DataTableBlock()
    video = VideoBlock()
    product_row = ProductRowBlock()


def prepare(*streams: Any, request: Any) -> None:
    """Read all that the blocks show: objects they refer to, then the products of all rows."""
    load(*streams)
    wishes = [value.make_wish() for value in find_rows(streams)]
    if wishes and hasattr(request, "strategy"):
        fill_rows(rows=wishes, request=request, at=timezone.now())


def find_rows(streams: Any) -> Iterator[Any]:
    """The values of all product rows; they stand on the first level only."""
    for stream in streams:
        for child in stream:
            if child.block_type == "product_row":
                yield child.value
