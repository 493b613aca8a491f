"""The staff's pages of categories, of the filters of lists, and the look-up of products."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView
from oscar.apps.dashboard.catalogue import views as oscar_views
from oscar.core.loading import get_model

from storefront.shop.dashboard.catalogue.category_forms import (
    CategoryForm,
    make_text_forms,
    save_text_forms,
)
from storefront.shop.listing.models import FilterAttribute
from storefront.shop.listing.services import set_filters

MOST_PER_PAGE = 100
MOST_PAGES = 10_000


class _WithTexts:
    """A category's form together with its texts in the other languages: all saved, or nothing."""

    form_class = CategoryForm
    object: Any
    request: Any

    def get_text_forms(self) -> list[Any]:
        """The forms of the further languages."""
        data = self.request.POST if self.request.method == "POST" else None
        return make_text_forms(category=self.object, data=data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("text_forms", self.get_text_forms())
        return super().get_context_data(**kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        text_forms = self.get_text_forms()
        if not all(each.is_valid() for each in text_forms if each.is_bound):
            return self.form_invalid(form)  # type: ignore[attr-defined]
        with transaction.atomic():
            response = super().form_valid(form)  # type: ignore[misc]
            save_text_forms(category=self.object, text_forms=text_forms)
        return response


class CategoryCreateView(_WithTexts, oscar_views.CategoryCreateView):
    """A new category."""


class CategoryUpdateView(_WithTexts, oscar_views.CategoryUpdateView):
    """A category."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page links to the category as it is kept: what was typed may have no address."""
        self.object = self.get_object()
        return super().form_invalid(form)


class ProductLookupView(oscar_views.ProductLookupView):
    """Products for a field that searches them; whatever the address says, it is answered."""

    def get_args(self) -> tuple[str | None, str | None, int, int]:
        """Numbers within reason, and only ids that are numbers."""
        sent = self.request.GET
        initial = ",".join(
            each
            for each in sent.get("initial", "").split(",")
            if each.isdecimal() and len(each) < 19
        )
        return (
            initial or None,
            sent.get("q", "").replace("\0", "")[:200] or None,
            _within(sent.get("page", ""), MOST_PAGES, 1),
            _within(sent.get("page_limit", ""), MOST_PER_PAGE, 20),
        )


def _within(text: str, most: int, default: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return default
    return max(1, min(int(text), most))


class FiltersForm(forms.Form):
    """Which attributes lists are filtered by; a position for each of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(FilterAttribute.objects.values_list("code", "position"))
        attributes = get_model("catalogue", "ProductAttribute").objects.order_by("name", "pk")
        usable = attributes.filter(
            type__in=["text", "integer", "float", "boolean", "option", "multi_option"]
        )
        names: dict[str, str] = {}
        for code, name in usable.values_list("code", "name"):
            names.setdefault(code, name)
        self.codes = sorted(names, key=lambda code: (chosen.get(code, 10_000), names[code]))
        for code in self.codes:
            self.fields[code] = forms.IntegerField(
                label=f"{names[code]} ({code})",
                required=False,
                min_value=1,
                max_value=999,
                initial=chosen[code] + 1 if code in chosen else None,
            )

    def chosen_codes(self) -> list[str]:
        """Codes with a position, in that order."""
        given = {code: self.cleaned_data[code] for code in self.codes if self.cleaned_data[code]}
        return sorted(given, key=lambda code: (given[code], self.codes.index(code)))


class FiltersView(FormView):
    """The filters beside lists of products."""

    template_name = "oscar/dashboard/catalogue/filters.html"
    form_class = FiltersForm

    def form_valid(self, form: Any) -> HttpResponse:
        set_filters(codes=form.chosen_codes())
        messages.success(self.request, _("The filters were saved."))
        return HttpResponseRedirect(reverse("dashboard:catalogue-filters"))
