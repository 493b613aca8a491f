"""One picture, or several side by side."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.preloading import PictureBlock


class SinglePictureBlock(blocks.StructBlock):
    """A picture with a line below it."""

    picture = PictureBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, max_length=200, label=_("Line below"))
    width = blocks.ChoiceBlock(
        choices=[("text", _("As wide as text")), ("wide", _("As wide as the page"))],
        default="text",
        label=_("Width"),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        group = _("Text and pictures")
        template = "cms/blocks/picture.html"


class GalleryBlock(blocks.StructBlock):
    """Up to twelve pictures in squares, three in a row on a desk."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    pictures = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("picture", PictureBlock(label=_("Picture"))),
                (
                    "caption",
                    blocks.CharBlock(required=False, max_length=120, label=_("Line below")),
                ),
            ],
            label=_("Picture"),
            icon="image",
        ),
        min_num=2,
        max_num=12,
        label=_("Pictures"),
    )

    class Meta:
        icon = "grip"
        label = _("Gallery")
        group = _("Text and pictures")
        template = "cms/blocks/gallery.html"
