"""The staff's form of a category: its texts in every language of the shop."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue import forms as oscar_forms
from oscar.core.loading import get_model

from storefront.shop.listing.models import CategoryText
from storefront.shop.listing.services import CategoryWords, set_category_words
from storefront.shop.markup import clean_html

Category = get_model("catalogue", "Category")
LONGEST_TEXT = 20_000
LONGEST_META = 320


class RichText(forms.CharField):
    """Text with headings, lists and links; anything else that was typed or pasted is taken out.

    The dashboard puts its editor on every textarea of the page.
    """

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": LONGEST_TEXT, **kwargs})

    def clean(self, value: Any) -> str:
        """The text as harmless HTML."""
        return clean_html(super().clean(value))


class PlainText(forms.CharField):
    """A few lines without an editor."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"class": "no-widget-init", "rows": 3})
        super().__init__(
            **{"required": False, "max_length": LONGEST_META, "widget": widget, **kwargs}
        )


class CategoryForm(oscar_forms.CategoryForm):
    """Oscar's form, with the texts above and below the list."""

    description = RichText(
        label=_("Introduction"), help_text=_("Stands above the list of products.")
    )
    long_description = RichText(
        label=_("Longer text"), help_text=_("Stands below the list of products.")
    )
    meta_description = PlainText(
        label=_("Description for search engines"),
        help_text=_("One or two sentences. Empty: the beginning of the introduction."),
    )

    class Meta(oscar_forms.CategoryForm.Meta):
        fields = [*oscar_forms.CategoryForm.Meta.fields, "long_description"]

    def save(self, commit: bool = True) -> Any:
        """Keep the longer text too, which Oscar's tree form would leave out for a new category."""
        self.instance.long_description = self.cleaned_data.get("long_description", "")
        return super().save(commit)


class CategoryTextForm(forms.Form):
    """The texts of a category in one more language; without a name there are none."""

    name = forms.CharField(label=_("Name"), required=False, max_length=255)
    description = RichText(
        label=_("Introduction"), help_text=_("Stands above the list of products.")
    )
    long_description = RichText(
        label=_("Longer text"), help_text=_("Stands below the list of products.")
    )
    meta_title = forms.CharField(
        label=_("Title for search engines"), required=False, max_length=255
    )
    meta_description = PlainText(label=_("Description for search engines"))

    def __init__(self, *args: Any, language: str, title: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"text_{language}", **kwargs)
        self.language, self.title = language, title

    def clean(self) -> dict[str, Any]:
        """Texts without a name would be shown under a name in another language."""
        words = super().clean() or {}
        if any(words.values()) and not words.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say what the category is called in this language."))
        return words


def make_text_forms(*, category: Any, data: Any = None) -> list[CategoryTextForm]:
    """One form per further language, filled with what the category (or None) says there."""
    known = {}
    if category is not None and category.pk:
        known = {text.language: text for text in CategoryText.objects.filter(category=category)}
    found = []
    for code, title in settings.LANGUAGES:
        if code == settings.LANGUAGE_CODE:
            continue
        text = known.get(code)
        names = CategoryTextForm.base_fields
        initial = {name: getattr(text, name) for name in names} if text else {}
        # Pages that know nothing of this form keep the texts as they are.
        sent = data if data is not None and f"text_{code}-name" in data else None
        found.append(CategoryTextForm(sent, language=code, title=title, initial=initial))
    return found


def save_text_forms(*, category: Any, text_forms: list[CategoryTextForm]) -> None:
    """Write what was sent."""
    for form in text_forms:
        if form.is_bound:
            set_category_words(
                category_id=category.pk,
                language=form.language,
                words=CategoryWords(**form.cleaned_data),
            )
