"""The form in which staff change what a mail says."""

from typing import Any

from django import forms

from storefront.mails.kinds import PARTS, MailKind
from storefront.mails.models import MailText
from storefront.mails.selectors import Texts
from storefront.mails.services import WrongTexts, clean_texts


class MailTextForm(forms.ModelForm):
    """All parts of one kind in one language; an empty part means the default."""

    class Meta:
        model = MailText
        fields = PARTS
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 5}),
            "closing": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(
        self, *args: Any, kind: MailKind, language: str, default: Texts, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.language = kind, language
        for part in PARTS:
            self.fields[part].widget.attrs["placeholder"] = getattr(default, part)

    def clean(self) -> dict[str, Any]:
        """Say at each field which value it names that the mail does not have."""
        cleaned = super().clean() or {}
        texts = {part: cleaned.get(part, "") for part in PARTS}
        try:
            clean_texts(kind=self.kind, language=self.language, texts=texts)
        except WrongTexts as error:
            for part, reason in error.errors.items():
                if part not in self.errors:
                    self.add_error(part, reason)
        return cleaned
