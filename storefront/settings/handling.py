"""How orders are handled and goods travel: what an installation changes here, not by environment."""

# Working days until a parcel is on its way, and then fewest and most by method and country ("*":
# every other one). An order after the last hour, or on a day off (0 is Monday), waits for the next.
DELIVERY_DAYS = {
    "handling": 1,
    "last_hour": 14,
    "days_off": (5, 6),
    "transit": {
        "standard": {"*": (4, 7), "DE": (2, 3), "AT": (3, 5), "NL": (3, 5), "BE": (3, 5)},
        "express": {"*": (2, 3), "DE": (1, 1)},
    },
}
# An order waits for money as Pending, is Paid, then packed and sent in one parcel or several, whose
# services set these words (`storefront.shop.fulfilment`). Points follow the payment events instead.
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Paid", "Cancelled"),
    "Paid": ("Packed", "Partly shipped", "Shipped", "Cancelled"),
    "Packed": ("Partly shipped", "Shipped", "Cancelled"),
    "Partly shipped": ("Shipped",),
    "Shipped": ("Complete",),
    "Complete": (),
    "Cancelled": (),
}
# Carriers by code; `{number}` in the address becomes the parcel's tracking number.
SHOP_CARRIERS = {
    "dhl": {"name": "DHL", "url": "https://www.dhl.com/en/express/tracking.html?AWB={number}"},
    "dpd": {"name": "DPD", "url": "https://tracking.dpd.de/status/en_US/parcel/{number}"},
    "gls": {"name": "GLS", "url": "https://gls-group.com/track/{number}"},
    "ups": {"name": "UPS", "url": "https://www.ups.com/track?tracknum={number}"},
}
