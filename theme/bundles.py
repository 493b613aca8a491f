"""Style sheets that every page of the shop needs, and the one file production makes of them.

Every request costs a slow phone a round trip, so `collectstatic` joins what it has collected: a
file of the same path in a theme in front is in it already.
"""

BUNDLES = {
    "theme/all.css": (
        "theme/tokens.css",
        "theme/fonts.css",
        "theme/theme.css",
        "theme/shell.css",
        "theme/site.css",
        "theme/forms.css",
        "theme/components.css",
        "theme/shop.css",
    ),
}
