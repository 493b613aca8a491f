"""Running text, and text with a picture beside it."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.links import ButtonBlock
from storefront.cms.blocks.preloading import PictureBlock

# No first-level headings, no pictures inside, no embeds: the blocks have places for those.
FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]
EXAMPLE = _(
    "<h2>Few things, well made</h2><p>We take something into the range when we would buy it"
    " ourselves, and when its list of ingredients fits on the label.</p>"
)


class TextBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists and links, in a width that reads well."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = _("Text and pictures")
        template = "cms/blocks/text.html"
        preview_value = EXAMPLE


class TextWithPictureBlock(blocks.StructBlock):
    """A thought and a picture, side by side; above each other on phones."""

    picture = PictureBlock(label=_("Picture"))
    text = blocks.RichTextBlock(features=FEATURES, label=_("Text"))
    button = ButtonBlock(required=False)
    side = blocks.ChoiceBlock(
        choices=[("left", _("Left of the text")), ("right", _("Right of the text"))],
        default="left",
        label=_("Picture stands"),
    )

    class Meta:
        icon = "doc-full"
        label = _("Text with picture")
        group = _("Text and pictures")
        template = "cms/blocks/text_with_picture.html"
        preview_value = {"text": EXAMPLE, "side": "left"}
