"""What attributes and their options are called in the other languages, and where they are shown."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from oscar.core.loading import get_model

from storefront.languages import OTHER_LANGUAGES
from storefront.shop.details.models import AttributeText, OptionText, Tab
from storefront.shop.details.selectors import get_attribute_words
from storefront.shop.details.services import describe_attribute, name_option


class AttributeForm(forms.Form):
    """Place and names of one attribute."""

    tab = forms.ChoiceField(label=gettext_lazy("Shown under"), choices=Tab.choices)
    position = forms.IntegerField(
        label=gettext_lazy("Position"), min_value=0, max_value=32_000, required=False
    )

    def __init__(self, data: Any = None, *, attribute: Any, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"attribute-{attribute.pk}", **kwargs)
        self.attribute = attribute
        for code, name in OTHER_LANGUAGES:
            self.fields[code] = forms.CharField(label=name, max_length=128, required=False)

    def save(self) -> None:
        """Write them; a name that is empty is Oscar's own again."""
        given = self.cleaned_data
        names = {code: given[code] for code, _name in OTHER_LANGUAGES}
        describe_attribute(
            attribute_id=self.attribute.pk,
            tab=given["tab"],
            position=given["position"] or 0,
            names=names,
        )


class OptionForm(forms.Form):
    """Names of one option."""

    def __init__(self, data: Any = None, *, option: Any, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"option-{option.pk}", **kwargs)
        self.option = option
        for code, name in OTHER_LANGUAGES:
            self.fields[code] = forms.CharField(label=name, max_length=255, required=False)

    def save(self) -> None:
        """Write them; a name that is empty is Oscar's own again."""
        name_option(option_id=self.option.pk, names=self.cleaned_data)


class AttributeWordsView(TemplateView):
    """All attributes and options on one page, saved together."""

    template_name = "oscar/dashboard/catalogue/attribute_words.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        built = kwargs.pop("built", None) or self._build(None)
        return super().get_context_data(attribute_forms=built[0], option_forms=built[1], **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save everything or nothing."""
        built = self._build(request.POST)
        every = [*built[0], *built[1]]
        valid = [form.is_valid() for form in every]
        if not all(valid):
            messages.error(request, _("Nothing was saved. Please correct the fields below."))
            return self.render_to_response(self.get_context_data(built=built), status=422)
        with transaction.atomic():
            for form in every:
                if form.has_changed():
                    form.save()
        messages.success(request, _("Names and places are saved."))
        return redirect("dashboard:attribute-words")

    def _build(self, data: Any) -> tuple[list[AttributeForm], list[OptionForm]]:
        attributes = get_model("catalogue", "ProductAttribute").objects.select_related(
            "product_class"
        )
        options = get_model("catalogue", "AttributeOption").objects.select_related("group")
        places = get_attribute_words(language=settings.LANGUAGE_CODE)
        named: dict[int, dict[str, str]] = {}
        for text in AttributeText.objects.all():
            named.setdefault(text.attribute_id, {})[text.language] = text.name
        called: dict[int, dict[str, str]] = {}
        for text in OptionText.objects.all():
            called.setdefault(text.option_id, {})[text.language] = text.name
        attribute_forms = [
            AttributeForm(
                data,
                attribute=attribute,
                initial={
                    "tab": places.place_of(attribute)[0],
                    "position": places.places.get(attribute.pk, (None, 0))[1],
                    **named.get(attribute.pk, {}),
                },
            )
            for attribute in attributes.order_by("product_class", "pk")
        ]
        option_forms = [
            OptionForm(data, option=option, initial=called.get(option.pk, {}))
            for option in options.order_by("group", "pk")
        ]
        return attribute_forms, option_forms
