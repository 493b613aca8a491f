"""The opening of a page: what it is about in one sentence, a picture, a way on."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.links import ButtonBlock
from storefront.cms.blocks.preloading import PictureBlock

TINTS = [
    ("leaf", _("Linden green")),
    ("apricot", _("Apricot")),
    ("mist", _("Mist")),
    ("clay", _("Clay")),
]


class HeroBlock(blocks.StructBlock):
    """Large words beside a picture; first on a page it is the page's heading."""

    headline = blocks.CharBlock(
        max_length=90,
        label=_("Headline"),
        help_text=_("One sentence. First on the page, it is what search engines take as heading."),
    )
    text = blocks.RichTextBlock(
        required=False,
        features=["bold", "italic", "link"],
        max_length=400,
        label=_("Text"),
        help_text=_("Two or three sentences."),
    )
    button = ButtonBlock(required=False)
    second_button = ButtonBlock(required=False, label=_("Second button"))
    picture = PictureBlock(
        required=False,
        label=_("Picture"),
        help_text=_(
            "At least 1200 × 900 pixels. It is cut to 4:3 around its focal point. Without a picture"
            " a drawing stands in its place."
        ),
    )
    tint = blocks.ChoiceBlock(choices=TINTS, default="leaf", label=_("Ground"))

    class Meta:
        icon = "pick"
        label = _("Opening")
        group = _("Text and pictures")
        template = "cms/blocks/hero.html"
        preview_value = {
            "headline": _("Things of daily life, made to last"),
            "text": _("<p>Few things, well made, honestly described.</p>"),
            "button": {"goes_to": "shop"},
            "tint": "leaf",
        }
