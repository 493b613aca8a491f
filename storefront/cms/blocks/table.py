"""A table of words and figures; each row is a card on phones."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock


class DataTableBlock(TypedTableBlock):
    """Columns of text, figures or longer text."""

    text = blocks.CharBlock(required=False, max_length=300, label=_("Text"))
    figure = blocks.CharBlock(
        required=False, max_length=40, label=_("Figure"), help_text=_("Stands at the right edge.")
    )
    long_text = blocks.RichTextBlock(
        required=False, features=["bold", "italic", "link", "ul"], label=_("Longer text")
    )

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Text and pictures")
        template = "cms/blocks/table.html"
