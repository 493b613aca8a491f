"""A product's written attributes in the other languages, edited together with the product."""

from typing import Any

from django import forms
from oscar.core.loading import get_model

from storefront.languages import OTHER_LANGUAGES
from storefront.shop.details.models import ValueText
from storefront.shop.details.services import translate_value


class ValueTextForm(forms.Form):
    """A field per written attribute and language, in the shape in which Oscar's view takes its
    formsets. What has no text in the first language has none in the others.
    """

    def __init__(
        self, product_class: Any, user: Any, data: Any = None, files: Any = None, *, instance: Any
    ) -> None:
        super().__init__(data, prefix="value_texts")
        self.product = instance
        self.attributes: dict[str, tuple[int, str]] = {}
        known = {}
        if instance is not None and instance.pk:
            texts = ValueText.objects.filter(value__product=instance).select_related("value")
            known = {(text.value.attribute_id, text.language): text.text for text in texts}
        written = product_class.attributes.filter(type__in=["text", "richtext"]).order_by("pk")
        for attribute in written:
            for code, name in OTHER_LANGUAGES:
                field = f"{attribute.pk}-{code}"
                self.attributes[field] = (attribute.pk, code)
                self.fields[field] = forms.CharField(
                    label=f"{attribute.name} ({name})",
                    required=False,
                    max_length=5000,
                    strip=True,
                    initial=known.get((attribute.pk, code), ""),
                    widget=forms.Textarea(attrs={"rows": 2, "class": "no-widget-init"}),
                )

    def save(self) -> None:
        """Write what changed; the attributes themselves were saved just before."""
        values = get_model("catalogue", "ProductAttributeValue").objects.filter(
            product=self.product
        )
        numbers = dict(values.values_list("attribute_id", "pk"))
        for field, (attribute_id, language) in self.attributes.items():
            # Pages of a product without this form do not send it.
            if self.add_prefix(field) in self.data and attribute_id in numbers:
                translate_value(
                    value_id=numbers[attribute_id], texts={language: self.cleaned_data[field]}
                )
