"""A film elsewhere: its picture and a link. Nothing is loaded from there before a click."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.preloading import PictureBlock

HTTPS = RegexValidator(r"\Ahttps://[^\s<>\"']+\Z", _("An address that begins with https://."))


class VideoBlock(blocks.StructBlock):
    """A still picture that leads to the film, in a window of its own."""

    address = blocks.CharBlock(
        max_length=500,
        validators=[HTTPS],
        label=_("Address of the film"),
        help_text=_("It opens there when somebody clicks; until then that site learns nothing."),
    )
    title = blocks.CharBlock(max_length=120, label=_("Title"))
    duration = blocks.CharBlock(
        required=False, max_length=12, label=_("Length"), help_text=_("For example: 2:40")
    )
    picture = PictureBlock(required=False, label=_("Still picture"))

    class Meta:
        icon = "media"
        label = _("Video link")
        group = _("Text and pictures")
        template = "cms/blocks/video.html"
        preview_value = {
            "address": "https://video.example.com/soap",
            "title": _("How soap is made"),
            "duration": "2:40",
        }
