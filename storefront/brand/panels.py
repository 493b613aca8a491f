"""What the form of the look has besides fields: presets, live preview, history."""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel

from storefront.brand.forms import BrandForm
from storefront.brand.presets import PRESETS
from storefront.brand.selectors import get_history, get_values
from storefront.brand.stylesheet import get_theme_colours
from storefront.brand.words import describe_difference, describe_reason


class PresetsPanel(Panel):
    """Looks that are chosen with one press, the way back to the default and to the last look."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "brand/presets.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The presets, which of them the site wears, and whether there is a step back."""
            context = super().get_context_data(parent_context)
            site = self.instance.site
            values = get_values(brand=self.instance)
            plain = get_values(brand=type(self.instance)())
            own = get_theme_colours()["light"]
            context["presets"] = [
                {
                    "preset": preset,
                    "url": reverse("brand-preset", args=[site.pk, preset.code]),
                    "is_worn": {**plain, **preset.values} == values,
                    "colours": [
                        preset.values.get(name) or own[name]
                        for name in ("surface", "accent", "second")
                    ],
                }
                for preset in PRESETS.values()
            ]
            return context


class PreviewPanel(Panel):
    """Real pages with the values of the form, and how every colour reads."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "brand/preview.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The pages to look at and where the script asks."""
            context = super().get_context_data(parent_context)
            context["check_url"] = reverse("brand-check", args=[self.instance.site.pk])
            context["pages"] = [
                (_("Home page"), "/"),
                (_("Products"), reverse("catalogue:index")),
                (_("A product"), reverse("brand-sample-product")),
                (_("Basket"), reverse("basket:summary")),
                (_("Cabinet"), reverse("mlm:my-home")),
                (_("A mail"), reverse("brand-sample-mail")),
                (_("All components"), reverse("style-page")),
            ]
            return context

        @property
        def media(self) -> forms.Media:
            """Its script and its few styles."""
            return forms.Media(
                js=[Script("theme/brand_editor.js", type="module")],
                css={"all": ["theme/brand_editor.css"]},
            )


class HistoryPanel(Panel):
    """Every look the site had, each to be brought back."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "brand/history.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The latest changes, newest first."""
            context = super().get_context_data(parent_context)
            site = self.instance.site
            changes = get_history(site=site)
            context["undo_url"] = reverse("brand-undo", args=[site.pk]) if changes else ""
            context["changes"] = [
                {
                    "change": change,
                    "reason": describe_reason(change.reason),
                    "lines": describe_difference(before=change.before, after=change.after),
                    "url": reverse("brand-restore", args=[change.pk]),
                    "is_current": place == 0,
                }
                for place, change in enumerate(changes)
            ]
            return context


edit_handler = ObjectList(
    [
        PresetsPanel(heading=_("One press")),
        PreviewPanel(heading=_("Preview")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("accent", "accent_dark", "second", "surface", "exact")],
            heading=_("Colours"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("logo", "logo_dark", "icon")], heading=_("Logo")
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "text_font",
                    "heading_font",
                    "corners",
                    "header",
                    "footer",
                    "mail_head",
                )
            ],
            heading=_("Type and shape"),
        ),
        HistoryPanel(heading=_("History")),
    ],
    base_form_class=BrandForm,
)
