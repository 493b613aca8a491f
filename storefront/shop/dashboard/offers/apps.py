from oscar.apps.dashboard.offers.apps import OffersDashboardConfig as OscarOffersConfig


class OffersDashboardConfig(OscarOffersConfig):
    name = "storefront.shop.dashboard.offers"
