"""What a customer writes about a product."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from oscar.apps.catalogue.reviews import forms as oscar_forms
from oscar.apps.catalogue.reviews.forms import *  # noqa: F403
from oscar.core.loading import get_model


class ProductReviewForm(oscar_forms.ProductReviewForm):
    """One to five stars, a title and a text; the writer is who is signed in."""

    score = forms.TypedChoiceField(
        label=_("Your stars"), coerce=int, choices=(), widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("In a few words"), max_length=120, strip=True)
    body = forms.CharField(
        label=_("What should others know?"),
        max_length=3000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ("score", "title", "body")

    class Meta:
        model = get_model("reviews", "ProductReview")
        fields = ("score", "title", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"].choices = [
            (stars, f"{'★' * stars} {ngettext('%d star', '%d stars', stars) % stars}")
            for stars in (5, 4, 3, 2, 1)
        ]
