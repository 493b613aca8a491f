"""What the CMS asks of a picture: a description, read aloud to people who do not see it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class DescribedImageForm(BaseImageForm):
    """Wagtail's form of a picture, which lets nobody leave the description empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An editor over the API may change other fields alone.
        if description := self.fields.get("description"):
            description.required = True
            description.help_text = _(
                "What is to be seen, in one sentence. It is read aloud to people who do not see the"
                " picture, and each page may say it in words of its own."
            )
