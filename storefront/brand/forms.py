"""The form of the look in the CMS: colours that can be read, files that are harmless."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from storefront.brand import services
from storefront.brand.models import is_colour
from storefront.brand.palette import Pair, Unreadable
from storefront.brand.pictures import Refused, clean_picture
from storefront.brand.selectors import FILES, VALUES, get_palette
from storefront.brand.words import describe_pair

COLOURS = ("accent", "accent_dark", "second", "surface")


class BrandForm(WagtailAdminModelForm):
    """Refuses exact colours that cannot be read, naming the pair and its ratio."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in COLOURS:
            if name in self.fields:
                self.fields[name].widget = forms.TextInput(
                    attrs={"data-brand-colour": "", "spellcheck": "false", "autocomplete": "off"}
                )
                # The model's own check runs after `clean`, which already reckons with colours.
                self.fields[name].validators.append(is_colour)

    def clean_logo(self) -> Any:
        """A cleaned copy of the logo."""
        return self._clean_file("logo")

    def clean_logo_dark(self) -> Any:
        """A cleaned copy of the logo on dark ground."""
        return self._clean_file("logo_dark")

    def clean_icon(self) -> Any:
        """A cleaned copy of the icon."""
        return self._clean_file("icon")

    def clean(self) -> dict[str, Any]:
        """Colours together: each by itself may be fine, and the pair not."""
        cleaned = super().clean()
        if not self.errors:
            try:
                get_palette(values={name: cleaned[name] for name in VALUES})
            except Unreadable as refusal:
                for name, pair in refusal.pairs.items():
                    self.add_error(name, refuse(pair))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save through the service, which keeps the history."""
        values = {name: self.cleaned_data[name] for name in VALUES}
        for name in FILES:
            values[name] = self.cleaned_data[name] or ""
        for name in ("logo", "logo_dark"):
            values[f"{name}_size"] = self._size(name)
        # The form has put the new values on its instance; the service compares with what is kept.
        services.change_brand(
            site=self.instance.site, values=values, by=self.for_user, at=timezone.now()
        )
        self.instance.refresh_from_db()
        return self.instance

    def _clean_file(self, name: str) -> Any:
        upload = self.cleaned_data.get(name)
        if not isinstance(upload, UploadedFile):
            return upload
        try:
            picture = clean_picture(content=upload.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        self._sizes = {**getattr(self, "_sizes", {}), name: f"{picture.width}x{picture.height}"}
        return picture.file

    def _size(self, name: str) -> str:
        if not self.cleaned_data[name]:
            return ""
        return getattr(self, "_sizes", {}).get(name) or getattr(self.instance, f"{name}_size")


def refuse(pair: Pair) -> str:
    """Why an exact colour is refused, with the pair and the ratio."""
    return _(
        "This colour cannot be read: %(pair)s is %(ratio).1f to 1 and needs %(least).1f. "
        "Choose another one, or let it be adjusted."
    ) % {"pair": describe_pair(pair), "ratio": pair.ratio, "least": pair.least}
