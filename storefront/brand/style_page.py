"""The living style page: every component of the theme, in any preset, light and dark."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from storefront.brand.drafts import PARAMETER, sign_draft
from storefront.brand.models import BrandSettings
from storefront.brand.palette import MODES
from storefront.brand.presets import PRESETS
from storefront.brand.selectors import VALUES, get_look, get_values
from storefront.brand.words import MODES as MODE_WORDS
from theme.contrast import PAIRS, contrast_ratio


@dataclass(frozen=True)
class Group:
    """Samples that belong together; each is a template `theme/samples/<name>.html`."""

    code: str
    title: str | Promise
    names: tuple[str, ...]

    @property
    def samples(self) -> list[dict[str, Any]]:
        """The samples with the markup that makes them."""
        found = []
        for name in self.names:
            template = get_template(f"theme/samples/{name}.html")
            source = template.template.source.strip()  # type: ignore[attr-defined]
            found.append({"name": name, "template": template, "source": source})
        return found


GROUPS = (
    Group("colours", gettext_lazy("Colours"), ()),
    Group("type", gettext_lazy("Typefaces"), ("type_scale", "prose", "icons")),
    Group("buttons", gettext_lazy("Buttons"), ("buttons",)),
    Group("forms", gettext_lazy("Forms"), ("form", "choices", "stepper", "copy_field")),
    Group("cards", gettext_lazy("Cards"), ("cards", "product_cards", "tiles", "rating")),
    Group("tables", gettext_lazy("Tables and facts"), ("table", "facts", "feed", "people")),
    Group(
        "states",
        gettext_lazy("States"),
        ("chips", "badges", "notices", "empty", "skeletons", "toast"),
    ),
    Group("overlays", gettext_lazy("Dialogs and sheets"), ("dialog", "side_sheet")),
    Group(
        "ways",
        gettext_lazy("Ways through a page"),
        ("tabs", "disclosures", "steps", "timeline", "breadcrumbs", "pagination"),
    ),
    Group(
        "figures",
        gettext_lazy("Figures and charts"),
        ("stats", "progress", "bar_chart", "line_chart"),
    ),
)
ICONS = [
    "search",
    "person",
    "basket",
    "menu",
    "close",
    "dashboard",
    "home",
    "team",
    "earnings",
    "share",
    "more",
    "check",
    "truck",
    "return",
    "copy",
    "lock",
    "heart",
    "mail",
    "leaf",
]


class SampleForm(forms.Form):
    """A form with every kind of field, two of them filled in wrongly."""

    name = forms.CharField(label="Name")
    email = forms.EmailField(label="E-mail", help_text="We write only about your orders.")
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("FI", "Finland")])
    note = forms.CharField(label="Note for the parcel", widget=forms.Textarea, required=False)
    terms = forms.BooleanField(label="I have read the terms")


def get_style_page(*, request: HttpRequest) -> dict[str, Any]:
    """Everything that the style page shows, in the look that the request asks for."""
    look = get_look(request=request)
    return {
        "groups": GROUPS,
        "looks": _looks(request),
        "swatches": [
            {"role": role, "light": look.light[role], "dark": look.dark[role]}
            for role in look.light
        ],
        "contrasts": [
            {
                "ink": ink,
                "ground": ground,
                "light": f"{contrast_ratio(look.light[ink], look.light[ground]):.1f}",
                "dark": f"{contrast_ratio(look.dark[ink], look.dark[ground]):.1f}",
                "least": least,
            }
            for ink, ground, least in PAIRS
        ],
        **_sample_data(),
    }


def _looks(request: HttpRequest) -> list[dict[str, Any]]:
    """Rows of chips: which look, and which set of it."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    brand = BrandSettings.objects.filter(site=site).first() or BrandSettings(site=site)
    plain = get_values(brand=BrandSettings())
    choices: list[tuple[str, Any, dict[str, Any]]] = [
        ("site", _("As the site is"), get_values(brand=brand)),
        *((code, preset.name, {**plain, **preset.values}) for code, preset in PRESETS.items()),
    ]
    chosen = request.GET.get("preset", "site")
    mode = request.GET.get("mode", "")

    def address(code: str, values: dict[str, Any], set_of: str) -> str:
        word = sign_draft(site=site, values={n: values[n] for n in VALUES}, mode=set_of)
        return f"{reverse('style-page')}?preset={code}&mode={set_of}&{PARAMETER}={word}"

    values_of = {code: values for code, _name, values in choices}
    current = values_of.get(chosen, values_of["site"])
    return [
        {
            "name": _("Look"),
            "choices": [
                {"name": name, "url": address(code, values, mode), "is_current": code == chosen}
                for code, name, values in choices
            ],
        },
        {
            "name": _("Light or dark"),
            "choices": [
                {
                    "name": MODE_WORDS.get(set_of, _("as the system asks")),
                    "url": address(chosen, current, set_of),
                    "is_current": set_of == mode,
                }
                for set_of in ("", *MODES)
            ],
        },
    ]


def _sample_data() -> dict[str, Any]:
    months = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    points = [420, 510, 480, 640, 720, 690, 810, 760, 905, 1010, 980, 1240]
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    return {
        "icons": ICONS,
        "sample_form": SampleForm({"name": "Ada", "email": "ada", "country": "FI"}),
        "sample_products": [
            {"name": "Linden soap", "price": "€5.90", "rating": 5, "reviews": 12, "points": "4"},
            {"name": "Linen towel, washed soft", "price": "€24.00", "price_old": "€29.00"},
            {"name": "Tea for the evening with hops and lemon balm", "price": "€7.50"},
            {"name": "Tin for bread", "price": "€32.00", "rating": 4, "reviews": 3},
        ],
        "sample_ratings": [
            {"stars": stars, "count": count}
            for stars, count in zip((5, 4, 3, 2, 1), (8, 3, 1, 0, 0), strict=True)
        ],
        "sample_columns": [{"label": "Order"}, {"label": "State"}, {"label": "PV", "number": True}],
        "sample_rows": [["100023", "sent", "12.50"], ["100022", "paid", "8.00"]],
        "sample_steps": ["Address", "Delivery", "Payment", "Check"],
        "sample_events": [
            {"label": "Paid", "at": at, "state": "done"},
            {"label": "On its way", "at": at, "note": "DHL 00340434", "state": "now"},
            {"label": "Delivered", "state": "next"},
        ],
        "sample_trail": [("Shop", "#ways"), ("Care", "#ways"), ("Linden soap", "")],
        "sample_page": Paginator(range(90), 20).page(2),
        "sample_months": [
            {"label": month, "value": value, "shown": f"{value:,}"}
            for month, value in zip(months, points, strict=True)
        ],
        "sample_labels": months[-6:],
        "sample_series": [
            {"name": name, "values": values, "shown": [f"{value}" for value in values]}
            for name, values in (
                ("Care", [18, 22, 21, 26, 30, 34]),
                ("Kitchen", [12, 11, 15, 14, 19, 21]),
                ("Sleep", [6, 9, 8, 10, 9, 12]),
            )
        ],
    }
