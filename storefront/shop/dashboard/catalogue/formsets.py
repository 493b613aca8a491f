"""What is edited together with a product, beside what Oscar edits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue.formsets import *  # noqa: F403
from oscar.core.loading import get_model

from mlm_plugin.plan.money import format_points
from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.shop.points import parse_product_points, set_product_points
from storefront.shop.listing.models import ProductText
from storefront.shop.markup import clean_html
from storefront.shop.prices.models import BuyerPrice


class PointsField(forms.CharField):
    """Points as a person writes them; empty is None, which for a variant means inherited."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 20, **kwargs})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_product_points(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PointsForm(forms.Form):
    """PV and CV of a product, in the shape in which Oscar's view takes its formsets."""

    pv = PointsField(label=_("PV"), help_text=_("Points of one piece, such as 12.50."))
    cv = PointsField(
        label=_("CV"),
        help_text=_("Of a variant, leave both empty to inherit its product's points."),
    )

    def __init__(
        self, product_class: Any, user: Any, data: Any = None, files: Any = None, *, instance: Any
    ) -> None:
        self.product = instance
        points = None
        if instance is not None and instance.pk:
            points = ProductPoints.objects.filter(product=instance).first()
        initial = {}
        if points:
            initial = {"pv": format_points(points.pv), "cv": format_points(points.cv)}
        super().__init__(data, prefix="points", initial=initial)

    def save(self) -> None:
        """Write them; the service knows when nothing changed."""
        set_product_points(
            product_id=self.product.pk, pv=self.cleaned_data["pv"], cv=self.cleaned_data["cv"]
        )


StockRecord = get_model("partner", "StockRecord")


class BuyerPriceFormSet(
    forms.inlineformset_factory(
        StockRecord, BuyerPrice, fields=["buyer_kind", "rank", "min_quantity", "price"], extra=2
    )
):
    """Prices by buyer kind, rank and quantity of the product's stock record, once it has one."""

    def __init__(
        self, product_class: Any, user: Any, data: Any = None, files: Any = None, *, instance: Any
    ) -> None:
        record = None
        if instance is not None and instance.pk:
            record = instance.stockrecords.order_by("pk").first()
        self.has_record = record is not None
        prefix = "buyer_prices"
        # Pages of products without stock do not carry this form.
        sent = data is not None and f"{prefix}-TOTAL_FORMS" in data
        super().__init__(data if sent and record else None, instance=record, prefix=prefix)

    def is_valid(self) -> bool:
        return not self.is_bound or super().is_valid()

    def save(self, commit: bool = True) -> Any:
        return super().save(commit) if self.is_bound else []


class ProductTextForm(forms.ModelForm):
    """Title and description in one language."""

    def clean_description(self) -> str:
        """As harmless as Oscar's own description, for it is shown in the same place."""
        return clean_html(self.cleaned_data["description"])


class ProductTextFormSet(
    forms.inlineformset_factory(
        get_model("catalogue", "Product"),
        ProductText,
        form=ProductTextForm,
        fields=["language", "title", "description"],
        extra=1,
    )
):
    """Title and description in the other languages of the shop."""

    def __init__(
        self, product_class: Any, user: Any, data: Any = None, files: Any = None, *, instance: Any
    ) -> None:
        prefix = "texts"
        sent = data is not None and f"{prefix}-TOTAL_FORMS" in data
        super().__init__(data if sent else None, instance=instance, prefix=prefix)

    def is_valid(self) -> bool:
        return not self.is_bound or super().is_valid()

    def save(self, commit: bool = True) -> Any:
        return super().save(commit) if self.is_bound else []
