"""What a buyer fills in about an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from storefront.shop.listing.naming import name_order_lines
from storefront.shop.payments.models import new_public_id
from storefront.shop.returns.models import ReturnRequest
from storefront.shop.returns.selectors import Returnable

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 90_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
PICTURE_HELP = _("JPEG, PNG or WebP of at most 8 MB.")


class NoPicture(Exception):
    """A file that is no whole picture of a kind that we open, or one of too many pixels."""


class OnceForm(forms.Form):
    """A form whose hidden key makes what it asks for happen once, however often it is sent."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_public_id()


class ReturnForm(OnceForm):
    """Which pieces go back, and why."""

    reason = forms.ChoiceField(
        label=_("Why do you send it back?"),
        choices=[("", _("Please choose")), *ReturnRequest.Reason.choices],
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    picture = forms.ImageField(
        label=_("A picture, if something is broken"),
        required=False,
        help_text=PICTURE_HELP,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, returnable: list[Returnable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.returnable = returnable
        name_order_lines(lines=[each.line for each in returnable])
        for each in returnable:
            self.fields[f"line_{each.line.pk}"] = forms.IntegerField(
                label=each.line.title_here,
                required=False,
                min_value=0,
                max_value=each.pieces,
                initial=0 if len(returnable) > 1 else each.pieces,
                help_text=_("of %(count)s") % {"count": each.pieces},
            )
        self.order_fields([f"line_{each.line.pk}" for each in returnable])

    def clean_picture(self) -> Any:
        """The picture as it is kept; too much for a mail box is too much for us."""
        picture = self.cleaned_data["picture"]
        if not picture:
            return None
        if picture.size > MOST_BYTES:
            raise forms.ValidationError(_("The picture is larger than 8 MB."))
        try:
            return draw_small(picture=picture)
        except NoPicture:
            raise forms.ValidationError(PICTURE_HELP) from None

    def clean(self) -> dict[str, Any]:
        """Something has to come back."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.pieces:
            raise forms.ValidationError(_("Choose what you send back."))
        return cleaned

    @property
    def pieces(self) -> dict[int, int]:
        """Order line id: pieces."""
        chosen = {
            each.line.pk: self.cleaned_data.get(f"line_{each.line.pk}") for each in self.returnable
        }
        return {line_id: pieces for line_id, pieces in chosen.items() if pieces}


def draw_small(*, picture: Any) -> Any:
    """The picture as it is kept: upright, at most 1600 pixels, without what the camera noted.

    Raises NoPicture.
    """
    try:
        image = Image.open(picture, formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise NoPicture
        image = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Another kind of file, cut off in the middle, or broken on purpose.
        raise NoPicture from error
    image.thumbnail((1600, 1600))
    return image
